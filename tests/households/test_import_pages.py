"""An office's sheet from the browser into the register: what it says, what it asks, who may."""

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event, PersonalDataView
from households import import_progress
from households.forms.imports import ApproveForm
from households.models import Household, ImportBatch, ImportColumn, Member
from households.sealed import vault
from households.services import imports
from households.tasks import apply_import
from tests import make
from tests.data.make_sheets import ugly

HEAD = "DANH SÁCH HỘ\n\nSTT;Tổ;Địa chỉ;Họ và tên;Quan hệ với chủ hộ;Giới tính;Năm sinh;CCCD\n"
GOOD = "1;14;12 Lê Duẩn;Đặng Văn Hoà;Chủ hộ;Nam;1971;048071004127\n;;;Lê Thị Thu;Vợ;Nữ;1974;\n"
OTHER = "2;15;3 Hùng Vương;Trần Văn Bé;Chủ hộ;Nam;1980;\n"
BAD = "3;15;5 Hùng Vương;Ngô Văn Lỗi;Chủ hộ;Nam;1980;48071004\n"


@pytest.fixture
def upload(as_user, django_capture_on_commit_callbacks):
    """upload(text) brings a sheet as Hoa and has it read; the batch."""

    def bring(text=HEAD + GOOD + OTHER, name="ho.csv", who="hoa"):
        file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
        with django_capture_on_commit_callbacks(execute=True):
            answer = as_user(who).post("/nhap/moi/", {"file": file, "day": "04/05/2023"})
        bring.answer = answer
        return ImportBatch.objects.order_by("-pk").first()

    return bring


@pytest.fixture
def do(client, django_capture_on_commit_callbacks):
    def post(batch, what, **more):
        if what == "approve":
            more.setdefault("seen", ApproveForm.told(imports.kinds(batch)))
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/nhap/{batch.pk}/", {"do": what} | more, follow=True)

    return post


def test_a_sheet_goes_the_whole_way_and_back(upload, do, client):
    batch = upload()
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert (batch.state, batch.rows.count()) == ("checked", 2)
    assert "2 hộ mới" in page
    assert batch.sha256 in page
    assert "Dòng tiêu đề" in page
    do(batch, "approve")
    batch.refresh_from_db()
    assert (batch.state, Household.objects.count(), Member.objects.count()) == ("applied", 2, 3)
    assert Household.objects.order_by("code").first().group == "Tổ 14"
    do(batch, "undo")
    assert Household.objects.count() == 0


def test_errors_stand_by_their_cell_and_are_left_out_only_when_agreed(upload, do, client):
    batch = upload(HEAD + GOOD + BAD)
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert "Dòng 6, Số định danh (CCCD)" in page
    assert "1 dòng" in page
    assert "48071004" not in page
    assert "Chưa duyệt được" in do(batch, "approve").content.decode()
    do(batch, "approve", leaving_out="on")
    batch.refresh_from_db()
    assert (batch.state, batch.without_errors, Household.objects.count()) == ("applied", 1, 1)


def test_a_look_at_the_rows_is_written_down(upload, client):
    batch = upload()
    client.get(f"/nhap/{batch.pk}/?xem=tat-ca")
    assert PersonalDataView.objects.filter(kind="list", household_code="").exists()


def test_the_same_file_is_said_with_a_way_to_the_first(upload):
    first = upload()
    assert upload() == first
    page = upload.answer.content.decode()
    assert "đã được tải lên" in page
    assert f"/nhap/{first.pk}/" in page


@pytest.mark.parametrize("data", [b"\0\1\2\3", b"PK\x03\x04broken", b""])
def test_what_is_no_sheet_is_refused_at_the_field(upload, data):
    assert upload(data) is None
    assert "Chưa nhận tệp" in upload.answer.content.decode()


def test_a_sheet_of_another_kind_says_so_and_can_be_cancelled(upload, do, client):
    batch = upload("a;b;c\n1;2;3\n")
    assert batch.state == "failed"
    assert "tiêu đề" in client.get(f"/nhap/{batch.pk}/").content.decode()
    do(batch, "cancel")
    batch.refresh_from_db()
    assert batch.state == "cancelled"


