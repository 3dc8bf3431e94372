"""Part B1 by items: what a file must be, that it is loaded whole or not at all, how points add up, and that a form
keeps its answers so that a corrected table counts them again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from households import score_file
from households.models import Review, ReviewDraft, ScoreAnswer, ScoreItem, ScoreOption, ScoreTable
from households.scoring import Answer, score
from households.sealed import unseal
from households.services import scores
from tests import make
from tests.households.test_rescoring import run
from tests.households.test_review_pages import form_b
from tests.households.test_reviews import POOR, TODAY, decide, errors, record

TABLE = Path(__file__).parents[1] / "data" / "score_table.csv"
TEXT = TABLE.read_text(encoding="utf-8")
HEAD = ",".join(score_file.COLUMNS)
URBAN = score_file.read(TEXT).tables["urban"]
B_XY_12 = (
    Answer("thu_mot", "b"),
    Answer("thu_nhieu", "x"),
    Answer("thu_nhieu", "y"),
    Answer("thu_so", number=Decimal(12)),
)
BY_ITEMS = replace(POOR, b1_score=0, scores=B_XY_12)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], members=3)


def load(path=TABLE, version="thử-1", **more):
    out = StringIO()
    call_command("load_score_table", str(path), standard="central-2022", table_version=version, stdout=out, **more)
    return out.getvalue()


# The rule


@pytest.mark.parametrize(
    ("one", "many", "number", "total", "wrong"),
    [
        (["a"], [], "0", 0 + 10, {}),
        (["b"], ["x"], "7.99", 60 + 15 + 10, {}),
        (["b"], ["x", "y"], "8", 60 + 40 + 40, {}),  # a bound belongs to the band above it
        (["c"], ["y"], "19.99", 120 + 25 + 40, {}),
        (["c"], [], "20", 120 + 75, {}),
        (["c"], [], "99999999", 120 + 75, {}),
        ([], [], "1", None, {"thu_mot": "Chọn một mức."}),
        (["a", "b"], [], "1", None, {"thu_mot": "Chỉ chọn một mức."}),
        (["z"], ["w"], "1", None, dict.fromkeys(("thu_mot", "thu_nhieu"), "Bảng điểm không có mức đã chọn. Chọn lại.")),
        (["a"], [], None, None, {"thu_so": "Ghi số."}),
        (["a"], [], "-1", 10, {}),
    ],
)
def test_points_add_up(one, many, number, total, wrong):
    given = [Answer("thu_mot", code) for code in one] + [Answer("thu_nhieu", code) for code in many]
    given += [Answer("thu_so", number=Decimal(number))] if number else []
    found = score(URBAN, given)
    assert found.wrong == wrong
    assert total is None or found.total == total


def test_an_item_that_the_table_has_not_is_named():
    assert score(URBAN, [*B_XY_12, Answer("khac", "a")]).wrong == {"khac": "Bảng điểm không có mục này."}


# The file


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "không có dòng điểm nào"),
        (["a,A,single_choice,b,B,,,x,urban"], "dòng 2: cột points phải là số nguyên từ 0 đến 500"),
        (["a,A,single_choice,b,B,,,501,urban"], "dòng 2: cột points"),
        (["a,A,single_choice,b,B,,,-1,urban"], "dòng 2: cột points"),
        (["a,A,chon,b,B,,,1,urban"], "dòng 2: cột kind phải là một trong: single_choice, multi_add, numeric_band"),
        (["a,A,single_choice,b,B,,,1,pho"], "dòng 2: cột zone"),
        (["Mã,A,single_choice,b,B,,,1,urban"], "dòng 2: cột item phải là mã"),
        (["a__b,A,single_choice,b,B,,,1,urban"], "dòng 2: cột item phải là mã"),
        (["a,,single_choice,b,B,,,1,urban"], "dòng 2: cột item_text phải có chữ"),
        (["a,A,single_choice,b,B,1,,1,urban"], "dòng 2: from, to chỉ dùng cho kind numeric_band"),
        (["a,A,numeric_band,b,B,,,1,urban"], "dòng 2: khoảng phải có from hoặc to"),
        (["a,A,numeric_band,b,B,5,5,1,urban"], "dòng 2: from phải nhỏ hơn to"),
        (["a,A,numeric_band,b,B,x,5,1,urban"], "dòng 2: cột from phải là số"),
        (
            ["a,A,numeric_band,b,B,,5,1,urban", "a,A,numeric_band,c,C,6,,1,urban"],
            "dòng 3: khoảng của mục a phải bắt đầu",
        ),
        (
            ["a,A,numeric_band,b,B,,5,1,urban", "a,A,numeric_band,c,C,4,,1,urban"],
            "dòng 3: khoảng của mục a phải bắt đầu",
        ),
        (["a,A,single_choice,b,B,,,1,urban", "a,A,single_choice,b,C,,,1,urban"], "dòng 3: mức b của mục a đã có"),
        (["a,A,single_choice,b,B,,,1,urban", "a,A,multi_add,c,C,,,1,urban"], "dòng 3: mục a khác chữ hoặc khác kind"),
        (["a,A,single_choice"], "dòng 2: cột option"),
    ],
)
def test_what_is_wrong_is_named_by_line(rows, says):
    with pytest.raises(score_file.BrokenTable) as raised:
        score_file.read("\n".join([HEAD, *rows]))
    assert says in str(raised.value)


def test_every_wrong_line_is_named_at_once_but_not_a_thousand():
    bad = "a,A,single_choice,b,B,,,x,urban"
    with pytest.raises(score_file.BrokenTable) as raised:
        score_file.read("\n".join([HEAD, *[bad] * 1000]))
    told = str(raised.value).splitlines()
    assert told[1].startswith("dòng 3:")
    assert told[-1] == "và 980 dòng sai nữa"
    assert len(told) == 21


def test_as_excel_saves_it():
    """Semicolons, a byte order mark, decimal commas, Vietnamese words for the zone, remarks padded to the table's width."""
    text = "\ufeff# Ghi chú;;;;;;;;\n" + HEAD.replace(",", ";") + "\na;Mục;numeric_band;b;B;;12,5;3;Thành thị\n"
    found = score_file.read(text)
    assert found.note == "Ghi chú"
    assert found.tables["urban"][0].options[0].most == Decimal("12.5")


