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


def enter(batch: ImportBatch, rows: list[tuple[int, str]], codes: list[str]) -> None:
    """Households under the codes, entered by whoever approved the sheet. In the caller's transaction.

    `rows`: of each the key of its ImportRow and what it says, sealed.

    IntegrityError when one of the numbers is in the register.
    """
    # The rows of each table are made while the server writes those before: what is to be done for a household is dealt
    # out so that neither waits long for the other.
    keys = take_ids(Household, len(rows))
    safe = vault()
    household, member = Household(), Member()  # one row to fill again and again: making an object each is half the time
    household_row, member_row = attrgetter(*OF_HOUSEHOLD), attrgetter(*OF_MEMBER)
    filled = vars(member)
    blank = filled.copy()
    # Of each household what the history says of its place, with its people; and the columns of these.
    entered: list[tuple[dict, list[Person]]] = []
    written: list[list[dict]] = []

    def homes() -> Iterator[Row]:
        for key, code, (_, sealed) in zip(keys, codes, rows, strict=True):
            said = open_json(sealed)
            people = [Person.of(_NUMBERLESS | one) for one in said["members"]]
            household.pk, household.code, household.phone = key, code, said["phone"]
            household.group, household.address = tidy(said["group"]), tidy(said["address"])
            household.tenure = said["tenure"]
            household.living_area = Decimal(said["living_area"]) if said["living_area"] else None
            household.search = found_by(household, people, {})
            entered.append((place_facts(household), people))
            yield household_row(household)

    def members() -> Iterator[Row]:
        for key, (_, people) in zip(keys, entered, strict=True):
            written.append(mine := [])
            for person in people:
                columns = columns_of(person, safe) | {"id": next(member_keys), "household_id": key}
                mine.append(columns)
                filled.update(blank)
                filled.update(columns)
                yield member_row(member)

    def lines() -> Iterator[tuple]:
        for key, code, (place, _), people in zip(keys, codes, entered, written, strict=True):
            facts = {}
            for columns in people:
                filled.update(blank)
                filled.update(columns)
                facts[str(columns["id"])] = member_facts(member)
            sealed = seal_json(place | {"members": facts})
            yield key, code, {}, {"sealed": sealed, "version": household.version, "import": batch.pk}

    insert(Household, OF_HOUSEHOLD, homes(), same={"ward_id": batch.ward_id, "registered_on": batch.day})
    member_keys = iter(take_ids(Member, sum(len(people) for _, people in entered)))
    insert(Member, OF_MEMBER, members(), same={"joined_on": batch.day})
    log_rows(batch.approved_by, "household.registered", Household, lines(), area=batch.ward)
    set_column(ImportRow, "household", zip((row for row, _ in rows), keys, strict=True))
