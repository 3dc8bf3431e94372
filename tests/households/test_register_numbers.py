"""Numbers of a person: changed, taken away, held once in the city; and facts put back to not known."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Event, PersonalDataView
from households.members import Person
from households.models import Member
from households.sealed import unseal, vault
from households.services import changes
from households.services.register import Refused, edit_household, register_household
from tests.households.test_register_pages import HEAD, typed

DAY = date(2023, 5, 4)
NUMBERS = {"citizen_id": "048071004127", "old_id": "200123456", "insurance": "4801234567"}
ALIKE = {"citizen_id": "048071014127", "old_id": "201123456", "insurance": "4811234567"}  # the same last four digits


def enter(by, **numbers):
    head = Person("Đặng Văn Hoà", "head", "male", 1971, **{"citizen_id": ""} | numbers)
    return register_household(
        ward=by.area, group="Tổ 14", address="12 Lê Duẩn", phone="", members=[head], day=DAY, by=by, living_area=45
    )


def edit(household, by, **numbers):
    head = household.members.get(left_on=None)
    person = Person("Đặng Văn Hoà", "head", "male", 1971, key=head.pk, **numbers)
    place = {"group": "Tổ 14", "address": "12 Lê Duẩn", "phone": ""}
    household.refresh_from_db()
    return edit_household(
        household=household, version=household.version, members=[person], gone=set(), day=DAY, by=by, **place
    )


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_that_ends_alike_is_a_change(cast, kind):
    household = enter(cast["hoa"], **NUMBERS)
    assert edit(household, cast["hoa"], **NUMBERS).version == 1, "the same numbers typed again are none"
    assert not Event.objects.filter(action="household.edited").exists()
    assert edit(household, cast["hoa"], **{kind: ALIKE[kind]}).version == 2
    assert vault().open(getattr(household.members.get(), f"{kind}_sealed")) == ALIKE[kind]
    head = str(household.members.get().pk)
    assert list(unseal(Event.objects.get(action="household.edited").after)["members"][head]) == [kind]


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_held_in_one_household(cast, kind):
    household = enter(cast["hoa"], **NUMBERS)
    other = enter(cast["binh"], citizen_id="")
    for write in (
        lambda: enter(cast["hoa"], **{kind: NUMBERS[kind]}),
        lambda: edit(other, cast["binh"], **{kind: NUMBERS[kind]}),
    ):
        with pytest.raises(Refused) as refused:
            write()
        problem = refused.value.problems[0]
        assert (problem.field, problem.touched, len(refused.value.problems)) == (kind, household.code, 1)
    assert problem.household == "", "another ward's household is not named"
    Member.objects.filter(household=household).update(left_on=DAY)
    enter(cast["hoa"], **{kind: NUMBERS[kind]})


@pytest.mark.parametrize("kind", NUMBERS)
def test_two_of_one_household_cannot_hold_a_number_but_may_swap_theirs(cast, kind):
    people = [
        Person("Đặng Văn Hoà", "head", "male", 1971, **{"citizen_id": ""} | {kind: NUMBERS[kind]}),
        Person("Lê Thị Thu", "spouse", "female", 1974, **{"citizen_id": ""} | {kind: NUMBERS[kind]}),
    ]
    place = {"group": "Tổ 14", "address": "12 Lê Duẩn", "phone": "", "day": DAY, "by": cast["hoa"]}
    with pytest.raises(Refused):
        register_household(ward=cast["hoa"].area, members=people, **place)
    people[1] = Person("Lê Thị Thu", "spouse", "female", 1974, **{"citizen_id": ""} | {kind: ALIKE[kind]})
    household = register_household(ward=cast["hoa"].area, members=people, **place)
    head, wife = household.members.all()
    swapped = [
        Person("Đặng Văn Hoà", "head", "male", 1971, key=head.pk, **{kind: ALIKE[kind]}),
        Person("Lê Thị Thu", "spouse", "female", 1974, key=wife.pk, **{kind: NUMBERS[kind]}),
    ]
    assert edit_household(household=household, version=1, members=swapped, gone=set(), **place).version == 2


def test_numbers_are_free_when_the_household_has_moved_away_until_that_is_taken_back(cast):
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    household = enter(cast["hoa"], **NUMBERS)
    change = changes.move_out(household=household, day=DAY, by=cast["hoa"])
    gone = household.members.get()
    assert (gone.left_on, gone.left_as) == (DAY, "moved")
    new = enter(cast["binh"], **NUMBERS)
    with pytest.raises(ValidationError, match="số"):
        changes.undo(change=change, by=cast["hoa"], now=timezone.now())
    gone.refresh_from_db()
    assert gone.left_on == DAY
    new.delete()
    changes.undo(change=change, by=cast["hoa"], now=timezone.now())
    gone.refresh_from_db()
    assert (gone.left_on, gone.left_as) == (None, "")


def test_numbers_and_facts_are_cleared_in_the_browser(as_user, cast):
    household = enter(cast["hoa"], **NUMBERS)
    head = household.members.get()
    Member.objects.filter(pk=head.pk).update(has_merit=True, is_disabled=False)
    client, url = as_user("hoa"), f"/ho/{household.code}/sua/"
    page = client.get(url).text
    assert page.count('name="members-0-clear"') == 3
    assert "members-1-clear" not in page
    row = HEAD | {"key": head.pk, "citizen_id": "", "clear": ["old_id", "insurance"], "is_disabled": "False"}
    both = client.post(url, typed(row | {"old_id": "200123456"}, version=1, living_area=""))
    assert both.context["members"][0].errors.keys() == {"old_id"}
    assert client.post(url, typed(row, version=1, living_area="")).status_code == 302
    household.refresh_from_db()
    head.refresh_from_db()
    assert (household.living_area, head.has_merit, head.is_disabled) == (None, None, False)
    assert (head.old_id_sealed, head.old_id_hash, head.old_id_last4, head.insurance_last4) == ("", "", "", "")
    assert head.citizen_id_last4 == "4127"
    assert client.post(url, typed(row | {"clear": ["citizen_id"]}, version=2, living_area="45,5")).status_code == 302
    household.refresh_from_db()
    assert (household.living_area, household.members.get().citizen_id_hash) == (Decimal("45.5"), "")


def test_a_known_insurance_number_stands_at_its_field_and_the_look_is_written_down(as_user, cast):
    enter(cast["hoa"], **NUMBERS)
    answer = as_user("binh").post("/ho/moi/", typed(HEAD | {"insurance": "HN248" + NUMBERS["insurance"]}))
    assert "Mã bảo hiểm này đã có ở một hộ của Phường Một" in answer.context["members"][0].errors["insurance"][0]
    assert PersonalDataView.objects.get().by == cast["binh"]


@pytest.mark.parametrize(
    ("kind", "field", "told"), [("cmnd-cu", "old_id", "CMND cũ"), ("bao-hiem", "insurance", "Mã bảo hiểm")]
)
def test_the_other_numbers_are_seen_for_a_reason_too(as_user, cast, kind, field, told):
    household = enter(cast["hoa"], **NUMBERS)
    url = f"/ho/{household.code}/so-dinh-danh/{household.members.get().pk}/{kind}/"
    client = as_user("hoa")
    assert url in client.get(f"/ho/{household.code}/").text
    assert NUMBERS[field] not in client.get(url).text
    assert NUMBERS[field] not in client.post(url, {"reason": "ab"}).text
    assert not PersonalDataView.objects.filter(kind="reveal").exists()
    answer = client.post(url, {"reason": "Đối chiếu giấy tờ"})
    assert NUMBERS[field] in answer.text
    assert NUMBERS["citizen_id"] not in answer.text
    assert PersonalDataView.objects.get(kind="reveal").reason == f"{told}: Đối chiếu giấy tờ"
    assert client.get(url.replace(kind, "khac")).status_code == 404
    assert as_user("binh").get(url).status_code in (403, 404)
    assert as_user("district").post(url, {"reason": "Đối chiếu giấy tờ"}).status_code == 403
    assert url not in as_user("district").get(f"/ho/{household.code}/").text


def test_what_does_not_fit_a_held_number_is_told_when_it_is_written(as_user, cast):
    household = enter(cast["hoa"], **NUMBERS)
    client, url = as_user("hoa"), f"/ho/{household.code}/sua/"
    row = HEAD | {"key": household.members.get().pk, "citizen_id": "", "birth": "1971"}
    doubt = "không khớp số định danh đang giữ"
    assert doubt not in client.post(url, typed(row | {"work": "unable"}, version=1), follow=True).text
    assert doubt in client.post(url, typed(row | {"birth": "1972"}, version=2), follow=True).text
    assert doubt not in client.get(f"/ho/{household.code}/").text, "once, when it is written"
    assert doubt not in client.post(url, typed(row | {"birth": "1971"}, version=3), follow=True).text
    assert doubt in client.post(url, typed(row | {"sex": "female"}, version=4), follow=True).text


def test_a_members_facts_are_told_in_words_and_what_was_not_asked_is_not():
    member = Member(schooling="primary", work="seeking", has_insurance=False, is_disabled=None, has_merit=True)
    assert member.facts == ["đang học: tiểu học", "muốn làm, chưa tìm được việc", "không có BHYT", "người có công"]
    assert Member().facts == []
