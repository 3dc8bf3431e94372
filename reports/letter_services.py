"""Writes about the city report's letter: its text and head while it is open, its issue, the signed copy, where it went.

Several people of the programme office write one letter: each part has its own version, and what somebody else changed
in the meantime is never overwritten. Once issued, a letter stays as it is; a correction is a new version of the report.
"""

import hashlib
import io
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from accounts.log import facts, log
from accounts.models import User
from accounts.roles import May
from accounts.webhook_rules import CITY_REPORT_PUBLISHED
from accounts.webhooks import announce
from areas.vietnamese import day as write_day
from areas.vietnamese import tidy
from reports import gathering, letter_text
from reports.letter_queries import content_of, gathered, recipients_of
from reports.models import Letter, Report, Section, Sending, SignedCopy, TypedText
from targets import evidence_files

HEAD = ["number", "symbol", "place", "dated", "addressees", "authority", "title", "signer", "recipients"]
COPIED = ["symbol", "place", "addressees", "authority", "title", "signer", "recipients"]  # to the next version
STALE = "Người khác vừa sửa văn bản này. Tải lại trang để xem rồi làm lại."
CLOSED = "Văn bản đã ban hành, không sửa được. Sai sót thì lập bản mới, ghi lý do."
LARGEST_NUMBER = 99_999


@transaction.atomic
def open_letter(*, report: Report, by: User | None = None) -> Letter:
    """The letter of a report: its text is made of the figures and the units' parts. A second call finds the first's.

    A further version takes over the head and what people wrote, marked as not yet looked through: its figures are old.
    """
    if by is not None:
        _refuse_others(by)
    report = Report.objects.select_for_update(of=("self",)).select_related("period__plan").get(pk=report.pk)
    if found := Letter.objects.filter(report=report).first():
        return found
    earlier = Letter.objects.filter(report__period=report.period, report__version__lt=report.version)
    last = earlier.order_by("-report__version").first()
    letter = Letter.objects.create(report=report, **({name: getattr(last, name) for name in COPIED} if last else {}))
    edited = {row.key: row for row in last.sections.exclude(edited_by=None)} if last else {}
    made = _made(report)
    Section.objects.bulk_create(
        Section(letter=letter, key=key, text=edited[key].text, carried=True)
        if key in edited
        else Section(letter=letter, key=key, text=made[key])
        for key in letter_text.KEYS
    )
    log(by, "letter.opened", letter, after={"carried": sorted(edited)})
    return letter


@transaction.atomic
def write_section(*, section: Section, text: str, version: int, by: User, at: datetime) -> Section:
    """The text of one part. ValidationError with code 'stale' when somebody else changed it in the meantime."""
    row = _open_section(section, version, by)
    text = letter_text.cleaned(text)
    if len(text) > letter_text.LONGEST:
        raise ValidationError({"text": f"Phần này dài quá {letter_text.LONGEST} ký tự."})
    _set(row, text, by=by, at=at)
    return row


@transaction.atomic
def make_again(*, section: Section, version: int, by: User) -> Section:
    """The part's text as the portal makes it of figures and units' parts now; what was written goes to the log."""
    row = _open_section(section, version, by)
    _set(row, _made(row.letter.report)[row.key], by=None, at=None, logged=by)
    return row


def _set(row: Section, text: str, *, by: User | None, at: datetime | None, logged: User | None = None) -> None:
    before = {"text": row.text}
    row.text, row.carried, row.edited_by, row.edited_at, row.version = text, False, by, at, row.version + 1
    row.save(update_fields=["text", "carried", "edited_by", "edited_at", "version"])
    Letter.objects.filter(pk=row.letter_id).update(edition=F("edition") + 1)
    TypedText.objects.filter(section=row, by=by or logged).delete()
    log(by or logged, "letter.section_written", row, before=before, after={"text": text})


@transaction.atomic
def keep_typed(*, section: Section, text: str, based_on: int, by: User) -> TypedText:
    """What is typed and not saved yet, for that person alone: no line in the log, and the letter stays as it is."""
    _refuse_others(by)
    typed, _ = TypedText.objects.update_or_create(
        section=section, by=by, defaults={"text": text[: letter_text.LONGEST], "based_on": based_on}
    )
    return typed


