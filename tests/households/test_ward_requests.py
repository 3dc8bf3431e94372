"""A number that another ward's household holds: asking it, its answer, and what neither side may learn."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Event
from accounts.roles import Role
from households.members import Person
from households.models import DuplicatePair, HouseholdChange, Member, StatusSpell, WardRequest
from households.services import duplicates, register, ward_requests
from households.services.ward_requests import Asked
from tests import make
from tests.households.test_changes import rows
from tests.households.test_register_pages import HEAD, NEW, typed

NUMBER = "048200000017"
DAY = date(2023, 1, 5)
TODAY = date(2023, 5, 4)
HERE = Asked("Con Một", "2000", "Tổ 9", "9 đường Mới", "chuyển đến từ tháng 3")


@pytest.fixture
def held(cast, standards):
    return a_family(cast, standards)


def a_family(cast, standards):
    """A family of Phường Hai; the child's number is what Hoa of Phường Một types."""
    home = register.register_household(
        ward=cast["binh"].area,
        group="Tổ 1",
        address="1 đường Cũ",
        phone="",
        members=[Person("Cha Kín", "head", "male", 1970), Person("Con Kín", "child", "male", 2000, citizen_id=NUMBER)],
        day=DAY,
        by=cast["binh"],
    )
    make.a_spell(home, standards[0], valid_from=date(2023, 2, 1))
    return home


def ask(by, number=NUMBER, kind="citizen_id", person=HERE):
    return ward_requests.ask_ward(kind=kind, number=number, person=person, by=by, now=timezone.now())


def answer(row, what, by):
    return ward_requests.answer(request=row, answer=what, by=by, today=TODAY, now=timezone.now())


def register_here(by):
    person = Person("Con Một", "head", "male", 2000, citizen_id=NUMBER)
    return register.register_household(
        ward=by.area, group="Tổ 9", address="9 đường Mới", phone="", members=[person], day=TODAY, by=by
    )


def test_moved_with_the_household(cast, areas, held):
    row = ask(cast["hoa"])
    done = answer(row, "moved", cast["binh"])
    held.refresh_from_db()
    assert (held.ward, held.group, held.address) == (areas["ward"], "Tổ 9", "9 đường Mới")
    assert (done.state, done.answered_by, done.asked_of) == ("moved", cast["binh"], areas["next_ward"])
    spells = StatusSpell.objects.order_by("pk").values_list("ward", "opened_as", "closed_as")
    assert list(spells) == [(areas["next_ward"].pk, "listed", "moved_out"), (areas["ward"].pk, "moved_in", "")]
    assert HouseholdChange.objects.get().by == cast["binh"]
    assert Event.objects.filter(action="ward_request.answered").count() == 1


@pytest.mark.parametrize(("what", "persons"), [("person_moved", 1), ("mistake", 2)])
def test_the_number_becomes_free(cast, held, what, persons):
    with pytest.raises(register.Refused):
        register_here(cast["hoa"])
    answer(ask(cast["hoa"]), what, cast["binh"])
    assert held.members.filter(left_on=None).count() == persons
    assert StatusSpell.objects.open().get().persons == persons
    assert register_here(cast["hoa"]).members.get().citizen_id_last4 == NUMBER[-4:]


def test_a_different_person_changes_nothing(cast, held):
    was = rows()
    answer(ask(cast["hoa"]), "different", cast["binh"])
    assert rows() == was
    ask(cast["hoa"])  # with another reason it may be asked again


@pytest.mark.parametrize("gone", ["left", "cleared", "another"])
def test_when_the_number_is_free_already_nothing_is_done(cast, held, gone):
    row = ask(cast["hoa"])
    changed = {"left": {"left_on": TODAY}, "cleared": {"citizen_id_hash": ""}, "another": {"citizen_id_hash": "x"}}
    Member.objects.filter(full_name="Con Kín").update(**changed[gone])
    was = rows()
    assert answer(row, "moved", cast["binh"]).state == "free"
    assert rows() == was


