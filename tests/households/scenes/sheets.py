"""Sheets of households: brought, checked, answered, applied and taken out."""

from django.utils import timezone

from households.services import import_apply, imports
from tests.households import test_import_updates as updates
from tests.households.scenes import then
from tests.households.test_imports import DAY, a_sheet, run, staged


def kept(w):
    return {"batch": imports.keep_file(name="ho.csv", data=b"x", day=DAY, by=w.hoa), "by": w.hoa}


def approved(w):
    """A new household, and one that the register has with another telephone."""
    updates.a_couple(w.cast, w.standards)
    batch = a_sheet(w.hoa, [staged(2), updates.said(4, [updates.head()], phone="0905123456")])
    assert imports.kinds(batch).items() >= {"new": 1, "update": 1}.items()
    return imports.approve(batch=batch, leaving_out=0, by=w.hoa)


def claimed(w):
    batch, now = approved(w), timezone.now()
    type(batch).objects.filter(pk=batch.pk).update(claimed_at=now)
    return {"batch": batch, "claimed_at": now}


def applied(w):
    batch = approved(w)
    run(batch)
    return {"batch": batch, "by": w.hoa}


def likely(w):
    updates.a_couple(w.cast, w.standards)
    found = updates.said(5, [updates.head(citizen_id="")], group="Tổ 5", address="9 đường Khác")
    return {"batch": updates.a_sheet(w.hoa, found), "by": w.hoa}


SCENES = {
    "import_apply.apply": lambda w: then(import_apply.apply, **claimed(w)),
    "import_apply.undo": lambda w: then(import_apply.undo, **applied(w)),
    "imports.answer": lambda w: then(imports.answer, **likely(w), is_new=False),
    "imports.approve": lambda w: then(imports.approve, batch=a_sheet(w.hoa), leaving_out=0, by=w.hoa),
    "imports.cancel": lambda w: then(imports.cancel, **kept(w)),
    "imports.fail": lambda w: then(imports.fail, batch=kept(w)["batch"], message="Không đọc được", state="uploaded"),
    "imports.keep_file": lambda w: then(imports.keep_file, name="ho.csv", data=b"x", day=DAY, by=w.hoa),
    "imports.read_again": lambda w: then(imports.read_again, **kept(w), columns={"Họ tên": "full_name"}),
    "imports.stage": lambda w: then(imports.stage, batch=a_sheet(w.hoa), households=[staged(9)], by=w.hoa),
}