# Loading


def test_a_table_is_loaded_once(standards):
    assert load() == "urban: added\nrural: added\n"
    assert load() == "urban: same\nrural: same\n"
    table = ScoreTable.objects.get(zone="urban")
    assert table.rules() == list(URBAN)
    assert table.note.startswith("KHÔNG PHẢI BẢNG ĐIỂM CHÍNH THỨC")
    assert (table.valid_from, table.basis) == (standards[0].valid_from, "chưa kiểm chứng")
    assert Event.objects.filter(action="scoretable.loaded").count() == 2


def test_an_unused_version_is_replaced_and_a_used_one_is_not(home, cast, tmp_path):
    load()
    other = tmp_path / "khac.csv"
    other.write_text(TEXT.replace("Mức B,,,60,", "Mức B,,,80,"), encoding="utf-8")
    assert load(other) == "urban: replaced\nrural: same\n"
    record(home, cast, BY_ITEMS)
    with pytest.raises(CommandError, match="--version khác"):
        load()
    assert ScoreTable.objects.get(zone="urban").rules()[0].options[1].points == 80
    assert load(version="thử-2") == "urban: added\nrural: added\n"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"path": "khong-co.csv"}, "không đọc được"),
        ({"valid_from": "32/01/2023"}, "dd/mm/yyyy"),
        ({"valid_from": "01/01/2030"}, "trước ngày hết hiệu lực"),
        ({"version": "x" * 41}, "không quá 40"),
        ({"standard": "city-2022"}, "so với thu nhập"),
        ({"standard": "none"}, "không có chuẩn này"),
    ],
)
def test_a_wrong_question_is_refused(standards, more, says):
    given = {"path": str(TABLE), "standard": "central-2022", "version": "1"} | more
    with pytest.raises(CommandError, match=says):
        call_command("load_score_table", given.pop("path"), table_version=given.pop("version"), **given)
    assert not ScoreTable.objects.exists()


def test_another_region_does_not_push_out_the_own_one(standards):
    load(region="Duyên hải miền Trung")
    with pytest.raises(CommandError, match="chỉ theo một vùng"):
        load(version="2", region="Tây Nguyên")


