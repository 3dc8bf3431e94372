"""The targeted lists of the plan, counted and read. What puts somebody on a list stands here once, as conditions."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan, LessThanOrEqual

from accounts.log import stamp
from households import targeted
from households.models import Household, Member, Standard, StatusSpell
from households.standards import Category
from households.targeted import Targeted

RENTING = (Household.Tenure.RENT, Household.Tenure.RENT_STATE)
NO_JOB = (Member.Work.SEEKING, Member.Work.NOT_SEEKING)
AT_NO_SCHOOL = ("", Member.Schooling.NONE)


@dataclass(frozen=True)
class Tally:
    """A list with how many stand on it, and of how many more nobody knows (None: of everybody it is known)."""

    about: Targeted
    count: int
    unknown: int | None


@dataclass(frozen=True)
class Place:
    """How many of a list live in a district or a ward."""

    code: str
    name: str
    count: int


def _held(day: date, category: Category, **more):
    """Households that hold a category on a day, by any standard."""
    return StatusSpell.objects.on(day).filter(category=category, **more).values("household")


def _of_households(day: date) -> dict[str, tuple[Q, Q | None]]:
    """By list: who is on it, and of whom it is not known."""

    def poor(**more):
        return Q(pk__in=_held(day, Category.POOR, **more))

    living = Member.objects.filter(household=OuterRef("pk"), left_on__isnull=True).order_by()
    people = Subquery(living.values("household").annotate(people=Count("pk")).values("people"))
    small = Q(tenure__in=RENTING, living_area__lt=targeted.LEAST_ROOM * people)
    unasked = Q(tenure="") | Q(tenure__in=RENTING, living_area__isnull=True)
    return {
        "nha-thue-chat": (poor() & small, poor() & unasked),
        "nguoi-co-cong": (poor(has_merit=True), None),
        "chuan-trung-uong": (poor(standard__issuer=Standard.Issuer.CENTRAL), None),
        "dac-biet-kho-khan": (poor(special_hardship=True), None),
    }


def at_least(day: date, months: int) -> Q:
    """As many full months old on the day, as targeted.months_old counts them."""
    latest = day.year * 12 + day.month - months
    month, of_month = F("birth_year") * 12 + Coalesce("birth_month", 1), Coalesce("birth_day", 1)
    return Q(LessThan(month, latest)) | Q(Exact(month, latest)) & Q(LessThanOrEqual(of_month, day.day))


def _aged(day: date, first: int, under: int) -> Q:
    """From the first to under the second, in months. The years alone first: they are columns, cheap to compare."""
    latest, earliest = (day.year * 12 + day.month - months for months in (first, under))
    years = Q(birth_year__lte=latest // 12, birth_year__gte=earliest // 12 - 1)
    return years & at_least(day, first) & ~at_least(day, under)


def _of_members(day: date) -> dict[str, tuple[Q, Q | None]]:
    near_poor = Q(household__in=_held(day, Category.NEAR_POOR))
    school, preschool = (
        _aged(day, *(12 * age for age in ages)) for ages in (targeted.SCHOOL_AGE, targeted.PRESCHOOL_AGE)
    )
    working = Q()
    for sex in Member.Sex.values:
        until = targeted.retirement_months(sex, day.year)
        working |= Q(sex=sex) & _aged(day, 12 * targeted.WORK_FROM, until)
    idle = working & Q(schooling__in=AT_NO_SCHOOL)
    return {
        "can-ngheo-chua-bhyt": (Q(has_insurance=False) & near_poor, Q(has_insurance__isnull=True) & near_poor),
        "tre-chua-di-hoc": (Q(schooling=Member.Schooling.NONE) & school, Q(schooling="") & school),
        "tre-mam-non": (Q(schooling=Member.Schooling.NONE) & preschool, Q(schooling="") & preschool),
        "chua-co-viec": (Q(work__in=NO_JOB) & idle, Q(work="") & idle),
    }


def _households(user, wards):
    rows = Household.objects.visible_to(user).filter(closed_on__isnull=True)
    return rows if wards is None else rows.filter(ward__in=wards)


def _members(user, wards):
    rows = Member.objects.visible_to(user).filter(left_on__isnull=True, household__closed_on__isnull=True)
    return rows if wards is None else rows.filter(household__ward__in=wards)


def found(user, about: Targeted, day: date, wards=None):
    """Households, or members, on a list on a day, that the user may see; in no order. `wards`: only of these."""
    if about.of_members:
        return _members(user, wards).filter(_of_members(day)[about.key][0])
    return _households(user, wards).filter(_of_households(day)[about.key][0])


def listed(user, about: Targeted, day: date, wards=None):
    """The same with all that a row shows, in the Vietnamese order of the names."""
    rows = found(user, about, day, wards)
    if about.of_members:
        return rows.select_related("household__ward__parent").order_by("sort_key", "pk")
    return rows.for_list().order_by("head_key", "pk")


def tallies(user, day: date) -> list[Tally]:
    """Every list with its counts, in two passes over the register; remembered until the next write."""
    if user.area_id is None:
        return []
    counts = cache.get_or_set(f"targeted:{stamp()}:{user.role}:{user.area_id}:{day}", lambda: _counts(user, day), 60)
    return [Tally(one, counts[one.key], counts.get(f"{one.key} unknown")) for one in targeted.LISTS]


def unknown(user, about: Targeted, day: date, wards=None) -> int | None:
    """Of how many more nobody knows whether they belong on the list; None where it is known of everybody."""
    condition = (_of_members if about.of_members else _of_households)(day)[about.key][1]
    if condition is None:
        return None
    return (_members if about.of_members else _households)(user, wards).filter(condition).count()


def _counts(user, day) -> dict[str, int]:
    status = StatusSpell.objects.on(day).filter(household=OuterRef("pk"), category=Category.POOR)
    passes = [
        (_households(user, None).filter(Exists(status)), _of_households(day)),
        (_members(user, None), _of_members(day)),
    ]
    counted = {}
    for rows, conditions in passes:
        asked = {key: on for key, (on, _) in conditions.items()}
        asked |= {f"{key} unknown": off for key, (_, off) in conditions.items() if off is not None}
        names = {f"n{place}": key for place, key in enumerate(asked)}
        row = rows.aggregate(**{name: Count("pk", filter=asked[key]) for name, key in names.items()})
        counted |= {key: row[name] for name, key in names.items()}
    return counted


def by_ward(user, about: Targeted, day: date, wards=None) -> dict[str, int]:
    """How many of a list live in each ward, by its code; wards with nobody are left out."""
    way = "household__ward__code" if about.of_members else "ward__code"
    rows = found(user, about, day, wards).order_by().values(way).annotate(count=Count("pk"))
    return {row[way]: row["count"] for row in rows}


def places(counts: dict[str, int], wards, *, districts: bool) -> list[Place]:
    """Those counts by district or by ward, in the order of `wards`; only where somebody lives. No query."""
    added: dict[str, Place] = {}
    for ward in wards:
        if count := counts.get(ward.code, 0):
            code, name = (ward.district_code, ward.district) if districts else (ward.code, ward.name)
            before = added[code].count if code in added else 0
            added[code] = Place(code, name, before + count)
    return list(added.values())


def by_group(user, about: Targeted, day: date, wards=None) -> list[Place]:
    """Within one ward: how many of a list live in each residential group, 'Tổ 2' before 'Tổ 10'."""
    way = "household__group" if about.of_members else "group"
    rows = found(user, about, day, wards).order_by().values(way).annotate(count=Count("pk"))
    counted = [Place("", row[way] or "Chưa ghi tổ", row["count"]) for row in rows]
    return sorted(counted, key=lambda place: (_first_number(place.name), place.name))


def _first_number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0
