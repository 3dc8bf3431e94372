"""The memory of the portal: one line for each write, one for each look at a person."""

import json
from operator import attrgetter

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import CharField, DateTimeField, F, IntegerField, JSONField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Event, PersonalDataView
from areas.bulk import insert
from areas.set_based import insert_from

HIDDEN = "•••"
NEWEST = 100  # lines that `mark` looks at
# By hand: asked by every answer that was not changed, where composing the query would cost more than the answer.
MARK = "SELECT MAX(id), SUM(id) FROM (SELECT id FROM accounts_event ORDER BY id DESC LIMIT %s) newest"
WRITTEN = ("at", "by_id", "action", "subject_type", "subject_id", "label", "area_id", "before", "after")


def log(by, action: str, subject, *, area=None, before: dict | None = None, after: dict | None = None) -> Event:
    """Write one line about `subject` in the caller's transaction. `before` and `after` hold JSON values."""
    event = _line(by, action, subject, area, before, after)
    event.save(force_insert=True)
    return event


def log_many(by, action: str, lines, *, area=None) -> None:
    """Lines about many subjects in one stroke. `lines`: (subject, before, after) as `log` takes them."""
    events = (_line(by, action, subject, area, *sides) for subject, *sides in lines)
    insert(Event, WRITTEN, map(attrgetter(*WRITTEN), events))


def log_rows(by, action: str, model, lines, *, area=None) -> None:
    """As `log_many`, of rows that need not be in memory. `lines`: (key, label, before, after)."""
    insert(
        Event,
        ("subject_id", "label", "before", "after"),
        ((str(key), label[:200], before or {}, after or {}) for key, label, before, after in lines),
        same={
            "at": timezone.now(),
            "by_id": by.pk,
            "action": action,
            "subject_type": model._meta.label_lower,
            "area_id": area and area.pk,
        },
    )


def log_found(by, action: str, subjects: QuerySet, *, label: str, area, before: dict, after: dict) -> None:
    """The same line about each of these rows, written by the database. `label`: the path of what `str(subject)` says."""
    columns = {
        "at": Value(timezone.now(), DateTimeField()),
        "by": Value(by.pk, IntegerField()),
        "action": Value(action, CharField()),
        "subject_type": Value(subjects.model._meta.label_lower, CharField()),
        "subject_id": Cast("pk", CharField()),
        "label": F(label),
        "area": Value(area and area.pk, IntegerField()),
        "before": Value(before, JSONField()),
        "after": Value(after, JSONField()),
    }
    insert_from(Event, list(columns), subjects.order_by("pk").values_list(*columns.values()))


def _line(by, action: str, subject, area, before: dict | None, after: dict | None) -> Event:
    return Event(
        by=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        label=str(subject)[:200],
        area=area,
        before=before or {},
        after=after or {},
    )


def facts(row, names=None) -> dict:
    """Columns of a row as JSON values, for `before` and `after`. What a model declares private is named, not told."""
    private = getattr(row, "PRIVATE", frozenset())
    told = {}
    for name in names or [field.name for field in row._meta.concrete_fields]:
        field = row._meta.get_field(name)
        if name in private:
            told[name] = HIDDEN
        elif field.many_to_many:
            told[name] = sorted(str(other) for other in getattr(row, name).all()) if row.pk else []
        else:
            told[name] = getattr(row, field.attname)
    return json.loads(json.dumps(told, cls=DjangoJSONEncoder))


def history_of(subject):
    """The lines about one row, newest first."""
    return Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).select_related("by")


def events_by(user):
    """What somebody did, newest first."""
    return Event.objects.filter(by=user)


def looks_by(user):
    """Whom somebody looked at, newest first."""
    return PersonalDataView.objects.filter(by=user).order_by("-pk")


def stamp() -> int:
    """Number of the newest line: it moves with every write, so it tells whether a computed figure is still fresh."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def mark() -> str:
    """As `stamp`, and exact where two transactions commit out of the order of their lines: for ETags, which live long.

    The newest lines are summed, so one that comes late, with a number below the newest, moves the mark too.
    """
    with connection.cursor() as cursor:
        cursor.execute(MARK, [NEWEST])
        last, together = cursor.fetchone()
    return f"{last or 0}-{together or 0}"


def log_view(by, kind: str, household_code: str, reason: str = "") -> None:
    PersonalDataView.objects.create(by=by, kind=kind, household_code=household_code, reason=reason)