def test_nothing_is_left_when_loading_breaks(standards, monkeypatch):
    calls = []

    def broken(*args, **more):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(scores, "log", broken)
    with pytest.raises(RuntimeError):
        load()
    assert not ScoreTable.objects.exists()
    assert not ScoreItem.objects.exists()
    assert not ScoreOption.objects.exists()


# The form


def test_b1_is_counted_on_the_server_and_explained(home, cast):
    load()
    review = record(home, cast, replace(BY_ITEMS, b1_score=499))
    review.refresh_from_db()
    assert (review.b1_score, review.score_table.zone) == (60 + 40 + 40, "urban")
    lines = review.results.get(standard__code="central-2022").receipt["lines"]
    assert lines[:5] == [
        ["B1, thu nhập", "140 / 175 điểm"],
        ["Tính B1 theo", "Bảng điểm thử-1, khu vực thành thị (chưa kiểm chứng)"],
        ["Mục thử chọn một: Mức B", "60 điểm"],
        ["Mục thử chọn nhiều: Có X; Có Y", "40 điểm"],
        ["Mục thử ghi số: 12 (từ 8 đến dưới 20)", "40 điểm"],
    ]
    assert "Tính B1 theo" not in dict(review.results.get(standard__code="city-2022").receipt["lines"])
    line = Event.objects.get(action="review.entered")
    assert "Mục thử" not in str(line.after)
    assert unseal(line.after)["b1_items"].startswith("Mục thử chọn một: Mức B; ")


def test_items_left_open_are_refused_and_nothing_is_written(home, cast):
    load()
    with pytest.raises(ValidationError) as raised:
        record(home, cast, replace(BY_ITEMS, scores=()))
    assert errors(raised) == {"b1__thu_mot": ["Chọn một mức."], "b1__thu_so": ["Ghi số."]}
    assert not Review.objects.exists()


def test_without_a_table_of_the_day_the_total_is_typed(home, cast):
    load(valid_from="01/11/2023")
    assert record(home, cast).b1_score == 165
    with pytest.raises(ValidationError) as raised:
        record(make.a_household(home.ward), cast, BY_ITEMS)
    assert "b1_score" in errors(raised)


ITEMS = {"b1__thu_mot": "b", "b1__thu_nhieu__x": "on", "b1__thu_nhieu__y": "on", "b1__thu_so": "12,5"}


def test_the_page_asks_the_items_of_the_zone(as_user, home):
    load()
    make.a_round()
    client, new = as_user("hoa"), reverse("review_new", args=[home.code])
    page = client.get(new).content.decode()
    assert "KHÔNG PHẢI BẢNG ĐIỂM CHÍNH THỨC" in page
    assert 'name="b1_score"' not in page
    assert "Mức B (60 điểm)" in page
    assert "từ 20 trở lên" in page
    typed = form_b(home) | ITEMS
    wrong = client.post(new, typed | {"b1__thu_so": "nhiều", "b1__thu_mot": ""})
    assert set(wrong.context["form"].errors) == {"b1__thu_so", "b1__thu_mot"}
    assert client.post(new, typed).status_code == 302
    review = Review.objects.get()
    assert review.b1_score == 140
    assert ScoreAnswer.objects.get(review=review, item="thu_so").number == Decimal("12.5")
    shown = client.get(reverse("review_detail", args=[review.pk])).content.decode()
    assert "12,5 (từ 8 đến dưới 20)" in shown
    edit = client.get(reverse("review_edit", args=[review.pk])).context["form"]
    assert edit.initial["b1__thu_so"] == "12,50"
    assert edit["b1__thu_nhieu__x"].value() is True
    assert edit["b1__thu_mot"].value() == "b"


def test_a_survey_day_before_the_table_asks_for_the_total(as_user, home):
    load(valid_from="01/11/2023")
    page = as_user("hoa").post(reverse("review_new", args=[home.code]), form_b(home) | ITEMS | {"b1_score": ""})
    assert set(page.context["form"].errors) == {"b1_score"}


