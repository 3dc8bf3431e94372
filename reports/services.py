"""The writes of the reporting regime: open a period, freeze its figures, render its documents.

Every step commits on its own and finds out by itself what is left to do, so that a run which was killed anywhere is
completed by the next one. Two runs at a time are kept apart by a claim on the period; should a claim be lost, the
database still refuses a second report (unique version) and a second document (unique format).
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.log import log
from accounts.models import Installation, User
from areas.models import Area
from areas.vietnamese import day as day_words
from areas.vietnamese import tidy
from households.models import Standard
from reports import docx, pdf, periods, xlsx
from reports.content import START, checksum
from reports.duty_services import open_duties
from reports.letter_queries import agency_lines, content_of
from reports.letter_services import open_letter
from reports.models import AgencyLine, Document, Line, Period, Report
from reports.queries import still_whole
from targets import scoreboard
from targets.figure_services import close_figures
from targets.models import Plan

logger = logging.getLogger(__name__)
RENDERERS = {
    Document.Format.DOCX: docx.render,
    Document.Format.PDF: pdf.letter,
    Document.Format.XLSX: xlsx.render,
    Document.Format.PDF_TABLES: pdf.sheets,
}


def _nobody(done: int, total: int) -> None:
    """Hears how far the work is when nobody asked."""


class Busy(Exception):
    """Somebody else is making this report right now."""


class NothingToCount(ValidationError):
    """No households, supports or figures of the year yet: a report about nothing is not made."""


# What a worker, a command and a button do


def daily(*, today: date) -> list[Report]:
    """Open, freeze and render whatever should have been by today (periods.to_open, to_freeze), and give units their duties.

    Returns the reports that were made or completed. One period's failure does not keep the others from their turn; the first one is raised at the end.
    """
    made, failures = [], []
    open_periods(today=today)
    plans = Plan.objects.in_force()
    for period in Period.objects.regular().filter(plan__in=plans, opens_on__lte=today).order_by("day"):
        _attempt(lambda period=period: open_duties(period=period, today=today), period, failures)
    days = [due.day for due in periods.to_freeze([plan.year for plan in plans], today)]
    for period in (
        Period.objects.regular().filter(state=Period.State.OPEN, plan__in=plans, day__in=days).order_by("day")
    ):
        _attempt(lambda period=period: made.append(make(period=period, today=today)), period, failures)
    for report in unfinished():
        _attempt(lambda report=report: finish(report=report) and made.append(report), report, failures)
    if failures:
        raise failures[0]
    return made


def make(
    *,
    period: Period,
    today: date,
    by: User | None = None,
    reason: str = "",
    replaces: int | None = None,
    render: bool = True,
) -> Report:
    """Freeze a period's figures and render the documents, alone. Busy when another run holds the period.

    Without `render` the documents are left to whoever calls `finish`.
    """
    with_claim = claim(period=period, at=timezone.now())
    try:
        report = freeze(period=period, today=today, by=by, reason=reason, replaces=replaces)
        if render:
            generate(report=report, by=by)
        return report
    finally:
        release(period=period, claimed_at=with_claim)


def finish(*, report: Report, by: User | None = None, tell: Callable[[int, int], None] = _nobody) -> list[Document]:
    """The documents of a report that are missing or older than its letter, alone. Busy when another run is at it.

    `tell` hears how many of how many are done, and may raise to stop the work: nothing of it is kept then.
    """
    with_claim = claim(period=report.period, at=timezone.now())
    try:
        return generate(report=report, by=by, tell=tell)
    finally:
        release(period=report.period, claimed_at=with_claim)


def unfinished():
    """Reports of which a document is missing or older than the letter's last change."""
    current = Count("documents", filter=Q(documents__edition=F("letter__edition")))
    return Report.objects.annotate(rendered=current).filter(rendered__lt=len(RENDERERS)).order_by("as_of", "version")


def _attempt(work, subject, failures: list[Exception]) -> None:
    try:
        work()
    except Busy:
        logger.info("%s: another run is at it", subject)
    except NothingToCount:
        logger.info("%s: nothing to count yet", subject)
    except Exception as failure:
        logger.exception("%s failed", subject)
        failures.append(failure)


# Claims


def claim(*, period: Period, at: datetime) -> datetime:
    """Take the period for oneself: a conditional update, so of two at a time one changes a row and one is Busy."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - periods.STALE)
    if not Period.objects.filter(free, pk=period.pk).update(claimed_at=at):
        raise Busy(f"{period} is being made by another run")
    return at


def release(*, period: Period, claimed_at: datetime) -> None:
    """Give back one's own claim, never that of whoever took over."""
    Period.objects.filter(pk=period.pk, claimed_at=claimed_at).update(claimed_at=None)


# The steps


@transaction.atomic
def open_periods(*, today: date) -> list[Period]:
    """The periods of the plans in force that should be open by today and are not in the table yet."""
    plans = {plan.year: plan for plan in Plan.objects.in_force()}
    opened = []
    for due in periods.to_open(plans, today):
        opened += filter(None, [_open(plans[due.day.year], due)])
    return opened


@transaction.atomic
def open_period(*, plan: Plan, day: date) -> Period:
    """One period by its day, for a report made by hand. ValueError when the day is no reporting day."""
    due = periods.reporting_day(plan.year, day)
    return _open(plan, due) or Period.objects.regular().get(day=day)


