"""Puts the demonstration city into an empty database, or says why not."""

from django.db import transaction

from accounts.log import log
from accounts.models import Installation, User
from households.models import Household
from targets.demo import cast, ground
from targets.demo.activities import write_activities
from targets.demo.casework import work
from targets.demo.money import write_money
from targets.demo.progress import write_progress
from targets.demo.shape import TooFew
from targets.demo.story import city
from targets.demo.typed import write_typed
from targets.demo.writing import write

MOST_HOUSEHOLDS = 100_000  # beyond it the synthetic ID numbers would run out


class Refused(Exception):
    """Nothing was written; the message says why, in Vietnamese."""


def is_loaded() -> bool:
    return Installation.objects.filter(demo=True).exists()


@transaction.atomic
def load_demo(*, households: int, seed: int, password: str, by: User | None = None) -> dict[str, int]:
    """Write the city and its accounts and mark the installation. Returns how many rows of each kind were written."""
    if is_loaded():
        raise Refused("Dữ liệu minh họa đã có.")
    if Household.objects.exists():
        raise Refused("Cơ sở dữ liệu đã có hộ thật. Dữ liệu minh họa không bao giờ nằm chung với dữ liệu thật.")
    taken = User.objects.filter(username__in=cast.SEATS).order_by("username").values_list("username", flat=True)
    if taken:
        raise Refused(f"Đã có tài khoản {', '.join(taken)}. Tạo dữ liệu minh họa trong một cơ sở dữ liệu mới.")
    if households > MOST_HOUSEHOLDS:
        raise Refused(f"Nhiều nhất là {MOST_HOUSEHOLDS} hộ.")
    found = ground.read()
    try:
        homes = city(found.districts, found.rules, ground.YEAR, households, seed)
    except TooFew as error:
        raise Refused(f"Phải có ít nhất {error.minimum} hộ để số đầu năm khớp phụ lục của kế hoạch.") from error
    people = cast.create(list(found.areas.values()), found.agencies, password)
    written = write(homes, found, people) | write_progress(found.agencies, people)
    written |= write_money(found.agencies, people)
    written |= work(people, found)
    written |= write_activities(people, found)
    written |= write_typed(found, people)
    mark, _ = Installation.objects.update_or_create(id=1, defaults={"demo": True})
    log(by, "demo.loaded", mark, after={"seed": seed} | written)
    return written
