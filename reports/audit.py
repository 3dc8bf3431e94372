"""Everything that can be counted again is counted again and laid beside what stands: every disagreement is listed.

Each check is a function that yields (subject, what disagrees). Read-only; `audit_services` keeps what is found. The
checks of what agencies typed are in audit_typed.py.
"""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Lead

from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import number
from households import sql_rule
from households.models import Result, Review, Standard, StatusSpell
from households.standards import CATEGORY_LABELS
from reports import audit_typed
from reports.models import Finding, Report
from reports.queries import still_whole
from targets.asof import opening_day
from targets.assigning import line_faults, sum_fault
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Plan, Target
from targets.scoreboard import Scoreboard, scoreboard

Told = Iterator[tuple[str, str]]
Check = Finding.Check
MOST_SAID = 300  # characters, as the table holds


def results(today: date) -> Told:
    """Decided results that the rule, asked again in the database, does not give."""
    for standard in Standard.objects.all():
        decided = Result.objects.filter(standard=standard, review__state=Review.State.DECIDED)
        wrong = sql_rule.changed_results(decided.select_related("review__household"), standard.rule())
        for result in wrong.order_by("review_id").iterator(500):
            again = CATEGORY_LABELS.get(result.ruled, "không xác định")
            yield (
                f"Hộ {result.review.household.code}, phiếu {result.review_id}, {standard.name}",
                f"Lưu: {result.get_category_display().lower()}; tính lại từ phiếu: {str(again).lower()}",
            )


def spells(today: date) -> Told:
    """Spells that do not say what the decision that opened them said."""
    decided = Result.objects.filter(review=OuterRef("opened_by"), standard=OuterRef("standard")).values("category")[:1]
    opened = StatusSpell.objects.filter(opened_by__isnull=False, valid_from=F("opened_by__decided_on"))
    opened = opened.annotate(said=Subquery(decided)).select_related("household", "standard", "opened_by")
    facts = ("has_labour", "special_hardship")
    differs = ~Q(category=F("said"))
    for fact in facts:
        differs |= ~Q(**{fact: F(f"opened_by__{fact}")})
    for spell in opened.filter(differs).order_by("pk").iterator(500):
        told = []
        if spell.category != spell.said:
            said = CATEGORY_LABELS.get(spell.said, "không có kết quả")
            told.append(f"phân loại {spell.get_category_display().lower()}, quyết định {str(said).lower()}")
        for fact in facts:
            if getattr(spell, fact) != getattr(spell.opened_by, fact):
                label = StatusSpell._meta.get_field(fact).verbose_name
                told.append(f"{label}: {_yes(getattr(spell, fact))}, quyết định {_yes(getattr(spell.opened_by, fact))}")
        day = write_day(spell.valid_from)
        yield f"Hộ {spell.household.code}, {spell.standard.name}, từ {day}", "; ".join(told).capitalize()


def overlaps(today: date) -> Told:
    """Spells of one household under one standard that run at the same time."""
    following = Window(
        Lead("valid_from"),
        partition_by=[F("household"), F("standard")],
        order_by=[F("valid_from").asc(), F("pk").asc()],
    )
    told = StatusSpell.objects.annotate(following=following).filter(following__isnull=False)
    twice = told.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("following")))
    twice = twice.select_related("household", "standard")
    for spell in twice.order_by("pk").iterator(500):
        words = (
            f"Phân loại từ {write_day(spell.valid_from)} chưa hết thì đã có phân loại từ {write_day(spell.following)}"
        )
        yield f"Hộ {spell.household.code}, {spell.standard.name}", words


def targets(today: date) -> Told:
    """Targets that do not fit within a line, or do not add up and say no reason."""
    for plan in Plan.objects.issued():
        by_area: dict[int, dict[str, Target]] = {}
        areas: dict[int, Area] = {}
        for target in plan.targets.select_related("area", "indicator"):
            by_area.setdefault(target.area_id, {})[target.indicator.code] = target
            areas[target.area_id] = target.area
        for key, held in by_area.items():
            for code, words in line_faults({code: target.value for code, target in held.items()}).items():
                yield f"{plan}, {areas[key].full_name}, {INDICATORS[code].name.lower()}", words
            parts = [by_area[pk] for pk, area in areas.items() if area.parent_id == key]
            for code in APPENDIX:
                target = held.get(code)
                if target is None or target.sum_reason:
                    continue
                values = [part[code].value if code in part else None for part in parts]
                if words := sum_fault(code, target.aim, values):
                    yield f"{plan}, {areas[key].full_name}, {INDICATORS[code].name.lower()}", words.partition(".")[0]


def rates(today: date) -> Told:
    """Printed rates that do not follow from the counts: known, shown, never corrected."""
    for plan in Plan.objects.issued():
        for row in _board(plan, min(opening_day(plan, today), date(plan.year, 12, 31))).rows:
            for cell in row.cells.values():
                if cell.rate_note:
                    yield f"{plan}, {row.area.full_name}, {cell.measure.name.lower()}", cell.rate_note.capitalize()


def sealed(today: date) -> Told:
    """Frozen reports whose lines are no longer those of their checksum."""
    for report in Report.objects.select_related("period__plan").order_by("pk"):
        if not still_whole(report):
            yield str(report), "Các dòng số liệu không khớp mã kiểm tra đã ghi khi chốt"


def frozen(today: date) -> Told:
    """The newest version of each report against a count of today: what was corrected since asks for a new version."""
    newest: dict[int, Report] = {}
    for report in Report.objects.select_related("period__plan").order_by("version"):
        newest[report.period_id] = report
    for report in newest.values():
        board = _board(report.period.plan, report.as_of)
        now = {(row.area.pk, cell.code): cell.actual for row in board.rows for cell in row.cells.values()}
        for line in report.lines.select_related("area"):
            again = now.get((line.area_id, line.indicator))
            if line.actual != again:
                words = f"Chốt {_said(line.actual)}, tính lại {_said(again)}"
                yield f"{report}, {line.area.full_name}, {line.name.lower()}", words


def targets_and_catalogue(today: date) -> Told:
    yield from targets(today)
    yield from audit_typed.catalogue(today)


CHECKS: dict[str, Callable[[date], Told]] = {
    Check.RESULT: results,
    Check.SPELL: spells,
    Check.OVERLAP: overlaps,
    Check.TARGET: targets_and_catalogue,
    Check.RATE: rates,
    Check.TYPED: audit_typed.everything,
    Check.SEALED: sealed,
    Check.FROZEN: frozen,
}


def audit(*, today: date) -> Iterator[tuple[str, str, str]]:
    """Every disagreement as (check, subject, what disagrees)."""
    for check, find in CHECKS.items():
        for subject, says in find(today):
            yield str(check), subject[:200], says[:MOST_SAID]


def _board(plan: Plan, day: date) -> Scoreboard:
    return scoreboard(plan, day, Area.objects.existing_on(day).get(level=Area.Level.CITY))


def _said(value) -> str:
    return "chưa có" if value is None else number(value)


def _yes(value: bool) -> str:
    return "có" if value else "không"
