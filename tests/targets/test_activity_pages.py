"""The pages of activities, per role: what is shown to whom, what a form keeps when it is refused, files and filters."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import PersonalDataView
from targets.activity_kinds import KINDS
from targets.models import Activity, Attendance, Indicator, ModelHousehold, Target
from tests import make
from tests.targets.activities import DAY, a_committee, a_plan, an_activity, an_officer

LIST, QUOTA, EXPORT = (reverse(name) for name in ("activity_list", "activity_inspections", "activity_export"))


@pytest.fixture
def plan(areas):
    return a_plan()


@pytest.fixture
def committee(areas):
    return a_committee(areas["urban"])


def text(answer):
    return answer.content.decode()


def typed(plan, where, ref="III.3", **more):
    return {
        "title": "Đối thoại quý II", "day": "15/06/2023", "area": where.pk, "clause": plan.clauses.get(ref=ref).pk,
        "households": "1.040", "content": "Hộ xin vay vốn.",
    } | more  # fmt: skip


READERS = {
    "hoa": 200,
    "lan": 200,
    "district": 200,
    "staff": 200,
    "cuc": 200,
    "leader": 200,
    "admin": 403,
    "nobody": 403,
}


@pytest.mark.parametrize(("who", "status"), READERS.items())
def test_who_reads(as_user, plan, areas, cast, who, status):
    row = an_activity(plan, cast["staff"].agency, areas["ward"])
    client = as_user(who)
    for page in (LIST, QUOTA, reverse("activity", args=[row.pk])):
        assert client.get(page).status_code == status
    assert client.get(EXPORT).status_code == status


WRITERS = {"staff": 200, "cuc": 200, "district": 404, "hoa": 403, "leader": 403, "admin": 403}


@pytest.mark.parametrize(("who", "status"), WRITERS.items())
def test_who_corrects(as_user, plan, areas, cast, committee, who, status):
    row = an_activity(plan, cast["staff"].agency, areas["ward"])
    client = as_user(who)
    assert client.get(reverse("activity_edit", args=[row.pk])).status_code == status
    assert client.get(reverse("activity_tick", args=[row.pk])).status_code == status
    page = client.get(reverse("activity", args=[row.pk]))
    if page.status_code == 200:
        assert ("Hủy hoạt động ghi nhầm" in text(page)) == (status == 200)
    answer = client.post(reverse("activity", args=[row.pk]), {"do": "cancel", "x-reason": "Phá", "version": 1})
    row.refresh_from_db()
    assert (row.cancelled_at is not None) == (status == 200), answer.status_code


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_form(as_user, plan, cast, kind):
    page = text(as_user("staff").get(reverse("activity_new", args=[kind])))
    for number in KINDS[kind].numbers:
        assert number.label in page
    assert ("Hạn thực hiện kiến nghị" in page) == (kind == "inspection")
    assert as_user("staff").get(reverse("activity_new", args=["khac"])).status_code == 404


def test_entered_and_shown_and_counted(as_user, plan, areas, cast):
    client = as_user("staff")
    file = SimpleUploadedFile("anh.pdf", b"%PDF-1.4 thu")
    answer = client.post(reverse("activity_new", args=["dialogue"]), typed(plan, areas["ward"], files=[file]))
    row = Activity.objects.get()
    assert answer.url == reverse("activity", args=[row.pk])
    assert (row.households, row.agency, row.day) == (1040, cast["staff"].agency, DAY)
    page = text(client.get(answer.url))
    assert "anh.pdf" in page
    assert "1.040" in page
    assert client.get(reverse("activity_file", args=[row.pk, row.files.get().pk])).content == b"%PDF-1.4 thu"
    for who, status in {"district": 404, "leader": 403}.items():
        assert as_user(who).get(reverse("activity_file", args=[row.pk, row.files.get().pk])).status_code == status
    assert "anh.pdf" not in text(as_user("leader").get(answer.url))
    assert "Đối thoại với hộ nghèo: 1" in text(as_user("leader").get(reverse("plan") + "?ngay=30/06/2023"))


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"households": "-5"}, "households", "Số này không được âm."),
        ({"households": "nhiều"}, "households", "Ghi một số nguyên"),
        ({"households": ""}, "households", "Ghi con số này."),
        ({"day": "31/02/2023"}, "day", "Không có ngày này"),
        ({"day": "15/06/2022"}, "day", "năm 2023"),
        ({"title": ""}, "title", "Ghi cuộc gặp mặt, đối thoại."),
        ({"clause": "0"}, "clause", "lựa chọn"),
        ({"area": "0"}, "area", "lựa chọn"),
        ({"files": [SimpleUploadedFile("a.pdf", b"MZ")]}, "files", "loại tệp không được nhận"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(as_user, plan, areas, more, field, words):
    answer = as_user("staff").post(reverse("activity_new", args=["dialogue"]), typed(plan, areas["ward"], **more))
    assert answer.status_code == 422
    assert words.lower() in " ".join(answer.context["form"].errors[field]).lower()
    assert "Hộ xin vay vốn." in text(answer)
    assert not Activity.objects.exists()


def test_a_stale_correction_is_told(as_user, plan, areas, cast):
    row = an_activity(plan, cast["staff"].agency, areas["ward"], "dialogue", households=3, version=2)
    page = reverse("activity_edit", args=[row.pk])
    client = as_user("staff")
    assert 'value="15/06/2023"' in text(client.get(page))
    stale = client.post(page, typed(plan, areas["ward"], version="1"))
    assert "người khác" in text(stale)
    assert client.post(page, typed(plan, areas["ward"], version="2")).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.version) == ("Đối thoại quý II", 3)


def test_filters_of_the_address(as_user, plan, areas, cast, committee):
    agency = cast["staff"].agency
    an_activity(plan, agency, areas["ward"], "inspection", title="Kiểm tra Một", recommendations="Sửa", follow_by=DAY)
    an_activity(plan, committee, areas["urban"], "dialogue", date(2023, 2, 1), title="Đối thoại Hai", households=2)
    an_activity(plan, agency, areas["commune"], title="Tập huấn Ba")
    client = as_user("leader")

    def shown(**asked):
        page = text(client.get(LIST, asked))
        return [word for word in ("Một", "Hai", "Ba") if f"{word}</a>" in page]

    assert shown() == ["Một", "Hai", "Ba"]
    assert shown(loai="dialogue") == ["Hai"]
    assert shown(co_quan=committee.code) == ["Hai"]
    assert shown(dia_ban=areas["urban"].code) == ["Một", "Hai"]
    assert shown(muc="III.7") == ["Ba"]
    assert shown(tinh_trang="open") == shown(tinh_trang="late") == ["Một"]
    assert shown(tinh_trang="cancelled") == []
    assert shown(tu="01/02/2023", den="01/02/2023") == ["Hai"]
    assert shown(q="doi THOAI") == ["Hai"]
    for name in ("loai", "co_quan", "dia_ban", "muc", "tinh_trang", "tu", "den"):
        page = client.get(LIST, {name: "khong-co"})
        assert page.status_code == 200
        assert f'id="{name}-loi"' in text(page)
    file = b"".join(client.get(EXPORT, {"loai": "dialogue"}).streaming_content).decode()
    assert "Đối thoại Hai" in file
    assert "Tập huấn Ba" not in file
    assert b"".join(client.get(EXPORT, {"format": "xlsx"}).streaming_content)[:2] == b"PK"


def test_the_list_costs_the_same_for_many(as_user, plan, areas, cast, django_assert_max_num_queries):
    for number in range(40):
        an_activity(plan, cast["staff"].agency, areas["ward"], "dialogue", households=number)
    client = as_user("cuc")
    client.get(LIST)  # the plan and its day are kept from here
    with django_assert_max_num_queries(14):
        client.get(LIST)


def test_the_quota_with_its_pace_and_what_is_open(as_user, plan, areas, cast, committee):
    for code, value in (("inspected_urban_districts", 1), ("inspected_wards", 14)):
        indicator = Indicator.objects.create(code=code, name=code, definition="x", unit="unit", source="activities")
        Target.objects.create(plan=plan, indicator=indicator, area=areas["city"], value=value, in_appendix=False)
    agency = cast["staff"].agency
    an_activity(plan, agency, areas["ward"], "inspection", title="Có kiến nghị", recommendations="Sửa")
    an_activity(plan, committee, areas["next_ward"], "inspection")
    page = text(as_user("leader").get(QUOTA + "?ngay=30/06/2023"))
    assert "1 phường, xã" in page
    assert "kế hoạch 14 phường, xã" in page
    assert "thiếu 6 so với mốc hôm nay" in page  # half of the year: 7
    assert "0 quận" in page
    assert "huyện</small>" not in page  # no quota is set for it
    assert "Có kiến nghị" in page.partition("Kiến nghị chưa thực hiện xong")[2]
    living = text(as_user("leader").get(reverse("plan") + "?ngay=30/06/2023"))
    assert "kế hoạch 14 phường, xã" in living


def test_ticking_by_page_and_names_only_for_who_may(as_user, plan, areas, cast):
    row = an_activity(plan, cast["staff"].agency, areas["urban"])
    one, two = an_officer(areas["ward"], "Cán bộ Một"), an_officer(areas["next_ward"], "Cán bộ Hai")
    client, page = as_user("staff"), reverse("activity_tick", args=[row.pk])
    assert "Cán bộ Một" in text(client.get(page))
    assert "Cán bộ Hai" not in text(client.get(page, {"dia_ban": areas["ward"].code}))
    client.post(page, {"hien": [one.pk, two.pk], "co_mat": [one.pk], "do": "tick"})
    assert list(Attendance.objects.values_list("officer", flat=True)) == [one.pk]
    client.post(page, {"hien": [one.pk, two.pk], "do": "all"})
    assert Attendance.objects.count() == 2
    shown = text(as_user("leader").get(reverse("activity", args=[row.pk])))
    assert "2 cán bộ được điểm danh" in shown
    assert "Cán bộ Một" not in shown


def test_households_of_a_model_are_named_to_their_area_and_masked_to_the_agency(as_user, plan, areas, cast):
    row = an_activity(plan, cast["staff"].agency, areas["urban"], "model", form="farming")
    home, next_door = (
        make.a_household(areas["ward"], "Trần Văn Thử"),
        make.a_household(areas["next_ward"], "Lê Thị Bên"),
    )
    page = reverse("activity", args=[row.pk])
    for one in (home, next_door):
        answer = as_user("staff").post(page, {"do": "join", "j-code": one.code, "j-joined_on": "01/07/2023"})
        assert answer.status_code == 302
    PersonalDataView.objects.all().delete()
    staff, hoa, leader = (text(as_user(name).get(page)) for name in ("staff", "hoa", "leader"))
    assert "T. V. Thử" in staff
    assert "Trần Văn Thử" not in staff
    assert "Trần Văn Thử" in hoa
    assert next_door.code not in hoa
    assert home.code not in leader
    assert "2 hộ tham gia" in leader
    assert PersonalDataView.objects.filter(kind="list").count() == 2  # the two who saw somebody
    wrong = as_user("staff").post(page, {"do": "join", "j-code": "khong-co", "j-joined_on": "01/07/2023"})
    assert "Không có hộ mã này" in text(wrong)
    link = ModelHousehold.objects.get(household=home)
    result = reverse("activity_household", args=[row.pk, link.pk])
    given = {"joined_on": "01/07/2023", "result": "better", "result_on": "", "version": 1}
    assert "Ghi ngày đánh giá." in text(as_user("staff").post(result, given))
    assert as_user("staff").post(result, given | {"result_on": "02/07/2024"}).status_code == 302
    assert "Thu nhập tăng" in text(as_user("staff").get(page))
    for who, status in {"hoa": 403, "district": 404}.items():
        assert as_user(who).get(result).status_code == status


def test_recommendations_proof_and_undo_on_the_page(as_user, plan, areas, cast):
    row = an_activity(plan, cast["staff"].agency, areas["ward"], "inspection", recommendations="Sửa")
    client, page = as_user("staff"), reverse("activity", args=[row.pk])
    assert (
        client.post(page, {"do": "follow", "f-step": "close", "f-day": "14/06/2023", "f-text": "x"}).status_code == 422
    )
    client.post(page, {"do": "follow", "f-step": "close", "f-day": "16/06/2023", "f-text": "Đã sửa"})
    assert "Đã thực hiện xong" in text(client.get(page))
    assert client.post(page, {"do": "proof"}).status_code == 422
    client.post(page, {"do": "proof", "p-files": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    assert row.files.count() == 1
    client.post(page, {"do": "drop", "file": row.files.get().pk})
    assert row.files.count() == 0
    row.refresh_from_db()
    client.post(page, {"do": "cancel", "x-reason": "Hoãn", "version": row.version})
    row.refresh_from_db()
    assert "Hoãn" in text(client.get(page))
    assert "Kiến nghị chưa" not in text(client.get(LIST))
    client.post(page, {"do": "restore", "version": row.version})
    row.refresh_from_db()
    assert row.cancelled_at is None
    assert client.post(page, {"do": "khac"}).status_code == 400


def test_empty_pages_say_what_to_do(as_user, plan):
    assert "Chưa có hoạt động nào" in text(as_user("staff").get(LIST))
    assert "không đặt chỉ tiêu kiểm tra" in text(as_user("staff").get(QUOTA))
    assert "Chưa có danh sách" in text(as_user("hoa").get(reverse("roster_list")))
