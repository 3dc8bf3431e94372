"""Pages of tasks: who opens them and sees the inside, what is refused at its field, what they cost."""

import gzip
import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, Notice
from targets.models import Assignment, Clause, Evidence, InputRequest, TaskComment, TaskUpdate
from tests import make
from tests.targets.tasks import PDF, a_stage, moved

READERS = ["hoa", "lan", "district", "staff", "other", "cuc", "leader", "client"]
LIST = "/ke-hoach/nhiem-vu/"
PAGES = [LIST, f"{LIST}bang/", f"{LIST}lich/", f"{LIST}ma-tran/", "/ke-hoach/co-quan/so-thu/"]


@pytest.fixture
def stage(areas, cast, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2023, 6, 15))
    return a_stage(areas, cast)


def text_of(response):
    return " ".join(response.content.decode().split())


def url(task):
    return f"{LIST}{task.pk}/"


def send(browser, task, do, **fields):
    task.refresh_from_db()
    return browser.post(url(task), {"do": do, "version": task.version} | fields)


@pytest.mark.parametrize("page", [*PAGES, "one", f"{LIST}xuat/"])
def test_whoever_sees_figures_opens_the_page_and_nobody_else(stage, as_user, page):
    path = url(stage["own"]) if page == "one" else page
    for name in READERS:
        assert as_user(name).get(path).status_code == 200, name
    for name in ("admin", "nobody"):
        assert as_user(name).get(path).status_code == 403, name


@pytest.mark.parametrize("page", PAGES)
def test_without_a_plan_the_page_says_so(areas, as_user, page):
    assert "Chưa có kế hoạch" in text_of(as_user("leader").get(page))


def test_what_does_not_exist_is_not_found(stage, as_user):
    for path in (f"{LIST}999999/", "/ke-hoach/co-quan/khong-co/", f"/tep/nhiem-vu/{stage['own'].pk}/1/"):
        assert as_user("cuc").get(path).status_code == 404, path


def test_a_task_walks_through_the_pages_from_assigned_to_verified(stage, as_user):
    task = stage["own"]
    browser = as_user("cuc")
    answer = send(browser, task, "schedule", **{"s-rhythm": "once", "s-due_on": "01/06/2023", "s-proof_asked": "on"})
    assert answer.status_code == 302
    assert "Quá hạn 14 ngày" in text_of(browser.get(url(task)))
    browser = as_user("staff")
    refused = send(browser, task, "finish", **{"u-text": "Xong."})
    assert refused.status_code == 422
    assert "id_u-files_error" in text_of(refused)
    assert "Xong." in text_of(refused), "what was typed is kept"
    file = SimpleUploadedFile("Biên bản.pdf", PDF.content)
    assert send(browser, task, "finish", **{"u-text": "Xong.", "u-files": file}).status_code == 302
    browser = as_user("cuc")
    page = text_of(browser.get(url(task)))
    assert "Biên bản.pdf" in page
    assert send(browser, task, "return", **{"return-text": ""}).status_code == 422
    assert send(browser, task, "verify").status_code == 302
    task.refresh_from_db()
    assert (task.state, task.verified_by.username) == ("verified", "cuc")
    assert "Đã xác nhận" in text_of(as_user("leader").get("/ke-hoach/nhiem-vu/"))


