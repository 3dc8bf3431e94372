"""A regular round (Decision 24/2021 art. 5), walked through the pages: only who asked, no district, within fifteen days."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from households import review_queries
from households.models import Dossier, ReviewRequest, StatusSpell
from households.services import calendar, reviews
from households.steps import Step
from tests.households.test_dossiers import DEADLINES
from tests.households.test_requests import received, screened
from tests.households.test_reviews import NOT, POOR
from tests.make import a_household, a_round, a_spell


@pytest.fixture
def clock(monkeypatch):
    today = [date(2023, 9, 18)]
    monkeypatch.setattr(timezone, "localdate", lambda *args: today[0])
    return lambda month, day: today.__setitem__(0, date(2023, month, day))


def act(client, what, **given):
    dossier = Dossier.objects.get()
    answer = client.post(reverse("dossier_act", args=[dossier.pk, what]), {"version": dossier.version} | given)
    assert answer.status_code == 302, answer.context["refused"].errors
    dossier.refresh_from_db()
    return dossier


def test_from_the_requests_to_the_decision_and_the_refusal(client, areas, cast, standards, clock):
    calendar.load_calendar(deadlines=DEADLINES, holidays=[])
    round = a_round(kind="regular", starts_on=date(2023, 9, 15), ends_on=date(2023, 10, 14))
    poor, rich, listed = (
        a_household(areas["ward"], head=f"Trần Văn {name}", members=2) for name in ("Một", "Hai", "Ba")
    )
    a_spell(listed, standards[1])
    for household in (poor, rich):
        screened(received(household, cast["hoa"], received_on=date(2023, 9, 11)), cast["hoa"], today=date(2023, 9, 12))

    # Opened with who asked; neither list shows the household that is on the current lists and did not ask.
    client.force_login(cast["hoa"])
    board = client.get(reverse("dossier_board"), {"round": round.pk}).content.decode()
    assert "các hộ có giấy đề nghị" in board
    client.post(reverse("dossier_open", args=[round.pk]))
    assert set(Dossier.objects.get().listed.values_list("household", flat=True)) == {poor.pk, rich.pk}
    assert list(review_queries.left_to_survey(cast["hoa"], round)) == [poor, rich]
    act(client, "chuyen", move="finish")
    for household, answers in ((poor, POOR), (rich, NOT)):
        answers = type(answers)(**vars(answers) | {"surveyed_on": date(2023, 9, 18)})
        reviews.record_review(
            household=household, round=round, answers=answers, by=cast["hoa"], today=timezone.localdate()
        )
    act(client, "chuyen", move="finish")
    clock(9, 20)
    minutes = {"held_on": "20/09/2023", "place": "Nhà văn hóa", "chair": "Tổ trưởng", "secretary": "Thư ký"}
    act(client, "hop", group="Tổ 1", present=10, agreed=10, **minutes)
    act(client, "chuyen", move="finish")
    act(client, "niem-yet", from_on="20/09/2023", to_on="22/09/2023", places="Trụ sở UBND")

    # After the board comes the decision: no district, and fifteen days from the round's first day.
    clock(9, 25)
    dossier = act(client, "chuyen", move="finish")
    assert dossier.step == Step.DECISION
    standing = dossier.steps.get(done_on=None)
    assert standing.due_on == date(2023, 10, 2)  # 30 September is a Saturday
    assert "Ý kiến của quận, huyện" not in client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    clock(10, 3)
    late = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert "Quá hạn" in late[late.index('class="rail') : late.index("viec")]
    clock(9, 28)
    client.force_login(cast["lan"])
    act(client, "quyet-dinh", number="21/QĐ-UBND", day="28/09/2023", sure="on")
    assert set(StatusSpell.objects.filter(valid_from=date(2023, 9, 28)).values_list("household", "opened_as")) == {
        (poor.pk, "new")
    }

    # Who is not recognised is answered in writing, with the reasons of the receipt; who is, is not.
    client.force_login(cast["hoa"])
    told = {row.household_id: row for row in ReviewRequest.objects.all()}
    letter = client.get(reverse("paper_refusal", args=[told[rich.pk].pk]))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(letter.content)).pages).split())
    assert "chưa công nhận" in text
    assert "Trần Văn Hai" in text
    assert "nên không nghèo" in text
    assert client.get(reverse("paper_refusal", args=[told[poor.pk].pk])).status_code == 404
    page = client.get(reverse("request_detail", args=[told[rich.pk].pk])).content.decode()
    assert "21/QĐ-UBND" in page
