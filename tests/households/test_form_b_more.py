"""Form B beyond the twelve boxes: causes and needs, what the members' data say, the last round's answers as a start."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from households.form_b import CAUSE_COLUMNS
from households.models import PlanAction, Review, ReviewDraft
from households.sealed import unseal
from tests import make
from tests.households.test_review_pages import TYPED, form_b
from tests.households.test_reviews import POOR, TODAY, decide, errors, record

WITH_CAUSES = replace(
    POOR,
    causes=frozenset({"cause_no_capital", "cause_other"}),
    cause_other_text=" Bị  thiên tai ",
    needs="Vay vốn",
)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


def new(home, query=""):
    return reverse("review_new", args=[home.code]) + query


def test_the_exit_plan_speaks_of_the_same_causes():
    assert [f"cause_{key}" for key in PlanAction.Cause.values] == CAUSE_COLUMNS


def test_causes_and_needs_are_written_and_sealed_in_the_log(home, cast):
    review = record(home, cast, WITH_CAUSES)
    review.refresh_from_db()
    assert review.causes == ["Không có / thiếu vốn sản xuất, kinh doanh", "Nguyên nhân khác: Bị thiên tai"]
    assert review.needs == "Vay vốn"
    line = Event.objects.get(action="review.entered")
    assert "thiên tai" not in str(line.after)
    assert unseal(line.after)["cause_no_capital"] is True
    edited = record(home, cast, replace(WITH_CAUSES, causes=frozenset(), cause_other_text=""), version=1)
    assert edited.causes == []
    line = Event.objects.get(action="review.edited")
    assert unseal(line.before)["cause_other_text"] == "Bị thiên tai"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"causes": frozenset({"cause_other"})}, "cause_other_text"),
        ({"cause_other_text": "Thiên tai"}, "cause_other"),
        ({"causes": frozenset({"cause_bad_luck"})}, "causes"),
        ({"causes": frozenset({"cause_other"}), "cause_other_text": "x" * 1001}, "cause_other_text"),
        ({"needs": "x" * 1001}, "needs"),
    ],
)
def test_what_is_impossible_is_refused_at_its_field(home, cast, change, field):
    with pytest.raises(ValidationError) as raised:
        record(home, cast, replace(POOR, **change))
    assert list(errors(raised)) == [field]
    assert not Review.objects.exists()


def test_causes_go_through_the_page(as_user, home):
    client = as_user("hoa")
    page = client.post(new(home), form_b(home, cause_other="on"))
    assert "Ghi rõ nguyên nhân khác." in page.content.decode()
    client.post(new(home), form_b(home, cause_other="on", cause_other_text="Bị lũ", needs="Sửa nhà"))
    review = Review.objects.get()
    text = client.get(reverse("review_detail", args=[review.pk])).content.decode()
    assert "Nguyên nhân khác: Bị lũ" in text
    assert "Sửa nhà" in text
    again = client.get(reverse("review_edit", args=[review.pk])).context["form"]
    assert again["cause_other"].value() is True
    assert again["cause_no_tools"].value() is False


def test_a_draft_keeps_the_causes(as_user, home):
    client, round = as_user("hoa"), make.a_round()
    typed = {"round": str(round.pk), "cause_no_tools": "on", "needs": "Xe"}
    client.post(reverse("review_draft", args=[home.code]), typed, content_type="application/json")
    assert ReviewDraft.objects.get().typed == typed
    text = client.get(new(home)).content.decode()
    assert text.count(" checked") == 1


def test_the_members_data_stand_beside_the_box_and_change_nothing(as_user, home):
    make.a_round()
    home.members.filter(relation="head").update(has_insurance=False)
    client = as_user("hoa")
    text = client.get(new(home)).content.decode()
    assert "Theo thông tin thành viên: có, vì Trần Văn Mẫu (47–48 tuổi) không có thẻ." in text
    assert "Theo thông tin thành viên: có, vì" in text
    assert "chưa đủ thông tin" not in text  # what is not known is not said
    answer = client.post(new(home), form_b(home))  # the box says no: it is kept
    assert answer.status_code == 302
    assert Review.objects.get().health_insurance is False


def test_ages_are_counted_on_the_typed_day(as_user, home):
    head = home.members.get(relation="head")
    home.members.filter(pk=head.pk).update(birth_year=2017, birth_month=10, birth_day=3, has_insurance=False)
    client = as_user("hoa")
    before = client.post(new(home), form_b(home, surveyed_on="02/10/2023", b1_score=""))
    assert "không có thẻ" not in before.content.decode()
    after = client.post(new(home), form_b(home, surveyed_on="03/10/2023", b1_score=""))
    assert "(6 tuổi) không có thẻ" in after.content.decode()
    assert client.post(new(home), form_b(home, surveyed_on="99/99/2023")).status_code == 200


def test_the_last_rounds_answers_are_taken_only_when_asked(as_user, home, cast):
    last = make.a_round(2022)
    answers = replace(WITH_CAUSES, surveyed_on=date(2022, 10, 3))
    decide(record(home, cast, answers, round=last), cast, day=date(2022, 12, 10))
    make.a_round()
    client = as_user("hoa")
    plain = client.get(new(home))
    assert "Điền theo đợt trước" in plain.content.decode()
    assert plain.context["form"]["employment"].value() is None
    taken = client.get(new(home, "?last=1"))
    text, form = taken.content.decode(), taken.context["form"]
    assert text.count(", lấy từ đợt trước") == 12
    assert form["employment"].value() == "yes"
    assert form["b1_score"].value() == 165
    assert form["cause_no_capital"].value() is True
    assert {form[name].value() for name in ("surveyed_on", "b2_total", "note")} == {None}


def test_there_is_nothing_to_take_the_first_time(as_user, home):
    make.a_round()
    text = as_user("hoa").get(new(home, "?last=1")).content.decode()
    assert "đợt trước" not in text
    assert TYPED["note"] == ""
