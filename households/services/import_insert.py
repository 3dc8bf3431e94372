"""New households of a sheet into the register: three tables and the history, each in one stroke.

The rows are those that `register_household` would write. What a row holds comes from the same functions; only the way
into the tables differs, and the keys are taken before the rows are written so that the history can name them.
"""

from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter

from accounts.log import log_rows
from areas.bulk import insert, set_column, take_ids
from areas.vietnamese import tidy
from households.history import member_facts, place_facts
from households.members import NUMBERS, Person
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import open_json, seal_json, vault
from households.services.register import FACTS, columns_of, found_by

Row = tuple  # the columns of a table, in its order
# What a sheet can tell; of the rest a new row has the default. A fact that sheets learn to tell is added here too.
OF_HOUSEHOLD = ("id", "code", "group", "address", "phone", "tenure", "living_area", "search")
OF_MEMBER = ("id", "household_id", *FACTS, "search_name", "sort_key", "has_insurance")
OF_MEMBER += tuple(f"{kind}_{part}" for kind, *_ in NUMBERS for part in ("sealed", "hash", "last4"))
_NUMBERLESS = {"citizen_id": ""}


def opened(sealed: str) -> tuple[dict, list[Person]]:
    """What a staged household says of its place, and its people."""
    said = open_json(sealed)
    return said, [Person.of(_NUMBERLESS | one) for one in said.pop("members")]


def enter(batch: ImportBatch, rows: list[tuple[int, dict, list[Person]]], codes: list[str]) -> None:
    """Households under the codes, entered by whoever approved the sheet. In the caller's transaction.

    `rows`: of each the key of its ImportRow and what is `opened` of it.

    IntegrityError when one of the numbers is in the register.
    """
    keys = take_ids(Household, len(rows))
    member_keys = iter(take_ids(Member, sum(len(people) for _, _, people in rows)))
    safe = vault()
    household, member = Household(), Member()  # one row to fill again and again: making an object each is half the time
    household_row, member_row = attrgetter(*OF_HOUSEHOLD), attrgetter(*OF_MEMBER)
    filled = vars(member)
    blank = filled.copy()
    entered: dict[int, dict] = {}  # of each household what the history says of its people

    def homes() -> Iterator[Row]:
        for key, code, (_, said, people) in zip(keys, codes, rows, strict=True):
            household.pk, household.code, household.phone = key, code, said["phone"]
            household.group, household.address = tidy(said["group"]), tidy(said["address"])
            household.tenure = said["tenure"]
            household.living_area = Decimal(said["living_area"]) if said["living_area"] else None
            household.search = found_by(household, people, {})
            entered[key] = place_facts(household) | {"members": {}}
            yield household_row(household)

    def members() -> Iterator[Row]:
        for key, (_, _, people) in zip(keys, rows, strict=True):
            told = entered[key]["members"]
            for person in people:
                filled.update(blank)
                filled.update(columns_of(person, safe))
                filled["id"] = member_key = next(member_keys)
                filled["household_id"] = key
                told[str(member_key)] = member_facts(member)
                yield member_row(member)

    def lines() -> Iterator[tuple]:
        for key, code in zip(keys, codes, strict=True):
            told = seal_json(entered.pop(key))
            yield key, code, {}, {"sealed": told, "version": household.version, "import": batch.pk}

    insert(Household, OF_HOUSEHOLD, homes(), same={"ward_id": batch.ward_id, "registered_on": batch.day})
    insert(Member, OF_MEMBER, members(), same={"joined_on": batch.day})
    log_rows(batch.approved_by, "household.registered", Household, lines(), area=batch.ward)
    set_column(ImportRow, "household", zip((row for row, _, _ in rows), keys, strict=True))
