"""The pages of reviews and supports: who is let in, what is shown, what is refused with the typed text kept."""

import json
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PersonalDataView
from accounts.roles import Role
from households.models import Review, ReviewDraft, StatusSpell
from households.services import reviews
from households.standards import DEPRIVATION_KEYS
from tests import make
from tests.households.test_reviews import POOR, TODAY

TYPED = {
    "surveyed_on": "03/10/2023",
    "b1_score": "165",
    "income_per_person": "1.800.000",
    "b2_total": "30",
    "has_labour": "yes",
    "special_hardship": "no",
    "has_merit": "no",
    "ethnic_minority": "no",
    "note": "",
    **{key: "yes" if place < 3 else "no" for place, key in enumerate(DEPRIVATION_KEYS)},
}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Only doors ask for the day, so one patch is enough: 20/12/2023."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


@pytest.fixture
def entered(home, cast):
    return reviews.record_review(household=home, round=make.a_round(), answers=POOR, by=cast["hoa"], today=TODAY)


def form_b(home, **more):
    return TYPED | {"round": make.a_round().pk} | more


def url(name, *args):
    return reverse(name, args=args)


# ---- who is let in


@pytest.mark.parametrize(("who", "status"), [("hoa", 200), ("lan", 403), ("cuc", 403), ("leader", 403), ("binh", 404)])
def test_form_b_is_for_the_wards_officer(as_user, home, who, status):
    make.a_round()
    client = as_user(who)
    assert client.get(url("review_new", home.code)).status_code == status
    if status != 200:
        assert client.post(url("review_new", home.code), form_b(home)).status_code == status
        draft = client.post(url("review_draft", home.code), form_b(home), content_type="application/json")
        assert draft.status_code == status
        assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("hoa", 200), ("lan", 200), ("district", 200), ("cuc", 200), ("binh", 404), ("staff", 403), ("admin", 403)],
)
def test_a_review_is_seen_in_its_own_area(as_user, entered, who, status):
    assert as_user(who).get(url("review_detail", entered.pk)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("hoa", 403), ("district", 403), ("cuc", 403), ("binh", 403)])
@pytest.mark.parametrize("page", ["review_decide", "review_return"])
def test_only_the_wards_leader_is_let_to_decide(as_user, entered, who, status, page):
    assert as_user(who).post(url(page, entered.pk), {}).status_code == status
    entered.refresh_from_db()
    assert entered.state == "entered"


def test_another_wards_leader_finds_nothing(as_user, cast, entered, areas):
    cast["next"] = make.a_user(Role.WARD_LEADER, areas["next_ward"])
    client = as_user("next")
    for page in ("review_decide", "review_return"):
        assert client.post(url(page, entered.pk), {}).status_code == 404
    assert client.get(url("review_detail", entered.pk)).status_code == 404


def test_another_wards_officer_does_not_edit(as_user, entered):
    assert as_user("binh").get(url("review_edit", entered.pk)).status_code == 404


@pytest.mark.parametrize("page", ["review_decide", "review_return"])
def test_decisions_are_posted(as_user, entered, page):
    assert as_user("lan").get(url(page, entered.pk)).status_code == 405


def test_drafts_are_posted(as_user, home):
    assert as_user("hoa").get(url("review_draft", home.code)).status_code == 405


# ---- form B


def test_an_officer_enters_form_b(as_user, home):
    client = as_user("hoa")
    response = client.post(url("review_new", home.code), form_b(home), follow=True)
    review = Review.objects.get()
    assert response.redirect_chain[0][0] == url("review_detail", review.pk)
    assert (review.surveyed_on, review.b1_score, review.income_per_person) == (date(2023, 10, 3), 165, 1_800_000)
    assert [key for key in DEPRIVATION_KEYS if getattr(review, key)] == DEPRIVATION_KEYS[:3]
    text = response.content.decode()
    assert "Điểm B1 165, không vượt mức 175 điểm của khu vực thành thị" in text
    assert "chưa xác nhận" in text
    assert "Bạn đã nhập hoặc sửa phiếu này nên không quyết định được" in text


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"surveyed_on": "31/08/2023"}, "surveyed_on", "trước ngày bắt đầu đợt"),
        ({"surveyed_on": "21/12/2023"}, "surveyed_on", "không được sau hôm nay"),
        ({"surveyed_on": "30/02/2023"}, "surveyed_on", "Không có ngày này"),
        ({"surveyed_on": ""}, "surveyed_on", "Ghi ngày"),
        ({"b1_score": "501"}, "b1_score", "từ 0 đến 500"),
        ({"b1_score": "-5"}, "b1_score", "từ 0 đến 500"),
        ({"b1_score": "nhiều"}, "b1_score", "số nguyên"),
        ({"income_per_person": "100.000.001"}, "income_per_person", "từ 0 đến 100.000.000"),
        ({"income_per_person": "hơn một triệu"}, "income_per_person", "bằng chữ số"),
        ({"income_per_person": "1800000,5"}, "income_per_person", "tròn đồng"),
        ({"b2_total": "40"}, "b2_total", "B2 phải là 30 điểm, đang ghi 40"),
        ({"toilet": ""}, "toilet", "Chọn một trong hai mức của chỉ số 10"),
        ({"toilet": "maybe"}, "toilet", "Chọn một trong hai mức của chỉ số 10"),
        ({"has_labour": ""}, "has_labour", "Chọn còn hay không còn"),
        ({"round": "999999"}, "round", "Chọn một đợt trong danh sách"),
    ],
)
def test_bad_input_is_told_at_the_field_and_what_was_typed_is_kept(as_user, home, change, field, says):
    response = as_user("hoa").post(url("review_new", home.code), form_b(home, note="Nhà ở cuối hẻm", **change))
    assert response.status_code == 200
    form = response.context["form"]
    assert says in form.errors[field][0]
    text = response.content.decode()
    assert f'href="#id_{field}"' in text
    assert f'id="id_{field}"' in text
    assert "Nhà ở cuối hẻm" in text
    assert all(
        f'value="{value}"' in text for name, value in change.items() if value and name not in ("toilet", "round")
    )
    assert not Review.objects.exists()


