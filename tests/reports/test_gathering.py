"""The city's report gathers what units were accepted with, and names those who are late or missing."""

import pytest
from django.urls import reverse

from reports import duty_services, gathering, letter_queries, services
from reports.content import AgencyRow
from reports.gathering import Given
from reports.states import Move, Part
from tests.reports import test_letters, units
from tests.reports.test_documents import content

__all__ = ["content"]


@pytest.fixture
def stage(year, areas, cast, plan):
    return units.a_stage(areas, cast, plan)


def accepted(duty, cast):
    units.handed_in(duty, cast["writer"])
    units.move(duty, Move.ACCEPT, cast["cuc"])
    return duty


def frozen(stage):
    return services.freeze(period=stage["period"], today=units.DAY)


@pytest.mark.django_db
def test_accepted_parts_and_missing_units_stand_in_the_report(stage, cast):
    accepted(stage["health"], cast)
    report = frozen(stage)
    assert list(report.agencies.values_list("name", "tasks", "own_report")) == [
        ("Sở Y tế", 1, "accepted"),
        ("UBND quận Hải Châu", 1, "missing"),
    ]
    text = dict(report.letter.sections.values_list("key", "text"))
    assert "**Sở Y tế:**\n**Kết quả:**\n- một việc" in text["agencies"]
    assert "Có 1/2 đơn vị nộp báo cáo đúng hạn; chưa nộp: UBND quận Hải Châu." in text["agencies"]
    assert "- Sở Y tế: Còn chậm." in text["lacking"]
    assert "- Sở Y tế: Tiếp tục." in text["direction"]
    assert "Đã triển khai kế hoạch." not in "".join(text.values()), "a unit's own situation stays in its report"


@pytest.mark.django_db
def test_what_is_not_accepted_is_not_gathered_until_it_is(stage, cast):
    units.handed_in(stage["health"], cast["writer"])
    report = frozen(stage)
    assert report.agencies.get(name="Sở Y tế").own_report == "waiting"
    section = report.letter.sections.get(key="agencies")
    assert "một việc" not in section.text
    assert letter_queries.moved_since(report) == []
    duty = stage["health"]
    duty.refresh_from_db()
    parts = [Part.RESULTS.value]
    duty_services.accept_parts(duty=duty, parts=parts, by=cast["cuc"], version=duty.version)
    test_letters.letter_services.make_again(section=section, version=1, by=cast["cuc"])
    section.refresh_from_db()
    assert "một việc" in section.text


@pytest.mark.django_db
def test_a_letter_tells_which_units_came_after_the_freeze(stage, cast, client):
    """The frozen lines say 'not come': whoever signs must know that they are behind."""
    report = frozen(stage)
    units.handed_in(stage["health"], cast["writer"])
    came = letter_queries.own_reports(stage["period"])[stage["health"].agency_id]
    assert letter_queries.moved_since(report) == [("Sở Y tế", letter_queries.sentences.OWN_REPORT[came])]
    client.force_login(cast["cuc"])
    page = client.get(reverse("letter", args=[report.pk])).content.decode()
    assert "báo cáo của 1 đơn vị đã đổi" in page
    assert "#lap-lai" in page


@pytest.mark.django_db
def test_agencies_are_sealed_with_the_figures(stage, cast):
    report = frozen(stage)
    assert services.still_whole(report)
    report.agencies.filter(name="Sở Y tế").update(reported=7)
    assert not services.still_whole(report)


@pytest.mark.django_db
def test_what_agencies_did_takes_few_queries(stage, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert len(letter_queries.agency_lines(stage["period"])) == 2


def test_words_of_units_stand_under_their_names(content):
    given = [
        Given("Sở Thử", Part.PROPOSALS, "Một câu."),
        Given("Hội Thử", Part.PROPOSALS, "Câu một.\n\nCâu hai."),
        Given("Hội Thử", Part.SITUATION, "Riêng."),
        Given("Hội Thử", Part.DIRECTIONS, "  \n"),
    ]
    text = gathering.text_of(content, given)
    assert text["proposals"] == "**Sở Thử:**\nMột câu.\n**Hội Thử:**\nCâu một.\nCâu hai."
    alone = gathering.text_of(content, given[:1])
    assert alone["proposals"] == "- Sở Thử: Một câu."
    assert "Riêng" not in "".join(text.values())
    assert "Hội Thử" not in text["direction"]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([""], ""),
        (["accepted", "waiting"], "Có 2/2 đơn vị nộp báo cáo đúng hạn."),
        (["late", "missing", ""], "Có 0/2 đơn vị nộp báo cáo đúng hạn; nộp muộn: Đơn vị 0; chưa nộp: Đơn vị 1."),
        (["missing", "missing"], "chưa nộp: Đơn vị 0, Đơn vị 1."),
    ],
)
def test_late_and_missing_units_are_named(states, said):
    rows = [AgencyRow(no, f"Đơn vị {no}", 2, 1, 0, state) for no, state in enumerate(states)]
    lines = gathering.agencies(rows)
    assert len(lines) == (2 if said else 1)
    assert said in lines[-1]
    assert gathering.agencies([]) == []
