"""A sheet's way up to approval: kept, checked household by household, approved or cancelled.

Applying and undoing are in import_apply.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number as written
from areas.vietnamese import tidy
from households import identity
from households.duplicate_queries import duplicates_of
from households.intake.fields import title_key
from households.members import NUMBERS, Person, Problem, check
from households.models import Household, ImportBatch, ImportColumn, ImportRow, Member
from households.sealed import vault
from households.services.register import with_marks

CHUNK = 2000  # households staged with one look at the register
State = ImportBatch.State
GIVEN_UP_FROM = (State.UPLOADED, State.CHECKED, State.APPROVED, State.FAILED)


@dataclass(frozen=True)
class Staged:
    """A household as read from the sheet; `number` is the sheet row where it begins."""

    number: int
    group: str
    address: str
    phone: str
    members: list[Person]
    errors: list[dict] = field(default_factory=list)  # {"row": of the sheet, "field", "message"}
    warnings: list[dict] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of each member the sheet row; without: one after another
    code: str = ""  # that the sheet gives the household: one of the register is not entered again
    tenure: str = ""
    living_area: str = ""  # m², as a decimal number

    def line(self, member: int | None) -> int:
        """The sheet row of a member of the list, or of the household."""
        if member is None:
            return self.number
        return self.lines[member] if member < len(self.lines) else self.number + member


@transaction.atomic
def keep_file(*, name: str, data: bytes, day: date, by: User) -> ImportBatch:
    """Keep a file for the officer's ward. ValidationError when the ward has it already."""
    if not by.may(May.IMPORT_HOUSEHOLDS) or not by.area_id or by.area.level != Area.Level.WARD:
        raise PermissionDenied
    mark = hashlib.sha256(data).hexdigest()
    Area.objects.select_for_update(no_key=True).get(pk=by.area_id)  # two uploads of one file at a time
    over = (State.CANCELLED, State.UNDONE)
    if ImportBatch.objects.filter(ward=by.area, sha256=mark).exclude(state__in=over).exists():
        raise ValidationError({"file": "Tệp này đã được tải lên trước đó."}, code="same")
    sealed = vault().seal(base64.b64encode(data).decode()).encode()
    batch = ImportBatch.objects.create(
        ward=by.area, by=by, name=name[:200], sha256=mark, size=len(data), sealed=sealed, day=day
    )
    log(by, "import.uploaded", batch, area=batch.ward, after={"size": batch.size})
    return batch


@transaction.atomic
def stage(*, batch: ImportBatch, households: Iterable[Staged], by: User, reading: dict | None = None) -> ImportBatch:
    """Check what was read and keep it sealed, in place of an earlier check. The register is not touched.

    `reading`: what was found in the file, for `found_in`; it may be filled while `households` is drawn.
    """
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.FAILED)
    ImportRow.objects.filter(batch=batch).delete()
    seen: set[tuple[str, str]] = set()
    counted = {"people": 0, "left_out": 0}  # rows of the sheet, a person each
    for chunk in chunks(households, CHUNK):
        marked = [(one, with_marks(one.members, {})) for one in chunk]
        known = in_register(person for _, people in marked for person in people)
        codes = set(
            Household.objects.filter(code__in={one.code for one in chunk} - {""}).values_list("code", flat=True)
        )
        alike = _alike(by, marked)
        rows = [
            _row(batch, one, people, known, seen, codes, alike.get(place, []))
            for place, (one, people) in enumerate(marked)
        ]
        for row, (_, people) in zip(rows, marked, strict=True):
            counted["people"] += len(people)
            counted["left_out"] += max(1, len(people)) if row.wrong else 0
        ImportRow.objects.bulk_create(rows)
    batch.state, batch.failure = State.CHECKED, ""
    batch.reading = vault().seal(json.dumps((reading or {}) | counted))
    batch.save(update_fields=["state", "failure", "reading"])
    log(by, "import.checked", batch, area=batch.ward, after={"households": batch.rows.count()})
    return batch