@transaction.atomic
def drop_typed(*, section: Section, by: User) -> None:
    """Whoever typed it does not want it any more: the part stays as it is saved."""
    TypedText.objects.filter(section=section, by=by).delete()


@transaction.atomic
def write_head(*, letter: Letter, version: int, by: User, **values) -> Letter:
    """Number and symbol, place and day, who signs, addressees and recipients: the fields of HEAD. Errors by field."""
    row = _open(letter, by)
    if row.version != version:
        raise ValidationError(STALE, code="stale")
    before = facts(row, HEAD)
    for name, value in _head(row, values).items():
        setattr(row, name, value)
    row.number_year = row.dated.year if row.dated and row.number else None
    taken = Letter.objects.filter(number_year=row.number_year, symbol=row.symbol, number=row.number)
    if row.number_year and taken.exclude(pk=row.pk).exists():
        raise ValidationError({"number": f"Số {row.number}/{row.symbol} của năm {row.number_year} đã dùng."})
    row.version, row.edition = row.version + 1, row.edition + 1
    row.save(update_fields=[*HEAD, "number_year", "version", "edition"])
    log(by, "letter.head_written", row, before=before, after=facts(row, HEAD))
    return row


def _head(letter: Letter, values: dict) -> dict:
    """Tidied; what breaks the form of Decree 30/2020 is refused at its field."""
    lists = ("addressees", "recipients")
    values = {name: "\n".join(letter_text.items(value)) if name in lists else value for name, value in values.items()}
    values |= {name: tidy(value) for name, value in values.items() if isinstance(value, str) and name not in lists}
    errors = {}
    if values["number"] is not None and not 1 <= values["number"] <= LARGEST_NUMBER:
        errors["number"] = f"Ghi số từ 1 đến {LARGEST_NUMBER}."
    if " " in values["symbol"] or "/" in values["symbol"]:
        errors["symbol"] = f"Ký hiệu viết liền, không có dấu “/”, ví dụ {letter_text.SYMBOL}."
    if values["dated"] and values["dated"] < letter.report.as_of:
        errors["dated"] = f"Ngày ký không trước ngày số liệu {write_day(letter.report.as_of)}."
    blanks = {"symbol": "Ghi ký hiệu.", "place": "Ghi địa danh.", "title": "Ghi chức vụ."}
    blanks |= {"addressees": "Ghi nơi kính gửi.", "recipients": "Ghi nơi nhận."}
    errors |= {name: words for name, words in blanks.items() if not values[name] and name not in errors}
    if errors:
        raise ValidationError(errors)
    return values


@transaction.atomic
def issue(*, letter: Letter, edition: int, by: User, at: datetime, today: date) -> Letter:
    """The letter as it was signed: whole, and closed for good. `edition` is the one that whoever issues has read."""
    row = _open(letter, by)
    if row.edition != edition:
        raise ValidationError(STALE, code="stale")
    lacks = [
        words
        for lacking, words in (
            (row.number is None, "số văn bản"),
            (row.dated is None, "ngày ký"),
            (not row.signer, "người ký"),
        )
        if lacking
    ]
    sections = list(row.sections.all())
    lacks += [f"nội dung phần {one.get_key_display()}" for one in sections if not one.text]
    lacks += [f"soát lại phần {one.get_key_display()} (chép từ bản trước)" for one in sections if one.carried]
    if lacks:
        raise ValidationError([f"Chưa ban hành được, còn thiếu: {'; '.join(lacks)}."], code="lacks")
    if row.dated > today:
        raise ValidationError(f"Ngày ký {write_day(row.dated)} chưa đến.", code="future")
    row.issued_at, row.issued_by, row.edition = at, by, row.edition + 1
    row.save(update_fields=["issued_at", "issued_by", "edition"])
    log(by, "letter.issued", row, after=facts(row, HEAD))
    report = row.report
    told = {"report": report.pk, "period": report.period.day.isoformat(), "version": report.version}
    announce(event=CITY_REPORT_PUBLISHED, payload=told | {"checksum": report.checksum})
    return row


# After the issue