@pytest.mark.parametrize(
    ("who", "do", "fields", "field"),
    [
        ("staff", "update", {"u-text": "x", "u-percent": "101"}, "id_u-percent_error"),
        ("staff", "update", {"u-text": "x", "u-percent": "nửa"}, "id_u-percent_error"),
        ("staff", "update", {"u-text": " "}, "id_u-text_error"),
        ("staff", "update", {"u-text": "x", "u-counted": "lớp", "u-amount": "ba"}, "id_u-amount_error"),
        ("staff", "update", {"u-text": "x", "u-for_day": "2023-11-30"}, "id_u-for_day_error"),
        ("staff", "comment", {"c-text": "Nhờ @other xem"}, "id_c-text_error"),
        ("staff", "subtask", {"t-text": "x", "t-due_on": "01/01/2024"}, "id_t-due_on_error"),
        ("staff", "ask", {"a-agency": "0", "a-text": "x", "a-due_on": "01/07/2023"}, "id_a-agency_error"),
        ("cuc", "schedule", {"s-rhythm": "once", "s-due_on": "01/01/2024"}, "id_s-due_on_error"),
        ("cuc", "schedule", {"s-rhythm": "once", "s-due_on": "30/02/2023"}, "id_s-due_on_error"),
        ("cuc", "schedule", {"s-rhythm": "weekly"}, "id_s-rhythm_error"),
        ("cuc", "excuse", {"excuse-text": ""}, "id_excuse-text_error"),
    ],
)
def test_what_is_wrong_stands_at_its_field(stage, as_user, who, do, fields, field):
    answer = send(as_user(who), stage["own"], do, **fields)
    assert answer.status_code == 422
    assert field in text_of(answer)
    stage["own"].refresh_from_db()
    assert (stage["own"].version, stage["own"].due_on) == (1, None)
    assert not TaskUpdate.objects.exists()
    assert not TaskComment.objects.exists()
    assert not InputRequest.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bao-cao.pdf", b"MZ\x90\x00", "loại tệp không được nhận"),
        ("anh.png", b"<svg onload=alert(1)>", "loại tệp không được nhận"),
        ("to.pdf", b"%PDF-" + b"x" * (10 * 1024 * 1024), "lớn hơn 10 MB"),
    ],
)
def test_a_forbidden_file_is_refused_by_its_content(stage, as_user, name, content, why):
    fields = {"u-text": "Xong.", "u-files": SimpleUploadedFile(name, content)}
    answer = send(as_user("staff"), stage["own"], "finish", **fields)
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not Evidence.objects.exists()


def test_evidence_is_an_attachment_for_the_circle_of_the_task(stage, cast, as_user):
    moved(stage["own"], "update", cast["staff"], files=[PDF])
    path = f"/tep/nhiem-vu/{stage['own'].pk}/{Evidence.objects.get().pk}/"
    for name in ("staff", "cuc", "mai"):
        answer = as_user(name).get(path)
        assert (answer.status_code, answer.content) == (200, PDF.content)
    for name in ("other", "district", "leader", "hoa", "client"):
        assert as_user(name).get(path).status_code == 404, name
    assert as_user("staff").get(path.replace(f"/{stage['own'].pk}/", f"/{stage['health'].pk}/")).status_code == 404


def test_the_inside_is_for_the_inside(stage, cast, as_user):
    moved(stage["own"], "update", cast["staff"], text="Đã họp.", files=[PDF])
    send(as_user("staff"), stage["own"], "comment", **{"c-text": "Lời nội bộ"})
    send(as_user("staff"), stage["own"], "subtask", **{"t-text": "Việc nội bộ"})
    for name in ("staff", "cuc"):
        page = text_of(as_user(name).get(url(stage["own"])))
        for word in ("Lời nội bộ", "Việc nội bộ", "bien-ban.pdf", "Lịch sử"):
            assert word in page, (name, word)
    for name in ("other", "district", "leader", "hoa", "client"):
        page = text_of(as_user(name).get(url(stage["own"])))
        assert "Đã họp." in page
        for word in ("Lời nội bộ", "Việc nội bộ", "bien-ban.pdf", "Lịch sử", "@cuc"):
            assert word not in page, (name, word)


@pytest.mark.parametrize(
    "do", ["update", "finish", "verify", "return", "excuse", "schedule", "comment", "ask", "subtask"]
)
def test_others_post_in_vain(stage, cast, as_user, do):
    fields = {"u-text": "x", "c-text": "x", "t-text": "x", f"{do}-text": "x", "s-rhythm": "monthly"}
    fields |= {"a-agency": stage["committee"].pk, "a-text": "x", "a-due_on": "01/07/2023"}
    for name in ("other", "leader"):
        assert send(as_user(name), stage["own"], do, **fields).status_code == 403, name
    assert not TaskUpdate.objects.exists()
    assert not TaskComment.objects.exists()


def test_a_mention_reaches_the_header_and_the_home(stage, cast, as_user):
    send(as_user("cuc"), stage["own"], "comment", **{"c-text": "@staff xem giúp"})
    page = text_of(as_user("staff").get("/"))
    assert "nhắc bạn ở nhiệm vụ IV.1.a" in page
    assert "1<span" in page