def test_a_form_opened_after_the_law_ended_asks_by_the_round(as_user, home, monkeypatch):
    """Years later, a late form of the round of 2023 is still asked by the table of 2023, and ages are those of then."""
    load()
    make.a_round()
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2027, 1, 4))
    form = as_user("hoa").get(reverse("review_new", args=[home.code])).context["form"]
    assert form.table.zone == "urban"
    assert form.day() == date(2023, 12, 14)


def test_last_years_answers_stand_beside_and_a_draft_keeps_the_items(as_user, home, cast):
    load()
    decide(record(home, cast, BY_ITEMS), cast)
    regular = make.a_round(kind="regular", starts_on=date(2023, 12, 15), ends_on=date(2023, 12, 31))
    client, new = as_user("hoa"), reverse("review_new", args=[home.code])
    page = client.get(new, {"round": regular.pk, "last": 1})
    assert [one.before for one in page.context["b1_items"]] == ["Mức B", "Có X; Có Y", "12 (từ 8 đến dưới 20)"]
    assert page.context["form"]["b1__thu_so"].value() == "12"
    draft = {"round": str(regular.pk), "b1__thu_mot": "c", "trigger__nutrition__1": "on", "b1__Là": "x", "khac": "y"}
    url = reverse("review_draft", args=[home.code])
    assert client.post(url, draft, content_type="application/json").status_code == 200
    assert set(ReviewDraft.objects.get().typed) == {"round", "b1__thu_mot", "trigger__nutrition__1"}
    assert client.get(new, {"round": regular.pk}).context["form"]["b1__thu_mot"].value() == "c"


# A corrected table


def correct(tmp_path, text=None):
    other = tmp_path / "sua.csv"
    other.write_text(text or TEXT.replace("Mức B,,,60,", "Mức B,,,96,"), encoding="utf-8")
    load(other, version="thử-2")


def test_a_corrected_table_scores_the_same_answers_again(home, cast, tmp_path):
    load()
    review = record(home, cast, BY_ITEMS)
    assert run(standard="central-2022").startswith("0 would change")
    correct(tmp_path)
    told = run(standard="central-2022", dry_run=True)
    assert "Hộ nghèo → Không nghèo (B1 140 → 176)\tundecided\tĐiểm B1 176, cao hơn" in told
    review.refresh_from_db()
    assert review.b1_score == 140
    run(standard="central-2022", apply=True, by="cuc")
    review.refresh_from_db()
    assert (review.b1_score, review.score_table.version, review.version) == (176, "thử-2", 2)
    result = review.results.get(standard__code="central-2022")
    assert result.category == "not_poor"
    assert ["Mục thử chọn một: Mức B", "96 điểm"] in result.receipt["lines"]
    assert unseal(Event.objects.get(action="review.rescored").before)["b1_score"] == 140
    assert run(standard="central-2022").startswith("0 would change")


def test_points_that_change_no_category_are_set_right_too(home, cast, tmp_path):
    load()
    review = record(home, cast, BY_ITEMS)
    correct(tmp_path, TEXT.replace("Mức B,,,60,", "Mức B,,,70,"))
    assert "Hộ nghèo → Hộ nghèo (B1 140 → 150)" in run(standard="central-2022", apply=True, by="cuc")
    review.refresh_from_db()
    assert review.b1_score == 150
    assert run(standard="city-2022").startswith("0 would change"), "a standard by income does not look at points"


def test_a_decided_review_keeps_its_points(home, cast, tmp_path):
    load()
    review = decide(record(home, cast, BY_ITEMS), cast)
    correct(tmp_path)
    assert "decided, kept" in run(standard="central-2022", apply=True, by="cuc")
    review.refresh_from_db()
    assert (review.b1_score, review.score_table.version) == (140, "thử-1")


def test_answers_that_the_new_table_cannot_count_are_named(home, cast, tmp_path):
    load()
    review = record(home, cast, BY_ITEMS)
    correct(tmp_path, TEXT.replace("single_choice,b,", "single_choice,b2,"))
    told = run(standard="central-2022", apply=True, by="cuc")
    assert f"{home.code}\t{review.round}\tanswers do not fit the newest score table" in told
    assert "0 would change" in told
    review.refresh_from_db()
    assert review.b1_score == 140


def test_a_typed_total_is_left_alone_by_a_table(home, cast):
    record(home, cast)
    load()
    assert run(standard="central-2022").startswith("0 would change")
