"""What the services of a household's life write with: its rows locked, copied, carried on, and kept so that they can be
put back."""

import json
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from households.changes import LABELS, Kind
from households.members import NUMBERS, search_text
from households.models import Household, HouseholdChange, Member, Review, StatusSpell, Support
from households.sealed import open_json, seal, seal_json
from households.services.statuses import last_change
from households.spells import Opened

PLACE = ("ward_id", "group", "address", "search", "closed_on", "closed_as", "merged_into_id", "version")
MEMBERSHIP = ("relation", "joined_on", "left_on", "left_as")
NUMBER_COLUMNS = tuple(name for name, _, _ in NUMBERS)
SPELL = ("persons", "valid_to", "closed_as", "closed_by_id")
ASKED = (
    "schooling",
    "education",
    "work",
    "has_insurance",
    "has_allowance",
    "is_disabled",
    "is_malnourished",
    "has_merit",
)


def still_in_reach(household: Household, by: User) -> None:
    """PermissionDenied when the household is not, or no longer, in the writer's area."""
    if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise PermissionDenied


def begin(household: Household, day: date, by: User, *, only_persons: bool = False) -> tuple[Household, dict]:
    """The household locked, with its rows as they are; refused when a change may not be written on the day.

    `only_persons`: who belongs to the household changes and nothing else, so that a second such change of one day may
    correct the spells that the first one opened.
    """
    if not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    still_in_reach(household, by)
    if household.closed_on:
        raise ValidationError(f"Hồ sơ hộ {household.code} đã đóng.")
    if day < household.registered_on:
        raise ValidationError({"day": f"Hồ sơ lập ngày {written(household.registered_on)}: ghi từ ngày đó trở đi."})
    history = list(household.spells.all())
    latest = last_change(household.pk, history)
    held = [spell for spell in history if spell.valid_to is None]
    again = only_persons and day == latest and all(_begun_by_change(spell, day) for spell in held)
    if latest and day <= latest and held and not again:
        raise ValidationError({"day": f"Phân loại đổi lần cuối ngày {written(latest)}: ghi ngày sau đó."})
    return household, snapshot(household)


def nothing_pending(household: Household) -> None:
    if Review.objects.filter(household=household).exclude(state=Review.State.DECIDED).exists():
        raise ValidationError("Hộ còn phiếu rà soát chưa quyết định.")


def joined_before(members, day: date) -> None:
    for member in members:
        if day < member.joined_on:
            text = f"{member.full_name} vào hộ ngày {written(member.joined_on)}: ghi từ ngày đó trở đi."
            raise ValidationError({"day": text})


def current(household: Household) -> dict[int, Member]:
    return {member.pk: member for member in household.members.filter(left_on__isnull=True)}


def carry(member: Member, other: Household, relation: str, day: date, left_as: str) -> None:
    """A membership ends and one in the other household begins: rows are history, so nobody's row changes household."""
    Member.objects.filter(pk=member.pk).update(left_on=day, left_as=left_as)
    member.pk, member.household, member.relation, member.joined_on = None, other, relation, day
    member._state.adding = True
    member.save()


def join_rows(member: Member, twin: Member, day: date) -> None:
    """One person entered twice: `member` ends. What only it knew goes into a new row in place of `twin`."""
    Member.objects.filter(pk=member.pk).update(left_on=day, left_as=Member.LeftAs.MERGED)
    columns = [f"{name}_{part}" for name in NUMBER_COLUMNS for part in ("sealed", "hash", "last4")]
    columns += [*ASKED, *(("birth_month", "birth_day") if twin.birth_month is None else ())]
    known = {name: getattr(member, name) for name in columns if getattr(twin, name) in ("", None)}
    known = {name: value for name, value in known.items() if value not in ("", None)}
    if known:
        for name, value in known.items():
            setattr(twin, name, value)
        carry(twin, twin.household, twin.relation, day, Member.LeftAs.MERGED)


def move_spells(household: Household, day: date, done) -> None:
    if done.close is None:
        return
    for spell in household.spells.open():
        if _begun_by_change(spell, day):  # a spell has a length: of a second change on one day only the persons are new
            StatusSpell.objects.filter(pk=spell.pk).update(persons=len(current(household)))
            continue
        StatusSpell.objects.filter(pk=spell.pk).update(valid_to=day, closed_as=done.close)
        if done.open:
            reopen(spell, household, day, done.open)


def _begun_by_change(spell: StatusSpell, day: date) -> bool:
    """Opened on the day by something in the household's life; one that a decision opened is left as it was decided."""
    return spell.valid_from == day and spell.opened_by_id is None and spell.opened_as == Opened.FACTS_CHANGED


def reopen(spell: StatusSpell, household: Household, day: date, reason) -> None:
    facts = ("standard_id", "category", "has_labour", "special_hardship", "has_merit", "ethnic_minority")
    StatusSpell.objects.create(
        household=household,
        ward=household.ward,
        persons=len(current(household)),
        valid_from=day,
        opened_as=reason,
        **{fact: getattr(spell, fact) for fact in facts},
    )


def new_change(household: Household, kind: Kind, day: date, by: User) -> HouseholdChange:
    return HouseholdChange(household=household, ward=household.ward, kind=kind, day=day, by=by)


def keep(change: HouseholdChange, before: dict) -> HouseholdChange:
    """Save the household and the other with new versions and words to be found by, and the change; no line of history."""
    homes = [home for home in (change.household, change.other) if home]
    for home in homes:
        home.search = found_by_now(home)
        home.version += 1
        home.save()
    after = {key: value for home in homes for key, value in snapshot(home).items()}
    change.before, change.after = shut(before), shut(after)
    change.save()
    return change


def found_by_now(home: Household) -> str:
    """The words that the household is found by, of its current members."""
    people = [(member.full_name, member.citizen_id_last4) for member in current(home).values()]
    return search_text(home.code, home.group, home.address, home.phone, people)


def finish(change: HouseholdChange, before: dict, told: dict) -> HouseholdChange:
    """`keep`, and one line of history."""
    keep(change, before)
    facts = {"what": LABELS[Kind(change.kind)], "day": change.day.isoformat()} | told
    version = {"version": change.household.version}
    log(change.by, "household.changed", change.household, area=change.ward, after=seal(facts) | version)
    return change


def snapshot(household: Household) -> dict:
    """The household's rows as JSON values by key; two are equal when nothing was written between them."""

    def rows(queryset, names):
        return {str(row["pk"]): {name: row[name] for name in names} for row in queryset.values("pk", *names)}

    home = str(household.pk)
    found = {
        "place": Household.objects.values(*PLACE).get(pk=household.pk),
        "members": rows(household.members.all(), MEMBERSHIP),
        "spells": rows(household.spells.all(), SPELL),
        "reviews": list(Review.objects.filter(household=household).order_by("pk").values_list("pk", "state")),
        "supports": list(Support.objects.filter(household=household).order_by("pk").values_list("pk", flat=True)),
        "houses": list(household.house_works.order_by("pk").values_list("pk", "version")),
    }
    return {home: json.loads(json.dumps(found, cls=DjangoJSONEncoder))}


def shut(rows: dict) -> str:
    return seal_json(rows)


def unshut(sealed: str) -> dict:
    return open_json(sealed)
