"""New households of a sheet into the register: three tables and the history, each in one stroke.

The rows are those that `register_household` would write. What a row holds comes from the same functions; only the way
into the tables differs, and the keys are taken before the rows are written so that the history can name them.
"""

import json
from decimal import Decimal
from operator import attrgetter

from accounts.log import log_rows
from areas.bulk import insert, set_column, take_ids
from areas.vietnamese import tidy
from households.history import member_facts, place_facts
from households.members import Person
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import in_json, vault
from households.services.register import columns_of, found_by

_NUMBERLESS = {"citizen_id": ""}


def opened(sealed: str) -> tuple[dict, list[Person]]:
    """What a staged household says of its place, and its people."""
    said = json.loads(vault().open(sealed))
    return said, [Person.of(_NUMBERLESS | one) for one in said.pop("members")]


def enter(batch: ImportBatch, rows: list[tuple[int, dict, list[Person]]], codes: list[str]) -> None:
    """Households under the codes, entered by whoever approved the sheet. In the caller's transaction.

    `rows`: of each the key of its ImportRow and what is `opened` of it.

    IntegrityError when one of the numbers is in the register.
    """
    keys = take_ids(Household, len(rows))
    member_keys = iter(take_ids(Member, sum(len(people) for _, _, people in rows)))
    safe = vault()
    household, household_row = _scratch(Household)
    member, member_row = _scratch(Member)
    filled = vars(member)
    blank = filled.copy()
    blank["joined_on"] = household.registered_on = batch.day
    household.ward_id = batch.ward_id
    homes, members, lines = [], [], []
    for key, code, (_, said, people) in zip(keys, codes, rows, strict=True):
        household.pk, household.code, household.phone = key, code, said["phone"]
        household.group, household.address = tidy(said["group"]), tidy(said["address"])
        household.tenure = said["tenure"]
        household.living_area = Decimal(said["living_area"]) if said["living_area"] else None
        household.search = found_by(household, people, {})
        homes.append(household_row(household))
        entered = {}
        for person in people:
            filled.update(blank)
            filled.update(columns_of(person, safe))
            filled["id"] = member_key = next(member_keys)
            filled["household_id"] = key
            members.append(member_row(member))
            entered[str(member_key)] = member_facts(member)
        told = safe.seal(in_json(place_facts(household) | {"members": entered}))
        lines.append((key, code, {}, {"sealed": told, "version": household.version, "import": batch.pk}))
    insert(Household, _names(Household), homes)
    insert(Member, _names(Member), members)
    log_rows(batch.approved_by, "household.registered", Household, lines, area=batch.ward)
    set_column(ImportRow, "household", zip((row for row, _, _ in rows), keys, strict=True))


def _names(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _scratch(model):
    """One row of the model to fill again and again, and what takes its columns: making an object each is half the time."""
    return model(), attrgetter(*_names(model))
