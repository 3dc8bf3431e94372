"""What the log says of a household: nothing to who manages accounts, everything in words on the household's page."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import Event
from households.members import Person
from households.models import Policy
from households.sealed import unseal
from households.services import register, reviews, supports
from tests import make
from tests.households.test_reviews import NOT, POOR, TODAY, decide, record

SECRETS = [
    *("Đặng Văn Hoà", "Đặng Bé", "Tổ 14", "12 Lê Duẩn", "15 Lê Duẩn", "0905123456", "048071004127", "4127", "1971"),
    *("1834567", "1911222", "2023-10-03", "487", "Con đang học nghề", "Xem lại thu nhập", "chép vội", "near_poor"),
    *('"poor"', "not_poor", "central-2022", "Mái nhà đỏ", "54321000", "2023-04-01"),
]


@pytest.fixture
def home(cast, standards, monkeypatch):
    """A household that every service has written about."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    hoa = cast["hoa"]
    household = register.register_household(
        ward=hoa.area,
        group="Tổ 14",
        address="12 Lê Duẩn",
        phone="0905123456",
        members=[Person("Đặng Văn Hoà", "head", "male", 1971, citizen_id="048071004127")],
        day=date(2023, 5, 4),
        by=hoa,
    )
    register.edit_household(
        household=household,
        version=1,
        group="Tổ 14",
        address="15 Lê Duẩn",
        phone="0905123456",
        members=[Person("Đặng Bé", "child", "male", 2004)],
        gone=set(),
        day=date(2023, 5, 5),
        by=hoa,
    )
    reviews.save_draft(household=household, round=make.a_round(), typed={"note": "chép vội"}, by=hoa)
    review = record(household, cast, replace(POOR, income_per_person=1_834_567, note="Con đang học nghề"))
    review = reviews.return_review(review=review, note="Xem lại thu nhập", by=cast["lan"])
    answers = replace(POOR, income_per_person=1_911_222, b1_score=487, deprived=POOR.deprived - {"nutrition"})
    decide(record(household, cast, answers, version=review.version), cast)
    policy = Policy.objects.create(
        code="roof", name="Mái nhà đỏ", kind="house_repair", legal_basis="thử", valid_from=date(2022, 1, 1)
    )
    supports.record_support(
        household=household,
        policy=policy,
        given_on=date(2023, 4, 1),
        persons=1,
        amount=54_321_000,
        by=hoa,
        today=TODAY,
    )
    return household


def in_clear(events) -> str:
    """All columns of the log lines as text, without what is encrypted."""
    text = json.dumps(list(events.values()), cls=DjangoJSONEncoder, ensure_ascii=False)
    return re.sub(r"gAAAA[\w\-=]+", "", text)


def test_no_line_holds_anything_about_the_household_in_clear(home):
    events = Event.objects.exclude(subject_type__startswith="accounts.")
    assert set(events.values_list("action", flat=True)) == {
        *("household.registered", "household.edited", "support.recorded"),
        *("review.entered", "review.returned", "review.edited", "review.decided"),
    }
    text = in_clear(events)
    assert not [secret for secret in SECRETS if secret in text]
    assert set(events.values_list("label", flat=True)) == {home.code}
    for known in ("398/QĐ-UBND", "2023-12-10", "income_per_person", '"decided"'):
        assert known in text


def test_what_is_sealed_is_all_there(home):
    def side(action, name="after"):
        return unseal(getattr(Event.objects.get(action=action), name))

    assert (side("review.entered")["income_per_person"], side("review.entered")["note"]) == (
        1_834_567,
        "Con đang học nghề",
    )
    assert (side("review.edited", "before")["b1_score"], side("review.edited")["b1_score"]) == (165, 487)
    assert set(side("review.edited")["changed"]) == {"income_per_person", "b1_score", "nutrition", "note"}
    assert side("review.decided")["spells"] == {"central-2022": "not_poor", "city-2022": "near_poor"}
    assert side("support.recorded")["amount"] == 54_321_000


def test_the_households_page_tells_it_in_words(home, as_user):
    text = as_user("hoa").get(f"/ho/{home.code}/").text.partition("<h2>Lịch sử</h2>")[2]
    for words in (
        "địa chỉ: 12 Lê Duẩn → 15 Lê Duẩn",
        "ngày khảo sát: 03/10/2023; điểm B1: 165; thu nhập bình quân đầu người: 1.834.567",
        "dinh dưỡng: thiếu hụt; còn sức lao động: có",
        "ghi chú: Con đang học nghề",
        "lý do trả lại: Xem lại thu nhập",
        "thu nhập bình quân đầu người: 1.834.567 → 1.911.222",
        "dinh dưỡng: thiếu hụt → không thiếu",
        "số quyết định: 398/QĐ-UBND; ngày quyết định: 10/12/2023",
        "Chuẩn Trung ương 2022-2025: Không trong danh sách → Không nghèo",
        "Chuẩn thành phố 2022-2025: Không trong danh sách → Hộ cận nghèo",
        "chính sách: Mái nhà đỏ; ngày hưởng: 01/04/2023; số người hưởng: 1; số tiền (đồng): 54.321.000",
    ):
        assert words in text, words
    assert "gAAAA" not in text


def test_who_manages_accounts_reads_that_it_is_sealed(home, as_user):
    client = as_user("admin")
    for event in Event.objects.exclude(subject_type__startswith="accounts."):
        text = client.get(f"/quan-tri/accounts/event/{event.pk}/change/").text
        assert "<b>nội dung về hộ</b>" in text
        assert "đã niêm phong" in text
        assert "gAAAA" not in text
        told = text.partition('<div class="readonly">')[2]
        assert not [secret for secret in SECRETS if not secret.isdigit() and secret in told]
    edited = Event.objects.get(action="review.edited")
    text = client.get(f"/quan-tri/accounts/event/{edited.pk}/change/").text
    assert "điểm B1, thu nhập bình quân đầu người" in text
    listed = client.get("/quan-tri/accounts/event/").text
    assert "gAAAA" not in listed
    assert not [secret for secret in SECRETS if not secret.isdigit() and secret in listed]


def test_an_edit_that_changes_no_answer_says_who_sent_the_form_again(home, cast):
    other = make.a_household(home.ward)
    review = record(other, cast, NOT)
    record(other, cast, NOT, version=review.version)
    event = Event.objects.filter(action="review.edited").first()
    assert (event.before, event.after) == ({"state": "entered"}, {"state": "entered", "changed": []})
