"""What the pages and the documents read of a report's letter."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.log import history_of
from accounts.models import Agency, Event, User
from reports import gathering, letter_text, sentences, unit_queries
from reports.content import AgencyRow, Head, ReportContent, objectives_of, units_of
from reports.models import AgencyLine, Document, Letter, Period, Report, Section
from reports.states import State
from targets import task_states
from targets.models import Assignment, Clause


def content_of(report: Report) -> ReportContent:
    """The frozen lines and what stands around them, for the page and the documents."""
    plan = report.period.plan
    units = units_of(report.lines.select_related("area"))
    texts = list(plan.clauses.filter(kind=Clause.Kind.OBJECTIVE).order_by("order").values_list("text", flat=True))
    letter = Letter.objects.filter(report=report).first()
    return ReportContent(
        plan_number=plan.number,
        plan_title=plan.title,
        plan_issued_on=plan.issued_on,
        year=plan.year,
        kind=report.period.kind,
        as_of=report.as_of,
        made_on=timezone.localtime(report.frozen_at).date(),
        version=report.version,
        reason=report.reason,
        checksum=report.checksum,
        demo=report.demo,
        unconfirmed=report.unconfirmed,
        residents_derived=report.residents_derived,
        units=units,
        objectives=objectives_of(units[0], texts) if units else [],
        agencies=[_agency(no, row) for no, row in enumerate(report.agencies.all(), 1)],
        head=head_of(letter) if letter else Head(),
        text=dict(letter.sections.values_list("key", "text")) if letter else {},
    )


def _agency(no: int, row: AgencyLine) -> AgencyRow:
    return AgencyRow(no, row.name, row.tasks, row.reported, row.verified, row.own_report)


def head_of(letter: Letter) -> Head:
    return Head(
        number=letter.number,
        symbol=letter.symbol,
        place=letter.place,
        dated=letter.dated,
        addressees=tuple(letter_text.items(letter.addressees)),
        authority=letter.authority,
        title=letter.title,
        signer=letter.signer,
        recipients=tuple(letter_text.items(letter.recipients)),
    )


def agency_lines(period: Period) -> list[AgencyLine]:
    """Every agency that the plan gives something: its tasks, how many it has reported for this period, how many stand
    verified, and its own report. Three queries. What does not apply to it is not counted."""
    reported = Q(reported_to__gte=period.day) | ~Q(state__in=task_states.OPEN)
    tasks = Assignment.objects.filter(clause__plan=period.plan).exclude(state=task_states.State.NOT_APPLICABLE)
    grouped = (
        tasks.order_by()
        .values("agency")
        .annotate(
            tasks=Count("pk"),
            reported=Count("pk", filter=reported),
            verified=Count("pk", filter=Q(state=task_states.State.VERIFIED)),
        )
    )
    counted = {row["agency"]: row for row in grouped}
    owed = own_reports(period)
    agencies = Agency.objects.filter(pk__in=counted.keys() | owed.keys())
    return [
        AgencyLine(
            order=order,
            agency=agency,
            name=agency.name,
            own_report=owed.get(agency.pk, ""),
            **{name: counted.get(agency.pk, {}).get(name, 0) for name in ("tasks", "reported", "verified")},
        )
        for order, agency in enumerate(agencies, 1)
    ]


def gathered(period: Period) -> list[gathering.Given]:
    """The accepted parts of the units' reports of a period, in the order of the plan."""
    return [gathering.Given(one.agency.name, one.part, one.text) for one in unit_queries.accepted_parts(period)]


def own_reports(period: Period) -> dict[int, str]:
    """By agency that owes a report: whether it came, in time or late, and whether it is accepted. One query."""
    found = {}
    for duty in unit_queries.duties_of(period):
        came = unit_queries.received_on(duty)
        if came is None:
            found[duty.agency_id] = "missing"
        elif came > duty.due_on:
            found[duty.agency_id] = "late"
        else:
            found[duty.agency_id] = "accepted" if duty.state == State.ACCEPTED else "waiting"
    return found


def moved_since(report: Report) -> list[tuple[str, str]]:
    """Units whose own report came or was accepted after the freeze: name and state now. The frozen lines, and what was
    written of them, still say otherwise; a further version takes it up. Two queries."""
    now = own_reports(report.period)
    return [
        (row.name, sentences.OWN_REPORT[now[row.agency_id]])
        for row in report.agencies.all()
        if row.own_report and now.get(row.agency_id, row.own_report) != row.own_report
    ]


def recipients_of(letter: Letter) -> list[str]:
    """To whom the letter goes: 'Như trên' stands for its addressees, and what is filed is not sent."""
    found = []
    for name in letter_text.items(letter.recipients):
        found += letter_text.items(letter.addressees) if name == letter_text.AS_ABOVE else [name]
    return list(dict.fromkeys(name for name in found if not name.startswith("Lưu:")))


@dataclass(frozen=True)
class Made:
    """A document as the page shows it: made of the letter as it is, of an earlier edition, or not yet."""

    format: str
    label: str
    document: Document | None
    is_current: bool


def documents_of(report: Report, letter: Letter | None) -> list[Made]:
    found = {document.format: document for document in report.documents.defer("content")}
    return [
        Made(
            value, label, document := found.get(value), bool(document and letter and document.edition == letter.edition)
        )
        for value, label in Document.Format.choices
    ]


def is_current(document: Document) -> bool:
    letter = document.report.own_letter
    return letter is not None and document.edition == letter.edition


def file_name(document: Document) -> str:
    """'bao-cao-2023-05-31-ban-1.docx'; the tables by themselves are 'phu-luc-…'."""
    report, tables = document.report, (Document.Format.XLSX, Document.Format.PDF_TABLES)
    ending = "pdf" if document.format == Document.Format.PDF_TABLES else document.format
    what = "phu-luc" if document.format in tables else "bao-cao"
    return f"{what}-{report.as_of.isoformat()}-ban-{report.version}.{ending}"


def sections_of(letter: Letter) -> list[tuple[str, list[tuple[str, Section]]]]:
    """The parts as they stand in the letter: heading, then its parts with their titles."""
    rows = {row.key: row for row in letter.sections.select_related("edited_by")}
    return [(heading, [(title, rows[key]) for key, title in titles]) for heading, titles in letter_text.PARTS]


def log_of(letter: Letter, user: User) -> QuerySet[Event]:
    """The lines about the letter and each of its sections, which are written one by one."""
    sections = [str(pk) for pk in letter.sections.values_list("pk", flat=True)]
    own = Event.objects.filter(subject_type=Section._meta.label_lower, subject_id__in=sections)
    return own | history_of(letter)
