"""The pages of a dossier: who sees which, what each step offers, and that what is typed wrong is said at its field."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PersonalDataView
from households.models import Dossier, DossierStep, Listed, Meeting, Review
from households.services import complaints, dossiers
from tests.households.test_dossiers import at_meeting, listed, met, post, surveyed  # noqa: F401
from tests.make import a_review, a_round


@pytest.fixture
def now(monkeypatch):
    """Doors ask what day it is: here it is a day of the round."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2023, 10, 2))


@pytest.fixture
def dossier(areas, cast, listed, now):  # noqa: F811
    return dossiers.open_dossier(round=a_round(), ward=areas["ward"], by=cast["hoa"], today=date(2023, 10, 2))


def act(client, dossier, what, follow=True, **given):
    dossier.refresh_from_db()
    return client.post(
        reverse("dossier_act", args=[dossier.pk, what]), {"version": dossier.version} | given, follow=follow
    )


def test_the_officer_opens_the_wards_dossier_from_the_board(client, cast, listed, now):  # noqa: F811
    round = a_round()
    client.force_login(cast["hoa"])
    assert "Mở hồ sơ" in client.get(reverse("dossier_board")).content.decode()
    page = client.post(reverse("dossier_open", args=[round.pk]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("dossier", args=[Dossier.objects.get().pk])
    assert "đưa 2 hộ vào danh sách" in page.content.decode()
    again = client.post(reverse("dossier_open", args=[round.pk]), follow=True)
    assert "đã mở hồ sơ của đợt này" in again.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("hoa", 200), ("lan", 200), ("district", 200), ("cuc", 200), ("binh", 404), ("staff", 403)]
)
def test_who_sees_a_dossier(client, cast, dossier, who, status):
    client.force_login(cast[who])
    assert client.get(reverse("dossier", args=[dossier.pk])).status_code == status
    if status == 200:
        assert PersonalDataView.objects.filter(by=cast[who], kind="list").exists()


def test_a_ward_sees_its_own_on_the_board_and_the_office_everybodys(client, cast, dossier):
    for who, rows in (("hoa", 1), ("binh", 0), ("cuc", 1), ("district", 1)):
        client.force_login(cast[who])
        board = client.get(reverse("dossier_board"))
        assert len(board.context["rows"]) == rows
    client.force_login(cast["cuc"])
    board = client.get(reverse("dossier_board"))
    assert board.context["not_opened"] == 2  # of the three wards one has opened its dossier
    assert "2 phường, xã chưa mở hồ sơ" in board.content.decode()


def test_the_list_is_ticked_off_with_a_reason(client, cast, dossier):
    client.force_login(cast["hoa"])
    row = dossier.listed.first()
    page = act(client, dossier, "bo", listed=[row.pk], reason="")
    assert "Ghi lý do không rà soát" in page.content.decode()
    act(client, dossier, "bo", listed=[row.pk], reason="Đã chuyển đi")
    assert Listed.objects.get(pk=row.pk).reason == "Đã chuyển đi"
    out = client.get(reverse("dossier", args=[dossier.pk]), {"xem": "out"}).content.decode()
    assert "Đã chuyển đi" in out
    act(client, dossier, "dua-lai", listed=[row.pk])
    assert Listed.objects.get(pk=row.pk).included


def test_a_code_that_is_not_of_the_ward_is_refused_at_its_field(client, cast, dossier, listed):  # noqa: F811
    client.force_login(cast["hoa"])
    page = act(client, dossier, "them", code=listed[2].code)
    assert page.context["forms"]["add"].errors["code"] == ["Không có hộ này trong địa bàn."]


def test_what_is_missing_stands_beside_the_button(client, cast, dossier):
    client.force_login(cast["hoa"])
    act(client, dossier, "chuyen", move="finish")
    page = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert "Còn 2 hộ chưa có phiếu" in page
    surveyed(dossier, cast["hoa"])
    page = act(client, dossier, "chuyen", move="finish").content.decode()
    assert "Chưa có biên bản: Tổ 1, Tổ 2." in page


def test_minutes_typed_wrong_are_kept_and_named(client, cast, at_meeting, now):  # noqa: F811
    client.force_login(cast["hoa"])
    given = {
        "group": "Tổ 1", "held_on": "02/10/2023", "place": "Nhà văn hóa", "chair": "Tổ trưởng", "secretary": "Thư ký",
        "present": "10", "agreed": "11", "note": "",
    }  # fmt: skip
    page = act(client, at_meeting, "hop", **given)
    assert page.status_code == 200
    assert "agreed" in page.context["forms"]["meeting"].errors
    assert 'value="Nhà văn hóa"' in page.content.decode()
    act(client, at_meeting, "hop", **(given | {"agreed": "8"}))
    assert Meeting.objects.get().agreed == 8


@pytest.mark.parametrize("who", ["lan", "district", "cuc"])
def test_a_step_is_not_taken_by_who_has_not_its_right(client, cast, dossier, who):
    client.force_login(cast[who])
    assert act(client, dossier, "chuyen", move="finish").status_code == 403
    dossier.refresh_from_db()
    assert dossier.step == "list"


