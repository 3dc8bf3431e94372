"""Issue 3, 'Bad input', item by item: each file is said what is wrong with it, or is read for its values alone.

A worker killed in the middle has a file of its own, test_import_killed.
"""

import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from households.forms.imports import UploadForm
from households.intake import contents, workbook
from households.models import Household, ImportBatch
from households.services import import_reading, imports
from tests.data.bad_files import bad
from tests.data.make_sheets import ugly
from tests.households.test_intake_chain import chain


def brought(by, data, name="ho.xlsx"):
    """The file kept and read as the worker does."""
    batch = imports.keep_file(name=name, data=data, day=timezone.now().date(), by=by)
    import_reading.run(batch_id=batch.pk, at=timezone.now())
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: ugly("wrong_form"), "Không thấy dòng tiêu đề"),
        (lambda: ugly("no_rows"), "không có hộ nào"),
        (lambda: bad("ods_far"), "quá rộng"),
        (lambda: ugly("far_apart"), "quá rộng"),
    ],
    ids=["wrong form", "0 rows", "repeats", "cells far apart"],
)
def test_what_cannot_be_read_fails_in_words_and_leaves_nothing(cast, data, said):
    batch = brought(cast["hoa"], data())
    assert batch.state == "failed"
    assert said in batch.failure
    assert not batch.rows.exists()


@pytest.mark.parametrize(
    ("which", "said"),
    [("password", "mật khẩu"), ("password_ods", "mật khẩu"), ("zip_bomb", "quá lớn"), ("lies", "hỏng")],
)
def test_locks_and_bombs_are_told_before_a_reader_opens_them(monkeypatch, which, said):
    monkeypatch.setattr(workbook.calamine.CalamineWorkbook, "from_filelike", lambda *_: pytest.fail("opened"), False)
    data = bad(which)
    tracemalloc.start()
    with pytest.raises(contents.Unreadable, match=said):
        workbook.open_workbook(data, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_300_megabytes_are_refused_by_their_size_and_not_read():
    class Huge(SimpleUploadedFile):
        read = chunks = lambda *_: pytest.fail("read")

    file = Huge("ho.xlsx", b"x")
    file.size = 300 * 1024 * 1024
    form = UploadForm({"day": "04/05/2023"}, {"file": file}, today=timezone.now().date())
    assert "lớn hơn 50 MB" in form.errors["file"][0]


def test_macros_are_said_and_only_values_read():
    book, _, _, (household,) = chain(bad("macros"))
    assert household.members[0].values["full_name"] == "Lê An"
    assert workbook.MACROS in book.notices


def test_formulas_give_their_values_and_none_goes_out_again(cast, as_user, django_capture_on_commit_callbacks):
    batch = brought(cast["hoa"], ugly("formulas"))
    imports.approve(batch=batch, leaving_out=0, by=cast["hoa"])
    from households.tasks import apply_import

    apply_import(batch.pk)
    home = Household.objects.get()
    assert (home.members.get().full_name, home.members.get().birth_year) == ("Lê An", 1960)
    assert home.address.startswith("=HYPERLINK")
    sent = as_user("hoa").get("/danh-sach/ket-qua-tim/csv/", {"q": "le an"})
    cells = b"".join(sent.streaming_content).decode().split("\r\n")[1].replace('"', "").split(";")
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_of_two_sheets_the_first_list_is_read_and_the_other_chosen(cast):
    batch = brought(cast["hoa"], ugly("two_sheets"))
    found = imports.found_in(batch)
    assert (found["sheet"], found["sheets"]) == ("Tổ 1", ["Bìa", "Tổ 1", "Tổ 2"])
    imports.read_again(batch=batch, columns={}, sheet="Tổ 2", by=cast["hoa"])
    import_reading.run(batch_id=batch.pk, at=timezone.now())
    batch.refresh_from_db()
    assert imports.found_in(batch)["sheet"] == "Tổ 2"


def test_a_million_blank_rows_are_nobody_and_no_minute():
    began = time.monotonic()
    book, _, _, (household,) = chain(bad("million_blank"))
    assert (len(household.members), book.sheets[0].height) == (1, 2)
    assert time.monotonic() - began < 60


def test_a_cell_of_a_megabyte_is_an_error_of_its_cell():
    (household,) = chain(bad("huge_cell"))[3]
    assert household.members[1].errors["address"] == "Ô quá dài."
    assert len(str(household.members[1].values)) < 1000


def test_the_same_file_twice_is_said_and_nothing_doubled(cast):
    from django.core.exceptions import ValidationError

    brought(cast["hoa"], ugly("two_sheets"))
    with pytest.raises(ValidationError, match="tải lên trước đó"):
        brought(cast["hoa"], ugly("two_sheets"))
    assert ImportBatch.objects.count() == 1


def test_three_rows_of_titles():
    _, table, matching, (household,) = chain(ugly("three_rows"))
    assert (table.header_rows, table.first_data_row) == ([2, 3, 4], 5)
    assert not matching.unmatched
    first, second = (line.values for line in household.members)
    assert (first["sex"], first["birth_year"], first["ethnicity"]) == ("male", 1960, "Kinh")
    assert (second["sex"], second["birth_year"], second["citizen_id"]) == ("female", 1962, "048162004128")
    assert household.household["address"] == "12 Lê Duẩn"


def test_an_open_document_is_read_and_what_it_hides_is_said():
    book, _, _, (household,) = chain(bad("ods"))
    assert [line.values["full_name"] for line in household.members] == ["Lê An", "Lê Ẩn", "Lê Út"]
    assert household.members[2].values["birth_day"] == 3
    assert book.sheets[0].height == 4
    assert "1 dòng đang ẩn" in book.notices[0]