def test_a_head_hands_over_first_and_the_question_waits(cast, held):
    head = held.members.get(relation="head")
    Member.objects.filter(pk=head.pk).update(citizen_id_hash="")
    row = ask(cast["hoa"])
    WardRequest.objects.filter(pk=row.pk).update(member=head, number="")
    with pytest.raises(ValidationError):
        answer(row, "person_moved", cast["binh"])
    assert WardRequest.objects.get().state == "open"


def test_the_household_is_held_before_its_person_is_read(cast, held):
    """Else taking a number away would write back what somebody else has just put right of the same person."""
    row = ask(cast["hoa"])
    with CaptureQueriesContext(connection) as seen:
        answer(row, "mistake", cast["binh"])
    told = [one["sql"] for one in seen.captured_queries]
    first = {
        table: next(n for n, sql in enumerate(told) if f'FROM "households_{table}"' in sql)
        for table in ("household", "member")
    }
    assert first["household"] < first["member"]


@pytest.mark.parametrize("what", ["open", "free", "", "nonsense"])
def test_only_the_four_answers(cast, held, what):
    row = ask(cast["hoa"])
    with pytest.raises(ValidationError):
        answer(row, what, cast["binh"])


def test_one_answer_only_and_one_question_at_a_time(cast, held):
    row = ask(cast["hoa"])
    with pytest.raises(ValidationError):
        ask(cast["hoa"])
    answer(row, "different", cast["binh"])
    with pytest.raises(ValidationError):
        answer(row, "moved", cast["binh"])


@pytest.mark.parametrize("more", [{"number": "048200000018"}, {"number": ""}, {"kind": "phone"}])
def test_there_must_be_something_to_ask(cast, held, more):
    with pytest.raises(ValidationError):
        ask(cast["hoa"], **more)


def test_ones_own_household_is_not_asked_about(cast, held):
    with pytest.raises(ValidationError):
        ask(cast["binh"])


@pytest.mark.parametrize("reason", ["", "ngắn", "x" * 501])
def test_a_reason_is_needed(cast, held, reason):
    with pytest.raises(ValidationError) as wrong:
        ask(cast["hoa"], person=Asked("A", "2000", "", "", reason))
    assert "ask" in wrong.value.message_dict


@pytest.mark.parametrize("who", ["lan", "cuc", "district", "staff", "admin"])
def test_only_officers_of_wards_ask_and_answer(cast, held, who):
    with pytest.raises(PermissionDenied):
        ask(cast[who])
    row = ask(cast["hoa"])
    for other in (who, "hoa"):
        with pytest.raises(PermissionDenied):
            answer(row, "moved", cast[other])


# The pages

CHILD = HEAD | {"full_name": "Con Một", "birth": "2000", "citizen_id": NUMBER}


def test_from_the_form_to_the_answer_and_back(as_user, cast, held):
    hoa = as_user("hoa")
    refused = hoa.post(NEW, typed(CHILD))
    assert "Hỏi Phường Hai" in refused.text
    for secret in (held.code, "Kín", "đường Cũ"):
        assert secret not in refused.text
    short = hoa.post(NEW, typed(CHILD, ask_ward="members-0"))
    assert short.context["members"].forms[0].errors.keys() == {"ask", "citizen_id"}
    assert not WardRequest.objects.exists()
    sent = hoa.post(NEW, typed(CHILD | {"ask": "chuyển đến từ tháng 3"}, ask_ward="members-0"))
    row = WardRequest.objects.get()
    assert "Đã gửi yêu cầu đối chiếu" in sent.text
    assert 'value="Con Một"' in sent.text
    asked = hoa.get("/doi-chieu/da-hoi/").text
    assert "Con Một" in asked
    assert "Phường Hai" in asked
    for secret in (held.code, "Kín", "đường Cũ"):
        assert secret not in sent.text + asked
    assert hoa.get(f"/doi-chieu/{row.pk}/").status_code == 404
    assert "Con Kín" not in hoa.get("/doi-chieu/").text

    binh = as_user("binh")
    assert "Con Kín" in binh.get("/doi-chieu/").text
    page = binh.get(f"/doi-chieu/{row.pk}/").text
    for told in ("Con Một", "Con Kín", "chuyển đến từ tháng 3", "Người hoa", held.code):
        assert told in page
    assert NUMBER not in page
    assert binh.post(f"/doi-chieu/{row.pk}/", {}).context["form"].errors.keys() == {"answer"}
    done = binh.post(f"/doi-chieu/{row.pk}/", {"answer": "person_moved"})
    assert done.url == f"/ho/bien-dong/{HouseholdChange.objects.get().pk}/"
    assert binh.get(f"/doi-chieu/{row.pk}/").status_code == 404
    assert "đã chuyển đến nơi hỏi" in as_user("hoa").get("/doi-chieu/da-hoi/").text
    assert as_user("hoa").post(NEW, typed(CHILD)).status_code == 302