def test_everything_wrong_is_told_at_once(as_user, home):
    wrong = {
        "surveyed_on": "31/08/2023",
        "b1_score": "x",
        "income_per_person": "999.999.999",
        "b2_total": "10",
        "toilet": "",
    }
    form = as_user("hoa").post(url("review_new", home.code), form_b(home, **wrong)).context["form"]
    # the typed B2 is compared once all twelve are chosen
    assert set(form.errors) == {"surveyed_on", "b1_score", "income_per_person", "toilet"}


def test_a_household_without_members_is_refused(as_user, areas, home):
    home.members.all().delete()
    form = as_user("hoa").post(url("review_new", home.code), form_b(home)).context["form"]
    assert "chưa có thành viên nào" in form.non_field_errors()[0]


def test_the_twelve_indicators_are_unset_and_last_years_answers_stand_beside(as_user, home, entered, cast):
    reviews.decide(review=entered, number="1", day=TODAY, by=cast["lan"], today=TODAY)
    monthly = make.a_round(kind="regular", starts_on=date(2023, 12, 15), ends_on=date(2024, 1, 14))
    response = as_user("hoa").get(url("review_new", home.code), {"round": monthly.pk})
    text = response.content.decode()
    assert " checked" not in text
    assert text.count("Lần trước: <b>thiếu hụt</b>") == 3
    assert text.count("Lần trước: <b>không thiếu</b>") == 9


def test_a_second_form_in_the_round_leads_to_the_first(as_user, home, entered):
    client = as_user("hoa")
    response = client.get(url("review_new", home.code), {"round": entered.round_id})
    assert response["Location"] == url("review_detail", entered.pk)
    posted = client.post(url("review_new", home.code), form_b(home))
    assert "Hộ này đã có phiếu trong đợt" in posted.content.decode()


def test_no_round_says_whom_to_ask(as_user, home):
    client = as_user("hoa")
    for page in (url("review_new", home.code), url("review_list")):
        assert "Đề nghị văn phòng chương trình" in client.get(page).content.decode()


def test_an_edit_shows_what_was_entered_and_saves_over_it(as_user, entered):
    client = as_user("hoa")
    page = client.get(url("review_edit", entered.pk))
    form = page.context["form"]
    assert (form["b1_score"].value(), form["employment"].value(), form["toilet"].value()) == (165, "yes", "no")
    assert 'value="03/10/2023"' in page.content.decode()
    typed = form_b(entered.household, b1_score="100", version=form["version"].value())
    assert client.post(url("review_edit", entered.pk), typed).status_code == 302
    entered.refresh_from_db()
    assert (entered.b1_score, entered.version) == (100, 2)
    stale = client.post(url("review_edit", entered.pk), typed | {"b1_score": "1"})
    text = stale.content.decode()
    assert "vừa được người khác sửa" in text
    assert f'href="{url("review_detail", entered.pk)}" target' in text


def test_a_decided_review_is_not_edited(as_user, entered, cast):
    reviews.decide(review=entered, number="1", day=TODAY, by=cast["lan"], today=TODAY)
    client = as_user("hoa")
    for response in (
        client.get(url("review_edit", entered.pk)),
        client.post(url("review_edit", entered.pk), form_b(None)),
    ):
        assert response["Location"] == url("review_detail", entered.pk)


# ---- drafts


def send(client, home, body):
    body = body if isinstance(body, str) else json.dumps(body)
    return client.post(url("review_draft", home.code), body, content_type="application/json")


def test_a_draft_comes_back_as_it_was_typed(as_user, home):
    client = as_user("hoa")
    typed = {"round": str(make.a_round().pk), "b1_score": "16", "surveyed_on": "3/10", "toilet": "yes", "note": "dở"}
    response = send(client, home, typed | {"made_up": "x", "version": "7"})
    assert response.status_code == 200
    assert set(response.json()) == {"saved_at"}
    assert ReviewDraft.objects.get().typed == typed
    text = client.get(url("review_new", home.code)).content.decode()
    assert 'value="16"' in text
    assert 'value="3/10"' in text
    assert "Đã mở lại bản nháp" in text
    assert text.count(" checked") == 1


