"""Forms 14 and 15 (regulation 2.7): near-poor and poor households by name, a row a member, with what they received."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from areas.vietnamese import day as written
from areas.vietnamese import number, place_key
from households.list_sheet import Column, Sheet
from households.models import Household, Member, Policy, Standard, StatusSpell, Support
from households.spells import Opened
from households.standards import Category

COLUMNS = [
    Column("Số TT hộ", 6, True),
    Column("Số TT khẩu", 6, True),
    Column("Họ và tên", 22),
    Column("Phường, xã; tổ dân phố, thôn", 22),
    Column("Năm sinh nam", 6, True),
    Column("Năm sinh nữ", 6, True),
    Column("Dân tộc", 8, True),
    Column("Quan hệ với chủ hộ", 10),
    Column("Hộ phát sinh mới", 7, True),
    Column("Hộ tái nghèo", 7, True),
    Column("Hộ cũ", 6, True),
    Column("Có người có công", 7, True),
    Column("Không có khả năng lao động", 9, True),
    Column("Hỗ trợ y tế", 6, True),
    Column("Hỗ trợ giáo dục, đào tạo", 8, True),
    Column("Hỗ trợ sản xuất", 7, True),
    Column("Hỗ trợ tín dụng", 7, True),
    Column("Hỗ trợ nhà ở", 6, True),
    Column("Hỗ trợ khác", 6, True),
    Column("Ghi chú", 14),
]
KIND = Policy.Kind
RECEIVED = [
    {KIND.INSURANCE},
    {KIND.TUITION, KIND.SCHOLARSHIP, KIND.TRAINING},
    {KIND.PRODUCTION},
    {KIND.LOAN},
    {KIND.HOUSE_NEW, KIND.HOUSE_REPAIR, KIND.SOCIAL_HOUSING, KIND.RENT_RELIEF},
    {KIND.JOB, KIND.LEGAL_AID, KIND.GIFT, KIND.OTHER},
]
LISTS = ((14, Category.NEAR_POOR, "hộ cận nghèo"), (15, Category.POOR, "hộ nghèo"))
X = "x"


class Lists(NamedTuple):
    sheets: list[Sheet]
    households: int  # how many stand on them


def both(user, standard: Standard, first: date, last: date) -> Lists:
    """Form 14 and form 15 on the evening of `last`; new, relapsed and supports since `first`. Four queries.

    Only of households that the user sees; no ID number stands on them.
    """
    spells = StatusSpell.objects.visible_to(user).filter(
        standard=standard, household__in=Household.objects.visible_to(user).order_by().values("pk")
    )
    held = spells.on(last).select_related("household", "ward")
    held = sorted(held.order_by("ward__order", "ward__code", "household__code"), key=_by_group)
    known = _Known(spells.on(last).order_by().values("household"), standard, first, last)
    window = f"{standard.name}. Đến ngày {written(last)}; mới, tái nghèo và hỗ trợ tính từ ngày {written(first)}."
    sheets = []
    for form, category, words in LISTS:
        own = [spell for spell in held if spell.category == category]
        foot = f"Cộng: {number(len(own))} hộ, {number(known.count(own))} người."
        title = f"Biểu {form}. Danh sách chi tiết {words}"
        sheets.append(Sheet(f"Biểu {form}", title, window, COLUMNS, known.rows(own), 8, foot))
    return Lists(sheets, len(held))


def _by_group(spell: StatusSpell) -> tuple:
    return spell.ward.order, spell.ward.code, place_key(spell.household.group)


class _Known:
    """Members, earlier spells and supports of some households (a queryset of ids); three queries."""

    def __init__(self, households, standard: Standard, first: date, last: date):
        self.first = first
        there = Q(joined_on__lte=last) & (Q(left_on__isnull=True) | Q(left_on__gt=last))
        self.members = defaultdict(list)
        for member in Member.objects.filter(there, household__in=households).order_by("id"):
            self.members[member.household_id].append(member)
        for people in self.members.values():
            people.sort(key=lambda one: one.relation != Member.Relation.HEAD)
        self.before = {}
        earlier = StatusSpell.objects.filter(household__in=households, standard=standard, valid_to__lte=last)
        for spell in earlier:
            self.before[spell.household_id, spell.category, spell.valid_to] = spell
        running = Q(given_on__gte=first) | Q(ends_on__gte=first)
        given = Support.objects.filter(running, household__in=households, given_on__lte=last).order_by()
        self.received = defaultdict(set)
        for household, kind in given.values_list("household", "policy__kind").distinct():
            self.received[household].add(kind)

    def count(self, spells) -> int:
        return sum(len(self.members[spell.household_id]) for spell in spells)

    def entry(self, spell: StatusSpell) -> StatusSpell:
        """The spell by which the household came onto the list: what only changed its facts or its ward is no entry."""
        while spell.opened_as in (Opened.FACTS_CHANGED, Opened.MOVED_IN):
            earlier = self.before.get((spell.household_id, spell.category, spell.valid_from))
            if earlier is None:
                break
            spell = earlier
        return spell

    def rows(self, spells) -> Iterator[list]:
        for place, spell in enumerate(spells, 1):
            received = self.received[spell.household_id]
            facts = [*self._came(spell), X if spell.has_merit else None, None if spell.has_labour else X]
            facts += [X if received & kinds else None for kinds in RECEIVED]
            where = f"{spell.ward.name}; {spell.household.group}"
            for turn, one in enumerate(self.members[spell.household_id], 1):
                year = [one.birth_year, None] if one.sex == Member.Sex.MALE else [None, one.birth_year]
                told = facts if turn == 1 else [None] * len(facts)
                lead = [place, turn, one.full_name, where] if turn == 1 else [None, turn, one.full_name, None]
                note = self._note(spell) if turn == 1 else None
                yield [*lead, *year, one.ethnicity, one.get_relation_display(), *told, note]

    def _came(self, spell) -> list:
        """New, relapsed or old; a household that came otherwise since the first day has its reason in the note."""
        entry = self.entry(spell)
        if entry.valid_from < self.first or entry.opened_as == Opened.LISTED:
            return [None, None, X]
        marks = {Opened.NEW: [X, None, None], Opened.RELAPSED: [None, X, None]}
        return marks.get(entry.opened_as, [None] * 3)

    def _note(self, spell) -> str | None:
        entry = self.entry(spell)
        told = any(self._came(spell))
        return None if told else f"{entry.get_opened_as_display()}, {written(entry.valid_from)}"
