"""The memory of the portal: one line for each write, one for each look at a person."""

from accounts.models import Event, PersonalDataView


def log(by, action: str, subject, *, area=None, before: dict | None = None, after: dict | None = None) -> Event:
    """Write one line about `subject` in the caller's transaction. `before` and `after` hold JSON values."""
    return Event.objects.create(
        by=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        label=str(subject)[:200],
        area=area,
        before=before or {},
        after=after or {},
    )


def history_of(subject):
    """The lines about one row, newest first."""
    return Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).select_related("by")


def events_by(user):
    """What somebody did, newest first."""
    return Event.objects.filter(by=user)


def stamp() -> int:
    """Number of the newest line: it moves with every write, so it tells whether a computed figure is still fresh."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def log_view(by, kind: str, household_code: str, reason: str = "") -> None:
    PersonalDataView.objects.create(by=by, kind=kind, household_code=household_code, reason=reason)
