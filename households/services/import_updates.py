"""Households of a sheet that are in the register already: their changes written, many a statement, and taken back."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from accounts.log import log_many
from accounts.models import User
from areas.bulk import chunks
from households.history import differences, member_facts, place_facts
from households.intake.matching import PLACE, put_on
from households.members import HEAD, NUMBERS, Person, search_text
from households.models import Household, ImportBatch, ImportRow, Member, Review
from households.sealed import open_json, seal, seal_json
from households.services.import_checks import USUAL
from households.services.register import as_person, fill, people_changed

CHUNK = 500
NEWER = "Có hộ trong sổ được sửa sau khi kiểm tra tệp: chưa ghi gì. Kiểm tra lại để xem thay đổi mới."
NUMBER_COLUMNS = tuple(f"{kind}_{part}" for kind, _, _ in NUMBERS for part in ("sealed", "hash", "last4"))
FACTS = (
    "full_name",
    "search_name",
    "sort_key",
    "relation",
    "sex",
    "birth_year",
    "birth_month",
    "birth_day",
    "ethnicity",
)
COLUMNS = (*FACTS, *NUMBER_COLUMNS, "has_insurance")


class Newer(Exception):
    """A household is no longer as it was when the sheet was checked, or as the sheet left it."""


@dataclass
class _Home:
    """A household under change: what it and its people were, as rows and in the words of the log."""

    row: Household
    people: dict[int, Member]
    place: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    hashes: dict = field(default_factory=dict)
    renumbered: dict = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self):
        self.place = place_facts(self.row)
        self.facts = {str(key): member_facts(one) for key, one in self.people.items()}
        self.hashes = {
            key: {kind: getattr(one, f"{kind}_hash") for kind, *_ in NUMBERS} for key, one in self.people.items()
        }

    def line(self, after: dict[str, dict], more: dict) -> tuple[Household, dict, dict]:
        """The same line as a correction on the household's page leaves."""
        before, now = differences(self.place, place_facts(self.row))
        before["members"], now["members"] = people_changed(self.facts, after, self.renumbered)
        changed = [name for name, value in now.items() if value or name != "members"]
        return self.row, seal(before), seal(now) | {"changed": changed, "version": self.row.version} | more