def test_the_page_on_which_somebody_joins_asks_too(as_user, areas, cast, held):
    home = make.a_household(areas["ward"])
    person = {"full_name": "Con Một", "relation": "child", "sex": "male", "birth": "2000", "ethnicity": "Kinh"}
    person |= {"citizen_id": NUMBER, "day": "04/05/2023"}
    page = f"/ho/{home.code}/bien-dong/vao-ho/"
    assert "Lý do hỏi" not in as_user("hoa").get(page).text
    assert "Hỏi Phường Hai" in as_user("hoa").post(page, person).text
    as_user("hoa").post(page, person | {"ask_ward": "new", "ask": "về ở với ông bà"})
    assert WardRequest.objects.get().asked_from == areas["ward"]


@pytest.mark.parametrize(
    ("who", "queue", "asked"), [("lan", 403, 403), ("cuc", 403, 200), ("district", 403, 200), ("staff", 403, 403)]
)
def test_the_pages_by_role(as_user, held, cast, who, queue, asked):
    row = ask(cast["hoa"])
    assert as_user(who).get("/doi-chieu/").status_code == queue
    assert as_user(who).get(f"/doi-chieu/{row.pk}/").status_code == queue
    page = as_user(who).get("/doi-chieu/da-hoi/")
    assert page.status_code == asked
    assert "Con" not in page.text.partition("<main")[2].replace("Con Một", "")


def test_the_queues_ask_as_often_for_many(as_user, areas, cast, held, django_assert_max_num_queries):
    row = ask(cast["hoa"])
    for place in range(9):
        row.pk, row.number = None, f"x{place}"
        row._state.adding = True
        row.save()
    for who, path in (("binh", "/doi-chieu/"), ("hoa", "/doi-chieu/da-hoi/")):
        client = as_user(who)
        with django_assert_max_num_queries(9):
            assert len(client.get(path).context["page"]) == 10


# Pairs of two wards


@pytest.fixture
def pair(areas):
    return make.a_household(areas["ward"], members=2), make.a_household(areas["next_ward"], members=2)


def across(by, ward):
    return duplicates.find_across(ward=ward, by=by, today=TODAY)


@pytest.mark.parametrize("who", ["district", "cuc"])
def test_an_office_finds_pairs_of_two_wards_once(cast, areas, pair, who):
    make.a_household(areas["ward"], members=2)
    assert across(cast[who], areas["ward"]) == 2
    assert across(cast[who], areas["next_ward"]) == 0
    found = DuplicatePair.objects.get(first=pair[0])
    assert (found.second, found.score) == (pair[1], 95)


def test_a_name_and_a_year_alone_are_not_enough(cast, areas, pair):
    Member.objects.filter(relation="child").delete()
    pair[1].address = "9 đường Khác"
    pair[1].save()
    assert across(cast["cuc"], areas["ward"]) == 0
    Member.objects.update(birth_month=5, birth_day=20)
    assert across(cast["cuc"], areas["ward"]) == 1
    Member.objects.filter(household=pair[1]).update(birth_day=21)
    assert across(cast["cuc"], areas["ward"]) == 0
    assert not DuplicatePair.objects.exists()