@transaction.atomic
def approve(*, batch: ImportBatch, leaving_out: int, by: User) -> ImportBatch:
    """Let the sheet be applied. `leaving_out`: how many households with errors the officer agreed to leave out."""
    batch = held(batch, by, State.CHECKED)
    wrong = batch.rows.filter(wrong=True).count()
    if wrong != leaving_out:
        raise ValidationError({"leaving_out": f"Có {written(wrong)} hộ có lỗi: xác nhận bỏ lại, hoặc sửa tệp."})
    if not batch.rows.filter(wrong=False).exists():
        raise ValidationError("Không có hộ nào ghi được.")
    batch.state, batch.without_errors, batch.approved_by = State.APPROVED, wrong, by
    batch.save(update_fields=["state", "without_errors", "approved_by"])
    log(by, "import.approved", batch, area=batch.ward, after={"left_out": wrong})
    return batch


@transaction.atomic
def cancel(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give the sheet up before it is applied. A worker that is at it finds so at its end and takes all back."""
    batch = held(batch, by, *GIVEN_UP_FROM)
    batch.state = State.CANCELLED
    batch.save(update_fields=["state"])
    log(by, "import.cancelled", batch, area=batch.ward)
    return batch


@transaction.atomic
def read_again(
    *, batch: ImportBatch, columns: dict[str, str], by: User, sheet: str = "", convert: bool | None = None
) -> ImportBatch:
    """Have the file read anew. `columns`: of each heading the field it means, '' for none; the ward's sheets keep it.

    `convert`: whether the officer agrees that text of an old font is turned into Unicode; None leaves what was said.
    """
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.FAILED)
    for title, name in columns.items():
        key = title_key(title)[:200]
        if key:
            ImportColumn.objects.update_or_create(ward=batch.ward, title=key, defaults={"field": name})
    found = found_in(batch)
    found["sheet"] = sheet or found.get("sheet", "")
    if convert is not None:
        found["encoding"] = found.get("fonts", "") if convert else ""
    batch.state, batch.failure, batch.reading = State.UPLOADED, "", vault().seal(json.dumps(found))
    batch.save(update_fields=["state", "failure", "reading"])
    log(by, "import.columns", batch, area=batch.ward, after={"columns": len(columns)})
    return batch


@transaction.atomic
def fail(*, batch: ImportBatch, message: str, state: str) -> bool:
    """Say why a sheet could not be read or applied; False when it is no longer in the `state` it failed in."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state=state).update(state=State.FAILED, failure=message[:300])
    if failed:
        log(batch.approved_by or batch.by, "import.failed", batch, area=batch.ward)
    return bool(failed)


def remembered(ward: Area) -> dict[str, str]:
    """What the ward said of headings: heading without marks to field, '' for one that is not read."""
    return dict(ImportColumn.objects.filter(ward=ward).values_list("title", "field"))


def found_in(batch: ImportBatch) -> dict:
    """What the last reading found: sheet, sheets, header rows, columns, notices, counts. {} before the first."""
    return json.loads(vault().open(batch.reading)) if batch.reading else {}


def earlier(data: bytes, by: User) -> ImportBatch | None:
    """The import of the very same file that stands in the way of another one."""
    mark = hashlib.sha256(data).hexdigest()
    same = ImportBatch.objects.visible_to(by).filter(sha256=mark, ward=by.area)
    return same.exclude(state__in=(State.CANCELLED, State.UNDONE)).defer("sealed", "reading").first()


def file_of(batch: ImportBatch) -> bytes:
    """The file as it was brought."""
    return base64.b64decode(vault().open(bytes(batch.sealed).decode()))


def in_register(people: Iterable[Person]) -> set[tuple[str, str]]:
    """Which of the people's numbers somebody in the register has: (field, mark), found in one look a kind of number."""
    people = list(people)
    known = set()
    for kind, mark, _ in NUMBERS:
        marks = {getattr(person, mark) for person in people} - {""}
        for some in chunks(sorted(marks), 5000):  # databases bound how many values a statement may name
            found = Member.objects.filter(left_on__isnull=True, **{f"{kind}_hash__in": some})
            known |= {(kind, value) for value in found.values_list(f"{kind}_hash", flat=True)}
    return known


def chunks(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of `size`, the last one shorter."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def held(batch: ImportBatch, by: User, *states: str) -> ImportBatch:
    """The case file, locked, for somebody who may work on it in one of these states."""
    mine = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if mine is None or not by.may(May.IMPORT_HOUSEHOLDS):
        raise PermissionDenied
    if mine.state not in states:
        raise ValidationError(f"Lần nhập này đang ở bước “{mine.get_state_display()}”.", code="state")
    return mine


def _row(
    batch: ImportBatch,
    one: Staged,
    people: list[Person],
    known: set[tuple[str, str]],
    seen: set[tuple[str, str]],
    codes: set[str],
    alike: list[dict],
) -> ImportRow:
    errors = list(one.errors)
    # What the cell already said is not said twice; a year of birth may stand in a column of its own for each sex.
    said_of = {(error["row"], re.sub(r"^birth_year_\w+", "birth", error["field"])) for error in errors}

    def wrong(row: int | None, name: str, message: str) -> None:
        if (one.line(row), name) not in said_of:
            errors.append({"row": one.line(row), "field": name, "message": message})

    for problem in [*_place(one), *check(people, batch.day)]:
        wrong(problem.row, problem.field, problem.message)
    if one.code and one.code in codes:
        wrong(None, "code", "Hộ có mã này đã có trong sổ: sửa ở hồ sơ hộ.")
    mine: set[tuple[str, str]] = set()
    for row, person in enumerate(people):
        for problem in _words(person, row):
            wrong(row, problem.field, problem.message)
        for kind, mark, name in NUMBERS:
            number = kind, getattr(person, mark)
            if not number[1]:
                continue
            if number in known:
                wrong(row, kind, f"{name} này đã có trong sổ hộ.")
            elif number in seen:
                wrong(row, kind, f"{name} này đã có ở hộ khác trong tệp.")
            mine.add(number)
    seen |= mine
    odd = [
        {"row": one.line(row), "field": "citizen_id", "message": "Không khớp giới tính, năm sinh hoặc nơi khai sinh."}
        for row, person in enumerate(people)
        if identity.warnings(person.citizen_id or "", person.sex, person.birth_year)
    ]
    said = {name: getattr(one, name) for name in ("group", "address", "phone", "tenure", "living_area")}
    said["members"] = [vars(person) for person in people]  # asdict copies deeply, a tenth of the time
    return ImportRow(
        batch=batch,
        number=one.number,
        sealed=vault().seal(json.dumps(said)),
        errors=errors,
        warnings=[*one.warnings, *odd, *alike],
        wrong=bool(errors),
    )


def _alike(by: User, marked: list[tuple[Staged, list[Person]]]) -> dict[int, list[dict]]:
    """Of each household, by its place, who of it may be in the register already; those with a number are compared too."""
    asked = [
        (place, row, (person.full_name, person.birth_year, one.phone, one.address))
        for place, (one, people) in enumerate(marked)
        for row, person in enumerate(people)
    ]
    found = duplicates_of(by, [person for _, _, person in asked])
    told: dict[int, list[dict]] = {}
    for at, candidates in found.items():
        place, row, _ = asked[at]
        likeliest = candidates[0]
        message = f"Có thể đã có trong sổ, hộ {likeliest.code}: {', '.join(likeliest.reasons)}."
        line = marked[place][0].line(row)
        told.setdefault(place, []).append({"row": line, "field": "full_name", "message": message})
    return told


def _place(one: Staged) -> list[Problem]:
    problems = [
        Problem(f"Dài quá {most} ký tự.", None, name)
        for name in ("group", "address", "phone")
        if len(tidy(getattr(one, name))) > (most := Household._meta.get_field(name).max_length)
    ]
    if one.living_area and Decimal(one.living_area) >= 100_000:  # m², as many digits as the column holds
        problems.append(Problem("Diện tích quá lớn.", None, "living_area"))
    if not tidy(one.group):
        problems.append(Problem("Ghi tổ dân phố, thôn.", None, "group"))
    if not tidy(one.address):
        problems.append(Problem("Ghi địa chỉ.", None, "address"))
    return problems


def _words(person: Person, row: int) -> list[Problem]:
    problems = [
        Problem(f"Dài quá {most} ký tự.", row, name)
        for name in ("full_name", "ethnicity")
        if len(getattr(person, name)) > (most := Member._meta.get_field(name).max_length)
    ]
    if person.relation not in Member.Relation.values:
        problems.append(Problem("Ghi quan hệ với chủ hộ.", row, "relation"))
    if person.sex not in Member.Sex.values:
        problems.append(Problem("Ghi giới tính: Nam hoặc Nữ.", row, "sex"))
    return problems
