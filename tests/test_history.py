"""The history of a row for whoever may see the row, and the two logs for administrators."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts import actions
from accounts.log import log, log_many, log_view
from accounts.models import Event, PersonalDataView
from accounts.sealed import seal
from households.members import Person
from households.services.register import register_household
from reports.models import UnitFigure
from targets import planning, target_services
from targets.models import Indicator, Plan, Target
from tests import make
from tests.reports.units import a_stage
from tests.targets.activities import a_plan

NUMBER = "048071004127"


@pytest.fixture
def home(cast):
    people = [Person("Đặng Văn Hoà", "head", "male", 1971, citizen_id=NUMBER)]
    return register_household(
        ward=cast["hoa"].area,
        group="Tổ 1",
        address="1 đường Thử",
        phone="",
        members=people,
        day=make.START,
        by=cast["hoa"],
    )


def of(row):
    return f"/nhat-ky/{row._meta.label_lower}/{row.pk}/"


@pytest.mark.parametrize(
    ("who", "status", "opened"),
    [
        ("hoa", 200, True),
        ("lan", 200, True),
        ("district", 200, True),
        ("cuc", 200, True),
        ("binh", 404, False),
        ("staff", 404, False),
        ("leader", 404, False),
        ("client", 404, False),
        ("admin", 200, False),
        ("nobody", 403, False),
    ],
)
def test_a_households_history_is_for_who_may_see_it(as_user, home, who, status, opened):
    answer = as_user(who).get(of(home))
    assert answer.status_code == status
    text = answer.content.decode()
    assert NUMBER not in text
    assert ("Đặng Văn Hoà" in text) == opened
    if status == 200:
        assert "Lập hồ sơ hộ" in text
        assert ("đã niêm phong" in text) != opened
        assert PersonalDataView.objects.filter(household_code=home.code, kind="view").exists() == opened


@pytest.mark.parametrize(
    ("who", "whose", "status"), [("hoa", "hoa", 200), ("hoa", "lan", 404), ("admin", "lan", 200), ("cuc", "lan", 404)]
)
def test_an_accounts_history_is_its_owners_and_the_administrators(as_user, cast, who, whose, status):
    log(cast["admin"], "user.changed", cast[whose], before={"full_name": "Cũ"}, after={"full_name": "Mới"})
    answer = as_user(who).get(of(cast[whose]))
    assert answer.status_code == status
    assert ("Cũ → Mới" in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize(
    "path", ["/nhat-ky/khong.co/1/", "/nhat-ky/households/1/", "/nhat-ky/households.household/abc/"]
)
def test_what_does_not_exist_is_not_found(as_user, path):
    assert as_user("admin").get(path).status_code == 404
    assert as_user("hoa").get(path.replace("abc", "9" * 40)).status_code == 404


def test_the_log_is_searched_by_person_action_object_area_and_day(as_user, cast, areas):
    log(cast["hoa"], "user.changed", cast["hoa"], area=areas["ward"])
    log(cast["lan"], "password.changed", cast["lan"], area=areas["commune"])
    client = as_user("admin")

    def found(**asked):
        return [line.event.by.username for line in client.get("/nhat-ky/", asked).context["lines"]]

    assert found() == ["lan", "hoa"]
    assert found(who="hoa") == ["hoa"]
    assert found(who="Người lan") == ["lan"]
    assert found(action="password.changed") == ["lan"]
    assert found(kind="accounts.agency") == []
    assert found(label="người HOA") in (["hoa"], [])  # SQLite folds only ASCII
    assert found(area="492") == ["hoa"], "a ward lies in its district"
    assert found(first="01/01/2099") == []
    assert found(last="01/01/2020") == []
    page = client.get("/nhat-ky/", {"first": "31/02/2023", "action": "khong.co"})
    assert set(page.context["form"].errors) == {"first", "action"}
    assert not page.context["lines"]


def test_pages_are_turned_by_key_and_cost_the_same(as_user, cast, django_assert_max_num_queries):
    log_many(
        cast["hoa"], "user.changed", ((cast["hoa"], {"area": cast["hoa"].area_id}, {"area": 1}) for _ in range(60))
    )
    client = as_user("admin")
    with django_assert_max_num_queries(8):
        page = client.get("/nhat-ky/")
    assert len(page.context["lines"]) == 50
    older = client.get("/nhat-ky/", {"truoc": page.context["older"]})
    assert (len(older.context["lines"]), older.context["older"]) == (10, None)
    assert len(client.get("/nhat-ky/?truoc=x").context["lines"]) == 50


def test_the_log_of_looks_is_searched_and_its_reading_is_a_look(as_user, cast):
    log_view(cast["hoa"], "reveal", "20236-00001", "Đối chiếu giấy tờ")
    log_view(cast["lan"], "view", "20236-00002")
    client = as_user("admin")
    rows = client.get("/nhat-ky/luot-xem/", {"code": "20236-00001"}).context["rows"]
    assert [row.reason for row in rows] == ["Đối chiếu giấy tờ"]
    assert [row.by for row in client.get("/nhat-ky/luot-xem/", {"kind": "view"}).context["rows"]] == [cast["lan"]]
    mine = PersonalDataView.objects.filter(by=cast["admin"])
    assert [look.reason for look in mine] == [
        "Nhật ký lượt xem, việc: view: 1 dòng",
        "Nhật ký lượt xem, mã hộ: 20236-00001: 1 dòng",
    ]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_both_are_handed_out_as_files_with_a_line_in_the_log(as_user, cast, format):
    log(cast["hoa"], "user.changed", cast["hoa"], before=seal({"full_name": "Đặng"}))
    log_view(cast["hoa"], "view", "20236-00001")
    client = as_user("admin")
    for path in ("/nhat-ky/", "/nhat-ky/luot-xem/"):
        answer = client.get(path, {"tai": format, "who": "hoa"})
        content = b"".join(answer.streaming_content)
        assert "attachment" in answer["Content-Disposition"]
        if format == "csv":
            assert "Người hoa" in content.decode()
            assert "Đặng" not in content.decode()
    assert [event.after["asked"] for event in Event.objects.filter(action="log.exported")] == ["ai: hoa"] * 2
    assert client.get("/nhat-ky/", {"tai": "exe"}).status_code == 404


def test_only_administrators_read_the_logs(as_user, cast):
    for name in cast:
        for path in ("/nhat-ky/", "/nhat-ky/luot-xem/"):
            assert as_user(name).get(path).status_code == (200 if name == "admin" else 403)


def test_what_was_searched_for_does_not_stand_in_the_database(cast):
    log_view(cast["hoa"], "list", "", "“Đặng Văn Hoà”: 1 dòng")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM accounts_personaldataview")
        assert "Hoà" not in cursor.fetchone()[0]
    assert PersonalDataView.objects.get().reason == "“Đặng Văn Hoà”: 1 dòng"


@pytest.fixture
def amended(areas, cast):
    """A plan with a clause amended, its city's target handed down, the district's own set over it."""
    plan = a_plan()
    clauses = [plan.clauses.get(ref=ref) for ref in ("III.1", "III.3")]
    office = cast["cuc"]
    planning.amend(clause=clauses[0], text="Lời mới", basis="12/QĐ", day=date(2023, 5, 2), by=office, version=1)
    indicator = Indicator.objects.create(
        code="housing", name="Nhà ở", definition="x", unit="house", source="supports", order=1
    )
    for area, value in (("city", 50), ("urban", 20)):
        Target.objects.create(plan=plan, area=areas[area], indicator=indicator, value=value)
    values = {areas["urban"].pk: {"housing": Decimal(30)}, areas["rural"].pk: {"housing": Decimal(20)}}
    target_services.assign(plan=plan, parent=areas["city"], values=values, reasons={}, by=office)
    own = {"code": "housing", "value": Decimal(35), "basis": "5/KH"}
    target_services.set_own(plan=plan, area=areas["urban"], by=office, **own)
    return plan, *clauses


def said(answer):
    return [" ".join([line.event.action, *line.said]) for line in answer.context["lines"]]


def test_a_clause_and_a_target_tell_their_own_lines_of_the_plans(as_user, amended, areas):
    plan, clause, other = amended
    client = as_user("leader")
    (line,) = said(client.get(of(clause)))
    assert line.startswith("plan.amended nội dung: Giải pháp III.1 → Lời mới")
    assert "có hiệu lực từ: – → 02/05/2023" in line
    assert said(client.get(of(other))) == []
    urban = Target.objects.get(plan=plan, area=areas["urban"])
    assert said(client.get(of(urban))) == [
        "target.own đơn vị tự đặt: – → 35 văn bản tự đặt: – → 5/KH",
        "target.assigned kế hoạch: 20 → 30",
    ]
    rural = Target.objects.get(plan=plan, area=areas["rural"])
    assert said(client.get(of(rural))) == ["target.assigned kế hoạch: – → 20"]
    assert [line.split()[0] for line in said(client.get(of(plan)))] == ["target.assigned", "plan.amended"]
    page = client.get("/ke-hoach/?ngay=30/06/2023").content.decode()
    sheet = client.get(f"/ke-hoach/2023/giao-chi-tieu/{areas['city'].code}/").content.decode()
    assert {of(row) in page for row in (plan, clause, other)} == {True}
    assert {of(row) in sheet for row in (urban, rural)} == {True}


def test_what_is_still_being_written_is_for_those_who_write(as_user, amended, areas, cast):
    plan, clause, _ = amended
    log(cast["cuc"], "plan.comment", plan, after={"agency": "so-y-te", "text": "Góp ý riêng"})
    assert "Góp ý riêng" in as_user("cuc").get(of(plan)).content.decode()
    assert "Góp ý riêng" not in as_user("leader").get(of(plan)).content.decode()
    Plan.objects.update(state="draft")
    for row in (plan, clause, Target.objects.first()):
        assert as_user("leader").get(of(row)).status_code == 404
        assert as_user("cuc").get(of(row)).status_code == 200
    assert as_user("district").get(of(Target.objects.first())).status_code == 200, "hands targets down"


def test_what_a_unit_writes_is_its_own_until_it_is_handed_in(as_user, areas, cast):
    duty = a_stage(areas, cast, a_plan())["health"]
    part = duty.parts.first()
    figure = UnitFigure.objects.create(duty=duty, name="x", unit="person")
    for row in (duty, part, figure):
        log(cast["writer"], "duty.noted", row, after={"text": "Lời chưa gửi"})
        assert "Lời chưa gửi" in as_user("writer").get(of(row)).content.decode()
        for who in ("leader", "writer2", "cuc"):
            assert as_user(who).get(of(row)).status_code == 404, (row, who)


def test_the_admins_own_history_is_the_portals_and_leads_to_what_changed(as_user, cast):
    agency, client = cast["staff"].agency, as_user("admin")
    address = reverse("admin:accounts_agency_history", args=[agency.pk])
    assert "Chưa có dòng nhật ký nào" in client.get(address).content.decode()
    log(cast["admin"], "row.changed", agency, before={"short_name": "Cũ"}, after={"short_name": "Mới"})
    page = client.get(address).content.decode()
    assert actions.label_of("row.changed") in page
    assert of(agency) in page
    assert "tên ngắn: Cũ → Mới" in client.get(of(agency)).content.decode()
    assert client.get(reverse("admin:accounts_agency_history", args=[agency.pk + 99])).status_code == 404
