"""Complaints read: what is due, what is open for a dossier, the list."""

from datetime import date, timedelta

from django.db.models import Max, Q

from accounts.models import User
from accounts.roles import May
from households.models import Complaint, Dossier, Listed, Recheck
from households.steps import Step

SOON = 3  # days before the due day from which a complaint counts as due soon
WHEN = {"due": "Sắp hoặc đã quá hạn", "soon": "Sắp đến hạn", "late": "Quá hạn"}
WHOSE = {"mine": "Giao cho tôi", "nobody": "Chưa giao"}


def open_for(dossier) -> int:
    """Complaints under way that came since the dossier's round began, about its households or about none in particular."""
    return Complaint.objects.filter(_of(dossier), state__in=Complaint.UNDER_WAY).count()


def in_time_for(dossier) -> int:
    """Complaints under way that came before the results were off the board: nothing is decided over them."""
    last = dossier.postings.aggregate(last=Max("to_on"))["last"]
    found = Complaint.objects.filter(_of(dossier), state__in=Complaint.UNDER_WAY)
    return found.filter(received_on__lte=last).count() if last else 0


def _of(dossier) -> Q:
    theirs = Q(household__isnull=True) | Q(household__in=dossier.listed.values("household"))
    return theirs & Q(ward=dossier.ward_id, received_on__gte=dossier.round.starts_on)


def posted_dossier(complaint: Complaint) -> Dossier | None:
    """The dossier on the board, or in its re-check, that reviews the household of a complaint."""
    listed = Listed.objects.filter(household=complaint.household_id, included=True).values("dossier")
    on_board = Dossier.objects.filter(ward=complaint.ward_id, step__in=[Step.POSTING, Step.RECHECK])
    return on_board.filter(pk__in=listed).order_by("-round__starts_on").first()


def of_dossier(user, dossier) -> list[Complaint]:
    """Complaints of a dossier, answered ones last; none for who does not handle complaints."""
    if not user.may(May.HANDLE_COMPLAINTS):
        return []
    rows = Complaint.objects.visible_to(user).filter(_of(dossier)).select_related("household", "recheck")
    return sorted(rows.order_by("received_on", "pk"), key=lambda row: not row.under_way)


def unchecked(dossier) -> list[str]:
    """Codes of the households whose re-check has no finding yet."""
    waiting = Recheck.objects.filter(dossier=dossier, closed_on__isnull=True).order_by("household__code")
    return list(waiting.values_list("household__code", flat=True).distinct())


def due(user, today: date):
    """Complaints under way that the user sees, late ones and those due soon, first due first."""
    return listed(user, today, when="due")


def under_way(user):
    """Complaints that still wait for an answer, first due first."""
    return Complaint.objects.visible_to(user).filter(state__in=Complaint.UNDER_WAY).order_by("due_on", "id")


def listed(user, today: date, state: str = "", when: str = "", category: str = "", whose: str = ""):
    """Complaints that the user sees: by state, by how near the due day is, by category and by who answers for them."""
    found = Complaint.objects.visible_to(user).select_related("ward", "household", "owner", "recheck")
    if state:
        found = found.filter(state=state)
    if category:
        found = found.filter(category=category)
    if whose == "mine":
        found = found.filter(owner=user)
    elif whose == "nobody":
        found = found.filter(owner__isnull=True, state__in=Complaint.UNDER_WAY)
    if when == "due":
        found = found.filter(state__in=Complaint.UNDER_WAY, due_on__lte=today + timedelta(days=SOON))
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