def test_an_office_sees_only_its_own_wards(cast, areas, pair):
    rural = make.a_user(Role.DISTRICT_OFFICER, areas["rural"])
    with pytest.raises(PermissionDenied):
        across(rural, areas["ward"])
    for who in ("hoa", "lan", "staff"):
        with pytest.raises(PermissionDenied):
            across(cast[who], areas["ward"])
    make.a_household(areas["commune"])
    assert across(cast["district"], areas["ward"]) == 1
    assert across(cast["cuc"], areas["ward"]) == 1


def test_the_office_says_different_or_asks_and_never_merges(as_user, cast, areas, pair):
    client = as_user("cuc")
    assert "Không có cặp hộ nào" in client.get("/trung-ho/lien-phuong/").text
    assert "Chọn phường, xã" in client.post("/trung-ho/lien-phuong/", {"ward": "x"}, follow=True).text
    assert "1 cặp mới" in client.post("/trung-ho/lien-phuong/", {"ward": "20236"}, follow=True).text
    found = DuplicatePair.objects.get()
    assert pair[0].code not in as_user("hoa").get("/trung-ho/").text
    assert as_user("hoa").get("/trung-ho/lien-phuong/").status_code == 403
    client = as_user("cuc")
    door = f"/trung-ho/lien-phuong/{found.pk}/"
    assert client.post(door, {"answer": "maybe"}).status_code == 400
    assert "Ghi lý do" in client.post(door, {"answer": pair[1].pk}, follow=True).text
    assert client.post(f"/trung-ho/{found.pk}/", {"answer": pair[0].pk}).status_code == 403
    sent = client.post(door, {"answer": pair[1].pk, "reason": "cùng một gia đình"}, follow=True)
    assert "tới Phường Hai" in sent.text
    row = WardRequest.objects.get()
    assert (row.household, row.ward, row.number) == (pair[1], areas["ward"], "")
    page = as_user("binh").get(f"/doi-chieu/{row.pk}/").text
    assert pair[0].code not in page
    assert "ghi nhầm" not in page
    as_user("binh").post(f"/doi-chieu/{row.pk}/", {"answer": "moved"})
    pair[1].refresh_from_db()
    assert pair[1].ward == areas["ward"]  # where its officer now finds both, and merges them
    assert duplicates.find_duplicates(ward=areas["ward"], by=cast["hoa"], today=TODAY) == 0
    assert [one.pk for one in DuplicatePair.objects.visible_to(cast["hoa"])] == [found.pk]


def test_different_across_is_never_asked_again_and_a_wards_own_pair_is_its_own(cast, areas, pair):
    across(cast["cuc"], areas["ward"])
    duplicates.answer_different(pair=DuplicatePair.objects.get(), by=cast["cuc"], now=timezone.now())
    assert across(cast["cuc"], areas["ward"]) == 0
    assert DuplicatePair.objects.get().state == "different"
    make.a_household(areas["ward"], members=2)
    duplicates.find_duplicates(ward=areas["ward"], by=cast["hoa"], today=TODAY)
    own = DuplicatePair.objects.get(state="open")
    with pytest.raises(PermissionDenied):
        duplicates.answer_different(pair=own, by=cast["cuc"], now=timezone.now())


def test_nobody_is_compared_with_everybody(cast, areas, pair, django_assert_max_num_queries):
    """The other wards' members are reached by the index of names and years, and the queries do not grow."""
    from django.db import connection

    from households.duplicate_queries import across_statement

    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # three households would be read whole
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        statement, given = across_statement(cast["cuc"], areas["ward"], TODAY)
        cursor.execute(explain + statement, given)
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "member_name_and_year" in plan, plan
    for _ in range(4):
        make.a_household(areas["next_ward"])
    with django_assert_max_num_queries(16):
        assert across(cast["cuc"], areas["ward"]) == 5
