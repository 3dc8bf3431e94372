"""ID numbers: clean, sealed, found again, masked everywhere, and shown only for a reason that is written down."""

import hashlib
import hmac
from datetime import date

import pytest

from accounts.models import PersonalDataView
from accounts.vault import Vault
from households import identity
from households.members import Person
from households.services.register import register_household
from tests import make

NUMBER = "048071004127"


@pytest.fixture
def household(cast):
    people = [Person("Đặng Văn Hoà", "head", "male", 1971, citizen_id=NUMBER), Person("Bé", "child", "male", 2015)]
    return register_household(
        ward=cast["hoa"].area,
        group="Tổ 1",
        address="1 Thử",
        phone="",
        members=people,
        day=date(2023, 1, 5),
        by=cast["hoa"],
    )


@pytest.fixture
def url(household):
    return f"/ho/{household.code}/so-dinh-danh/{household.members.get(relation='head').pk}/"


@pytest.mark.parametrize("typed", ["048071004127", "048 071 004 127", "048.071.004-127"])
def test_a_number_is_twelve_digits(typed):
    assert identity.clean(typed) == NUMBER


@pytest.mark.parametrize("typed", ["", "04807100412", "0480710041277", "04807100412a", "٠٤٨٠٧١٠٠٤١٢٧"])
def test_anything_else_is_no_number(typed):
    with pytest.raises(ValueError, match="12 chữ số"):
        identity.clean(typed)


def test_a_new_key_still_opens_and_finds_what_the_old_one_sealed():
    old, rotated = Vault(["old"]), Vault(["new", "old"])
    assert rotated.open(old.seal(NUMBER)) == NUMBER
    assert rotated.fingerprint(NUMBER) == old.fingerprint(NUMBER)
    assert old.fingerprint(NUMBER) != Vault(["other"]).fingerprint(NUMBER)
    assert old.seal(NUMBER) != old.seal(NUMBER), "equal numbers do not show in the table"


@pytest.mark.parametrize("path", ["/ho/{}/", "/ho/{}/sua/", "/ho/?q={}"])
def test_pages_show_the_last_four_digits_at_most(as_user, household, path):
    answer = as_user("hoa").get(path.format(household.code))
    assert answer.status_code == 200
    assert NUMBER not in answer.text
    assert household.members.get(relation="head").citizen_id_hash not in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_the_number_is_shown_for_a_reason_which_is_written_down(as_user, household, url):
    client = as_user("hoa")
    assert NUMBER not in client.get(url).text
    answer = client.post(url, {"reason": "đối chiếu căn cước"})
    assert NUMBER in answer.text
    assert "no-store" in answer["Cache-Control"]
    look = PersonalDataView.objects.get(kind="reveal")
    assert (look.by.username, look.household_code, look.reason) == ("hoa", household.code, "đối chiếu căn cước")
    assert "đối chiếu căn cước" in client.get(f"/ho/{household.code}/").text


@pytest.mark.parametrize("reason", ["", "    ", "abcd", "a   b", "x" * 301])
def test_no_reason_no_number(as_user, url, reason):
    answer = as_user("hoa").post(url, {"reason": reason})
    assert answer.status_code == 200
    assert NUMBER not in answer.text
    assert answer.context["form"].errors["reason"]
    assert not PersonalDataView.objects.filter(kind="reveal").exists()


@pytest.mark.parametrize(("who", "status"), [("district", 403), ("cuc", 403), ("binh", 404), ("leader", 403)])
def test_others_do_not_see_it(as_user, url, who, status):
    assert as_user(who).post(url, {"reason": "muốn xem thử"}).status_code == status
    assert not PersonalDataView.objects.exists()


def test_a_member_of_another_household_is_not_found(as_user, areas, household):
    other = make.a_household(areas["ward"], code="20236-09999").members.first()
    assert as_user("hoa").get(f"/ho/{household.code}/so-dinh-danh/{other.pk}/").status_code == 404


def test_somebody_without_a_number_has_none_to_show(as_user, household):
    child = household.members.get(relation="child")
    answer = as_user("hoa").post(f"/ho/{household.code}/so-dinh-danh/{child.pk}/", {"reason": "xem thử"})
    assert "Chưa có số định danh" in answer.text
    assert not PersonalDataView.objects.filter(kind="reveal").exists()


@pytest.mark.parametrize(
    ("typed", "held"),
    [("201234567", "201234567"), ("201 234 567", "201234567"), ("20123456", None), ("2012345678", None)],
)
def test_an_old_card_has_nine_digits(typed, held):
    if held:
        assert identity.clean_old_id(typed) == held
    else:
        with pytest.raises(ValueError, match="9 chữ số"):
            identity.clean_old_id(typed)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("4812345678", "4812345678"),
        ("hn2 48 4812345678", "4812345678"),
        ("HN6484812345678", None),
        ("481234567", None),
        ("48 123 456 789", None),
    ],
)
def test_an_insurance_number_is_the_last_ten_digits(typed, held):
    if held:
        assert identity.clean_insurance(typed) == held
    else:
        with pytest.raises(ValueError, match="10 chữ số"):
            identity.clean_insurance(typed)


@pytest.mark.parametrize(
    ("number", "sex", "year", "count"),
    [
        ("", "male", 1971, 0),
        ("048071004127", "male", 1971, 0),
        ("048071004127", "female", 1971, 1),
        ("048071004127", "male", 1972, 1),
        ("003071004127", "male", 1971, 1),
        ("101302004127", "female", 2002, 0),
        ("003071004127", "female", 1972, 3),
    ],
)
def test_what_looks_odd_in_a_number(number, sex, year, count):
    assert len(identity.warnings(number, sex, year)) == count


def test_a_mark_is_the_hmac_of_the_number():
    key = hashlib.sha256(b"portal-hash:old").digest()
    assert Vault(["new", "old"]).fingerprint("048071004127") == hmac.new(key, b"048071004127", "sha256").hexdigest()


def test_what_was_sealed_before_the_change_of_cipher_is_still_read():
    """Rows of the first months are Fernet tokens under a key derived as then; nobody may lose a number by an upgrade."""
    import base64
    import hashlib

    from cryptography.fernet import Fernet

    key = base64.urlsafe_b64encode(hashlib.sha256(b"portal-field:old").digest())
    number, sheet = "048071004127", b"PK\x03\x04 a sheet"
    vault = Vault(["new", "old"])
    assert vault.open(Fernet(key).encrypt(number.encode()).decode()) == number
    assert vault.open_file(Fernet(key).encrypt(base64.b64encode(sheet))) == sheet
    assert not vault.seal(number).startswith("gAAAA")  # what is written now is no Fernet token
