"""Pages of the register: what is typed is kept, errors stand at their field, nothing of another ward, every look written down."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PersonalDataView
from areas.vietnamese import day as written
from households.classify import classify
from households.members import Person
from households.models import Household, Result
from households.services.register import register_household
from households.standards import Findings
from tests import make

NEW = "/ho/moi/"
PLACE = {"group": "Tổ 14", "address": "12 Lê Duẩn", "phone": "0905 123 456", "day": "04/05/2023"}
HEAD = {"full_name": "Đặng Văn Hoà", "relation": "head", "sex": "male", "birth": "20/05/1971", "ethnicity": "Kinh"}
WIFE = {"full_name": "Lê Thị Thu", "relation": "spouse", "sex": "female", "birth": "1974", "ethnicity": "Kinh"}
EMPTY = {"full_name": "", "relation": "", "sex": "", "birth": "", "ethnicity": "Kinh", "citizen_id": ""}


def typed(*rows, initial=1, **place):
    data = PLACE | place | {"members-TOTAL_FORMS": len(rows), "members-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        data |= {f"members-{place}-{name}": value for name, value in row.items()}
    return data


@pytest.fixture
def household(cast):
    people = [
        Person("Đặng Văn Hoà", "head", "male", 1971, 5, 20, citizen_id="048071004127"),
        Person("Lê Thị Thu", "spouse", "female", 1974, citizen_id=""),
    ]
    return register_household(
        ward=cast["hoa"].area,
        group="Tổ 14",
        address="12 Lê Duẩn",
        phone="0905123456",
        members=people,
        day=date(2023, 5, 4),
        by=cast["hoa"],
    )


def rows_of(household):
    head, wife = household.members.all()
    return HEAD | {"key": head.pk, "citizen_id": ""}, WIFE | {"key": wife.pk, "citizen_id": ""}


def test_a_household_is_entered_in_the_browser(as_user):
    client = as_user("hoa")
    page = client.get(NEW)
    assert page.text.count("data-formset-item") == 5, "the head, three empty rows without a script, and the template"
    answer = client.post(NEW, typed(HEAD | {"citizen_id": "048 071 004 127"}, WIFE, EMPTY, EMPTY))
    household = Household.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/ho/{household.code}/")
    assert (household.ward.code, household.phone, household.registered_on) == ("20236", "0905123456", date(2023, 5, 4))
    assert household.members.count() == 2


@pytest.mark.parametrize(
    ("rows", "place", "name"),
    [
        ([HEAD], {"day": "31/02/2023"}, "day"),
        ([HEAD], {"day": written(timezone.localdate() + timedelta(days=1))}, "day"),
        ([HEAD], {"address": ""}, "address"),
        ([HEAD], {"phone": "123"}, "phone"),
        ([HEAD], {"group": "x" * 61}, "group"),
        ([HEAD | {"birth": "30/02/1971"}], {}, "members-0-birth"),
        ([HEAD | {"birth": "1890"}], {}, "members-0-birth"),
        ([HEAD | {"birth": "05/05/2023"}], {}, "members-0-birth"),
        ([HEAD | {"full_name": "Đặng 2"}], {}, "members-0-full_name"),
        ([HEAD | {"citizen_id": "123"}], {}, "members-0-citizen_id"),
        ([HEAD, WIFE | {"relation": "head"}], {}, "members-1-relation"),
        ([HEAD, WIFE | {"relation": "cousin"}], {}, "members-1-relation"),
        ([HEAD, WIFE | {"sex": ""}], {}, "members-1-sex"),
        (
            [HEAD | {"citizen_id": "048071004127"}, EMPTY, WIFE | {"citizen_id": "048071004127"}],
            {},
            "members-2-citizen_id",
        ),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(as_user, rows, place, name):
    answer = as_user("hoa").post(NEW, typed(*rows, **place))
    assert answer.status_code == 200
    wrong = {answer.context["form"].add_prefix(field) for field in answer.context["form"].errors}
    for row in answer.context["members"]:
        wrong |= {row.add_prefix(field) for field in row.errors}
    assert wrong == {name}
    assert f'href="#id_{name}"' in answer.text, "the summary leads to the field"
    for value in ("Tổ 14" if "group" not in place else "", HEAD["ethnicity"], rows[0]["full_name"]):
        assert value in answer.text
    assert not Household.objects.exists()


@pytest.mark.parametrize("rows", [[], [HEAD | {"relation": "child"}], [HEAD | {"DELETE": "on"}]])
def test_nobody_or_no_head_is_refused(as_user, rows):
    answer = as_user("hoa").post(NEW, typed(*rows, initial=0))
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not Household.objects.exists()


@pytest.mark.parametrize("total", ["", "abc", "-1", "9999"])
def test_a_broken_form_is_refused_and_not_a_fault(as_user, total):
    data = typed(HEAD) | {"members-TOTAL_FORMS": total}
    assert as_user("hoa").post(NEW, data).status_code == 200
    assert not Household.objects.exists()


def test_a_known_id_leads_to_the_household_that_has_it(as_user, household):
    answer = as_user("hoa").post(NEW, typed(HEAD | {"full_name": "Ai Khác", "citizen_id": "048071004127"}))
    assert f'href="/ho/{household.code}/"' in answer.text
    answer = as_user("binh").post(NEW, typed(HEAD | {"full_name": "Ai Khác", "citizen_id": "048071004127"}))
    assert "đã có ở một hộ của Phường Một" in answer.text
    assert household.code not in answer.text


def test_asking_for_a_known_id_is_written_down(as_user, areas, household):
    """The write is refused and rolled back; that somebody learnt of the number stays."""
    stranger = HEAD | {"full_name": "Ai Khác", "citizen_id": "048071004127"}
    as_user("binh").post(NEW, typed(HEAD | {"citizen_id": "048071009999", "birth": "1890"}))
    assert not PersonalDataView.objects.exists(), "refused for another reason"
    as_user("binh").post(NEW, typed(stranger))
    look = PersonalDataView.objects.get()
    assert (look.by.username, look.kind, look.household_code) == ("binh", "view", household.code)
    assert look.reason == "Số định danh trùng khi lập hồ sơ"
    own = make.a_household(areas["next_ward"], members=1)
    head = own.members.get()
    form = typed(stranger | {"key": head.pk, "full_name": head.full_name}, initial=1, version=1, day="04/05/2023")
    assert as_user("binh").post(f"/ho/{own.code}/sua/", form).status_code == 200
    assert PersonalDataView.objects.filter(household_code=household.code, by__username="binh").count() == 2


@pytest.mark.parametrize("key", ["1", "999999", "²", "9" * 5000, "-1", "abc"])
@pytest.mark.parametrize("more", [{}, {"DELETE": "on"}, {"citizen_id": "048071004127"}])
def test_a_forged_key_of_a_member_is_refused_and_not_a_fault(as_user, household, key, more):
    rows = [HEAD, WIFE | {"key": key} | more] if "DELETE" in more else [HEAD | {"key": key} | more]
    answer = as_user("hoa").post(NEW, typed(*rows))
    if "DELETE" in more:
        assert answer.status_code == 302, "a row that is taken out is not read"
    else:
        assert answer.status_code == 200
        assert Household.objects.get() == household
    edit = typed(*rows_of(household), HEAD | {"key": key} | more, initial=2, version=1)
    answer = as_user("hoa").post(f"/ho/{household.code}/sua/", edit)
    assert answer.status_code in (200, 302)
    assert household.members.count() == 2


def test_an_edit_keeps_the_id_that_was_not_typed_again(as_user, household):
    client, url = as_user("hoa"), f"/ho/{household.code}/sua/"
    assert "••••••••4127" in client.get(url).text
    head, wife = rows_of(household)
    child = EMPTY | {"full_name": "Đặng Bé", "relation": "child", "sex": "male", "birth": "2004"}
    answer = client.post(
        url,
        typed(
            head,
            wife | {"DELETE": "on", "birth": "", "left_as": "died"},
            child,
            EMPTY,
            initial=2,
            version=1,
            day="01/06/2023",
        ),
    )
    assert answer.status_code == 302, answer.context["form"].errors
    kept = household.members.filter(left_on__isnull=True)
    assert [(member.full_name, member.citizen_id_last4) for member in kept] == [
        ("Đặng Văn Hoà", "4127"),
        ("Đặng Bé", ""),
    ]
    assert household.members.get(full_name="Lê Thị Thu").left_on == date(2023, 6, 1)
    detail = client.get(f"/ho/{household.code}/").text
    assert "Đã rời hộ (1)" in detail
    assert "(đã mất)" in detail
    assert "Lê Thị Thu rời hộ ngày 01/06/2023" in detail


@pytest.mark.parametrize("path", ["/ho/{}/", "/ho/{}/sua/"])
def test_another_wards_household_is_not_found(as_user, household, path):
    assert as_user("binh").get(path.format(household.code)).status_code == 404
    assert not PersonalDataView.objects.exists()


@pytest.mark.parametrize(
    ("who", "new", "detail", "edit"),
    [("hoa", 200, 200, 200), ("lan", 403, 200, 403), ("district", 403, 200, 403), ("cuc", 403, 200, 403)]
    + [("leader", 403, 403, 403), ("staff", 403, 403, 403), ("admin", 403, 403, 403), ("nobody", 403, 403, 403)],
)
def test_who_may_do_what(as_user, household, who, new, detail, edit):
    client = as_user(who)
    assert client.get(NEW).status_code == new
    answer = client.get(f"/ho/{household.code}/")
    assert answer.status_code == detail
    assert client.get(f"/ho/{household.code}/sua/").status_code == edit
    if detail == 200:
        assert ("Sửa hộ" in answer.text) is (edit == 200)
        assert ("phieu-b" in answer.text) is (who == "hoa")
        assert ("so-dinh-danh" in answer.text) is (who in ("hoa", "lan"))  # who signs may see the number too


def test_every_look_at_a_household_is_written_down(as_user, household):
    client = as_user("cuc")
    client.get(f"/ho/{household.code}/")
    look = PersonalDataView.objects.get()
    assert (look.by.username, look.kind, look.household_code) == ("cuc", "view", household.code)
    pages = ("/ho/{}/sua/", "/ra-soat/ho/{}/ho-tro/", "/ra-soat/ho/{}/phieu-b/", "/ho/{}/bien-dong/chuyen-cho/")
    for seen, page in enumerate(pages, 2):
        as_user("hoa").get(page.format(household.code))
        assert PersonalDataView.objects.count() == seen, page
    for seen, page in enumerate(pages, len(pages) + 2):  # a forged form is refused on the same page
        assert as_user("hoa").post(page.format(household.code), {}).status_code == 200, page
        assert PersonalDataView.objects.count() == seen, page


def the_story(household, cast, standards):
    """Two years of reviews, statuses and supports."""
    central, city = standards
    review = make.a_review(
        household,
        cast["hoa"],
        make.a_round(),
        state="decided",
        decided_by=cast["lan"],
        decided_on=date(2023, 12, 1),
        decision_number="398/QĐ-UBND",
    )
    found = Findings("urban", 165, 1_800_000, frozenset({"employment", "dependents", "nutrition"}))
    for standard in standards:
        receipt = classify(found, standard.rule())
        Result.objects.create(
            review=review,
            standard=standard,
            category=receipt.category,
            receipt=receipt.as_json(),
            rule_version=receipt.rule_version,
        )
    make.a_spell(household, central, "near_poor", date(2022, 1, 1), date(2023, 12, 1))
    make.a_spell(household, central, "poor", date(2023, 12, 1), opened_by=review)
    make.a_spell(household, city, "poor", date(2022, 1, 1))
    make.a_support(household, "house_repair", amount=20_000_000)


def test_a_household_shows_its_whole_story(as_user, cast, household, standards):
    the_story(household, cast, standards)
    answer = as_user("hoa").get(f"/ho/{household.code}/")
    text = answer.text
    for words in (
        "Hộ Đặng Văn Hoà",
        "Hộ nghèo, chuẩn Trung ương",
        "Hộ nghèo, chuẩn thành phố",
        "chưa xác nhận",
        "Hộ cận nghèo, còn sức lao động: từ 01/01/2022 đến 01/12/2023",
        "QĐ 398/QĐ-UBND",
        "Điểm B1 165",
        "20.000.000 đồng",
        "Lập hồ sơ",
    ):
        assert words in text
    now = [(tag.label, tag.confirmed) for tag in answer.context["dossier"].tags]
    assert now == [("Hộ nghèo, chuẩn Trung ương", True), ("Hộ nghèo, chuẩn thành phố", False)]


def test_an_empty_household_says_what_is_missing(as_user, household):
    text = as_user("hoa").get(f"/ho/{household.code}/").text
    for words in ("Chưa từng trong danh sách", "Chưa rà soát lần nào", "Chưa có hỗ trợ nào", "Không trong danh sách"):
        assert words in text


def test_a_long_story_asks_no_more_than_a_short_one(as_user, cast, household, standards):
    client = as_user("hoa")
    the_story(household, cast, standards)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/ho/{household.code}/")
        return len(seen)

    asked()
    short = asked()
    for year in range(2015, 2022):
        make.a_review(household, cast["hoa"], make.a_round(year), surveyed_on=date(year, 10, 3))
        make.a_support(household, given_on=date(year, 3, 1))
    assert asked() == short <= 17
