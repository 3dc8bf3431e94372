"""How past years ran, and so where a figure usually is on a day."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from django.core.cache import cache

from targets.models import PastShare
from targets.pace import YEARS_OF_A_SHAPE, share_by_shapes

KEPT = 600


def shapes_of(year: int) -> dict[str, list[list[Fraction]]]:
    """Indicator's code → the shapes of the years right before this one, where all twelve months are kept.

    One query, remembered for KEPT seconds: they are written once a year, at night.
    """
    return cache.get_or_set(f"past-shapes:{year}", lambda: _shapes_of(year), KEPT)


def _shapes_of(year: int) -> dict[str, list[list[Fraction]]]:
    rows = PastShare.objects.filter(year__lt=year, year__gte=year - YEARS_OF_A_SHAPE).order_by("year", "month")
    kept: dict[str, dict[int, list[Fraction]]] = {}
    for code, past, share in rows.values_list("indicator__code", "year", "share"):
        kept.setdefault(code, {}).setdefault(past, []).append(Fraction(share))
    return {code: [shape for shape in years.values() if len(shape) == 12] for code, years in kept.items()}


def shares_on(year: int, day: date) -> dict[str, Fraction]:
    """Indicator's code → part of the year's way usually gone by the day, where three past years say it. One query."""
    return shares_of(shapes_of(year), year, day)


def shares_of(shapes: Mapping[str, list], year: int, day: date) -> dict[str, Fraction]:
    """The same of shapes that were read."""
    found = {code: share_by_shapes(own, year, day) for code, own in shapes.items()}
    return {code: share for code, share in found.items() if share is not None}
