"""A household is found by code and name together, and not by guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from households.services.finding import MOST_WRONG, find_household
from tests import make

AT = datetime(2023, 10, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(areas):
    return make.a_household(areas["ward"], head="Đặng Văn Hoà", code="20236-70001")


def test_code_and_name_belong_together(home, cast):
    assert find_household(code=" 20236-70001 ", head="dang van hoa", by=cast["staff"], at=AT) == home
    assert find_household(code="20236-70001", head="Đặng Văn Khác", by=cast["staff"], at=AT) is None
    assert find_household(code="20236-79999", head="Đặng Văn Hoà", by=cast["staff"], at=AT) is None
    with pytest.raises(PermissionDenied):
        find_household(code="20236-70001", head="Đặng Văn Hoà", by=cast["leader"], at=AT)


def test_ten_wrong_guesses_are_enough_for_a_while(home, cast, as_user):
    now = datetime.now(UTC)
    client = as_user("staff")
    given = {"code": "20236-70001", "head": "Trần Văn Đoán"}
    for _ in range(MOST_WRONG):
        assert "Không có hộ với mã và chủ hộ này." in client.post("/ho-tro/ghi/", given).content.decode()
    right = given | {"head": "Đặng Văn Hoà"}
    answer = client.post("/ho-tro/ghi/", right)
    assert "Đã ghi sai quá nhiều lần" in answer.content.decode()
    assert "Đặng Văn Hoà" not in answer.content.decode().replace('value="Đặng Văn Hoà"', "")
    assert Event.objects.filter(action="household.not_found").count() == MOST_WRONG
    with pytest.raises(ValidationError):
        find_household(**right, by=cast["staff"], at=now + timedelta(minutes=14))
    assert find_household(**right, by=cast["staff"], at=now + timedelta(minutes=16)) == home
