"""Writes of what stands in a unit's report: its sections, its figures with their evidence, explanations and remarks."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import tidy
from reports import prose, unit_content
from reports.models import Duty, Explanation, FigureFile, PartEdit, PartNote, UnitFigure, UnitPart
from reports.states import State, Verdict
from targets import evidence_files
from targets.task_services import Given

SITTING = timedelta(minutes=15)  # what one author saves within it is one edit of the history
LOCKED = "Báo cáo đã nộp: không sửa được nữa, trừ khi được trả lại."
MOST_OWN = 40  # further figures of a unit's own


class Conflict(ValidationError):
    """Somebody else has saved in the meantime: `part` is what stands there now, and nothing was overwritten."""

    def __init__(self, part: UnitPart):
        super().__init__("Người khác vừa sửa phần này. Hai bản được đặt cạnh nhau: gộp lại rồi lưu.", code="conflict")
        self.part = part


@transaction.atomic
def save_part(*, part: UnitPart, text: str, version: int, by: User, at: datetime) -> UnitPart:
    """Keep a section as it was typed. Conflict when it is not the version that the author had before the eyes."""
    duty = _locked(part.duty, by)
    row = UnitPart.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=part.pk)
    row.duty = duty
    if row.verdict == Verdict.ACCEPTED:
        raise ValidationError("Phần này đã được duyệt: không sửa được nữa.")
    text = prose.clean(text)
    if len(text) > prose.LONGEST:
        raise ValidationError(f"Phần này dài {len(text)} ký tự; viết không quá {prose.LONGEST}.")
    if text == row.text:
        return row
    if row.version != version:
        raise Conflict(row)
    row.text, row.edited_by, row.edited_at = text, by, at
    row.version += 1
    row.save()
    if not _same_sitting(row, by, at):
        PartEdit.objects.create(part=row, version=row.version, text=text, by=by, at=at)
        log(by, "duty.written", row, area=row.duty.agency.area, after={"version": row.version})
    return row


def _same_sitting(row: UnitPart, by: User, at: datetime) -> bool:
    """Whether the newest edit is this author's of just now, and since then nobody was handed the report; then it goes on."""
    last = row.edits.first()
    if last is None or last.by_id != by.pk or last.at < at - SITTING:
        return False
    if row.duty.submitted_at and last.at <= row.duty.submitted_at:
        return False
    PartEdit.objects.filter(pk=last.pk).update(version=row.version, text=row.text)
    return True


def _writable(duty: Duty, by: User) -> None:
    if not Duty.objects.owned_by(by).filter(pk=duty.pk).exists():
        raise PermissionDenied
    if not duty.is_writable:
        raise ValidationError(LOCKED)


def _locked(duty: Duty, by: User) -> Duty:
    row = Duty.objects.select_for_update(of=("self",)).select_related("agency__area", "period__plan").get(pk=duty.pk)
    _writable(row, by)
    return row


@transaction.atomic
def type_figure(
    *,
    duty: Duty,
    code: str = "",
    name: str = "",
    unit: str = "",
    typed: Decimal | None,
    source: str = "",
    files: Sequence[Given] = (),
    version: int = 0,
    by: User,
    at: datetime,
) -> UnitFigure:
    """The unit's own word on a figure that is asked (`code`), or a further one of its own (`name`, `unit`), with its source.

    None for `typed` takes the word back. `version`: of the figure before one's eyes, 0 for none yet.
    """
    row = _locked(duty, by)
    wrong, name, unit, source = {}, tidy(name), tidy(unit), tidy(source)
    if not code:
        wrong |= {} if name else {"name": "Ghi số liệu này đếm gì."}
        wrong |= {} if unit else {"unit": "Ghi đơn vị tính."}
        wrong |= {"typed": "Ghi con số."} if typed is None else {}
    if typed is not None and not source:
        wrong["source"] = "Ghi nguồn: văn bản, danh sách hoặc nơi lưu."
    if typed is not None and abs(typed) >= Decimal(10) ** 13:
        wrong["typed"] = "Số này lớn quá."
    if wrong:
        raise ValidationError(wrong)
    kept = row.figures.filter(code=code).first() if code else row.figures.filter(code="", name=name).first()
    if (kept.version if kept else 0) != version:
        raise ValidationError({"typed": "Người khác vừa nhập số liệu này. Tải lại trang để xem."})
    if kept is None:
        kept = UnitFigure(duty=row, code=code, name=name, unit=unit, version=0)
        if code:
            asked = {
                one.code: one
                for one in unit_content.figure_rows(row, unit_content.as_of(row, timezone.localtime(at).date()))
            }
            if code not in asked:
                raise ValidationError("Đơn vị không phải báo cáo chỉ tiêu này.")
            kept.name, kept.unit = asked[code].name, asked[code].unit
        elif row.figures.filter(code="").count() >= MOST_OWN:
            raise ValidationError(f"Nhiều nhất {MOST_OWN} số liệu khác.")
    checked = _checked(files)
    before = {"typed": None if kept.typed is None else str(kept.typed)}
    kept.typed, kept.source, kept.edited_by, kept.edited_at = typed, "" if typed is None else source, by, at
    kept.version += 1
    kept.save()
    for given, kind in checked:
        FigureFile.objects.create(
            figure=kept,
            name=evidence_files.safe_name(given.name, kind),
            kind=kind,
            content=given.content,
            size=len(given.content),
            sha256=hashlib.sha256(given.content).hexdigest(),
            by=by,
            at=at,
        )
    after = {"typed": None if typed is None else str(typed), "source": kept.source, "files": len(checked)}
    log(by, "duty.figure", kept, area=row.agency.area, before=before, after=after)
    return kept


