"""The letter's pages by role, their refusals at the field, and the documents while they are being made."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Event, Job
from reports import services
from reports.models import Document, Letter, Period, Section, SignedCopy, TypedText
from tests.reports import test_letters
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db
READERS = ["hoa", "lan", "binh", "district", "staff", "leader", "client"]


@pytest.fixture
def base(report):
    return f"/bao-cao/van-ban/{report.pk}/"


@pytest.fixture
def cuc(cast):
    return cast["cuc"]


@pytest.mark.parametrize("name", READERS)
def test_whoever_sees_figures_reads_the_letter_and_changes_nothing(as_user, base, report, name):
    client = as_user(name)
    text = client.get(base).content.decode()
    assert "còn 4 hộ nghèo còn sức lao động" in text
    assert "the-thuc/" not in text
    assert "ban-hanh/" not in text
    for path in ("the-thuc/", "phan/causes/"):
        assert client.get(base + path).status_code == 403
    for path in (
        "the-thuc/",
        "phan/causes/",
        "phan/causes/nhap/",
        "lap-tep/",
        "ban-hanh/",
        "ban-ky/",
        "da-gui/",
        "mo/",
    ):
        assert client.post(base + path).status_code == 403, path


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_whoever_does_not_sees_none(as_user, base, name):
    assert as_user(name).get(base).status_code == 403


def test_a_part_is_written_on_its_page(as_user, base):
    client = as_user("cuc")
    answer = client.post(f"{base}phan/causes/", {"text": "Do  giá cả.\r\nDo bão.", "version": 1}, follow=True)
    assert "<p>Do bão.</p>" in answer.content.decode()
    assert Section.objects.get(key="causes").text == "Do giá cả.\nDo bão."
    assert client.get(f"{base}phan/khong-co/").status_code == 404


def test_who_comes_second_sees_both_texts_and_loses_nothing(as_user, base):
    client = as_user("cuc")
    client.post(f"{base}phan/causes/", {"text": "Của người thứ nhất.", "version": 1})
    answer = client.post(f"{base}phan/causes/", {"text": "Của tôi.", "version": 1})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Người khác vừa sửa phần này" in text
    assert "<ins>người thứ nhất.</ins>" in text
    assert ">\nCủa tôi.</textarea>" in text
    assert 'name="version" value="2"' in text
    assert Section.objects.get(key="causes").text == "Của người thứ nhất."


def test_what_is_typed_is_kept_for_the_one_who_types(as_user, base, cast):
    client = as_user("cuc")

    def typed(body):
        return client.post(f"{base}phan/causes/nhap/", body, content_type="application/json")

    assert typed(json.dumps({"text": "Đang gõ dở", "version": "1"})).json()["saved_at"]
    assert Section.objects.get(key="causes").text == ""
    assert "Đang gõ dở</textarea>" in client.get(f"{base}phan/causes/").content.decode()
    for broken in ("{", "[]", '{"text": 5, "version": 1}', '{"text": "a", "version": 0}', '{"version": 1}'):
        assert typed(broken).status_code == 400
    client.post(f"{base}phan/causes/", {"do": "drop"})
    assert "Đang gõ dở" not in client.get(f"{base}phan/causes/").content.decode()
    typed(json.dumps({"text": "Lần nữa", "version": 1}))
    client.post(f"{base}phan/causes/", {"text": "Xong.", "version": 1})
    assert not TypedText.objects.exists()


def test_the_head_says_what_is_wrong_at_its_field(as_user, base):
    client = as_user("cuc")
    given = test_letters.HEAD | {"dated": "30/05/2023", "number": "", "version": 1}
    text = client.post(f"{base}the-thuc/", given).content.decode()
    assert "Ngày ký không trước ngày số liệu 31/05/2023." in text
    given |= {"dated": "01/06/2023", "number": "5"}
    assert "05/BC-SLĐTBXH" in client.post(f"{base}the-thuc/", given, follow=True).content.decode()
    text = client.post(f"{base}the-thuc/", given | {"signer": "Người Khác"}).content.decode()
    assert "Người khác vừa sửa văn bản này" in text
    assert 'value="Người Khác"' in text, "what was typed stays"


def test_issued_signed_sent(as_user, base, report, cuc, django_capture_on_commit_callbacks):
    client = as_user("cuc")
    text = client.post(f"{base}ban-hanh/", {"edition": 1}, follow=True).content.decode()
    assert "Chưa ban hành được, còn thiếu: số văn bản" in text
    test_letters.filled(report.letter, cuc)
    edition = Letter.objects.get().edition
    with django_capture_on_commit_callbacks(execute=True):
        text = client.post(f"{base}ban-hanh/", {"edition": edition}, follow=True).content.decode()
    assert "Đã ghi ban hành." in text
    assert set(Document.objects.values_list("edition", flat=True)) == {edition + 1}
    assert Job.objects.get().state == Job.State.DONE
    page = client.post(f"{base}ban-ky/", {"file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert (page.status_code, "phải là tệp PDF" in page.content.decode()) == (422, True)
    client.post(f"{base}ban-ky/", {"file": io.BytesIO(test_letters.a_pdf())})
    copy = SignedCopy.objects.get()
    answer = as_user("hoa").get(f"/tep/ban-ky/{report.pk}/{copy.pk}/")
    assert answer.content == test_letters.a_pdf()
    assert Event.objects.filter(action="letter.signed_downloaded").exists()
    client = as_user("cuc")
    sent = {"to": ["UBND các quận, huyện"], "sent_on": "02/06/2023", "how": "post"}
    assert "UBND các quận, huyện</b>, bưu điện" in client.post(f"{base}da-gui/", sent, follow=True).content.decode()
    assert client.post(f"{base}da-gui/", sent | {"sent_on": "32/06/2023"}).status_code == 422
    sending = Letter.objects.get().sendings.get()
    client.post(f"{base}da-gui/", {"strike": sending.pk})
    assert not Letter.objects.get().sendings.exists()


def test_a_document_asked_for_while_it_is_made_is_told_so(as_user, report, cuc):
    test_letters.written(report.letter, "causes", "Mới.", cuc)
    client, path = as_user("hoa"), "/bao-cao/2023-05-31/docx/"
    assert client.get(path).status_code == 200, "an older one is still one"
    Period.objects.update(claimed_at=timezone.now())
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (409, "10")
    assert "đang được lập ở nền" in answer.content.decode()
    Period.objects.update(claimed_at=None)
    Document.objects.all().delete()
    assert "chưa được lập" in client.get(path).content.decode()


def test_documents_asked_for_twice_are_one_job(as_user, report, base):
    client = as_user("cuc")
    for _ in range(2):
        client.post(f"{base}lap-tep/")
    assert Job.objects.count() == 1
    assert "Xem tiến độ" in client.get(base).content.decode()


def test_versions_stand_beside_each_other(as_user, report, base, period, cuc):
    second = services.freeze(period=period, today=DAY, reason="Bổ sung quyết định", by=cuc)
    test_letters.written(second.letter, "proposals", "Đề nghị bổ sung kinh phí.", cuc)
    text = as_user("hoa").get(f"{base}khac/2/").content.decode()
    assert "Bổ sung quyết định" in text
    assert "<ins>Đề nghị bổ sung kinh phí.</ins>" in text
    assert "khac/2/" in as_user("hoa").get(base).content.decode()
    assert as_user("hoa").get(f"{base}khac/7/").status_code == 404


def test_the_letter_takes_few_queries(as_user, base, django_assert_max_num_queries):
    client = as_user("cuc")
    client.get(base)
    with django_assert_max_num_queries(16):
        client.get(base)
