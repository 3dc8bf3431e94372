"""Finding households and gathering what one page shows of them. Every row comes through `visible_to`."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Exists, F, Max, OuterRef, Q

from accounts.log import stamp
from accounts.models import Event, PersonalDataView
from areas.models import Area
from households import dossier_queries, history, timeline
from households.members import search_words
from households.models import Household, Member, Review, Standard, StatusSpell, Support
from households.sealed import unseal
from households.search_words import near as search_near
from households.standards import CATEGORY_LABELS, DEPRIVATION_KEYS, Category

PER_PAGE = 25
COUNTED = 1000  # beyond it the page says 'more than': nobody pages through more, and counting reads every row
WORDS = {
    "relation": dict(Member.Relation.choices),
    "sex": dict(Member.Sex.choices),
    "tenure": dict(Household.Tenure.choices),
    **{
        name: dict(kinds.choices)
        for name, kinds in (
            ("schooling", Member.Schooling),
            ("education", Member.Education),
            ("work", Member.Work),
        )
    },
    "category": {None: "Không trong danh sách", **CATEGORY_LABELS},
    **{key: {True: "thiếu hụt", False: "không thiếu"} for key in DEPRIVATION_KEYS},
}
DECISION = {"number": "số quyết định", "day": "ngày quyết định", "reason": "lý do"}
LABELS = {
    model._meta.label_lower: {
        field.name: str(field.verbose_name) for field in model._meta.concrete_fields if field.name in model.PRIVATE
    }
    for model in (Review, Support)
} | {Household._meta.label_lower: history.LABELS}
LABELS[Review._meta.label_lower] |= history.ROWS


def search(user, *, text="", wards=None, standard=None, category="", day=None, unreviewed_in=None, words=None):
    """Households that hold every word of `text` and pass every filter that is given, in no order.

    `category` under `standard` is the status on `day`; `unreviewed_in` is a round without a review of the household.
    `words`, in place of a text: for each word those of which one must be there (see search_words.near).
    """
    found = Household.objects.visible_to(user, wards=[ward.pk for ward in wards_to_choose(user)])
    for meant in words or [[word] for word in search_words(text)]:
        one_of = Q()
        for word in meant:
            one_of |= Q(search__contains=f" {word}")
        found = found.filter(one_of)
    if wards is not None:
        found = found.filter(ward__in=wards)
    if standard is not None:
        spells = StatusSpell.objects.on(day).filter(household=OuterRef("pk"), standard=standard, category=category)
        found = found.filter(Exists(spells))
    if unreviewed_in is not None:
        reviewed = Review.objects.filter(household=OuterRef("pk"), round=unreviewed_in)
        found = found.filter(~Exists(reviewed), closed_on__isnull=True)
    return found


def nearly(user, **filters):
    """For a text that nothing holds: the households near it with the words they hold; (None, []) without any."""
    meant = search_near(search_words(filters["text"]))
    found = search(user, words=meant, **filters) if meant else None
    return (found, meant) if found is not None and found.exists() else (None, [])


class HouseholdPages(Paginator):
    """Pages in the Vietnamese order of the heads' names, no further than COUNTED households.

    `asked`: what was asked and by whom, in words. Which households answer, in order, is remembered under it for a
    minute, or until the next write: who turns pages or comes back from a household does not wait for the search again.
    The rows themselves are always read anew, through `found`.
    """

    def __init__(self, found, asked: str):
        super().__init__(found, PER_PAGE)
        self.found = found
        self.asked = asked

    @cached_property
    def _ids(self) -> list[int]:
        key = f"households-found:{stamp()}:{sha256(self.asked.encode()).hexdigest()}"
        return cache.get_or_set(key, self._search, 60)

    def _search(self) -> list[int]:
        # Every household has a head (services.register), and asking for one lets the database walk the index of names.
        in_order = self.found.with_head().filter(head_key__isnull=False).order_by("head_key", "pk")
        return list(in_order.values_list("pk", flat=True)[: COUNTED + 1])

    @property
    def count(self):
        return min(len(self._ids), COUNTED)

    @property
    def more(self):
        return len(self._ids) > COUNTED

    def page(self, number):
        number = self.validate_number(number)
        shown = self._ids[: self.count][(number - 1) * PER_PAGE : number * PER_PAGE]
        rows = {row.pk: row for row in self.found.filter(pk__in=shown).for_list()} if shown else {}
        return self._get_page([rows[pk] for pk in shown if pk in rows], number, self)


@dataclass(frozen=True)
class Tag:
    """A status in a few words, and whether the standard behind it is confirmed."""

    kind: str
    label: str
    confirmed: bool


def tag_of(spell: StatusSpell) -> Tag:
    issuer = "Trung ương" if spell.standard.issuer == Standard.Issuer.CENTRAL else "thành phố"
    kind = "sea" if spell.category == Category.POOR else "none"
    return Tag(kind, f"{spell.get_category_display()}, chuẩn {issuer}", spell.standard.confirmed)


def statuses_on(day: date, households) -> dict[int, list[Tag]]:
    """What holds for each household on a day, central standard first; in one query."""
    held = {household.pk: [] for household in households}
    spells = StatusSpell.objects.on(day).filter(household__in=held).select_related("standard")
    for spell in spells.order_by("standard__issuer", "pk"):
        held[spell.household_id].append(tag_of(spell))
    return held


class Ward(NamedTuple):
    """A ward to choose from. Plain values: a city user's filter names 56 of them on every page."""

    pk: int
    code: str
    name: str
    district_code: str
    district: str


