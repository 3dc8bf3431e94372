"""Writes the generated city in bulk, with the same rows and log lines that the services would have written one by one."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Event
from areas.vietnamese import fold, name_key
from households.computed import Somebody
from households.history import answer_facts, member_facts, place_facts, support_facts
from households.members import search_text
from households.models import Household, Member, Result, Review, ReviewTrigger, StatusSpell, Support
from households.sealed import seal, vault
from households.triggers import AGES, able
from targets.demo.cast import Cast
from targets.demo.details import Details, details_of
from targets.demo.ground import GIVERS, LAST_DAY, Ground
from targets.demo.homes import Home, Visit, receipts
from targets.demo.parts import write_parts
from targets.demo.shape import pace_of
from targets.models import Figure

BATCH = 2000
OFFICERS_A_WARD = 28  # who is to be trained: the ward's officers and the cadres of its hamlets or groups
TRAINING_DAYS = ((5, 19), (11, 17), (12, 22))
EVIDENCE = "Số liệu minh họa"


def write(homes: list[Home], ground: Ground, cast: Cast) -> dict[str, int]:
    """Everything about the homes. Returns rows by kind."""
    details = [details_of(home, LAST_DAY.year) for home in homes]
    households = _households(homes, details, ground)
    members = _members(homes, details, households)
    reviews = _reviews(homes, households, ground, cast)
    ReviewTrigger.objects.bulk_create(_triggers(homes, members, reviews), BATCH)
    results = Result.objects.bulk_create(_results(homes, reviews, ground), BATCH)
    spells = StatusSpell.objects.bulk_create(_spells(homes, households, reviews, ground), BATCH)
    supports = Support.objects.bulk_create(_supports(homes, households, members, ground, cast), BATCH)
    works, balances = write_parts(homes, households, supports, ground, cast)
    figures = Figure.objects.bulk_create(_figures(ground, cast))
    Event.objects.bulk_create(_events(homes, households, members, reviews, supports, cast), BATCH)
    rows = {"households": households, "members": members, "reviews": reviews, "results": results, "spells": spells}
    return {
        name: len(made)
        for name, made in (
            rows | {"supports": supports, "houses": works, "balances": balances, "figures": figures}
        ).items()
    }


def _households(homes: list[Home], details: list[Details], ground: Ground) -> list[Household]:
    return Household.objects.bulk_create(
        [
            Household(
                code=home.code,
                ward=ground.areas[home.ward.code],
                group=home.group,
                address=home.address,
                search=search_text(
                    home.code,
                    home.group,
                    home.address,
                    home.phone,
                    [(one.name, one.citizen_id[-4:]) for one in home.family],
                ),
                phone=home.phone,
                tenure=told.tenure,
                living_area=told.living_area,
                registered_on=home.registered_on,
            )
            for home, told in zip(homes, details, strict=True)
        ],
        BATCH,
    )


def _members(homes: list[Home], details: list[Details], households: list[Household]) -> list[Member]:
    safe = vault()
    rows = []
    for home, told, household in zip(homes, details, households, strict=True):
        for one, facts in zip(home.family, told.people, strict=True):
            rows.append(
                Member(
                    household=household,
                    full_name=one.name,
                    search_name=fold(one.name),
                    sort_key=name_key(one.name),
                    relation=one.relation,
                    sex=one.sex,
                    birth_year=one.birth_year,
                    birth_month=one.birth_month,
                    birth_day=one.birth_day,
                    ethnicity=one.ethnicity,
                    citizen_id_sealed=safe.seal(one.citizen_id) if one.citizen_id else "",
                    citizen_id_hash=safe.fingerprint(one.citizen_id) if one.citizen_id else "",
                    citizen_id_last4=one.citizen_id[-4:],
                    joined_on=home.registered_on,
                    **facts,
                )
            )
    return Member.objects.bulk_create(rows, BATCH)


def _reviews(homes: list[Home], households: list[Household], ground: Ground, cast: Cast) -> list[Review]:
    """In the order of homes and their visits; `_by_home` cuts them up again."""
    rows = [
        Review(
            household=household,
            round=ground.rounds[visit.round.kind, visit.round.year, visit.round.starts_on.month],
            ward=household.ward,
            zone=home.ward.zone,
            persons=len(home.family),
            state=visit.state,
            entered_by=cast.officers[home.ward.code],
            entered_at=entered_at(visit),
            decided_by=cast.leaders[home.ward.code] if visit.decided_on else None,
            decided_on=visit.decided_on,
            decision_number=visit.number,
            return_note=visit.return_note,
            version=1 if visit.state == "entered" else 2,
            **visit.answers.columns(),
        )
        for home, household in zip(homes, households, strict=True)
        for visit in home.visits
    ]
    return Review.objects.bulk_create(rows, BATCH)


def _triggers(homes: list[Home], members: list[Member], reviews: list[Review]) -> list[ReviewTrigger]:
    """The first member whose age an indicator asks about triggers it; one review in ten leaves it open."""
    rest, rows = iter(members), []
    for home, theirs in _by_home(homes, reviews):
        people = [
            Somebody(one.pk, one.full_name, one.birth_year, one.birth_month, one.birth_day)
            for one in (next(rest) for _ in home.family)
        ]
        for review in theirs:
            for indicator in AGES:
                if getattr(review, indicator) and review.pk % 10:
                    fit = able(indicator, people, review.surveyed_on)[:1]
                    rows += [ReviewTrigger(review=review, indicator=indicator, member_id=one.key) for one in fit]
    return rows


def _by_home(homes: list[Home], reviews: list[Review]):
    rest = iter(reviews)
    return [(home, [next(rest) for _ in home.visits]) for home in homes]


def entered_at(visit: Visit) -> datetime:
    """The next day's office hours."""
    moment = datetime.combine(visit.answers.surveyed_on + timedelta(days=1), time(8 + visit.answers.b1_score % 8, 20))
    return timezone.make_aware(moment)