def test_the_leader_decides_on_the_page(client, areas, cast, at_meeting, monkeypatch):  # noqa: F811
    Dossier.objects.update(step="decision")
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2023, 11, 2))
    client.force_login(cast["lan"])
    page = act(client, at_meeting, "quyet-dinh", number="398/QĐ-UBND", day="01/11/2023")
    assert "Đánh dấu để xác nhận." in page.content.decode()
    act(client, at_meeting, "quyet-dinh", number="398/QĐ-UBND", day="01/11/2023", sure="on")
    assert set(Review.objects.values_list("state", flat=True)) == {"decided"}


def test_an_unknown_act_is_not_found_and_an_unknown_move_is_refused(client, cast, dossier):
    client.force_login(cast["hoa"])
    assert act(client, dossier, "xoa").status_code == 404
    assert "Không có thao tác này." in act(client, dossier, "chuyen", move="fly").content.decode()


def test_a_page_asks_no_more_for_many_households(client, cast, dossier, django_assert_max_num_queries):
    client.force_login(cast["lan"])
    with django_assert_max_num_queries(26):
        client.get(reverse("dossier", args=[dossier.pk]))


def test_the_wards_home_names_the_next_step_and_the_districts_home_who_waits(client, cast, at_meeting, now):  # noqa: F811
    client.force_login(cast["hoa"])
    home = client.get(reverse("home"))
    assert any(line["title"] == "Hồ sơ Đợt 2023: Họp dân" for line in home.context["todo"])
    client.force_login(cast["lan"])
    assert not any("Hồ sơ" in line["title"] for line in client.get(reverse("home")).context["todo"])
    client.force_login(cast["district"])
    assert client.get(reverse("home")).context["mine"] == []
    Dossier.objects.update(step="district")
    DossierStep.objects.filter(done_on=None).update(step="district", due_on=date(2023, 9, 30))
    home = client.get(reverse("home"))
    assert [row["dossier"].pk for row in home.context["mine"]] == [at_meeting.pk]
    assert "Quá hạn" in home.content.decode()


@pytest.mark.parametrize("who", ["hoa", "lan", "district"])
def test_a_dossier_without_an_open_step_breaks_no_home(client, cast, at_meeting, now, who):  # noqa: F811
    DossierStep.objects.all().delete()
    Dossier.objects.update(step="decision" if who == "lan" else "district" if who == "district" else "meeting")
    client.force_login(cast[who])
    home = client.get(reverse("home"))
    assert home.status_code == 200
    assert "Quá hạn" not in home.text
    if who != "district":
        assert any(line["text"] == "Chưa có hạn." for line in home.context["todo"])


def test_the_office_opens_the_rounds_of_a_year(client, cast, now):
    client.force_login(cast["cuc"])
    page = client.post(reverse("rounds_open"), {"year": "2024"}, follow=True).content.decode()
    assert "Đã mở 13 đợt của năm 2024." in page
    assert "đã mở từ trước" in client.post(reverse("rounds_open"), {"year": "2024"}, follow=True).content.decode()
    assert "Năm từ 2021" in client.post(reverse("rounds_open"), {"year": "1999"}, follow=True).content.decode()
    client.force_login(cast["hoa"])
    assert client.post(reverse("rounds_open"), {"year": "2025"}).status_code == 403


def test_the_wards_home_says_the_next_days_and_what_each_group_has_left(client, areas, cast, dossier):
    dossiers.move(dossier=dossier, move="finish", by=cast["hoa"], today=date(2023, 10, 2))
    surveyed_one = dossier.listed.order_by("household__group").first()
    a_review(surveyed_one.household, cast["hoa"], round=dossier.round)
    complaints.register_complaint(
        ward=areas["ward"], category="other", from_name="x", text="x", received_on=date(2023, 10, 2), by=cast["hoa"],
        today=date(2023, 10, 2), due_on=date(2023, 10, 3),
    )  # fmt: skip
    client.force_login(cast["hoa"])
    home = client.get(reverse("home"))
    groups = [(row["group"], row["surveyed"], row["listed"], row["left"]) for row in home.context["groups"]]
    assert groups == [("Tổ 2", 0, 1, 1), ("Tổ 1", 1, 1, 0)]
    days = [line["day"] for line in home.context["deadlines"]]
    assert days == sorted(days)
    titles = " ".join(line["title"] for line in home.context["deadlines"])
    for told in ("Trả lời đơn số", "Kết thúc Đợt 2023", "rà soát thường xuyên tháng"):
        assert told in titles
    assert [step["state"] for step in home.context["rail"]][:2] == ["done", "now"]


def test_the_wards_home_says_when_a_posting_ends(client, cast, at_meeting, now):  # noqa: F811
    dossier = at_posting_of(at_meeting, cast)
    client.force_login(cast["hoa"])
    (line,) = [
        one for one in client.get(reverse("home")).context["deadlines"] if one["title"].startswith("Hết niêm yết")
    ]
    assert line["day"] == date(2023, 10, 13)
    assert line["url"] == reverse("dossier", args=[dossier.pk])


def at_posting_of(dossier, cast):
    met(dossier, cast["hoa"])
    dossier = dossiers.move(dossier=dossier, move="finish", by=cast["hoa"], today=date(2023, 10, 3))
    post(dossier, cast["hoa"])
    return dossier


def test_the_districts_home_names_the_wards_without_a_dossier(client, cast, dossier):
    client.force_login(cast["district"])
    home = client.get(reverse("home"))
    assert [ward.full_name for ward in home.context["unopened"]] == ["Phường Hai"]
    assert "Phường Hai" in home.text