def _open(plan: Plan, due: periods.Due) -> Period | None:
    period, created = Period.objects.regular().get_or_create(
        day=due.day, defaults={"plan": plan, "kind": due.kind, "opens_on": due.opens_on}
    )
    if not created:
        return None
    log(None, "period.opened", period, after={"day": due.day.isoformat()})
    return period


@contextmanager
def one_snapshot():
    """A transaction whose queries all see the same moment: the figures of a report are counted by several.

    PostgreSQL must be told, before the first query; inside another transaction it is too late, and that one decides.
    SQLite has one writer at a time. Where PostgreSQL cannot keep to it, it raises OperationalError: the task tries again.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@one_snapshot()
def freeze(
    *, period: Period, today: date, by: User | None = None, reason: str = "", replaces: int | None = None
) -> Report:
    """Figures as of the period's day, kept for good. Frozen already: the newest report, untouched.

    With a reason, a frozen period gets one more version, counted anew; the earlier ones stay as they are. `replaces`
    is the version that whoever asks had before his eyes.
    """
    period = Period.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    reason = tidy(reason)
    latest = period.reports.order_by("-version").first()
    if latest and not reason:
        return latest
    if latest and replaces is not None and latest.version != replaces:
        raise ValidationError(f"Đã có bản {latest.version}. Hãy xem bản này trước khi lập lại.", code="replaced")
    if period.day > today:
        raise ValidationError(f"Kỳ {day_words(period.day)} chưa đến ngày chốt số liệu.", code="future")
    board = scoreboard.scoreboard(period.plan, period.day, _city(period.day))
    if board.own.cells[START].actual is None:  # no list of households at all
        raise NothingToCount(f"Chưa có số liệu năm {period.day.year} để lập báo cáo.")
    lines, agencies = _lines(board), agency_lines(period)
    report = Report.objects.create(
        period=period,
        version=latest.version + 1 if latest else 1,
        as_of=period.day,
        frozen_by=by,
        reason=reason if latest else "",
        demo=Installation.objects.filter(demo=True).exists(),
        unconfirmed="; ".join(
            Standard.objects.in_force(period.day).filter(confirmed=False).values_list("name", flat=True)
        ),
        residents_derived=board.residents_derived,
        checksum=checksum(plan_number=period.plan.number, as_of=period.day, lines=lines, agencies=agencies),
    )
    for line in (*lines, *agencies):
        line.report = report
    Line.objects.bulk_create(lines)
    AgencyLine.objects.bulk_create(agencies)
    open_letter(report=report)
    Period.objects.filter(pk=period.pk).update(state=Period.State.FROZEN)
    close_figures(plan=period.plan, day=period.day, by=by)
    told = {"version": report.version, "as_of": report.as_of.isoformat(), "checksum": report.checksum}
    log(by, "report.frozen", report, area=board.area, after=told | ({"reason": report.reason} if report.reason else {}))
    return report


@transaction.atomic
def generate(*, report: Report, by: User | None = None, tell: Callable[[int, int], None] = _nobody) -> list[Document]:
    """Render the documents that are missing or older than the letter. Of an issued letter, none is written again."""
    report = Report.objects.select_for_update(of=("self",)).select_related("period__plan").get(pk=report.pk)
    letter = open_letter(report=report)
    current = set(report.documents.filter(edition=letter.edition).values_list("format", flat=True))
    missing = [format for format in RENDERERS if format not in current]
    if not missing:
        return []
    if not still_whole(report):
        raise ValidationError("Số liệu đã chốt không khớp mã kiểm tra.", code="tampered")
    content, at = content_of(report), timezone.now()
    documents = []
    for done, format in enumerate(missing):
        tell(done, len(missing))
        data = RENDERERS[format](content)
        told = {"content": data, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        told |= {"edition": letter.edition, "made_at": at}
        documents.append(Document.objects.update_or_create(report=report, format=format, defaults=told)[0])
    log(by, "report.rendered", report, after={document.format: document.sha256 for document in documents})
    return documents


@transaction.atomic
def download(*, document: Document, by: User) -> bytes:
    """The document's bytes, and a line in the log that somebody took them."""
    log(by, "report.downloaded", document.report, after={"format": document.format, "sha256": document.sha256})
    return bytes(document.content)


def _city(day: date) -> Area:
    city = Area.objects.existing_on(day).filter(level=Area.Level.CITY).first()
    if city is None:
        raise NothingToCount("Chưa nạp danh mục địa bàn.")
    return city


def _lines(board) -> list[Line]:
    """The city and every unit that the plan sets something for, with all indicators in their order."""
    rows = [
        row for row in board.rows if row is board.own or any(cell.target is not None for cell in row.cells.values())
    ]
    cells = [(row, cell) for row in rows for cell in row.cells.values()]
    return [
        Line(
            order=order,
            area=row.area,
            indicator=cell.code,
            name=cell.measure.name,
            unit=cell.unit,
            target=cell.target,
            published_rate=cell.published_rate,
            actual=cell.actual,
            denominator=cell.denominator,
            computed_rate=cell.computed_rate,
            reached=cell.reached,
        )
        for order, (row, cell) in enumerate(cells, 1)
    ]
