"""Writing areas and resident households. Nothing is ever deleted: rows of the portal hang on them.

`areas` lies below the people who act, so it has no `by=` and no log line: the admin logs what it changes.
"""

from collections import Counter
from datetime import date

from django.db import transaction

from areas.loading import AreaRow, BrokenFile, ResidentRow
from areas.models import Area, ResidentHouseholds

AREA_FIELDS = ("level", "name", "full_name", "kind", "zone", "order", "has_residents", "valid_to")


@transaction.atomic
def load_areas(*, rows: list[AreaRow], keep: bool = False) -> Counter:
    """Add what is missing and bring the rest in line with the file; with `keep`, leave the rest as it is."""
    done = Counter()
    known = {(area.code, area.valid_from): area for area in Area.objects.all()}
    for row in rows:
        area = known.get(row.key)
        if area and keep:
            done["unchanged"] += 1
            continue
        parent = known[row.parent] if row.parent else None
        area = area or Area(code=row.code, valid_from=row.valid_from)
        values = {name: getattr(row, name) for name in AREA_FIELDS} | {"parent_id": parent.pk if parent else None}
        outcome = _write(area, values)
        if outcome != "unchanged":
            area.parent = parent
            place(area=area)
        done[outcome] += 1
        known[row.key] = area
    return done


@transaction.atomic
def load_residents(*, rows: list[ResidentRow], file: str, keep: bool = False) -> Counter:
    """A number that was counted is never replaced by one that was derived."""
    done = Counter()
    for row in rows:
        area = Area.objects.existing_on(date(row.year, 1, 1)).filter(code=row.code).first()
        if area is None:
            raise BrokenFile(file, row.line, "code", f"không có địa bàn mã {row.code} vào ngày 01/01/{row.year}")
        residents = ResidentHouseholds.objects.filter(area=area, year=row.year).first()
        if residents and (keep or (row.derived and not residents.derived)):
            done["unchanged"] += 1
            continue
        values = {name: getattr(row, name) for name in ("households", "derived", "source")}
        done[_write(residents or ResidentHouseholds(area=area, year=row.year), values)] += 1
    return done


@transaction.atomic
def place(*, area: Area) -> None:
    """Give a saved area its path, and move everything below it along."""
    old, new = area.path, f"{area.parent.path if area.parent_id else ''}{area.pk}/"
    if old == new:
        return
    area.path = new
    area.save(update_fields=["path"])
    for below in Area.objects.filter(path__startswith=old).exclude(pk=area.pk) if old else ():
        below.path = new + below.path.removeprefix(old)
        below.save(update_fields=["path"])


def _write(row, values: dict) -> str:
    """Save only what differs, so that a second run writes nothing."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    fresh = row.pk is None
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return "created" if fresh else "updated"
