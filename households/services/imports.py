"""A sheet's way up to approval: kept, checked household by household, approved or cancelled.

Applying and undoing are in import_apply.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number as written
from areas.vietnamese import tidy
from households import identity
from households.duplicate_queries import duplicates_of
from households.intake.fields import title_key
from households.intake.rows import MISSING
from households.members import NUMBERS, Person, Problem, check
from households.models import Household, ImportBatch, ImportColumn, ImportRow, Member
from households.sealed import vault
from households.services.import_matching import Match, matches
from households.services.register import with_marks

CHUNK = 2000  # households staged with one look at the register
State = ImportBatch.State
Kind = ImportRow.Kind
USUAL = "Kinh"  # of somebody new whose ethnicity the sheet does not say


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
    said = answers(batch)
    ImportRow.objects.filter(batch=batch).delete()
    seen: set[tuple[str, str]] = set()
    taken: dict[int, int] = {}  # of registered households that the sheet has, the row
    counted = {"people": 0, "left_out": 0}  # rows of the sheet, a person each
    for chunk in chunks(households, CHUNK):
        marked = [(one, with_marks(one.members, {})) for one in chunk]
        found = matches(batch.ward, chunk, [people for _, people in marked], batch.day, taken)
        alike = _alike(by, marked)
        rows = [
            _row(batch, one, people, match, seen, alike.get(place, []))
            for place, ((one, people), match) in enumerate(zip(marked, found, strict=True))
        ]
        for row in rows:
            if row.kind == Kind.MAYBE and said.get(row.number) in ("new", row.household_id):
                answered(row, is_new=said[row.number] == "new")
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
def approve(*, batch: ImportBatch, leaving_out: int, by: User, seen: dict[str, int] | None = None) -> ImportBatch:
    """Let the sheet be applied. `leaving_out`: how many households with errors the officer agreed to leave out.

    `seen`: the counts that the officer was shown, by kind; refused when the sheet was checked anew since.
    """
    batch = held(batch, by, State.CHECKED)
    counts = kinds(batch)
    if seen is not None and seen != counts:
        raise ValidationError("Tệp vừa được kiểm tra lại, số hộ đã khác. Xem lại rồi duyệt.", code="seen")
    found = found_in(batch)
    if found.get("fonts") and "convert" not in found:
        raise ValidationError("Tệp dùng phông chữ cũ: chọn chuyển sang Unicode hay giữ nguyên trước khi duyệt.")
    if counts["wrong"] != leaving_out:
        wrong = written(counts["wrong"])
        raise ValidationError({"leaving_out": f"Có {wrong} hộ có lỗi: xác nhận bỏ lại, hoặc sửa tệp."})
    if counts[Kind.MAYBE]:
        raise ValidationError(f"Còn {written(counts[Kind.MAYBE])} hộ cần xác nhận là hộ đã có hay hộ mới.")
    if not counts[Kind.NEW] + counts[Kind.UPDATE]:
        raise ValidationError("Không có hộ nào để ghi.")
    batch.state, batch.without_errors, batch.approved_by = State.APPROVED, counts["wrong"], by
    batch.save(update_fields=["state", "without_errors", "approved_by"])
    log(by, "import.approved", batch, area=batch.ward, after=counts)
    return batch


def kinds(batch: ImportBatch) -> dict[str, int]:
    """How many households of the sheet are new, updates, the same, wait for an answer, are wrong; one query."""
    every = {kind: Count("pk", filter=Q(wrong=False, kind=kind)) for kind in Kind.values}
    return batch.rows.aggregate(**every, wrong=Count("pk", filter=Q(wrong=True)))


@transaction.atomic
def answer(*, batch: ImportBatch, is_new: bool, by: User, numbers: set[int] | None = None) -> int:
    """Say of likely households whether they are the register's or new. `numbers`: rows of the sheet; None: all open ones.

    Refused when two of them would be one household of the register.
    """
    batch = held(batch, by, State.CHECKED)
    rows = batch.rows.filter(kind=Kind.MAYBE) if numbers is None else batch.rows.filter(number__in=numbers)
    rows = list(rows.filter(Q(kind=Kind.MAYBE) | Q(answered=True)).select_for_update(of=("self",)))
    more = 0
    for row in rows:
        was = row.wrong
        answered(row, is_new=is_new)
        more += (row.wrong - was) * max(1, len(json.loads(vault().open(row.changes))["keys"]))
    found = found_in(batch)
    found["left_out"] = found.get("left_out", 0) + more
    batch.reading = vault().seal(json.dumps(found))
    batch.save(update_fields=["reading"])
    taken = dict(batch.rows.filter(kind__in=(Kind.UPDATE, Kind.SAME)).values_list("household", "number"))
    for row in rows:
        if not is_new and taken.setdefault(row.household_id, row.number) != row.number:
            lines = f"{written(taken[row.household_id])} và {written(row.number)}"
            raise ValidationError(f"Dòng {lines} cùng là một hộ của sổ: chỉ nhận một dòng.", code="twice")
    ImportRow.objects.bulk_update(rows, ["kind", "answered", "household", "version", "errors", "wrong"], batch_size=500)
    log(by, "import.answered", batch, area=batch.ward, after={"households": len(rows), "new": is_new})
    return len(rows)


@transaction.atomic
def cancel(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give the sheet up before it is applied. A worker that is at it finds so at its end and takes all back."""
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.APPROVED, State.FAILED)
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
        found["encoding"], found["convert"] = found.get("fonts", "") if convert else "", convert
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
    match: Match,
    seen: set[tuple[str, str]],
    alike: list[dict],
) -> ImportRow:
    mine = {(kind, held) for person in people for kind, mark, _ in NUMBERS if (held := getattr(person, mark))}
    twice = [
        Problem(f"{name} này đã có ở hộ khác trong tệp.", row, kind)
        for row, person in enumerate(people)
        for kind, mark, name in NUMBERS
        if (kind, getattr(person, mark)) in seen
    ]
    seen |= mine
    as_new = as_update = None
    if match.kind in (Kind.NEW, Kind.MAYBE):
        usual = [replace(person, ethnicity=person.ethnicity or USUAL) for person in people]
        problems = [Problem(message, row, name) for row, name, message in match.problems]
        words = [problem for row, person in enumerate(usual) for problem in _words(person, row)]
        place = [*_place(one), *_missing_place(one)]
        as_new = _errors(one, [*place, *check(people, batch.day), *words, *problems, *twice], one.errors)
    if match.held:
        words = [problem for row, person in enumerate(match.people) for problem in _words(person, row)]
        wrong = [Problem(message, row, name) for row, name, message in match.wrong]
        lines = {one.line(row) for row, key in enumerate(match.keys) if key is not None}
        asked = [
            error
            for error in one.errors
            if not (error["row"] in lines and MISSING.get(error["field"]) == error["message"])
        ]
        as_update = _errors(one, [*_place(one), *wrong, *words, *twice], asked)
    odd = [
        {"row": one.line(row), "field": "citizen_id", "message": "Không khớp giới tính, năm sinh hoặc nơi khai sinh."}
        for row, person in enumerate(match.people or people)
        if identity.warnings(people[row].citizen_id or "", person.sex, person.birth_year)
    ]
    said = {name: getattr(one, name) for name in ("group", "address", "phone", "tenure", "living_area")}
    said["members"] = [vars(person) for person in people]  # asdict copies deeply, a tenth of the time
    return ImportRow(
        batch=batch,
        number=one.number,
        sealed=vault().seal(json.dumps(said)),
        errors=as_update if as_new is None else as_new,
        warnings=[*one.warnings, *odd, *([] if match.kind in (Kind.UPDATE, Kind.SAME) else alike)],
        wrong=all(errors for errors in (as_new, as_update) if errors is not None),
        kind=match.kind,
        household_id=match.held and match.held.pk,
        version=match.held and match.held.version,
        changes=vault().seal(json.dumps(match.kept(as_update, as_new))) if match.held else "",
    )


