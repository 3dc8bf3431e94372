"""A household that comes in a sheet stands in the register as if it had been typed: column by column."""

import csv
import io
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Event
from households.intake.fields import FIELDS
from households.members import NUMBERS, Person
from households.models import Household, ImportBatch, ImportRow
from households.sealed import unseal, vault
from households.services import import_apply, import_reading, imports, register
from households.services.import_insert import OF_MEMBER

DAY = date(2023, 5, 4)
# What stands in the three rows under each field that a sheet can tell. A field that is new is told here too.
TOLD = {
    "order_no": ("1", "", ""),
    "code": ("", "", ""),  # filled, it would be an update of another household
    "head_name": ("Đặng  Văn Hoà", "", ""),
    "full_name": ("Đặng  Văn Hoà", "Lê Thu", "Đặng Thị Mít"),
    "relation": ("Chủ hộ", "Vợ", "Con"),
    "sex": ("Nam", "Nữ", "Nữ"),
    "birth": ("20/05/1971", "03/1974", "2005"),
    "birth_year_male": ("", "", ""),  # these two are other ways to say a birth
    "birth_year_female": ("", "", ""),
    "ethnicity": ("Cơ Tu", "", "Kinh"),
    "citizen_id": ("048071004127", "048174000001", ""),
    "old_id": ("201000001", "", ""),
    "insurance_number": ("4800000001", "", "4800000003"),
    "has_insurance": ("Có", "Không", ""),
    "group": ("14", "", ""),
    "address": ("K7\\12 %s  Lê Duẩn", "", ""),
    "phone": ("0905000001", "", ""),
    "category": ("Hộ nghèo", "", ""),  # never written: there is no status without a review
    "tenure": ("Thuê nhà tư nhân", "", ""),
    "living_area": ("45,5", "", ""),
    "note": ("của cán bộ", "", ""),
}
HEAD = Person("Đặng  Văn Hoà", "head", "male", 1971, 5, 20, "Cơ Tu", "048071004127", old_id="201000001")
SPOUSE = Person("Lê Thu", "spouse", "female", 1974, 3, citizen_id="048174000001", old_id="", has_insurance=False)
CHILD = Person("Đặng Thị Mít", "child", "female", 2005, citizen_id="", old_id="", insurance="4800000003")
PEOPLE = [Person(**vars(HEAD) | {"insurance": "4800000001", "has_insurance": True}), SPOUSE, CHILD]
# What a member can have that no sheet tells: only form B asks for it.
UNTOLD = {"schooling", "education", "work", "has_allowance", "is_disabled", "is_malnourished", "has_merit"}


def sheet() -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow([FIELDS[key].label for key, cells in TOLD.items() if any(cells)])
    rows.writerows(zip(*(cells for cells in TOLD.values() if any(cells)), strict=True))
    return out.getvalue().encode()


def typed(by) -> Household:
    place = {"group": "Tổ 14", "address": "K7\\12 %s  Lê Duẩn", "phone": "0905000001"}
    more = {"tenure": Household.Tenure.RENT, "living_area": Decimal("45.5")}
    return register.register_household(ward=by.area, members=PEOPLE, day=DAY, by=by, **place, **more)


def brought(by) -> Household:
    batch = imports.keep_file(name="ho.csv", data=sheet(), day=DAY, by=by)
    import_reading.run(batch_id=batch.pk, at=timezone.now())
    batch = imports.approve(batch=ImportBatch.objects.get(pk=batch.pk), leaving_out=0, by=by)
    import_apply.run(batch_id=batch.pk, at=timezone.now())
    return Household.objects.get(imported__batch=batch)


def columns(row, *left_out) -> dict:
    """All columns but keys, which are never the same twice; what is sealed as it is read, its nonce being random."""
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    found |= {name: vault().open(value) for name, value in found.items() if name.endswith("_sealed") and value}
    return {name: value for name, value in found.items() if name not in ("id", *left_out)}


def everything(home: Household) -> dict:
    home = Household.objects.get(pk=home.pk)
    lines = []
    for event in Event.objects.filter(subject_type="households.household", subject_id=str(home.pk)).order_by("pk"):
        told = columns(event, "at", "subject_id") | {"before": unseal(event.before), "after": unseal(event.after)}
        told["after"]["members"] = list(told["after"]["members"].values())  # by their keys
        told["after"].pop("import", None)  # names the sheet that it came in
        lines.append(told)
    refers = [link for link in Household._meta.related_objects if link.related_model is not ImportRow]
    return {
        "household": columns(home),
        "members": [columns(member, "household_id") for member in home.members.order_by("pk")],
        "history": lines,
        "rows that refer to it": {
            f"{link.related_model.__name__}.{link.field.name}": link.related_model._base_manager.filter(
                **{link.field.name: home}
            ).count()
            for link in refers
        },
    }


def test_a_brought_household_is_a_typed_one(cast):
    """Both are given the same code, because the typed one is taken back before the sheet comes."""
    assert set(TOLD) == set(FIELDS)
    with transaction.atomic():
        expected = everything(typed(cast["hoa"]))
        transaction.set_rollback(True)
    assert not Household.objects.exists()
    found = everything(brought(cast["hoa"]))
    assert found == expected
    refers = {"Member.household": 3}  # no spell, no review: nothing else
    assert {name: count for name, count in found["rows that refer to it"].items() if count} == refers


def test_a_column_is_brought_or_known_not_to_be():
    """A fact that typing learns to write is written from a sheet too, or stands among those that sheets do not tell."""
    asked = dict.fromkeys(UNTOLD | {"has_insurance"}, True)
    numbers = {kind: "048071004127" for kind, *_ in NUMBERS}
    full = Person("Lê Thu", "head", "female", 1974, 3, 1, "Kinh", **numbers, **asked)
    assert set(register.columns_of(full, vault())) - set(OF_MEMBER) == UNTOLD
