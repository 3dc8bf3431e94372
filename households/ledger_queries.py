"""The rows that a ledger is made of: four grouped passes over the spells that somebody may see."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count as CountOf
from django.db.models import QuerySet, Sum

from areas.models import Area
from households.ledger import Count, Group, Ledger, Row, Side, ledgers
from households.models import Standard, StatusSpell
from households.standards import Category

ALIKE = ("ward_id", "category", "has_labour", "special_hardship")


def ledger_of(user, standard: Standard, first: date, last: date) -> dict[tuple[int, Group], Ledger]:
    """Ledgers of a standard from the morning of `first` to the evening of `last`, by area id and group.

    Every area from the wards that the user may see up to the city has one. ValueError when the days are not in order.
    """
    return _ledgers(StatusSpell.objects.visible_to(user), standard, first, last)


def ledgers_of_all(standard: Standard, first: date, last: date) -> dict[tuple[int, Group], Ledger]:
    """The same of the whole city, for whoever sees sums: what is small in it must be withheld before it is told."""
    return _ledgers(StatusSpell.objects.all(), standard, first, last)


def _ledgers(spells: QuerySet, standard: Standard, first: date, last: date) -> dict[tuple[int, Group], Ledger]:
    if last < first:
        raise ValueError(f"{last.isoformat()} is before {first.isoformat()}")
    paths = dict(Area.objects.filter(level=Area.Level.WARD).values_list("pk", "path"))
    lineages = {pk: [int(part) for part in path.strip("/").split("/")] for pk, path in paths.items()}
    return ledgers(_rows(spells.filter(standard=standard).order_by(), first, last), lineages.__getitem__)


def _rows(seen: QuerySet, first: date, last: date) -> Iterator[Row]:
    yield from _grouped(seen.on(first - timedelta(days=1)), Side.OPENING)
    yield from _grouped(seen.filter(valid_from__range=(first, last)), Side.IN, "opened_as")
    yield from _grouped(seen.filter(valid_to__range=(first, last)), Side.OUT, "closed_as")
    yield from _grouped(seen.on(last), Side.CLOSING)


def _grouped(rows: QuerySet, side: Side, reason: str = "") -> Iterator[Row]:
    names = (*ALIKE, reason) if reason else ALIKE
    for row in rows.values(*names).annotate(households=CountOf("pk"), people=Sum("persons")):
        yield Row(
            side=side,
            ward=row["ward_id"],
            reason=row[reason] if reason else "",
            category=Category(row["category"]),
            has_labour=row["has_labour"],
            special_hardship=row["special_hardship"],
            count=Count(row["households"], row["people"]),
        )
