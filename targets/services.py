"""Writes the plan as its file tells it, and the catalogue of indicators with it."""

from django.db import transaction

from accounts.log import log
from accounts.models import Agency, User
from areas.models import Area
from areas.vietnamese import day as write_day
from targets.indicators import INDICATORS
from targets.loading import CITY, BrokenPlan, ClauseRow, PlanFile
from targets.models import Amendment, Assignment, Clause, Indicator, Plan, Target

COPIED = ("name", "definition", "numerator", "denominator", "unit", "source", "direction", "adds", "over")
PLAN_FIELDS = ("year", "issued_on", "title", "signed_by", "general_goal", "funding", "reporting", "units_commented")


@transaction.atomic
def load_plan(*, given: PlanFile, by: User | None, keep: bool = False) -> bool:
    """Write the plan as its file tells it; True when anything had to be written.

    Safe to run again. With `keep`, a plan that is there already stays as it is, targets edited in the portal included.
    BrokenPlan when an area or agency that the file names is not there.
    """
    areas, agencies = _areas(given), _agencies(given)
    counted = _write_indicators(agencies)  # the catalogue is code: a newer one is written whatever is kept
    if keep and Plan.objects.filter(number=given.number).exists():
        return counted
    if Amendment.objects.filter(clause__plan__number=given.number, amended_on__isnull=False).exists():
        raise BrokenPlan(f"{given.number}: đã được sửa đổi, bổ sung trong cổng; nạp lại tệp sẽ mất các sửa đổi đó")
    other = Plan.objects.filter(year=given.year).exclude(number=given.number).first()
    if other:
        raise BrokenPlan(f"{given.number}: năm {given.year} đã có {other}")
    values = {name: getattr(given, name) for name in PLAN_FIELDS} | {"recipients": list(given.recipients)}
    plan, wrote = _write(Plan, {"number": given.number}, values)
    clauses, changed = _write_clauses(plan, given)
    wrote |= counted | changed | _write_assignments(given, clauses, agencies)
    wrote |= _write_amendments(given, clauses) | _write_targets(plan, given, areas)
    if wrote:
        after = {"clauses": len(given.clauses), "targets": len(given.targets), "amendments": len(given.amendments)}
        log(by, "plan.loaded", plan, area=areas[CITY], after=after)
    return wrote


def _areas(given: PlanFile) -> dict[str, Area]:
    there = Area.objects.existing_on(given.issued_on).filter(level__in=[Area.Level.CITY, Area.Level.DISTRICT])
    known = {CITY if area.is_city else area.full_name: area for area in there}
    if CITY not in known:
        raise BrokenPlan("chưa có địa bàn; chạy load_areas trước")
    for unit in dict.fromkeys(row.unit for row in given.targets):
        if unit not in known:
            raise BrokenPlan(f"phụ lục, {unit}: không có quận, huyện tên này vào ngày {write_day(given.issued_on)}")
    return known


def _agencies(given: PlanFile) -> dict[str, Agency]:
    known = {agency.name: agency for agency in Agency.objects.existing_on(given.issued_on).prefetch_related("members")}
    if not known:
        raise BrokenPlan("chưa có cơ quan; chạy load_agencies trước")
    for clause in given.clauses:
        if clause.kind == "agency" and clause.text not in known:
            raise BrokenPlan(f"mục {clause.ref}: không có cơ quan “{clause.text}”")
    return known


def _write_clauses(plan: Plan, given: PlanFile) -> tuple[dict[tuple[str, str], Clause], bool]:
    written, wrote = {}, False
    for order, row in enumerate(given.clauses, 1):
        parent = written[row.heading, "agency"] if row.heading else None
        values = {"text": row.text, "parent": parent, "order": order}
        clause, changed = _write(Clause, {"plan": plan, "ref": row.ref, "kind": row.kind}, values)
        written[row.ref, row.kind] = clause
        wrote |= changed
    gone = plan.clauses.exclude(pk__in=[clause.pk for clause in written.values()])
    for kind in (
        Clause.Kind.TASK,
        *(kind for kind in Clause.Kind if kind != Clause.Kind.TASK),
    ):  # tasks before headings
        wrote |= bool(gone.filter(kind=kind).delete()[0])
    return written, wrote


def _owed_by(row: ClauseRow, agencies: dict[str, Agency]) -> list[tuple[Agency, Agency | None]]:
    """Who owes a task: the agency itself, or each member of the group that it was given to."""
    agency = agencies[row.agency]
    if agency.kind != Agency.Kind.GROUP:
        return [(agency, None)]
    return [(member, agency) for member in agency.members.all()]


def _write_assignments(given: PlanFile, clauses: dict, agencies: dict[str, Agency]) -> bool:
    wrote, kept = False, []
    for row in given.clauses:
        if row.kind != "task":
            continue
        for agency, group in _owed_by(row, agencies):
            lookup = {"clause": clauses[row.ref, "task"], "agency": agency}
            assignment, changed = _write(Assignment, lookup, {"role": row.role, "via_group": group})
            kept.append(assignment.pk)
            wrote |= changed
    gone = Assignment.objects.filter(clause__in=clauses.values()).exclude(pk__in=kept)
    return bool(gone.delete()[0]) | wrote


def _write_amendments(given: PlanFile, clauses: dict) -> bool:
    """An amendment of a ref that is both heading and task is of the task: headings are names."""
    wrote, kept = False, []
    for row in given.amendments:
        clause = next(
            clauses[row.ref, kind] for kind in ("task", "solution", "objective", "agency") if (row.ref, kind) in clauses
        )
        values = {"before": row.before, "after": row.after, "basis": row.basis}
        amendment, changed = _write(Amendment, {"clause": clause, "change": row.change}, values)
        kept.append(amendment.pk)
        wrote |= changed
    gone = Amendment.objects.filter(clause__in=clauses.values()).exclude(pk__in=kept)
    return bool(gone.delete()[0]) | wrote


def _write_indicators(agencies: dict[str, Agency]) -> bool:
    """How each is counted. Its owner and tolerance are written once and then belong to the office."""
    by_code = {agency.code: agency for agency in agencies.values()}
    there, wrote = set(Indicator.objects.values_list("code", flat=True)), False
    for order, measure in enumerate(INDICATORS.values(), 1):
        values = {name: getattr(measure, name) for name in COPIED} | {"order": order}
        if measure.code not in there:
            values |= {"owner": by_code.get(measure.owner), "tolerance": measure.tolerance}
        wrote |= _write(Indicator, {"code": measure.code}, values)[1]
    return wrote


def _write_targets(plan: Plan, given: PlanFile, areas: dict[str, Area]) -> bool:
    indicators, wrote = {indicator.code: indicator for indicator in Indicator.objects.all()}, False
    for row in given.targets:
        lookup = {"plan": plan, "indicator": indicators[row.indicator], "area": areas[row.unit]}
        values = {"value": row.value, "published_rate": row.rate, "in_appendix": row.in_appendix}
        wrote |= _write(Target, lookup, values)[1]
    return wrote


def _write(model, lookup: dict, values: dict):
    """The row and whether it had to be written: only what differs is saved, so a second run writes nothing."""
    row = model.objects.filter(**lookup).first() or model(**lookup)
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row, True
