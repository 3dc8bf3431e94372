"""What the pages and the documents read of periods and reports."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from reports import periods
from reports.content import checksum
from reports.models import Document, Period, Report
from targets.models import Plan


def still_whole(report: Report) -> bool:
    """Whether the lines in the table are still those that the checksum was taken of."""
    return report.checksum == checksum(
        plan_number=report.period.plan.number,
        as_of=report.as_of,
        lines=report.lines.select_related("area"),
        agencies=report.agencies.all(),
    )


@dataclass(frozen=True)
class Slot:
    """A reporting day of a plan on the list, with its period where one was opened, and its reports, newest first."""

    plan: Plan
    due: periods.Due
    period: Period | None
    reports: list[Report]
    today: date

    @property
    def newest(self) -> Report | None:
        return self.reports[0] if self.reports else None

    @property
    def may_be_made(self) -> bool:
        return not self.reports and self.due.may_be_made_on(self.today)

    @property
    def day_is_over(self) -> bool:
        return self.due.is_over_on(self.today)

    @property
    def tag_kind(self) -> str:
        return self._state[0]

    @property
    def tag_label(self) -> str:
        return self._state[1]

    @property
    def _state(self) -> tuple[str, str]:
        if self.reports:
            return "ok", "Đã chốt số liệu"
        if self.due.may_be_made_on(self.today):
            return "warm", "Đến ngày, chưa chốt"
        return ("sea", "Đang mở") if self.due.is_open_on(self.today) else ("none", "Chưa mở")


def slots(*, today: date) -> list[Slot]:
    """The reporting days of every plan that is not a draft, newest first. The same few queries for one plan or thirty."""
    plans = Plan.objects.exclude(state=Plan.State.DRAFT).prefetch_related(Prefetch("periods", _periods()))
    return [
        slot for plan in plans for slot in sorted(_slots_of(plan, today), key=lambda slot: slot.due.day, reverse=True)
    ]


def slot_of(*, day: date, today: date) -> Slot | None:
    """The reporting day that falls on this very day, or None."""
    plan = Plan.objects.exclude(state=Plan.State.DRAFT).filter(year=day.year)
    for found in plan.prefetch_related(Prefetch("periods", _periods())):
        return next((slot for slot in _slots_of(found, today) if slot.due.day == day), None)
    return None


def _periods():
    """Documents without their bytes: a page needs their size."""
    documents = Prefetch("documents", Document.objects.defer("content"))
    reports = Report.objects.select_related("frozen_by", "letter").prefetch_related(documents).order_by("-version")
    return Period.objects.regular().prefetch_related(Prefetch("reports", reports))


def _slots_of(plan: Plan, today: date) -> list[Slot]:
    opened = {period.day: period for period in plan.periods.all()}
    return [
        Slot(plan, due, period := opened.get(due.day), list(period.reports.all()) if period else [], today)
        for due in periods.due_in(plan.year)
    ]
