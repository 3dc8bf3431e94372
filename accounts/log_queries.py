"""The two logs searched: what was done, and whose data was looked at. Newest first, turned by key: no page counts them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Event, PersonalDataView
from areas.models import Area

PER_PAGE = 50
KEY_MOST = 2**63 - 1  # of the database's largest whole number


@dataclass(frozen=True)
class Page:
    rows: list
    older: int | None  # the key to ask for the page after this one with


def page_of(rows, before: str) -> Page:
    """The rows older than a key as an address brings it; anything that is no key asks for the newest."""
    if before.isascii() and before.isdecimal() and len(before) < 20:
        rows = rows.filter(pk__lt=min(int(before), KEY_MOST))
    found = list(rows[: PER_PAGE + 1])
    return Page(found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None)


def events(*, who="", action="", kind="", label="", area: Area | None = None, first=None, last=None):
    """Lines of the log. `who`: part of a user name or a name; days inclusive."""
    rows = _by(Event.objects.select_related("by", "area").order_by("-pk"), who)
    rows = _between(rows, first, last)
    given = {"action": action, "subject_type": kind, "label__icontains": label}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.filter(area__in=Area.objects.under(area)) if area else rows


def looks(*, who="", kind="", code="", first=None, last=None):
    """Lines about who looked at whom. `code`: of a household; days inclusive."""
    rows = _by(PersonalDataView.objects.select_related("by").order_by("-pk"), who)
    rows = _between(rows, first, last)
    given = {"kind": kind, "household_code": code}
    return rows.filter(**{name: value for name, value in given.items() if value})


def _by(rows, who: str):
    if who == "hệ thống":
        return rows.filter(by=None)
    return rows.filter(Q(by__username=who) | Q(by__full_name__icontains=who)) if who else rows


def _between(rows, first: date | None, last: date | None):
    if first:
        rows = rows.filter(at__gte=_midnight(first))
    return rows.filter(at__lt=_midnight(last + timedelta(days=1))) if last else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