def decided_at(visit: Visit) -> datetime:
    return timezone.make_aware(datetime.combine(visit.decided_on, time(15, 30)))


def _results(homes: list[Home], reviews: list[Review], ground: Ground):
    return [
        Result(
            review=review,
            standard=ground.standards[receipt.standard],
            category=receipt.category,
            receipt=receipt.as_json(),
            rule_version=receipt.rule_version,
        )
        for home, theirs in _by_home(homes, reviews)
        for visit, review in zip(home.visits, theirs, strict=True)
        for receipt in receipts(home, visit, ground.rules)
    ]


def _spells(homes: list[Home], households: list[Household], reviews: list[Review], ground: Ground) -> list[StatusSpell]:
    return [
        StatusSpell(
            household=household,
            standard=ground.standards[spell.standard],
            ward=household.ward,
            category=spell.status.category,
            persons=spell.status.persons,
            has_labour=spell.status.has_labour,
            special_hardship=spell.status.special_hardship,
            has_merit=spell.status.has_merit,
            ethnic_minority=spell.status.ethnic_minority,
            valid_from=spell.valid_from,
            valid_to=spell.valid_to,
            opened_as=spell.opened_as,
            closed_as=spell.closed_as or "",
            opened_by=theirs[spell.opened_by],
            closed_by=None if spell.closed_by is None else theirs[spell.closed_by],
        )
        for (home, theirs), household in zip(_by_home(homes, reviews), households, strict=True)
        for spell in home.spells
    ]


def _supports(homes, households, members, ground: Ground, cast: Cast) -> list[Support]:
    """Houses are built by the district's committee; loans, training and help for pupils are given by their agencies."""
    rest = iter(members)
    rows = []
    for home, household in zip(homes, households, strict=True):
        family = [next(rest) for _ in home.family]
        for gift in home.gifts:
            agency = ground.committees.get(household.ward.parent_id) if gift.kind.startswith("house") else None
            if gift.kind in GIVERS:
                agency = ground.agencies[GIVERS[gift.kind]]
            rows.append(
                Support(
                    household=household,
                    policy=ground.policies[gift.kind],
                    member=None if gift.member is None else family[gift.member],
                    ward=household.ward,
                    given_on=gift.given_on,
                    ends_on=gift.ends_on,
                    persons=gift.persons,
                    amount=gift.amount,
                    agency=agency,
                    entered_by=giver(gift.kind, home, cast),
                )
            )
    return rows


def giver(kind: str, home: Home, cast: Cast):
    return cast.bank if kind == "loan" else cast.officers[home.ward.code]


def _figures(ground: Ground, cast: Cast) -> list[Figure]:
    """Objective 5: nothing in the portal yields who was trained, so the programme office types it."""
    rows = []
    for district in ground.districts:
        whole = OFFICERS_A_WARD * len(district.wards)
        area = ground.areas[district.wards[0].code].parent
        for (month, day), share in zip(TRAINING_DAYS, pace_of(district.code).trained, strict=True):
            rows.append(
                Figure(
                    indicator=ground.training,
                    area=area,
                    day=LAST_DAY.replace(month=month, day=day),
                    count=round(whole * share),
                    whole=whole,
                    evidence=EVIDENCE,
                    entered_by=cast.office,
                )
            )
    return rows


def _events(homes, households, members, reviews, supports, cast: Cast) -> list[Event]:
    """What the services would have logged, dated as if it had happened then."""
    rest, given = iter(members), iter(supports)
    rows = []
    for (home, theirs), household in zip(_by_home(homes, reviews), households, strict=True):
        officer, leader, ward = cast.officers[home.ward.code], cast.leaders[home.ward.code], household.ward
        people = {str(member.pk): member_facts(member) for member in (next(rest) for _ in home.family)}

        def line(at, by, action, subject, after, before=None, ward=ward):
            return Event(
                at=at,
                by=by,
                action=action,
                subject_type=subject._meta.label_lower,
                subject_id=str(subject.pk),
                label=str(subject)[:200],
                area=ward,
                before=before or {},
                after=after,
            )

        opened = timezone.make_aware(datetime.combine(home.registered_on, time(9)))
        facts = seal(place_facts(household) | {"members": people}) | {"version": 1}
        rows.append(line(opened, officer, "household.registered", household, facts))
        for visit, review in zip(home.visits, theirs, strict=True):
            answers = answer_facts(visit.answers.columns() | {"persons": review.persons})
            told = seal(answers) | {"state": "entered"}
            rows.append(line(entered_at(visit), officer, "review.entered", review, told))
            if visit.state == "decided":
                after = {"state": "decided", "number": visit.number, "day": visit.decided_on.isoformat()}
                rows.append(line(decided_at(visit), leader, "review.decided", review, after, {"state": "entered"}))
            elif visit.state == "returned":
                at = entered_at(visit) + timedelta(days=2)
                after = seal({"return_note": visit.return_note}) | {"state": "returned"}
                rows.append(line(at, leader, "review.returned", review, after, {"state": "entered"}))
        for gift in home.gifts:
            support = next(given)
            at = timezone.make_aware(datetime.combine(gift.given_on, time(10)))
            by = giver(gift.kind, home, cast)
            action = "support.given" if gift.kind in GIVERS else "support.recorded"
            rows.append(line(at, by, action, support, seal(support_facts(support))))
    return rows
