"""What agencies typed, and the catalogue it belongs to, laid beside what can be counted again."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from accounts.models import Event
from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import number
from targets.counting import count_areas
from targets.figure_services import computed_in
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator, Plan
from targets.typed import apart, said

Told = Iterator[tuple[str, str]]
COUNTED_BY = ("unit", "source", "direction", "adds", "over")
AT_ONCE = 500  # figures whose log lines are asked for together


def everything(today: date) -> Told:
    yield from sums(today)
    yield from differing(today)
    yield from falsified(today)


def sums(today: date) -> Told:
    """The city's typed figure against the sum of its districts' newest ones of the same year, where all have one."""
    city = Area.objects.filter(level=Area.Level.CITY).order_by("-valid_from").first()
    newest: dict[tuple[int, str, int], Figure] = {}
    for figure in Figure.objects.select_related("indicator", "area").order_by("day", "pk"):
        newest[figure.area_id, figure.indicator.code, figure.day.year] = figure
    for (area, code, year), figure in newest.items():
        if city is None or area != city.pk or code not in INDICATORS:
            continue
        below = Area.objects.filter(parent=city, has_residents=True).existing_on(figure.day)
        parts = [newest.get((part.pk, code, year)) for part in below]
        if not parts or None in parts:
            continue
        if INDICATORS[code].adds == "none":
            continue
        for name, label in (("count", "đã đạt"), ("whole", "tổng số")):
            total = sum(getattr(part, name) or 0 for part in parts)
            if total != (getattr(figure, name) or 0):
                words = f"{label.capitalize()}: thành phố {number(getattr(figure, name))}, các quận, huyện cộng lại {number(total)}"
                yield f"{figure.indicator.name}, năm {year}", words


def differing(today: date) -> Told:
    """The newest typed figure of each indicator and area in the years that run, against a count of today of its day."""
    years = list(Plan.objects.in_force().values_list("year", flat=True))
    newest: dict[tuple[int, int, int], Figure] = {}
    for figure in Figure.objects.filter(day__year__in=years).select_related("indicator", "area").order_by("day", "pk"):
        newest[figure.area_id, figure.indicator_id, figure.day.year] = figure
    for day, figures in groupby(sorted(newest.values(), key=lambda one: (one.day, one.pk)), lambda one: one.day):
        counted = count_areas(year=day.year, as_of=day)
        for figure in figures:
            measure = INDICATORS.get(figure.indicator.code)
            again = measure and computed_in(counted, measure, figure.area)
            if again and apart((figure.count, figure.whole), again, figure.indicator.tolerance):
                why = f"; lý do: {figure.reason}" if figure.reason else "; chưa có lý do"
                words = f"Cơ quan nhập {said((figure.count, figure.whole))}, tính lại {said(again)}{why}"
                yield f"{figure.indicator.name}, {figure.area.full_name}, đến {write_day(day)}", words


def falsified(today: date) -> Told:
    """Figures that are no longer what the log says was typed."""
    rows = Figure.objects.select_related("indicator", "area").order_by("pk").iterator(AT_ONCE)
    while batch := [figure for _, figure in zip(range(AT_ONCE), rows, strict=False)]:
        lines = Event.objects.filter(
            action="figure.entered", subject_type="targets.figure", subject_id__in=[str(one.pk) for one in batch]
        )
        logged = dict(lines.values_list("subject_id", "after"))
        for figure in batch:
            after = logged.get(str(figure.pk))
            now = (figure.count, figure.whole, figure.day.isoformat())
            if after and now != (then := (after["count"], after["whole"], after["day"])):
                words = (
                    f"Nhật ký ghi {said(then[:2])} đến {write_day(date.fromisoformat(then[2]))}, nay là {said(now[:2])}"
                )
                yield f"{figure.indicator.name}, {figure.area.full_name}, đến {write_day(figure.day)}", words


def catalogue(today: date) -> Told:
    """Rows of the catalogue that say something else than what is counted. Words and order may be edited."""
    for row in Indicator.objects.all():
        measure = INDICATORS.get(row.code)
        if measure is None:
            yield f"Chỉ tiêu {row.code}", "Có trong danh mục mà cổng không biết cách tính"
            continue
        for name in COUNTED_BY:
            if getattr(row, name) != getattr(measure, name):
                label = Indicator._meta.get_field(name).verbose_name
                yield (
                    f"Chỉ tiêu {row.code}",
                    f"{label.capitalize()}: danh mục ghi “{getattr(row, name)}”, cổng tính theo “{getattr(measure, name)}”",
                )
