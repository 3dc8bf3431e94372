"""Many rows in one stroke hold what one row saved by its model would hold."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event
from areas import bulk
from areas.models import Area
from tests import make

ODD = [
    "",
    " ",
    "\\N",
    "\\",
    "\\.",
    "a\n\\.\nb",
    'say "no"',
    "a,b",
    "tab\there",
    "line\r\nend",
    "NULL",
    "Đặng Hoà",
    "'; --",
]


def test_odd_words_arrive_as_they_are(db):
    bulk.insert(Event, ("action", "label", "after"), [("x", word, {"said": word, "none": None}) for word in ODD])
    found = Event.objects.order_by("pk")
    assert [event.label for event in found] == ODD
    assert [event.after["said"] for event in found] == ODD
    assert {(event.by_id, event.area_id, str(event.before)) for event in found} == {(None, None, "{}")}
    assert all(event.at for event in found)


def test_kinds_of_values_arrive_and_defaults_stand_for_the_rest(db):
    names = ("level", "code", "name", "full_name", "kind", "valid_from", "valid_to", "order")
    day = date(2023, 5, 1)
    rows = [("district", f"B{at:04d}", "B", "B", "B", day, None, at) for at in range(bulk.AT_ONCE + 1)]
    bulk.insert(Area, names, iter(rows), same={"zone": "urban"})
    assert list(Area.objects.order_by("code").values_list(*names)) == rows
    assert set(Area.objects.values_list("parent", "path", "zone")) == {(None, "", "urban")}


def test_what_goes_wrong_while_rows_are_made_is_told_and_nothing_stays(db):
    def rows():
        yield from (("city", f"A{at}", "A", "A", "A", date(2020, 1, 1)) for at in range(bulk.AT_ONCE))
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        bulk.insert(Area, ("level", "code", "name", "full_name", "kind", "valid_from"), rows())
    assert not Area.objects.exists()


def test_keys_are_nobody_elses(db):
    first = bulk.take_ids(Area, 3)
    second = bulk.take_ids(Area, 2)
    other = make.an_area("city", "48", "Thành phố").pk
    assert sorted({*first, *second, other}) == [*first, *second, other]


def test_a_constraint_takes_the_whole_stroke_back(db):
    row = ("city", "same", "A", "A", "A", date(2020, 1, 1))
    names = ("level", "code", "name", "full_name", "kind", "valid_from")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Area, names, [row, row])
    assert not Area.objects.exists()


def test_a_statement_takes_any_number_of_words(db):
    make.an_area("city", "48", "Thành phố")
    many = [*map(str, range(70_000)), *ODD]
    assert Area.objects.filter(code__in=bulk.these(many)).count() == 1


def test_one_column_of_many_rows(db):
    city, ward = make.an_area("city", "48", "Thành phố"), make.an_area("district", "1", "Quận")
    bulk.set_column(Area, "order", [(city.pk, 7), (ward.pk, 9)])
    assert list(Area.objects.order_by("pk").values_list("order", flat=True)) == [7, 9]