def write(*, batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Write what the rows change; part of the caller's transaction. Newer, when a household was changed since the check."""
    homes, lines, changed, joined, undo = _locked(batch, rows), [], [], [], {}
    demoted, after = [], defaultdict(dict)
    for row in rows:
        home = homes[row.household_id]
        told, said = (open_json(text) for text in (row.changes, row.sealed))
        was = {name: _stored(getattr(home.row, name)) for name in (*PLACE, "search")}
        for name in told["place"]:
            value = told["place"][name][1]
            setattr(home.row, name, Decimal(value) if name == "living_area" else value)
        undo[row.pk] = {"home": was, "members": {}, "joined": []}
        for stored, key in zip(said["members"], told["keys"], strict=True):
            if key is None:
                member = Member(household=home.row, joined_on=batch.day)
                fill(member, newcomer(stored))
                joined.append((row.pk, home, member))
            elif str(key) in told["members"]:
                member = home.people[key]
                undo[row.pk]["members"][str(key)] = {name: getattr(member, name) for name in COLUMNS}
                demoted += [member] if member.relation == HEAD else []
                fill(member, put_on(person_of(stored), as_person(member)))
                changed.append((home, member))
        home.row.version += 1
    _free(changed)
    Member.objects.bulk_update([one for one in demoted if one.relation != HEAD], ["relation"])
    Member.objects.bulk_update([member for _, member in changed], COLUMNS, batch_size=200)
    Member.objects.bulk_create(member for _, _, member in joined)
    for home, member in changed:
        after[home.row.pk][str(member.pk)] = member_facts(member)
    for pk, home, member in joined:
        undo[pk]["joined"].append(member.pk)
        home.people[member.pk] = member
        after[home.row.pk][str(member.pk)] = member_facts(member)
    for row in rows:
        home = homes[row.household_id]
        home.row.search = _found_by(home)
        row.version = home.row.version
        row.changes = seal_json(open_json(row.changes) | {"undo": undo[row.pk]})
        lines.append(home.line(after[home.row.pk], {"import": batch.pk}))
    Household.objects.bulk_update([one.row for one in homes.values()], [*PLACE, "search", "version"], batch_size=200)
    ImportRow.objects.bulk_update(rows, ["version", "changes"], batch_size=200)
    log_many(batch.approved_by, "household.edited", lines, area=batch.ward)


def take_back(*, batch: ImportBatch, by: User, since: datetime | None) -> int:
    """Put back what the sheet changed; part of the caller's transaction. Newer, when something stands on it since.

    Returns the number of households. `since`: when the sheet was applied; a review entered after that stands on it.
    """
    count = 0
    rows = batch.rows.filter(wrong=False, kind=ImportRow.Kind.UPDATE).order_by("number")
    for some in chunks(rows.iterator(CHUNK), CHUNK):
        _put_back(batch, some, by, since)
        count += len(some)
    return count


def _put_back(batch: ImportBatch, rows: list[ImportRow], by: User, since: datetime | None) -> None:
    homes = _locked(batch, rows)
    if since and Review.objects.filter(household__in=homes, entered_at__gte=since).exists():
        raise Newer
    told = {row.household_id: open_json(row.changes)["undo"] for row in rows}
    came = [key for undo in told.values() for key in undo["joined"]]
    if any(
        link.related_model._base_manager.filter(**{f"{link.field.name}__in": came}).exists()
        for link in Member._meta.related_objects
    ):
        raise Newer
    changed, demoted, after = [], [], defaultdict(dict)
    for pk, undo in told.items():
        home = homes[pk]
        for name, value in undo["home"].items():
            setattr(home.row, name, Decimal(value) if name == "living_area" and value else value)
        for key, columns in undo["members"].items():
            member = home.people[int(key)]
            demoted += [member] if member.relation == HEAD else []
            for name, value in columns.items():
                setattr(member, name, value)
            changed.append((home, member))
            after[pk][key] = member_facts(member)
        after[pk] |= {str(key): {"left_on": batch.day.isoformat()} for key in undo["joined"]}
        home.row.version += 1  # goes on counting, so that a form opened before is still known to be old
    _free(changed)
    Member.objects.filter(pk__in=came).delete()
    Member.objects.bulk_update([one for one in demoted if one.relation != HEAD], ["relation"])
    Member.objects.bulk_update([member for _, member in changed], COLUMNS, batch_size=200)
    Household.objects.bulk_update([one.row for one in homes.values()], [*PLACE, "search", "version"], batch_size=200)
    lines = [home.line(after[pk], {"import": batch.pk}) for pk, home in homes.items()]
    log_many(by, "household.import_undone", lines, area=batch.ward)


def _locked(batch: ImportBatch, rows: list[ImportRow]) -> dict[int, _Home]:
    wanted = {row.household_id: row.version for row in rows}
    locked = Household.objects.select_for_update(of=("self",)).filter(pk__in=wanted, ward=batch.ward).order_by("pk")
    locked = [home for home in locked if home.version == wanted[home.pk] and home.closed_on is None]
    if len(locked) != len(wanted):
        raise Newer
    people = defaultdict(dict)
    for member in Member.objects.filter(household__in=wanted, left_on__isnull=True).order_by("pk"):
        people[member.household_id][member.pk] = member
    return {home.pk: _Home(home, people[home.pk]) for home in locked}


def _free(changed) -> None:
    """Numbers that move are let go first, so that two people of one sheet may swap theirs."""
    moving = defaultdict(list)
    for home, member in changed:
        for kind, was in home.hashes[member.pk].items():
            if was != getattr(member, f"{kind}_hash"):
                home.renumbered[str(member.pk)].append(kind)
                moving[kind].append(member.pk)
    for kind, keys in moving.items():
        Member.objects.filter(pk__in=keys).update(**{f"{kind}_hash": ""})


def _found_by(home: _Home) -> str:
    row, people = home.row, [(one.full_name, one.citizen_id_last4) for one in home.people.values()]
    return search_text(row.code, row.group, row.address, row.phone, people)


def _stored(value):
    return str(value) if isinstance(value, Decimal) else value


def person_of(stored: dict) -> Person:
    """A person as the row keeps them: only what the sheet says."""
    silent = {"full_name": "", "relation": "", "sex": "", "birth_year": 0, "ethnicity": "", "citizen_id": ""}
    return Person(**silent | stored)


def newcomer(stored: dict) -> Person:
    """The same for somebody who is not in the register yet."""
    return person_of({"ethnicity": USUAL} | stored)