def wards_on(day: date):
    """Wards that stand on a day; after the last one known has ended, those that stood at that end.

    The list of areas may lag behind a reform: people move all the same.
    """
    wards = Area.objects.wards()
    if wards.existing_on(day).exists():
        return wards.existing_on(day)
    end = wards.filter(valid_to__lt=day).aggregate(end=Max("valid_to"))["end"]
    return wards.existing_on(end) if end else wards.none()


def groups_of(ward: Area) -> list[str]:
    """Residential groups of a ward that hold a household; Tổ 2 stands before Tổ 10. Asked once a minute."""

    def read():
        found = Household.objects.filter(ward=ward, closed_on__isnull=True).order_by().values_list("group", flat=True)
        return sorted(found.distinct(), key=dossier_queries.by_number)

    return cache.get_or_set(f"groups-of:{ward.pk}", read, 60)


def wards_to_choose(user) -> list[Ward]:
    """Wards of the user's area in the plan's order; one ward is no choice. They change with a law: asked once a minute."""
    if user.area_id is None:
        return []

    def read():
        wards = Area.objects.under(user.area).wards().order_by("parent__order", "parent__code", "order", "code")
        return [Ward(*row) for row in wards.values_list("pk", "code", "name", "parent__code", "parent__name")]

    return cache.get_or_set(f"wards-to-choose:{user.area_id}", read, 60)


@dataclass(frozen=True)
class Told:
    """One line of a household's history."""

    at: object
    by: str
    what: str
    lines: list[str]


@dataclass(frozen=True)
class Dossier:
    """All that the page of one household shows."""

    members: list[Member]
    left: list[Member]
    spells: list[StatusSpell]
    tags: list[Tag]
    reviews: list[Review]
    supports: list[Support]
    history: list["Told"]
    drawing: timeline.Drawing | None

    @property
    def pending(self) -> Review | None:
        return next((review for review in self.reviews if review.state != Review.State.DECIDED), None)

    @property
    def findings(self) -> Review | None:
        """The newest review that was decided: what is officially known of the household."""
        return next((review for review in self.reviews if review.state == Review.State.DECIDED), None)

    @property
    def title(self) -> str:
        """A household goes by its head's name."""
        # Of a closed household, the last head: everybody has left it.
        ever = [*self.members, *sorted(self.left, key=lambda member: member.left_on, reverse=True)]
        return next((member.full_name for member in ever if member.relation == Member.Relation.HEAD), "")


def dossier(user, household, day: date) -> Dossier:
    people = list(household.members.all())
    members = sorted((one for one in people if not one.left_on), key=lambda one: (one.relation != "head", one.pk))
    spells = list(
        StatusSpell.objects.visible_to(user)
        .filter(household=household)
        .select_related("standard")
        .order_by("standard__issuer", "standard__valid_from", "valid_from")
    )
    reviews = list(
        Review.objects.visible_to(user)
        .filter(household=household)
        .select_related("round", "entered_by", "decided_by")
        .prefetch_related("results__standard")
    )
    supports = list(
        Support.objects.visible_to(user)
        .filter(household=household)
        .select_related("policy", "agency", "member")
        .annotate(house_pk=F("house_work__pk"))
        .prefetch_related("balances")
    )
    return Dossier(
        members,
        [one for one in people if one.left_on],
        spells,
        [
            tag_of(spell)
            for spell in spells
            if spell.valid_from <= day and (spell.valid_to is None or spell.valid_to > day)
        ],
        reviews,
        supports,
        sorted(
            tell(_events(household, reviews, supports)) + _reveals(household), key=lambda told: told.at, reverse=True
        ),
        _drawing(spells, reviews, day),
    )


def _events(household, reviews, supports):
    """The log of the household, of its reviews and of its supports, newest first."""
    about = Q()
    for rows in ([household], reviews, supports):
        for label in {row._meta.label_lower for row in rows}:
            about |= Q(subject_type=label, subject_id__in=[str(row.pk) for row in rows])
    return Event.objects.filter(about).select_related("by")[:100]


def tell(events) -> list[Told]:
    """Log lines about households, unsealed and in words. Only for who may see the household."""
    words = WORDS | {"standard": dict(Standard.objects.values_list("code", "name"))}
    return [
        Told(
            event.at,
            str(event.by) if event.by else "Hệ thống",
            event.action_label,
            history.changes(
                unseal(event.before), unseal(event.after), DECISION | LABELS.get(event.subject_type, {}), words
            ),
        )
        for event in events
    ]


def _reveals(household) -> list[Told]:
    """Who saw an ID number of this household stands in its history too, with the reason given."""
    seen = PersonalDataView.objects.filter(household_code=household.code, kind=PersonalDataView.Kind.REVEAL)
    return [Told(look.at, str(look.by), "xem số định danh", [look.reason]) for look in seen.select_related("by")[:50]]


def _drawing(spells, reviews, day: date) -> timeline.Drawing | None:
    if not spells:
        return None
    standards: dict[Standard, list[timeline.Span]] = {}
    for spell in spells:
        label = spell.get_category_display() + (", còn sức lao động" if spell.has_labour else "")
        span = timeline.Span(spell.valid_from, spell.valid_to, label, spell.category)
        standards.setdefault(spell.standard, []).append(span)
    tracks = [timeline.Track(standard.name, standard.confirmed, tuple(spans)) for standard, spans in standards.items()]
    decided = [review for review in reviews if review.decided_on]
    marks = sorted((review.decided_on, f"QĐ {review.decision_number}") for review in decided)
    return timeline.draw(tracks, marks, day)
