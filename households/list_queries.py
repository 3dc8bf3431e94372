"""The list after a review and its two companions (regulation 2.7), one row for each member."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import number, place_key
from households.list_sheet import Column, Sheet
from households.models import Household, Member, Review, Standard, StatusSpell
from households.paper_queries import in_words
from households.sealed import number_of
from households.spells import Closed
from households.standards import DEPRIVATION_KEYS, Category
from households.targeted import months_old

AFTER_REVIEW = [
    Column("Số TT", 5, True),
    Column("Họ và tên chủ hộ", 19),
    Column("Họ và tên thành viên", 19),
    Column("Quan hệ với chủ hộ", 9),
    Column("Ngày sinh", 10, True),
    Column("Giới tính", 6, True),
    Column("Số định danh", 13, True),
    Column("Tỉnh, thành phố", 13),
    Column("Quận, huyện", 12),
    Column("Mã quận, huyện", 7, True),
    Column("Phường, xã", 14),
    Column("Mã phường, xã", 7, True),
    Column("Tổ dân phố, thôn", 9),
    Column("Dân tộc", 8, True),
    Column("Phân loại", 9),
    Column("Số quyết định", 12),
    Column("Ngày quyết định", 10, True),
    Column("B1", 6, True),
    Column("B2", 6, True),
    Column("Hộ DTTS", 6, True),
    Column("Không có khả năng lao động", 8, True),
    Column("Có người có công", 7, True),
    Column("Nguyên nhân nghèo", 20),
    Column("Ghi chú", 14),
    Column("Tuổi", 5, True),
    Column("Số nhân khẩu", 6, True),
]
ESCAPED = [
    Column("Số TT", 5, True),
    Column("Họ và tên", 22),
    Column("Quan hệ với chủ hộ", 10),
    Column("Giới tính", 6, True),
    Column("Ngày sinh", 10, True),
    Column("Số định danh", 14, True),
    Column("Dân tộc", 8, True),
    Column("Địa chỉ", 30),
    Column("B1", 6, True),
    Column("B2", 6, True),
    Column("Ghi chú", 22),
    Column("Tuổi", 5, True),
    Column("Số nhân khẩu", 7, True),
]
OUT_OF_POVERTY = (Closed.ESCAPED, Closed.TO_NEAR_POOR)  # near-poor households are no longer poor ones
LEFT = {(Category.POOR, Closed.ESCAPED): "Thoát nghèo", (Category.NEAR_POOR, Closed.ESCAPED): "Thoát cận nghèo"}
X = "x"


class Found(NamedTuple):
    sheets: list[Sheet]
    codes: list[str]  # of the households that stand on them


def after_review(user, ward: Area, standard: Standard, since: date, day: date, *, full: bool) -> Found:
    """Three sheets: listed on a day; out of poverty, out of near-poverty from `since` to the day, both included.

    Only households that the user sees now: one that has moved on stands with its new ward. `full` shows whole numbers;
    whether the user may is asked by the caller, who writes it down.
    """
    spells = StatusSpell.objects.visible_to(user).filter(
        ward=ward, standard=standard, household__in=Household.objects.visible_to(user)
    )
    spells = spells.select_related("household__ward__parent__parent").order_by("household__code")
    gone = spells.filter(valid_to__gte=since, valid_to__lte=day)
    held = _by_group(spells.on(day))
    poor = _by_group(gone.filter(category=Category.POOR, closed_as__in=OUT_OF_POVERTY))
    near = _by_group(gone.filter(category=Category.NEAR_POOR, closed_as=Closed.ESCAPED))
    known = _Known(held + poor + near, day, full)
    window = f"{standard.name}. Từ ngày {written(since)} đến ngày {written(day)}."
    columns = {"columns": ESCAPED, "first": 10}
    sheets = [
        Sheet(
            "SAU RA SOAT",
            "Danh sách hộ nghèo, hộ cận nghèo sau khi rà soát",
            f"{standard.name}. Đến ngày {written(day)}.",
            AFTER_REVIEW,
            known.after_review(held),
            8,
            _foot(held),
        ),
        Sheet(
            "HO THOAT NGHEO", "Danh sách hộ thoát nghèo", window, rows=known.escaped(poor), foot=_foot(poor), **columns
        ),
        Sheet(
            "HO THOAT CAN NGHEO",
            "Danh sách hộ thoát cận nghèo",
            window,
            rows=known.escaped(near),
            foot=_foot(near),
            **columns,
        ),
    ]
    return Found(sheets, sorted({spell.household.code for spell in held + poor + near}))


def _by_group(spells) -> list[StatusSpell]:
    return sorted(spells, key=lambda spell: place_key(spell.household.group))


def _foot(spells) -> str:
    return f"Cộng: {number(len(spells))} hộ."


class _Known:
    """Members and last decided reviews of the households of some spells as of a day; two queries."""

    def __init__(self, spells, day: date, full: bool):
        self.day, self.full = day, full
        households = {spell.household_id for spell in spells}
        there = Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))
        self.members = defaultdict(list)
        for member in Member.objects.filter(there, household__in=households).order_by("id"):
            self.members[member.household_id].append(member)
        for people in self.members.values():
            people.sort(key=lambda one: one.relation != Member.Relation.HEAD)
        decided = Review.objects.filter(household__in=households, decided_on__lte=day, state=Review.State.DECIDED)
        self.reviews = {review.household_id: review for review in decided.order_by("decided_on", "id")}

    def after_review(self, spells):
        for place, spell in enumerate(spells, 1):
            ward, review = spell.household.ward, self.reviews.get(spell.household_id)
            people = self.members[spell.household_id]
            city = ward.parent.parent
            for turn, one in enumerate(people):
                if turn:
                    of_head, where, of_household, size = [None] * 2, [None] * 6, [None] * 10, None
                else:
                    of_head = [place, one.full_name]
                    where = [city.full_name, ward.parent.full_name, ward.parent.code, ward.full_name, ward.code]
                    where.append(spell.household.group)
                    of_household = [
                        spell.get_category_display(),
                        review.decision_number if review else None,
                        written(review.decided_on) if review else None,
                        *_scores(review),
                        X if spell.ethnic_minority else None,
                        None if spell.has_labour else X,
                        X if spell.has_merit else None,
                        "; ".join(review.causes) if review else None,
                        spell.get_opened_as_display(),
                    ]
                    size = len(people)
                relation = [one.full_name, one.get_relation_display(), one.birth, one.get_sex_display()]
                yield [
                    *of_head,
                    *relation,
                    number_of(one, full=self.full),
                    *where,
                    one.ethnicity,
                    *of_household,
                    self._age(one),
                    size,
                ]

    def escaped(self, spells):
        for place, spell in enumerate(spells, 1):
            household, people = spell.household, self.members[spell.household_id]
            review = self.reviews.get(spell.household_id)
            address = f"{household.address}, {household.group}, {in_words(household.ward)}"
            why = LEFT.get((spell.category, spell.closed_as)) or spell.get_closed_as_display()
            note = f"{why}, {written(spell.valid_to)}"
            for turn, one in enumerate(people):
                of_household = [None] * 4 if turn else [address, *_scores(review), note]
                yield [
                    None if turn else place,
                    one.full_name,
                    one.get_relation_display(),
                    one.get_sex_display(),
                    one.birth,
                    number_of(one, full=self.full),
                    one.ethnicity,
                    *of_household,
                    self._age(one),
                    None if turn else len(people),
                ]

    def _age(self, one: Member) -> int:
        return max(months_old(self.day, one.birth_year, one.birth_month, one.birth_day) // 12, 0)


def _scores(review: Review | None) -> list:
    """B1, and B2 as ten points for each deprivation (Circular 07/2021/TT-BLĐTBXH)."""
    if review is None:
        return [None, None]
    return [review.b1_score, 10 * sum(getattr(review, key) for key in DEPRIVATION_KEYS)]