def test_a_draft_is_thrown_away_when_asked(as_user, home):
    client = as_user("hoa")
    round = make.a_round()
    send(client, home, {"round": str(round.pk), "b1_score": "16"})
    response = client.post(url("review_new", home.code), {"round": round.pk, "discard": "1"})
    assert response.status_code == 302
    assert not ReviewDraft.objects.exists()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{", "not JSON"),
        ("[]", "object of texts"),
        ('{"note": 5}', "object of texts"),
        ('{"note": "x"}', "round"),
        ('{"round": "999999"}', "round"),
        ('{"round": "9999999999999999999999"}', "round"),
        ('{"round": "1 or 1"}', "round"),
        ('{"note": "' + "x" * 20_000 + '"}', "at most"),
        ("\xff", "not JSON"),
    ],
)
def test_a_broken_draft_is_refused_with_the_reason(as_user, home, body, says):
    response = send(as_user("hoa"), home, body)
    assert response.status_code == 400
    assert says in response.json()["error"]
    assert not ReviewDraft.objects.exists()


# ---- decided


def decision(review, **more):
    return {"number": "398/QĐ-UBND", "day": "10/12/2023", "version": review.version} | more


def test_a_leader_decides(as_user, entered):
    client = as_user("lan")
    page = client.get(url("review_detail", entered.pk)).content.decode()
    assert "Quyết định công nhận kết quả" in page
    response = client.post(url("review_decide", entered.pk), decision(entered), follow=True)
    assert "Đã quyết định" in response.content.decode()
    assert StatusSpell.objects.open().count() == 2
    assert "Quyết định công nhận kết quả" not in response.content.decode()


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"number": ""}, "number", "Ghi số quyết định"),
        ({"number": "x" * 61}, "number", "không quá 60"),
        ({"day": "02/10/2023"}, "day", "trước ngày khảo sát"),
        ({"day": "21/12/2023"}, "day", "không được sau hôm nay"),
        ({"day": "31/11/2023"}, "day", "Không có ngày này"),
    ],
)
def test_a_bad_decision_is_told_at_the_field(as_user, entered, change, field, says):
    response = as_user("lan").post(url("review_decide", entered.pk), decision(entered, **change))
    assert says in response.context["decide_form"].errors[field][0]
    assert f'href="#decide_{field}"' in response.content.decode()
    assert not StatusSpell.objects.exists()


def test_the_second_decider_is_told_who_was_first(as_user, entered, cast, areas):
    reviews.decide(review=entered, number="398/QĐ-UBND", day=TODAY, by=cast["lan"], today=TODAY)
    cast["second"] = make.a_user(Role.WARD_LEADER, areas["ward"])
    response = as_user("second").post(url("review_decide", entered.pk), decision(entered))
    assert "đã được Người lan quyết định lúc" in response.content.decode()


def test_a_decision_on_what_was_just_edited_is_asked_again_with_what_was_typed(as_user, entered, cast):
    typed = decision(entered)
    options = {"answers": POOR, "by": cast["hoa"], "today": TODAY, "version": entered.version}
    reviews.record_review(household=entered.household, round=entered.round, **options)
    client = as_user("lan")
    text = client.post(url("review_decide", entered.pk), typed).content.decode()
    assert "Phiếu vừa được sửa" in text
    assert 'value="398/QĐ-UBND"' in text
    assert 'name="version" value="2"' in text
    client.post(url("review_decide", entered.pk), typed | {"version": "2"})
    assert Review.objects.get().state == "decided"


def test_a_leader_sends_back_with_a_reason(as_user, entered):
    client = as_user("lan")
    refused = client.post(url("review_return", entered.pk), {"note": " ", "version": entered.version})
    assert "Ghi lý do trả lại" in refused.context["return_form"].errors["note"][0]
    client.post(url("review_return", entered.pk), {"note": "Xem lại chỉ số 3", "version": entered.version})
    for page in (url("review_detail", entered.pk), url("review_edit", entered.pk)):
        assert "Xem lại chỉ số 3" in as_user("hoa").get(page).content.decode()


def test_b1_and_income_that_contradict_are_pointed_out(as_user, home):
    client = as_user("hoa")
    response = client.post(url("review_new", home.code), form_b(home, income_per_person="9.000.000"), follow=True)
    assert "B1 không vượt mức nhưng thu nhập cao hơn mức nhiều" in response.content.decode()


# ---- privacy


def test_looking_at_a_person_is_remembered_and_never_cached(as_user, entered, home):
    client = as_user("hoa")
    make.a_round(2022)
    pages = [
        url("review_detail", entered.pk),
        url("review_edit", entered.pk),
        url("review_new", home.code) + f"?round={make.a_round(2022).pk}",
        url("support_new", home.code),
    ]
    for number, page in enumerate(pages, 1):
        response = client.get(page)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert PersonalDataView.objects.filter(household_code=home.code, kind="view").count() == number
    assert "no-store" in client.get(url("review_list"))["Cache-Control"]