def _errors(one: Staged, problems: Iterable[Problem], said: list[dict]) -> list[dict]:
    """What the cells already said is not said twice; a year of birth may stand in a column of its own for each sex."""
    errors = list(said)
    said_of = {(error["row"], re.sub(r"^birth_year_\w+", "birth", error["field"])) for error in errors}
    for problem in problems:
        if (one.line(problem.row), problem.field) not in said_of:
            errors.append({"row": one.line(problem.row), "field": problem.field, "message": problem.message})
    return errors


def answers(batch: ImportBatch) -> dict[int, int | str]:
    """What was said of likely households: by row of the sheet the household that it is, or 'new'."""
    rows = ImportRow.objects.filter(batch=batch, answered=True).values_list("number", "kind", "household")
    return {number: "new" if kind == Kind.NEW else pk for number, kind, pk in rows}


def answered(row: ImportRow, *, is_new: bool) -> None:
    """Put an answer into the row: errors and kind are those of a new household, or of the one that it was said to be."""
    told = json.loads(vault().open(row.changes))
    row.answered = True
    row.household_id, row.version = (None, None) if is_new else (told["household"], told["version"])
    row.errors = told["as_new" if is_new else "as_update"]
    row.wrong = bool(row.errors)
    changes = told["place"] or told["members"] or told["joins"]
    row.kind = Kind.NEW if is_new else Kind.UPDATE if changes else Kind.SAME


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
    return problems


def _missing_place(one: Staged) -> list[Problem]:
    problems = []
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