def test_a_changed_column_is_read_anew_and_remembered(upload, do, cast):
    text = (HEAD + GOOD).replace("Địa chỉ", "Nơi cư ngụ hiện tại của hộ")
    batch = upload(text)
    columns = imports.found_in(batch)["columns"]
    given = {f"column-{place}": one["field"] for place, one in enumerate(columns)} | {"column-2": "address"}
    do(batch, "columns", **given)
    batch.refresh_from_db()
    assert batch.state == "checked"
    assert not batch.rows.filter(wrong=True).exists()
    assert ImportColumn.objects.get(ward=cast["hoa"].area, field="address")
    assert imports.found_in(upload(text + OTHER))["columns"][2]["field"] == "address"


def test_a_wrong_year_of_birth_is_said_once(upload):
    title = HEAD.replace("Giới tính;Năm sinh", "Năm sinh nam;Năm sinh nữ")
    batch = upload(title + "1;14;12 Lê Duẩn;Đặng Văn Hoà;Chủ hộ;1x71;;\n")
    assert [error["field"] for error in batch.rows.get().errors if error["field"].startswith("birth")] == [
        "birth_year_male"
    ]


def test_two_columns_of_one_meaning_are_refused(upload, do):
    batch = upload()
    given = {f"column-{place}": "address" for place in range(8)}
    assert "đã được chọn" in do(batch, "columns", **given).content.decode()
    assert not ImportColumn.objects.exists()


def test_somebody_alike_in_the_register_is_said(upload, cast):
    household = make.a_household(cast["hoa"].area, head="Trần Văn Bé")
    Member.objects.filter(household=household, relation="head").update(birth_year=1980)
    batch = upload()
    rows = batch.rows.order_by("number")
    assert [row.kind for row in rows] == ["new", "maybe"]
    batch = upload(HEAD + OTHER.replace("Chủ hộ", "Con") + GOOD)  # of somebody who is no head it is a remark
    assert household.code in str(batch.rows.first().warnings)


def test_the_error_sheet_is_written_down(upload, client):
    batch = upload(HEAD + GOOD + BAD)
    answer = client.get(f"/tep/nhap/{batch.pk}/")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert PersonalDataView.objects.filter(kind="export").exists()


def test_there_is_a_template(as_user):
    assert as_user("hoa").get("/nhap/mau/").content[:2] == b"PK"


def test_pages_by_role(upload, as_user, client):
    batch = upload()
    assert "ho.csv" in client.get("/nhap/").content.decode()
    assert "/nhap/" in client.get("/ho/").content.decode()
    for who in ("lan", "district", "cuc", "leader", "admin"):
        assert as_user(who).get(f"/nhap/{batch.pk}/").status_code == 403
        assert as_user(who).get("/nhap/").status_code == 403
    assert as_user("binh").get(f"/nhap/{batch.pk}/").status_code == 404
    assert "ho.csv" not in client.get("/nhap/").content.decode()


def test_an_unknown_step_is_refused(upload, do):
    assert do(upload(), "nothing").status_code == 400


def test_a_day_ahead_is_refused(as_user):
    file = SimpleUploadedFile("ho.csv", HEAD.encode())
    page = as_user("hoa").post("/nhap/moi/", {"file": file, "day": "01/01/2999"}).content.decode()
    assert "tương lai" in page
    assert not Event.objects.filter(action="import.uploaded").exists()
    assert not ImportBatch.objects.exists()


KNOWN = "1;14;12 Lê Duẩn;Trần Văn Mẫu;Chủ hộ;Nam;1975;048071004127\n"


@pytest.fixture
def known(cast):
    home = make.a_household(cast["hoa"].area, head="Trần Văn Mẫu", code="20236-00077")
    home.members.filter(relation="head").update(
        citizen_id_hash=vault().fingerprint("048071004127"), citizen_id_last4="4127"
    )
    return home


def test_a_known_household_stands_beside_its_changes(upload, do, client, known):
    batch = upload(HEAD + KNOWN)
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert "0 hộ mới" in page
    assert "1 hộ đã có" in page
    assert known.code in page
    assert "<del>1 đường Thử</del> → <ins>12 Lê Duẩn</ins>" in page
    assert "Trần Thị Con 1" in page  # not in the sheet, stays
    assert "048071004127" not in page
    do(batch, "approve")
    known.refresh_from_db()
    assert (known.address, Household.objects.count()) == ("12 Lê Duẩn", 1)


def test_a_likely_household_is_answered_on_the_page(upload, do, client, known):
    batch = upload(HEAD + KNOWN.replace("048071004127", ""))
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert "Cần xác nhận (1)" in page
    assert "Duyệt và ghi" not in page
    assert "Là hộ này" in page
    assert do(batch, "answer", answer="rubbish").status_code == 400
    page = do(batch, "answer", answer="same:4").content.decode()
    assert "Duyệt và ghi 1 hộ" in page
    do(batch, "answer", answer="new:4")
    do(batch, "approve")
    assert Household.objects.count() == 2


