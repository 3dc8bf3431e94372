"""Complaints read: what is due, what is open for a dossier, the list."""

from datetime import date, timedelta

from django.db.models import Q

from accounts.models import User
from accounts.roles import May
from households.models.complaints import Complaint

SOON = 3  # days before the due day from which a complaint counts as due soon
WHEN = {"soon": "Sắp đến hạn", "late": "Quá hạn"}


def open_for(dossier) -> int:
    """Complaints under way that came since the dossier's round began, about its households or about none in particular."""
    found = Complaint.objects.filter(ward_id=dossier.ward_id, state__in=Complaint.UNDER_WAY)
    theirs = Q(household__isnull=True) | Q(household__in=dossier.listed.values("household"))
    return found.filter(theirs, received_on__gte=dossier.round.starts_on).count()


def due(user, today: date):
    """Complaints under way that the user sees, late ones and those due soon, first due first."""
    return listed(user, today).filter(state__in=Complaint.UNDER_WAY, due_on__lte=today + timedelta(days=SOON))


def under_way(user):
    """Complaints that still wait for an answer, first due first."""
    return Complaint.objects.visible_to(user).filter(state__in=Complaint.UNDER_WAY).order_by("due_on", "id")


def listed(user, today: date, state: str = "", when: str = ""):
    """Complaints that the user sees, by state and by how near the due day is."""
    found = Complaint.objects.visible_to(user).select_related("ward", "household", "owner")
    if state:
        found = found.filter(state=state)
    if when == "late":
        found = found.filter(state__in=Complaint.UNDER_WAY, due_on__lt=today)
    elif when == "soon":
        last = today + timedelta(days=SOON)
        found = found.filter(state__in=Complaint.UNDER_WAY, due_on__gte=today, due_on__lte=last)
    return found


def about(user, household) -> list[Complaint]:
    """Complaints about one household, newest first; none for who does not handle complaints."""
    if not user.may(May.HANDLE_COMPLAINTS):
        return []
    return list(Complaint.objects.visible_to(user).filter(household=household).order_by("-received_on", "-id"))


def handlers(ward) -> list[User]:
    """Who may be made answerable for a complaint of the ward."""
    people = User.objects.filter(is_active=True, area=ward).order_by("full_name")
    return [one for one in people if one.may(May.HANDLE_COMPLAINTS)]
