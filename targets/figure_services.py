"""Writes of figures that agencies type: with their proof, beside what the portal counts, never over one another."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log, log_many
from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import number, tidy
from targets import evidence_files
from targets.counting import Counted, count_areas
from targets.indicators import INDICATORS
from targets.measures import Measure, Typed
from targets.models import Figure, FigureFile, Indicator, Plan
from targets.typed import apart, faults, said

TELL_WHY = "Cổng tính được {computed} đến ngày này. Khác quá {tolerance} %: ghi lý do."


def may_type(by: User, indicator: Indicator, area: Area) -> bool:
    """Agencies type what they answer for, a district's People's Committee inside its district; the office everything."""
    if not Indicator.objects.typable_by(by).filter(pk=indicator.pk).exists():
        return False
    if by.may(May.ENTER_ANY_FIGURE):
        return True
    own = Agency.objects.of(by).select_related("area").first()
    return own is not None and (own.area is None or area.path.startswith(own.area.path))


def computed_in(counted: Counted, measure: Measure, area: Area) -> Typed | None:
    """What the portal counts for an area beside what was typed; None where it cannot count it itself."""
    counts = counted.of(area)
    if measure.is_typed and not (measure.code == "officers_trained" and area.pk in counted.from_roster):
        return None
    if measure.source == "spells" and not counted.listed:
        return None
    whole = measure.whole(counts) if measure.is_share else None
    actual = measure.actual(counts)
    return None if actual is None or (measure.is_share and not whole) else (actual, whole)


@transaction.atomic
def enter_figure(
    *,
    plan: Plan,
    indicator: Indicator,
    area: Area,
    day: date,
    count: int,
    whole: int | None = None,
    evidence: str,
    today: date,
    by: User,
    reason: str = "",
    file: tuple[str, bytes] | None = None,
) -> Figure:
    """A figure as of a day, with where it comes from and, given one, a file (name, bytes) that proves it.

    Nothing is overwritten: the newest day counts, then the newest entry; of a flow, the newest of each month.
    PermissionDenied for another agency's indicator or another district. ValidationError by field for what `faults`
    finds, for a closed plan or period, and for a difference from the computed figure that no reason explains.
    """
    if not may_type(by, indicator, area):
        raise PermissionDenied
    plan = Plan.objects.select_for_update().get(pk=plan.pk)  # nobody closes its figures meanwhile
    measure = INDICATORS[indicator.code]
    evidence, reason = tidy(evidence), tidy(reason)
    whole = whole if measure.is_share else None
    errors = _errors(plan, measure, day=day, count=count, whole=whole, evidence=evidence, today=today)
    kind = _kind_of(file, errors)
    computed = None if errors else computed_in(count_areas(year=plan.year, as_of=day), measure, area)
    if computed and not reason and apart((count, whole), computed, indicator.tolerance):
        places = 0 if indicator.tolerance == int(indicator.tolerance) else 2
        errors["reason"] = TELL_WHY.format(computed=said(computed), tolerance=number(indicator.tolerance, places))
    if errors:
        raise ValidationError(errors)
    figure = Figure.objects.create(
        indicator=indicator,
        area=area,
        day=day,
        count=count,
        whole=whole,
        computed=computed[0] if computed else None,
        computed_whole=computed[1] if computed else None,
        reason=reason,
        evidence=evidence,
        agency=Agency.objects.of(by).first(),
        entered_by=by,
    )
    after = facts_of(figure, indicator.code)
    if file:
        after["file"] = _keep(figure, file, kind).sha256
    log(by, "figure.entered", figure, area=area, after=after)
    return figure


def _errors(plan: Plan, measure: Measure, *, day, count, whole, evidence: str, today: date) -> dict[str, str]:
    closed_to, share = plan.figures_closed_to, measure.is_share
    errors = faults(year=plan.year, day=day, count=count, whole=whole, today=today, closed_to=closed_to, share=share)
    if share and whole is None:
        errors["whole"] = "Ghi tổng số."
    if plan.state == Plan.State.CLOSED:
        errors["day"] = "Kế hoạch đã kết thúc: không nhận số liệu nữa."
    if not evidence:
        errors["evidence"] = "Ghi nguồn hoặc minh chứng."
    return errors


@dataclass(frozen=True)
class Typing:
    """A figure as it is typed, one of many."""

    indicator: Indicator
    area: Area
    day: date
    count: int
    whole: int | None = None


@transaction.atomic
def enter_many(*, plan: Plan, typed: Iterable[Typing], evidence: str, today: date, by: User) -> int:
    """Figures of indicators that no row of the portal yields, from one source, all or none. Returns how many.

    What the portal counts itself is typed one by one (`enter_figure`), beside what was counted: ValueError. Whoever may
    type any figure may do this, else PermissionDenied. ValidationError by field for the first that is faulty.
    """
    if not by.may(May.ENTER_ANY_FIGURE):
        raise PermissionDenied
    plan, evidence = Plan.objects.select_for_update().get(pk=plan.pk), tidy(evidence)
    agency, rows = Agency.objects.of(by).first(), []
    for one in typed:
        measure = INDICATORS[one.indicator.code]
        if not measure.is_typed or measure.code == "officers_trained":
            raise ValueError(f"the portal counts {measure.code} itself")
        values = {"day": one.day, "count": one.count, "whole": one.whole if measure.is_share else None}
        if errors := _errors(plan, measure, evidence=evidence, today=today, **values):
            raise ValidationError(errors)
        names = {"indicator": one.indicator, "area": one.area, "agency": agency, "entered_by": by}
        rows.append(Figure(evidence=evidence, **names, **values))
    Figure.objects.bulk_create(rows, 500)
    for area in dict.fromkeys(row.area for row in rows):
        told = [(row, None, facts_of(row, row.indicator.code)) for row in rows if row.area == area]
        log_many(by, "figure.entered", told, area=area)
    return len(rows)


def facts_of(figure: Figure, code: str) -> dict:
    """What the log keeps of a figure, and the audit compares it with."""
    told = {"indicator": code, "day": figure.day.isoformat(), "count": figure.count, "whole": figure.whole}
    return told | {"evidence": figure.evidence} | ({"reason": figure.reason} if figure.reason else {})


def _kind_of(file: tuple[str, bytes] | None, errors: dict[str, str]) -> str:
    if file is None:
        return ""
    try:
        return evidence_files.kind_of(file[1])
    except evidence_files.Forbidden as problem:
        errors["file"] = f"{file[0][:60]}: {problem}"
        return ""


def _keep(figure: Figure, file: tuple[str, bytes], kind: str) -> FigureFile:
    name, content = file
    return FigureFile.objects.create(
        figure=figure,
        name=evidence_files.safe_name(name, kind),
        kind=kind,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@transaction.atomic
def download(*, file: FigureFile, by: User) -> bytes:
    """The bytes of a proof, with a line in the log: it may name people. Only for its agency and the programme office."""
    if not FigureFile.objects.visible_to(by).filter(pk=file.pk).exists():
        raise PermissionDenied
    log(by, "figure.file", file.figure, area=file.figure.area, after={"sha256": file.sha256})
    return bytes(file.content)


@transaction.atomic
def close_figures(*, plan: Plan, day: date, by: User | None) -> bool:
    """Figures up to the day are no longer taken: a report was frozen on them. False when they were closed already."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.figures_closed_to and plan.figures_closed_to >= day:
        return False
    before, plan.figures_closed_to = plan.figures_closed_to, day
    plan.save(update_fields=["figures_closed_to"])
    log(by, "figure.closed", plan, before={"to": before and before.isoformat()}, after={"to": day.isoformat()})
    return True


@transaction.atomic
def open_figures(*, plan: Plan, to: date | None, reason: str, by: User) -> Plan:
    """Take figures after `to` again (None: of the whole year), for a correction, with the reason why."""
    if not by.may(May.ENTER_ANY_FIGURE):
        raise PermissionDenied
    plan, reason = Plan.objects.select_for_update().get(pk=plan.pk), tidy(reason)
    closed = plan.figures_closed_to
    if closed is None:
        raise ValidationError({"to": "Năm này chưa chốt số liệu kỳ nào."})
    if to and to >= closed:
        raise ValidationError({"to": f"Số liệu đang chốt đến {write_day(closed)}: ghi một ngày trước đó."})
    if not reason:
        raise ValidationError({"reason": "Ghi lý do mở lại."})
    plan.figures_closed_to = to
    plan.save(update_fields=["figures_closed_to"])
    after = {"to": to and to.isoformat(), "reason": reason}
    log(by, "figure.opened", plan, before={"to": closed.isoformat()}, after=after)
    return plan