def test_approval_of_what_was_not_seen_is_refused(upload, do, known):
    batch = upload(HEAD + KNOWN)
    page = do(batch, "approve", seen="new=0,update=2,same=0,maybe=0,wrong=0").content.decode()
    assert "số hộ đã khác" in page


def test_rows_of_a_page_take_no_query_each(upload, client, cast):
    counts = []
    for many in (2, 8):
        text = HEAD
        for place in range(many):
            make.a_household(cast["hoa"].area, head=f"Lê Văn Số {many} {place}")
            text += f"{place};14;12 Lê Duẩn;Lê Văn Số {many} {place};Chủ hộ;Nam;1975;\n"
        batch = upload(text)
        client.get(f"/nhap/{batch.pk}/?xem=xac-nhan")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/nhap/{batch.pk}/?xem=xac-nhan").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("answer", "said"), [("yes", "<div>Nguyễn Văn Hải<br>"), ("no", "Chữ giữ nguyên như")])
def test_an_old_font_is_previewed_and_converted_only_when_said(upload, do, client, answer, said):
    batch = upload(ugly("legacy_tcvn3"), "cũ.xlsx")
    page = client.get(f"/nhap/{batch.pk}/?xem=tat-ca").content.decode()
    assert "NguyÔn V¨n H¶i" in page
    assert "<strong>Nguyễn Văn Hải</strong>" in page
    assert "chọn chuyển sang Unicode hay giữ nguyên" in do(batch, "approve").content.decode()
    assert "Chọn chuyển sang Unicode hay giữ nguyên" in do(batch, "fonts").content.decode()
    do(batch, "fonts", convert=answer)
    page = client.get(f"/nhap/{batch.pk}/?xem=tat-ca").content.decode()
    assert said in page
    do(batch, "approve")
    assert Member.objects.filter(full_name="Nguyễn Văn Hải").exists() is (
        answer == "yes"
    )  # else the relation cannot be read


def test_progress_is_seen_without_showing_anybody(upload, client):
    batch = upload()
    ImportBatch.objects.filter(pk=batch.pk).update(state="approved")
    PersonalDataView.objects.all().delete()
    import_progress.tell(batch.pk, 0, 40, 100.0)
    import_progress.tell(batch.pk, 10, 40, 110.0)
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert '<progress class="imp-bar mt" max="40" value="10"' in page
    assert "Đã ghi 10 trong 40 hộ, còn khoảng 30 giây" in page
    assert "Đặng Văn Hoà" not in page
    assert not PersonalDataView.objects.exists()
    assert "10/40" in client.get("/nhap/").content.decode()


def test_a_sheet_given_up_is_stopped_between_two_steps(upload, do, monkeypatch):
    batch = upload()
    ImportBatch.objects.filter(pk=batch.pk).update(state="approved", approved_by=batch.by)
    do(batch, "cancel")
    ImportBatch.objects.filter(pk=batch.pk).update(state="approved")  # as the worker that is at it still sees it
    assert apply_import(batch.pk) == 0
    assert not Household.objects.exists()


def test_a_failed_sheet_is_tried_again(upload, do, client, known):
    batch = upload(HEAD + KNOWN)
    Household.objects.filter(pk=known.pk).update(version=5)
    do(batch, "approve")
    assert "được sửa sau khi kiểm tra" in client.get(f"/nhap/{batch.pk}/").content.decode()
    do(batch, "again")
    do(batch, "approve")
    known.refresh_from_db()
    assert known.address == "12 Lê Duẩn"


def test_a_file_larger_than_any_is_read_past_and_said(as_user, settings, monkeypatch):
    """As a file of 300 MB is: no handler that keeps is given a byte of it."""
    settings.UPLOAD_MOST_BYTES = 1000
    monkeypatch.setattr("households.forms.imports.MAX_BYTES", 1000)
    for keeper in (uploadhandler.MemoryFileUploadHandler, uploadhandler.TemporaryFileUploadHandler):
        monkeypatch.setattr(keeper, "receive_data_chunk", lambda *_: pytest.fail("kept"))
    file = SimpleUploadedFile("ho.csv", b"x" * 5000)
    page = as_user("hoa").post("/nhap/moi/", {"file": file, "day": "04/05/2023"}).content.decode()
    assert "Tệp lớn hơn 50 MB" in page
    assert not ImportBatch.objects.exists()
