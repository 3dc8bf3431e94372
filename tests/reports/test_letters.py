"""The city report's letter: written by several, issued once, signed, sent, corrected by a further version."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pypdf import PdfWriter

from accounts.models import Event
from reports import letter_queries, letter_services, services
from reports.letter_compare import differences
from reports.letter_text import cleaned, items, written_number
from reports.models import Document, Letter, Report, Section, SignedCopy
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db
NOW, TODAY = timezone.now(), date(2023, 6, 5)
HEAD = {
    "number": 5,
    "symbol": "BC-SLĐTBXH",
    "place": "Đà Nẵng",
    "dated": date(2023, 6, 1),
    "addressees": "- Ủy ban nhân dân thành phố;\nVăn phòng Quốc gia về Giảm nghèo.",
    "authority": "KT. GIÁM ĐỐC",
    "title": "PHÓ GIÁM ĐỐC",
    "signer": "Người Ký Thử",
    "recipients": "Như trên\nUBND các quận, huyện\nLưu: VT, SLĐTBXH",
}


@pytest.fixture
def letter(report):
    return report.letter


@pytest.fixture
def cuc(cast):
    return cast["cuc"]


def written(letter, key, text, by, version=None):
    section = letter.sections.get(key=key)
    return letter_services.write_section(section=section, text=text, version=version or section.version, by=by, at=NOW)


def headed(letter, by, **more):
    row = Letter.objects.get(pk=letter.pk)
    return letter_services.write_head(letter=row, version=row.version, by=by, **HEAD | more)


def filled(letter, by):
    for section in letter.sections.filter(text=""):
        written(letter, section.key, "Đã soạn.", by)
    return headed(letter, by)


def issued(letter, by):
    filled(letter, by)
    edition = Letter.objects.get(pk=letter.pk).edition
    return letter_services.issue(letter=letter, edition=edition, by=by, at=NOW, today=TODAY)


def a_pdf():
    out, paper = io.BytesIO(), PdfWriter()
    paper.add_blank_page(100, 100)
    paper.write(out)
    return out.getvalue()


# Rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Một\r\n\r\n  Hai \t ba\x0bBốn", "Một\nHai ba\nBốn"),
        ("•\tMục một\n·  mục hai\n\uf0b7 mục ba\n– mục bốn", "- Mục một\n- mục hai\n- mục ba\n- mục bốn"),
        ("Cá\x00 chép\ud800\ufffe", "Cá chép"),
        ("Hoa\u0300 Va\u0301ng\u00a0xa\u0303", "Hoà Váng xã"),
        ("<b>5 < 6</b> & #let x", "<b>5 < 6</b> & #let x"),
        ("  \n ", ""),
    ],
)
def test_pasted_text_is_cleaned_and_no_word_is_lost(typed, kept):
    assert cleaned(typed) == kept


def test_names_are_listed_without_the_marks_that_the_form_adds():
    assert items("- Như trên;\n\n UBND  các quận;\n- Lưu: VT, SLĐTBXH.") == [
        "Như trên",
        "UBND các quận",
        "Lưu: VT, SLĐTBXH",
    ]
    assert [written_number(number) for number in (None, 5, 9, 10, 1234)] == ["", "05", "09", "10", "1234"]


# The text


def test_a_frozen_report_has_its_letter_made_of_the_figures(letter):
    text = dict(letter.sections.values_list("key", "text"))
    assert "còn 4 hộ nghèo còn sức lao động" in text["objectives"]
    assert (text["causes"], text["proposals"]) == ("", "")
    assert letter.report.documents.filter(edition=letter.edition).count() == 4
    assert letter_services.open_letter(report=letter.report).pk == letter.pk, "one letter, however often it is opened"


def test_what_is_written_makes_the_documents_old_until_they_are_made_again(letter, cuc):
    row = written(letter, "causes", "Do thiên tai.\n\nDo giá cả.", cuc)
    assert (row.text, row.version, row.edited_by) == ("Do thiên tai.\nDo giá cả.", 2, cuc)
    report = letter.report
    made = letter_queries.documents_of(report, Letter.objects.get())
    assert [one.is_current for one in made] == [False] * 4
    assert list(services.unfinished()) == [report]
    assert len(services.finish(report=report)) == 4
    assert not services.unfinished()
    assert "Do thiên tai." in letter_queries.content_of(report).text["causes"]
    assert not services.finish(report=report), "nothing left to do"


def test_two_who_write_one_part_never_overwrite_each_other(letter, cuc):
    written(letter, "causes", "Của người thứ nhất.", cuc, version=1)
    with pytest.raises(ValidationError) as refused:
        written(letter, "causes", "Của người thứ hai.", cuc, version=1)
    assert refused.value.code == "stale"
    assert Section.objects.get(key="causes").text == "Của người thứ nhất."
    written(letter, "proposals", "Phần khác.", cuc, version=1)


def test_a_part_is_made_again_of_figures_and_the_log_keeps_what_was_written(letter, cuc):
    section = letter.sections.get(key="direction")
    first = section.text
    written(letter, "direction", "Lời khác.", cuc)
    row = letter_services.make_again(section=section, version=2, by=cuc)
    assert (row.text, row.edited_by) == (first, None)
    assert Event.objects.filter(action="letter.section_written").latest("id").before == {"text": "Lời khác."}


@pytest.mark.parametrize("name", ["hoa", "leader", "staff", "admin", "client"])
def test_only_the_programme_office_writes(letter, cast, name):
    with pytest.raises(PermissionDenied):
        written(letter, "causes", "Không được", cast[name])
    with pytest.raises(PermissionDenied):
        headed(letter, cast[name])


# The head


def test_the_head_is_kept_as_data_in_the_form_of_the_decree(letter, cuc):
    row = headed(letter, cuc)
    assert row.addressees == "Ủy ban nhân dân thành phố\nVăn phòng Quốc gia về Giảm nghèo"
    assert letter_queries.head_of(row).written_number == "05/BC-SLĐTBXH"
    assert (row.version, row.edition, row.number_year) == (2, 2, 2023)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("number", 0, "từ 1 đến"),
        ("number", 100_000, "từ 1 đến"),
        ("symbol", "BC SLĐTBXH", "viết liền"),
        ("symbol", "5/BC", "viết liền"),
        ("dated", date(2023, 5, 30), "31/05/2023"),
        ("title", " ", "chức vụ"),
        ("addressees", "\n", "kính gửi"),
    ],
)
def test_what_breaks_the_form_is_refused_at_its_field(letter, cuc, field, value, says):
    with pytest.raises(ValidationError) as refused:
        headed(letter, cuc, **{field: value})
    assert says in refused.value.message_dict[field][0]
    assert Letter.objects.get().version == 1


def test_a_number_is_given_once_a_year(letter, cuc, period):
    headed(letter, cuc)
    second = services.freeze(period=period, today=TODAY, reason="Bổ sung", by=cuc).letter
    with pytest.raises(ValidationError, match="đã dùng"):
        headed(second, cuc)
    headed(second, cuc, number=6)


# The issue


def test_an_unfinished_letter_is_not_issued_and_says_all_that_it_lacks(letter, cuc):
    with pytest.raises(ValidationError) as refused:
        letter_services.issue(letter=letter, edition=1, by=cuc, at=NOW, today=TODAY)
    said = refused.value.messages[0]
    for lacking in ("số văn bản", "ngày ký", "người ký", "III.3. Nguyên nhân", "V. Kiến nghị"):
        assert lacking in said


def test_who_issues_has_read_the_last_change(letter, cuc):
    filled(letter, cuc)
    with pytest.raises(ValidationError) as refused:
        letter_services.issue(letter=letter, edition=1, by=cuc, at=NOW, today=TODAY)
    assert refused.value.code == "stale"


def test_a_letter_dated_tomorrow_is_not_issued_today(letter, cuc):
    filled(letter, cuc)
    edition = Letter.objects.get().edition
    with pytest.raises(ValidationError, match="chưa đến"):
        letter_services.issue(letter=letter, edition=edition, by=cuc, at=NOW, today=date(2023, 5, 31))


def test_an_issued_letter_and_its_documents_never_change(letter, cuc):
    issued(letter, cuc)
    services.finish(report=letter.report)
    before = dict(Document.objects.values_list("format", "sha256"))
    for change in (lambda: written(letter, "causes", "Khác", cuc), lambda: headed(letter, cuc, number=9)):
        with pytest.raises(ValidationError) as refused:
            change()
        assert refused.value.code == "issued"
    assert not services.finish(report=letter.report)
    assert dict(Document.objects.values_list("format", "sha256")) == before


# After the issue


def test_the_signed_copy_is_a_pdf_by_its_content(letter, cuc):
    issued(letter, cuc)
    for content, says in (
        (b"", "rỗng"),
        (b"MZ not a pdf", "phải là tệp PDF"),
        (b"\x89PNG\r\n\x1a\n", "phải là tệp PDF"),
        (b"%PDF-1.7 cut off", "hỏng"),
    ):
        with pytest.raises(ValidationError) as refused:
            letter_services.upload_signed(letter=letter, name="a.pdf", content=content, by=cuc, at=NOW)
        assert says in refused.value.message_dict["file"][0]
    assert not SignedCopy.objects.exists()
    copy = letter_services.upload_signed(letter=letter, name="C:\\x\\ký.exe", content=a_pdf(), by=cuc, at=NOW)
    assert copy.name == "ký.pdf"
    assert letter_services.download_signed(copy=copy, by=cuc) == a_pdf()
    assert Event.objects.filter(action="letter.signed_downloaded").exists()


def test_an_open_letter_has_no_signed_copy_and_is_not_sent(letter, cuc):
    with pytest.raises(ValidationError):
        letter_services.upload_signed(letter=letter, name="a.pdf", content=a_pdf(), by=cuc, at=NOW)


def test_where_it_went_is_noted_once(letter, cuc):
    issued(letter, cuc)
    names = letter_queries.recipients_of(Letter.objects.get())
    assert names == ["Ủy ban nhân dân thành phố", "Văn phòng Quốc gia về Giảm nghèo", "UBND các quận, huyện"]
    given = {"how": "post", "note": "", "by": cuc, "at": NOW, "today": TODAY}
    sent = letter_services.note_sent(letter=letter, to=names[:2], sent_on=date(2023, 6, 2), **given)
    assert [one.to for one in sent] == names[:2]
    for to, day, field in (
        (names[:1], date(2023, 6, 2), "to"),
        (["Nơi lạ"], date(2023, 6, 2), "to"),
        (names, date(2023, 5, 31), "sent_on"),
        (names, date(2023, 6, 6), "sent_on"),
    ):
        with pytest.raises(ValidationError) as refused:
            letter_services.note_sent(letter=letter, to=to, sent_on=day, **given)
        assert field in refused.value.message_dict
    letter_services.strike_sent(sending=letter.sendings.first(), by=cuc)
    assert letter.sendings.count() == 1


# A further version


def test_a_correction_takes_over_what_people_wrote_and_asks_to_look_through_it(letter, cuc, period):
    written(letter, "causes", "Do thiên tai.", cuc)
    headed(letter, cuc)
    second = services.freeze(period=period, today=TODAY, reason="Bổ sung quyết định", by=cuc).letter
    taken = second.sections.get(key="causes")
    assert (taken.text, taken.carried, second.signer, second.number) == ("Do thiên tai.", True, "Người Ký Thử", None)
    assert not second.sections.get(key="objectives").carried
    with pytest.raises(ValidationError) as refused:
        written(letter, "causes", "Sửa bản cũ", cuc)
    assert refused.value.code == "replaced"
    with pytest.raises(ValidationError, match="soát lại phần III.3"):
        letter_services.issue(letter=second, edition=second.edition, by=cuc, at=NOW, today=TODAY)


def test_the_difference_between_versions_names_figures_and_marks_words(letter, cuc, period):
    written(letter, "causes", "Do thiên tai lớn.", cuc)
    report = services.freeze(period=period, today=TODAY, reason="Bổ sung", by=cuc)
    same = differences(letter_queries.content_of(letter.report), letter_queries.content_of(report))
    assert not same.any
    line = report.lines.get(area__code="48", indicator="housing")
    report.lines.filter(pk=line.pk).update(actual=line.actual + 2)
    written(report.letter, "causes", "Do dịch bệnh lớn.", cuc)
    found = differences(letter_queries.content_of(letter.report), letter_queries.content_of(report))
    assert [(one.what, one.before, one.after, one.by) for one in found.figures] == [("thực hiện", "1", "3", "+2")]
    (text,) = found.texts
    assert [piece.text for piece in text.before if piece.kind == "out"] == ["thiên tai"]
    assert [piece.text for piece in text.after if piece.kind == "in"] == ["dịch bệnh"]


def test_a_report_frozen_before_letters_were_kept_gets_its_letter_at_night(report):
    Letter.objects.all().delete()
    Document.objects.update(edition=0)
    assert services.daily(today=DAY) == [report]
    assert Report.objects.get().letter.sections.count() == 9
