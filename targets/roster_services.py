"""Writes about the roster of officers and cadres whom objective II.5 wants trained."""

from collections import Counter
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import facts, log
from accounts.models import User
from accounts.roles import May
from areas.bulk import insert
from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import fold, tidy
from targets.models import Officer
from targets.roster import Faults, Row, key_of, place_of

FIELDS = ("area", "kind", "full_name", "post", "group", "valid_from", "left_on")
TWICE = "Người này đã có trong danh sách của địa bàn với cùng chức vụ, thôn, tổ."


@transaction.atomic
def add_officer(*, by: User, today: date, **values) -> Officer:
    """Somebody new on the roster of an area of one's own. ValidationError at the field."""
    row = Officer()
    _fill(row, values, by, today)
    row.save()
    log(by, "officer.added", row, area=row.area, after=facts(row, FIELDS))
    return row


@transaction.atomic
def edit_officer(*, officer: Officer, version: int, by: User, today: date, **values) -> Officer:
    """Correct somebody, or say from which day they left; an empty day takes them back."""
    row = _locked(officer, by)
    if row.version != version:
        raise ValidationError("Dòng này vừa được người khác sửa. Tải lại trang rồi làm lại.")
    before = facts(row, FIELDS)
    _fill(row, values, by, today)
    row.version += 1
    row.save()
    log(by, "officer.edited", row, area=row.area, before=before, after=facts(row, FIELDS))
    return row


@transaction.atomic
def drop_officer(*, officer: Officer, by: User) -> None:
    """Somebody who was put down by mistake. Who was at a training stays and leaves by a day."""
    row = _locked(officer, by)
    if row.attendances.exists():
        raise ValidationError("Người này đã được điểm danh tập huấn: ghi ngày thôi thay vì bỏ khỏi danh sách.")
    log(by, "officer.dropped", row, area=row.area, before=facts(row, FIELDS))
    row.delete()


@transaction.atomic
def import_officers(*, rows: list[Row], area: Area, start: date, by: User, today: date) -> Counter:
    """A sheet: whole or not at all. `area`: of rows that name none; `start`: of rows without a day. Who is there already
    is left as they are. Returns 'added' and 'known'. Faults names the rows that cannot be taken."""
    if not Area.objects.filter(pk__in=roster_areas(by, today)).filter(pk=area.pk).exists():
        raise PermissionDenied
    places = _places(by, today)
    wrong, fresh, done = [], {}, Counter()
    for row in rows:
        where = places.get(fold(row.area), []) if row.area else [area]
        day = row.valid_from or start
        if len(where) != 1:
            what = "không có trong địa bàn của bạn" if not where else "có ở nhiều nơi, hãy ghi mã"
            wrong.append(f"Dòng {row.number}, Phường, xã: “{row.area}” {what}.")
        elif day > today:
            wrong.append(f"Dòng {row.number}, Từ ngày: {write_day(day)} chưa đến.")
        elif row.kind == "group" and where[0].level != Area.Level.WARD:
            wrong.append(f"Dòng {row.number}, Phường, xã: cán bộ thôn, tổ dân phố phải ghi phường, xã.")
        else:
            key = key_of(row.full_name, row.post, row.group)
            values = (
                where[0].pk,
                row.kind,
                row.full_name,
                row.post,
                row.group,
                key,
                day,
                place_of(row.kind, row.full_name, row.group),
            )
            if (where[0].pk, key) in fresh:
                wrong.append(f"Dòng {row.number}: trùng với một dòng trên.")
            fresh[where[0].pk, key] = values
    if wrong:
        raise Faults(wrong)
    _one_at_a_time({pk for pk, _ in fresh})
    held = Officer.objects.filter(left_on=None, area__in={pk for pk, _ in fresh})
    for known in set(held.values_list("area_id", "key")) & fresh.keys():
        del fresh[known]
        done["known"] += 1
    insert(Officer, ("area_id", "kind", "full_name", "post", "group", "key", "valid_from", "place"), fresh.values())
    done["added"] = len(fresh)
    log(by, "officer.imported", area, area=area, after=dict(done))
    return done


def roster_areas(by: User, day: date):
    """Areas whose roster one keeps: the own one and those below it that people live in."""
    if not by.may(May.KEEP_ROSTER) or by.area_id is None:
        return Area.objects.none()
    return Area.objects.existing_on(day).under(by.area).filter(has_residents=True)


def _places(by: User, day: date) -> dict[str, list[Area]]:
    """An area by its code, its name and its full name, folded."""
    found: dict[str, list[Area]] = {}
    for area in roster_areas(by, day):
        for word in {fold(area.code), fold(area.name), fold(area.full_name)}:
            found.setdefault(word, []).append(area)
    return found


def _one_at_a_time(areas: set[int]) -> None:
    """Two people who put the same officer down at once wait for each other, and the second is told."""
    list(Area.objects.select_for_update().filter(pk__in=areas).order_by("pk").values_list("pk"))


def _locked(officer: Officer, by: User) -> Officer:
    row = Officer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=officer.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def _fill(row: Officer, values: dict, by: User, today: date) -> None:
    if not by.may(May.KEEP_ROSTER):
        raise PermissionDenied
    wrong = {}
    for name in ("area", "kind", "valid_from", "left_on"):
        setattr(row, name, values.get(name))
    for name in ("full_name", "post", "group"):
        setattr(row, name, tidy(values.get(name) or ""))
    row.key = key_of(row.full_name, row.post, row.group)
    row.place = place_of(row.kind, row.full_name, row.group)
    if not roster_areas(by, today).filter(pk=row.area.pk).exists():
        wrong["area"] = "Địa bàn này không thuộc bạn."
    elif row.kind == Officer.Kind.GROUP and row.area.level != Area.Level.WARD:
        wrong["area"] = "Cán bộ thôn, tổ dân phố phải thuộc một phường, xã."
    for name, words in {"full_name": "Ghi họ và tên.", "post": "Ghi chức vụ."}.items():
        if not getattr(row, name):
            wrong[name] = words
    if row.kind == Officer.Kind.GROUP and not row.group:
        wrong["group"] = "Ghi thôn, tổ dân phố."
    if row.valid_from > today:
        wrong["valid_from"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    if row.left_on and row.left_on < row.valid_from:
        wrong["left_on"] = "Ngày thôi không được trước ngày bắt đầu."
    elif row.left_on and row.left_on > today:
        wrong["left_on"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    _one_at_a_time({row.area.pk})
    same = Officer.objects.filter(area=row.area, key=row.key, left_on=None).exclude(pk=row.pk)
    if not wrong and row.left_on is None and same.exists():
        wrong["full_name"] = TWICE
    if wrong:
        raise ValidationError(wrong)