def test_a_partner_is_asked_and_answers_on_the_page(stage, as_user):
    task = stage["own"]
    fields = {"a-agency": stage["health_agency"].pk, "a-text": "Gửi số thẻ", "a-due_on": "01/07/2023"}
    assert send(as_user("staff"), task, "ask", **fields).status_code == 302
    row = InputRequest.objects.get()
    assert "Đơn vị khác chờ phối hợp" in text_of(as_user("other").get("/"))
    assert "Gửi số thẻ" in text_of(as_user("other").get("/ke-hoach/co-quan/so-y-te/"))
    empty = as_user("other").post(url(task), {"do": "answer", "request": row.pk, f"r{row.pk}-text": ""})
    assert empty.status_code == 422
    assert f"id_r{row.pk}-text_error" in text_of(empty)
    as_user("other").post(url(task), {"do": "answer", "request": row.pk, f"r{row.pk}-text": "12 thẻ"})
    assert "12 thẻ" in text_of(as_user("staff").get(url(task)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"IV.1.a", "IV.2.a", "IV.14.a"}),
        ({"co_quan": "so-y-te"}, {"IV.2.a"}),
        ({"vai_tro": "lead"}, {"IV.1.a"}),
        ({"tinh_trang": "late"}, {"IV.1.a", "IV.14.a"}),
        ({"tinh_trang": "done"}, {"IV.2.a"}),
        ({"han": "late"}, {"IV.1.a", "IV.14.a"}),
        ({"han": "2023-05-31"}, {"IV.1.a", "IV.14.a"}),
        ({"han": "30"}, set()),
        ({"muc": "IV.14"}, {"IV.14.a"}),
        ({"q": "iv.2 NHA o"}, {"IV.2.a"}),
        ({"q": "không có"}, set()),
        ({"co_quan": "so-y-te", "vai_tro": "lead"}, set()),
    ],
)
def test_the_list_and_its_files_hold_what_the_address_asks_for(stage, cast, as_user, query, found):
    moved(stage["health"], "finish", cast["other"])
    browser = as_user("leader")
    page = browser.get(LIST, query).content.decode()
    assert set(re.findall(r"nhiệm vụ (IV\.[\w.]+)</span>", page)) == found
    assert ("Không có nhiệm vụ nào" in page) == (not found)
    lines = b"".join(browser.get(f"{LIST}xuat/", query | {"format": "csv"})).decode("utf-8-sig").splitlines()
    assert {line.split(";")[0] for line in lines[1:]} == found
    book = openpyxl.load_workbook(io.BytesIO(b"".join(browser.get(f"{LIST}xuat/", query | {"format": "xlsx"}))))
    assert {row[0].value for row in book.active.iter_rows(min_row=2)} == found


@pytest.mark.parametrize("name", ["co_quan", "vai_tro", "tinh_trang", "han", "muc"])
def test_an_unknown_filter_is_told_at_its_field(stage, as_user, name):
    for page in PAGES[:3]:
        assert f'id="{name}-loi"' in text_of(as_user("leader").get(page, {name: "x"})), page


def test_the_board_the_calendar_and_the_matrix_show_each_task(stage, cast, as_user):
    moved(stage["health"], "finish", cast["other"])
    board = text_of(as_user("leader").get(PAGES[1]))
    assert re.search(r"Quá hạn</h2><b>2</b>", board)
    assert re.search(r"Xong, chờ xác nhận</h2><b>1</b>", board)
    calendar = text_of(as_user("leader").get(PAGES[2]))
    assert "Tháng 5/2023" in calendar
    assert "IV.14.a, UBND Hải Châu" in calendar
    matrix = text_of(as_user("leader").get(PAGES[3]))
    assert 'aria-label="IV.2.a, Sở Y tế: Xong, chờ xác nhận"' in matrix
    assert 'aria-label="IV.1.a, Sở LĐ: Quá hạn 15 ngày"' in matrix


