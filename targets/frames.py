"""The plan and the day that a page is about, read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.cache import cache

from areas.vietnamese import day as write_day
from areas.vietnamese import parse_day
from households.models import Standard
from targets.asof import opening_day, with_days
from targets.models import Plan

KEPT = 60  # seconds that a drawn page is kept; a write moves the stamp and ends it sooner


@dataclass(frozen=True)
class Frame:
    """The plan and the day a page is about, and why it is that day."""

    plan: Plan | None
    day: date
    today: date
    asked: str  # what stood in the address, kept in the field
    error: str
    stamp: int
    against: date | None = None  # another day to compare with
    against_asked: str = ""
    against_error: str = ""

    @property
    def why(self) -> str:
        """Said beside the day when nobody asked for another."""
        if (self.asked and not self.error) or self.day == self.today:
            return ""
        return "ngày cuối có số liệu"

    @cached_property
    def standard(self) -> str:
        """Code of the city's own standard, for links to lists of households."""
        return cache.get_or_set(f"city-standard-{self.day}-{self.stamp}", lambda: city_standard(self.day), KEPT)

    @property
    def key(self) -> str:
        against = self.against.isoformat() if self.against else ""
        return f"{self.day.isoformat()}-{against}-{self.stamp}"

    @property
    def query(self) -> str:
        """Carries the chosen day to the next page; nothing when nobody chose one."""
        days = {"ngay": self.day.isoformat()} if self.asked and not self.error else {}
        days |= {"so": self.against.isoformat()} if self.against else {}
        return f"?{urlencode(days)}" if days else ""


def city_standard(day: date) -> str:
    found = Standard.objects.in_force(day).filter(issuer=Standard.Issuer.CITY).first()
    return found.code if found else ""


def frame_of(given: Mapping, today: date, newest: int) -> Frame:
    """`given`: what stands in the address. The plan of the day in it (`ngay`), else the plan's opening day; a day of
    another year's plan asks for that plan. `so` is a day to compare with. `newest`: the stamp. One query."""
    asked, against_asked = (given.get(name, "").strip()[:40] for name in ("ngay", "so"))
    year = year_of(asked)
    plan = cache.get_or_set(f"plan-of-{today}-{newest}-{year}", lambda: plan_of(today, year), KEPT)
    if plan is None:
        return Frame(None, today, today, asked, "", newest)
    day, error = read_day(asked, plan, today) if asked else (None, "")
    day = day or opening_day(plan, today, newest)
    against, wrong = read_against(against_asked, day, plan, today) if against_asked else (None, "")
    return Frame(plan, day, today, asked, error, newest, against, against_asked, wrong)


def year_of(asked):
    try:
        return parse_day(asked).year
    except ValueError:
        return None


def plan_of(today: date, year: int | None) -> Plan | None:
    plans = with_days(Plan.objects.all(), today)
    named = plans.issued().filter(year=year).first() if year else None
    return named or plans.for_day(today)


def read_day(asked: str, plan: Plan, today: date) -> tuple[date | None, str]:
    """The day that was asked for, or None and what is wrong with it."""
    year = plan.year
    try:
        day = parse_day(asked)
    except ValueError:
        return None, "Không đọc được ngày này. Viết như 30/11/2023."
    if day.year != year:
        return None, f"Kế hoạch này của năm {year}: chọn ngày từ 01/01/{year} đến 31/12/{year}."
    if day > today:
        return None, f"Chưa đến ngày này. Chọn ngày không sau {write_day(today)}."
    return day, ""


def read_against(asked: str, day: date, plan: Plan, today: date) -> tuple[date | None, str]:
    """The day to compare with, of any year that has a plan; None and what is wrong with it."""
    try:
        against = parse_day(asked)
    except ValueError:
        return None, "Không đọc được ngày so sánh. Viết như 31/03/2023."
    if against > today:
        return None, f"Ngày so sánh chưa đến. Chọn ngày không sau {write_day(today)}."
    if against == day:
        return None, f"Đang xem đúng ngày {write_day(day)}: chọn ngày khác để so sánh."
    if against.year != plan.year and not Plan.objects.issued().filter(year=against.year).exists():
        first = Plan.objects.issued().order_by("year").values_list("year", flat=True).first()
        return None, f"Chưa có số liệu của năm {against.year}. Số liệu bắt đầu từ 01/01/{first}."
    return against, ""