def _checked(files: Sequence[Given]) -> list[tuple[Given, str]]:
    if len(files) > evidence_files.MAX_FILES:
        raise ValidationError({"files": f"Mỗi lần đính kèm nhiều nhất {evidence_files.MAX_FILES} tệp."})
    found, wrong = [], []
    for given in files:
        try:
            found.append((given, evidence_files.kind_of(given.content)))
        except evidence_files.Forbidden as problem:
            wrong.append(f"{given.name[:100]}: {problem}")
    if wrong:
        raise ValidationError({"files": wrong})
    return found


@transaction.atomic
def drop_figure(*, figure: UnitFigure, by: User) -> None:
    """Take a further figure of one's own away, with its files; a figure that is asked stays."""
    duty = _locked(figure.duty, by)
    row = duty.figures.filter(pk=figure.pk, code="").first()
    if row is None:
        raise ValidationError("Không bỏ được số liệu này.")
    before = {"name": row.name, "typed": str(row.typed), "files": row.files.count()}
    log(by, "duty.figure_dropped", row, area=duty.agency.area, before=before)
    row.files.all().delete()
    row.delete()


@transaction.atomic
def download(*, file: FigureFile, by: User) -> bytes:
    """The bytes of a file of evidence, with a line in the log. PermissionDenied outside the unit and the office."""
    if not FigureFile.objects.visible_to(by).filter(pk=file.pk).exists():
        raise PermissionDenied
    log(by, "duty.evidence", file, after={"sha256": file.sha256})
    return bytes(file.content)


@transaction.atomic
def explain(*, duty: Duty, key: str, text: str, by: User, at: datetime) -> Explanation:
    """Why a warning stands all the same. ValidationError when the checks say no such thing."""
    row, text = _locked(duty, by), tidy(text)
    if not text:
        raise ValidationError({"text": "Ghi giải trình."})
    if len(text) > 500:
        raise ValidationError({"text": "Viết không quá 500 ký tự."})
    day = unit_content.as_of(row, timezone.localtime(at).date())
    figures, tasks = unit_content.figure_rows(row, day), unit_content.task_rows(row, day)
    faults = unit_content.faults_of(row, figures, tasks, dict(row.parts.values_list("part", "text")))
    found = next((one for one in faults if one.key == key and not one.is_error), None)
    if found is None:
        raise ValidationError({"text": "Cảnh báo này không còn. Tải lại trang."})
    kept, _ = Explanation.objects.update_or_create(
        duty=row, key=key, defaults={"says": found.says, "text": text, "by": by, "at": at}
    )
    log(by, "duty.explained", row, area=row.agency.area, after={"warning": found.says, "text": text})
    return kept


@transaction.atomic
def remark(*, part: UnitPart, text: str, quote: str, by: User, at: datetime) -> PartNote:
    """The office's remark on a section, or on a passage of it. It goes to the unit when the report is returned."""
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied
    duty = Duty.objects.select_for_update(of=("self",)).select_related("agency__area").get(pk=part.duty_id)
    row = duty.parts.get(pk=part.pk)
    text, quote = text.strip(), tidy(quote)
    wrong = {}
    if not text:
        wrong["text"] = "Ghi cần sửa gì."
    elif len(text) > 2000:
        wrong["text"] = "Viết không quá 2000 ký tự."
    if quote and quote not in prose.plain(row.text):
        wrong["quote"] = "Không thấy đoạn này trong phần báo cáo. Chép đúng từng chữ, trong một đoạn."
    if duty.state != State.SUBMITTED:
        wrong["__all__"] = "Chỉ ghi ý kiến khi báo cáo đã nộp."
    if wrong:
        raise ValidationError(wrong)
    note = PartNote.objects.create(part=row, quote=quote, text=text, by=by, at=at)
    UnitPart.objects.filter(pk=row.pk, verdict=Verdict.ACCEPTED.value).update(verdict=Verdict.NONE.value)
    log(by, "duty.noted", row, area=duty.agency.area, after={"quote": quote, "text": text})
    return note


@transaction.atomic
def drop_remark(*, note: PartNote, by: User) -> None:
    """A remark that has not gone to the unit yet is taken away."""
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied
    row = PartNote.objects.select_related("part__duty__agency__area").get(pk=note.pk)
    if row.sent_at:
        raise ValidationError("Ý kiến đã gửi đơn vị: không bỏ được.")
    log(by, "duty.note_dropped", row.part, area=row.part.duty.agency.area, before={"text": row.text})
    row.delete()