@transaction.atomic
def upload_signed(*, letter: Letter, name: str, content: bytes, by: User, at: datetime) -> SignedCopy:
    """The signed and sealed paper as PDF, told by its content. A further one is shown in place of the earlier, which stays."""
    row = _issued(letter, by)
    _refuse_unless_pdf(content)
    copy = SignedCopy.objects.create(
        letter=row,
        name=evidence_files.safe_name(name, "pdf"),
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )
    log(by, "letter.signed", row, after={"name": copy.name, "size": copy.size, "sha256": copy.sha256})
    return copy


def _refuse_unless_pdf(content: bytes) -> None:
    # First: else the refusal would name the other kinds that evidence may be of.
    if content and not content.startswith(b"%PDF-"):
        raise ValidationError({"file": "Bản ký phải là tệp PDF."})
    try:
        evidence_files.kind_of(content)
    except evidence_files.Forbidden as problem:
        raise ValidationError({"file": f"Không nhận được tệp: {problem}"}) from problem
    try:
        reader = PdfReader(io.BytesIO(content))
        pages = 0 if reader.is_encrypted else len(reader.pages)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as broken:
        raise ValidationError({"file": "Tệp PDF bị hỏng. Hãy quét hoặc lưu lại rồi tải lên."}) from broken
    if not pages:
        raise ValidationError({"file": "Tệp PDF có mật khẩu hoặc không có trang nào."})


@transaction.atomic
def download_signed(*, copy: SignedCopy, by: User) -> bytes:
    log(by, "letter.signed_downloaded", copy.letter, after={"name": copy.name, "sha256": copy.sha256})
    return bytes(copy.content)


@transaction.atomic
def note_sent(
    *, letter: Letter, to: list[str], sent_on: date, how: str, note: str, by: User, at: datetime, today: date
) -> list[Sending]:
    """To whom of the letter's recipients it went, on which day and how."""
    row = _issued(letter, by)
    names = [name for name in recipients_of(row) if name in to]
    errors = {}
    if not names:
        errors["to"] = "Chọn ít nhất một nơi nhận."
    if not row.dated <= sent_on <= today:
        errors["sent_on"] = f"Ngày gửi từ ngày ký {write_day(row.dated)} đến hôm nay."
    had = row.sendings.filter(to__in=names, sent_on=sent_on, how=how).values_list("to", flat=True)
    if had:
        errors["to"] = f"Đã ghi gửi cùng ngày, cùng cách: {', '.join(had)}."
    if errors:
        raise ValidationError(errors)
    made = Sending.objects.bulk_create(
        Sending(letter=row, to=name, sent_on=sent_on, how=how, note=tidy(note), noted_at=at, noted_by=by)
        for name in names
    )
    log(by, "letter.sent", row, after={"to": names, "sent_on": sent_on.isoformat(), "how": how})
    return made


@transaction.atomic
def strike_sent(*, sending: Sending, by: User) -> None:
    """A sending that was noted by mistake; the log keeps what it said."""
    row = _issued(sending.letter, by)
    told = {"to": [sending.to], "sent_on": sending.sent_on.isoformat(), "how": sending.how}
    sending.delete()
    log(by, "letter.sent_struck", row, before=told)


# What they share


def _refuse_others(by: User) -> None:
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied


def _held(letter: Letter, by: User) -> Letter:
    """The letter, alone: a part and the head are never written at the same moment, so no edition is lost."""
    _refuse_others(by)
    rows = Letter.objects.select_for_update(of=("self",)).select_related("report__period__plan")
    return rows.get(pk=letter.pk)


def _open(letter: Letter, by: User) -> Letter:
    row = _held(letter, by)
    if not row.is_open:
        raise ValidationError(CLOSED, code="issued")
    if row.report.period.reports.filter(version__gt=row.report.version).exists():
        raise ValidationError("Đã có bản mới hơn của báo cáo. Hãy sửa ở bản mới.", code="replaced")
    return row


def _issued(letter: Letter, by: User) -> Letter:
    row = _held(letter, by)
    if row.is_open:
        raise ValidationError("Văn bản chưa ban hành.", code="open")
    return row


def _open_section(section: Section, version: int, by: User) -> Section:
    letter = _open(section.letter, by)
    row = Section.objects.get(pk=section.pk)
    row.letter = letter
    if row.version != version:
        raise ValidationError("Phần này vừa được người khác sửa.", code="stale")
    return row


def _made(report: Report) -> dict[str, str]:
    return gathering.text_of(replace(content_of(report), text={}), gathered(report.period))
