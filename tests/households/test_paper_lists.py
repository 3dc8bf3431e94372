"""The list after a review: who stands on which sheet, where the rows begin, who may have it and with what numbers."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import PersonalDataView
from households import list_queries, list_sheet
from households.models import Member
from households.sealed import vault
from households.views import paper_lists
from tests import make

TODAY = date(2023, 12, 20)
SINCE = date(2023, 1, 1)
NUMBER = "048071004127"


@pytest.fixture
def homes(areas, cast, standards, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    central = standards[0]
    made = {
        "poor": make.a_household(areas["ward"], head="=Trần Văn Nghèo", members=3),
        "escaped": make.a_household(areas["ward"], head="Lê Văn Thoát"),
        "near": make.a_household(areas["ward"], head="Đỗ Văn Cận"),
        "once": make.a_household(areas["ward"], head="Hồ Văn Xưa"),
        "other": make.a_household(areas["next_ward"], head="Võ Văn Khác"),
    }
    Member.objects.filter(household=made["poor"], relation="head").update(
        citizen_id_sealed=vault().seal(NUMBER), citizen_id_last4=NUMBER[-4:]
    )
    make.a_spell(made["poor"], central)
    make.a_spell(made["other"], central)
    make.a_spell(made["escaped"], central, valid_to=date(2023, 12, 14))
    make.a_spell(made["near"], central, valid_to=date(2023, 12, 20), closed_as="to_near_poor")
    make.a_spell(made["near"], central, "near_poor", valid_from=date(2023, 12, 20), opened_as="from_poor")
    make.a_spell(made["once"], central, "near_poor", valid_from=date(2022, 6, 1), valid_to=date(2022, 12, 31))
    review = make.a_review(made["poor"], cast["hoa"], surveyed_on=date(2023, 10, 3))
    review.state, review.decided_by, review.decided_on = "decided", cast["lan"], date(2023, 12, 14)
    review.decision_number, review.cause_no_capital, review.cause_no_labour = "12/QĐ-UBND", True, True
    review.save()
    return made


def typed(homes, standards, **more):
    values = {"ward": homes["poor"].ward_id, "standard": standards[0].code}
    return values | {"day": "20/12/2023", "since": "01/01/2023"} | more


def sheets_of(answer):
    return load_workbook(BytesIO(answer.content)).worksheets


def named(sheet, first, column):
    return [cell.value for cell in sheet[column][first - 1 :] if cell.value]


def test_the_three_sheets(as_user, homes, standards):
    answer = as_user("hoa").post(reverse("paper_list"), typed(homes, standards))
    after, poor, near = sheets_of(answer)
    rows = list(after.iter_rows(min_row=8, values_only=True))
    head, child = rows[0], rows[1]
    assert named(after, 8, "B") == ["'=Trần Văn Nghèo", "Đỗ Văn Cận"], "a name is never a formula"
    assert len(named(after, 8, "C")) == 5
    assert head[:7] == (1, "'=Trần Văn Nghèo", "'=Trần Văn Nghèo", "Chủ hộ", "1975", "Nam", "••••••••4127")
    assert head[11] == "20236"
    assert head[14:19] == ("Hộ nghèo", "12/QĐ-UBND", "14/12/2023", 165, 30)
    assert (head[20], head[-2], head[-1]) == (None, 48, 3)
    assert head[22] == "Không có / thiếu vốn sản xuất, kinh doanh; Không có / thiếu lao động"
    assert child[:2] == (None, None)
    assert set(child[7:13]) == set(child[14:24]) == {None}
    assert (child[13], child[-2], child[-1]) == ("Kinh", 23, None)
    assert named(poor, 10, "B") == ["Lê Văn Thoát", "Trần Thị Con 1", "Đỗ Văn Cận", "Trần Thị Con 1"]
    assert poor["K10"].value == "Thoát nghèo, 14/12/2023"
    assert poor["K12"].value == "Thành hộ cận nghèo, 20/12/2023"
    assert near["B10"].value is None
    assert (after.print_title_rows, poor.print_title_rows) == ("$6:$7", "$8:$9")
    assert (after.page_setup.orientation, after.page_setup.paperSize) == ("landscape", 9)
    assert (after.page_setup.fitToWidth or 1, after.page_setup.fitToHeight) == (1, 0)
    looks = PersonalDataView.objects.filter(by__username="hoa")
    assert [look.kind for look in looks] == ["export"]
    assert looks[0].reason.endswith("đến 20/12/2023: 3 hộ")


@pytest.mark.parametrize(
    ("since", "day", "gone"),
    [
        (date(2023, 12, 14), date(2023, 12, 14), 1),
        (date(2023, 12, 15), date(2023, 12, 19), 0),
        (SINCE, date(2023, 12, 20), 2),
        (date(2023, 12, 20), date(2023, 12, 20), 1),
    ],
)
def test_the_window_of_those_who_escaped(cast, areas, homes, standards, since, day, gone):
    found = list_queries.after_review(cast["hoa"], areas["ward"], standards[0], since, day, full=False)
    assert found.sheets[1].foot == f"Cộng: {gone} hộ."


def test_whole_numbers_need_the_right_and_a_reason(as_user, homes, standards):
    url = reverse("paper_list")
    browser = as_user("hoa")
    refused = browser.post(url, typed(homes, standards, full="on", reason="abc"))
    assert "Ghi rõ lý do" in refused.content.decode()
    assert not PersonalDataView.objects.exists()
    answer = browser.post(url, typed(homes, standards, full="on", reason="Đối chiếu bảo hiểm"))
    assert sheets_of(answer)[0]["G8"].value == NUMBER
    revealed = PersonalDataView.objects.filter(kind="reveal")
    assert revealed.count() == 3
    assert all(look.reason.endswith("Đối chiếu bảo hiểm") for look in revealed)
    masked = as_user("district").post(url, typed(homes, standards, full="on", reason="Đối chiếu bảo hiểm"))
    assert sheets_of(masked)[0]["G8"].value == "••••••••4127"


def test_who_may_have_it(as_user, homes, standards):
    url = reverse("paper_list")
    assert as_user("leader").get(url).status_code == 403
    assert as_user("hoa").get(url).status_code == 200
    foreign = as_user("binh").post(url, typed(homes, standards))
    assert "Chọn phường, xã trong địa bàn" in foreign.content.decode()
    for user in ("district", "cuc"):
        assert as_user(user).post(url, typed(homes, standards))["Content-Type"].endswith("sheet")
    for wrong in ({"day": "21/12/2023"}, {"since": "21/12/2023"}, {"standard": "x"}):
        assert as_user("hoa").post(url, typed(homes, standards, **wrong))["Content-Type"].startswith("text/html")


def test_nothing_is_written_down_when_the_sheet_fails(client, as_user, homes, standards, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    browser = as_user("hoa")
    monkeypatch.setattr(list_sheet, "render", broken)
    with pytest.raises(RuntimeError):
        browser.post(reverse("paper_list"), typed(homes, standards))
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    monkeypatch.setattr(paper_lists, "log_numbers", broken)  # the second of two writes
    with pytest.raises(RuntimeError):
        browser.post(reverse("paper_list"), typed(homes, standards, full="on", reason="Đối chiếu bảo hiểm"))
    assert not PersonalDataView.objects.exists()


def test_a_longer_list_takes_no_more_queries(cast, areas, homes, standards, django_assert_num_queries):
    for number in range(5):
        make.a_spell(make.a_household(areas["ward"], head=f"Bùi Văn {number}"), standards[0])
    with django_assert_num_queries(5):
        found = list_queries.after_review(cast["hoa"], areas["ward"], standards[0], SINCE, TODAY, full=False)
        assert sum(1 for _ in found.sheets[0].rows) == 15