def test_bulk_asks_first_and_then_does_it_for_all_or_none(stage, cast, as_user):
    path, browser = f"{LIST}hang-loat/", as_user("cuc")
    keys = [stage["own"].pk, stage["district"].pk]
    asked = text_of(browser.get(path, {"viec": "giao-han", "chon": keys}))
    assert "2 nhiệm vụ" in asked
    assert not Assignment.objects.exclude(due_on=None).exists(), "asking does nothing"
    wrong = browser.post(path, {"viec": "giao-han", "chon": keys, "rhythm": "once", "due_on": "01/01/2024"})
    assert wrong.status_code == 422
    assert "id_due_on_error" in text_of(wrong)
    assert not Assignment.objects.exclude(due_on=None).exists()
    browser.post(path, {"viec": "giao-han", "chon": keys, "rhythm": "once", "due_on": "30/06/2023", "proof_asked": ""})
    assert set(Assignment.objects.filter(due_on=date(2023, 6, 30)).values_list("pk", flat=True)) == set(keys)
    refused = browser.post(path, {"viec": "xac-nhan", "chon": keys})
    assert "không chờ xác nhận" in text_of(refused)
    assert browser.post(path, {"viec": "don-doc", "chon": keys}).status_code == 302
    assert Notice.objects.filter(text__contains="đôn đốc").exists()
    moved(stage["own"], "finish", cast["staff"])
    assert browser.post(path, {"viec": "xac-nhan", "chon": keys[:1]}).status_code == 302
    assert "Chưa chọn nhiệm vụ nào" in text_of(browser.get(path, {"viec": "xac-nhan"}))
    assert browser.get(path, {"viec": "xoa"}).status_code == 400
    for name in ("staff", "district", "leader"):
        assert as_user(name).get(path, {"viec": "don-doc"}).status_code == 403


def test_homes_answer_what_waits(stage, cast, as_user):
    staff = text_of(as_user("staff").get("/"))
    assert "1 nhiệm vụ quá hạn" in staff
    assert "IV.1.a" in staff
    moved(stage["own"], "finish", cast["staff"])
    moved(stage["own"], "return", cast["cuc"], text="Thiếu dấu.")
    assert "Bị trả lại" in text_of(as_user("staff").get("/"))
    moved(stage["health"], "finish", cast["other"])
    office = text_of(as_user("mai").get("/"))
    assert "1 nhiệm vụ chờ xác nhận" in office
    assert "2 nhiệm vụ của 2 cơ quan quá hạn" in office
    assert "UBND Hải Châu" in office


def test_somebody_without_tasks_opens_the_dashboard(stage, cast, as_user):
    cast["idle"] = make.a_user("department_staff", agency=make.an_agency("hoi", name="Hội"), username="idle")
    assert as_user("idle").get("/").url == reverse("dashboard")


@pytest.fixture
def crowd(stage, cast):
    """2,000 assignments: 47 agencies, 43 clauses, some with history."""
    agencies = [
        make.an_agency(f"don-vi-{number}", name=f"Đơn vị {number}", short_name=f"ĐV {number}") for number in range(47)
    ]
    heading = Clause.objects.get(ref="IV.1", kind="agency")
    clauses = Clause.objects.bulk_create(
        Clause(plan=stage["plan"], ref=f"IV.1.{n}", kind="task", order=50 + n, text="Việc. " * 30, parent=heading)
        for n in range(43)
    )
    rows = Assignment.objects.bulk_create(
        Assignment(clause=clause, agency=agency, role="own", state="in_progress" if agency.pk % 2 else "not_started")
        for clause in clauses
        for agency in agencies
    )
    TaskUpdate.objects.bulk_create(
        TaskUpdate(assignment=row, by=cast["staff"], move="update", percent=1, state="in_progress")
        for row in rows[:500]
    )
    assert Assignment.objects.count() > 2000
    return rows


@pytest.mark.parametrize("page", [*PAGES[:4], "/ke-hoach/co-quan/don-vi-3/", "/", "/ke-hoach/"])
def test_two_thousand_tasks_cost_at_most_ten_queries(crowd, standards, as_user, page):
    browser = as_user("cuc")
    browser.get(page)
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)
    assert answer.status_code == 200
    # one agency's page asks for what others wait for, too; the home counts reports and notices, the living plan every
    # figure, its year, activities and money
    most = {"/ke-hoach/co-quan/don-vi-3/": 11, "/": 17, "/ke-hoach/": 34}.get(page, 10)
    assert len(asked) <= most, "\n".join(query["sql"][:120] for query in asked)
    assert len(gzip.compress(answer.content)) < 40_000


def test_one_task_costs_the_same_whatever_was_said(stage, cast, as_user):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            browser.get(url(stage["own"]))
        return len(asked)

    browser = as_user("cuc")
    moved(stage["own"], "update", cast["staff"], files=[PDF])
    send(browser, stage["own"], "comment", **{"c-text": "Một"})
    browser.get(url(stage["own"]))
    few = cost()
    for _ in range(10):
        moved(stage["own"], "update", cast["staff"], files=[PDF, PDF])
        TaskComment.objects.create(assignment=stage["own"], by=cast["staff"], text="Nhiều")
    assert cost() == few
    assert few <= 32
    assert Agency.objects.count() == 3
