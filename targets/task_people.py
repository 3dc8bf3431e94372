"""Who is told of a task, and where it is found."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from accounts.models import Agency, User
from accounts.roles import ROLES, May
from areas.models import Area
from targets.models import Assignment


def holders(right: May) -> list[str]:
    """The roles that hold a right."""
    return sorted(role.value for role, rights in ROLES.items() if right in rights)


def workers(agencies: Iterable[Agency], right: May = May.UPDATE_TASKS) -> list[User]:
    """Those who do this for these agencies: the turn-around of `Agency.objects.of`."""
    agencies = list(agencies)
    districts = [agency.area_id for agency in agencies if agency.area_id]
    others = [agency.pk for agency in agencies]
    placed = Q(area__level=Area.Level.DISTRICT)
    mine = placed & Q(area__in=districts) | ~placed & Q(agency__in=others) | Q(area=None, agency__in=others)
    return list(User.objects.filter(mine, is_active=True, role__in=holders(right)).order_by("pk"))


def office(right: May = May.VERIFY_TASKS) -> list[User]:
    return list(User.objects.filter(is_active=True, role__in=holders(right)).order_by("pk"))


def insiders(assignment: Assignment) -> list[User]:
    """Who sees the inside of a task: its agency, its asked partners and the programme office."""
    asked = Agency.objects.filter(pk__in=assignment.requests.values("agency"))
    people = {user.pk: user for user in [*workers([assignment.agency, *asked]), *office()]}
    return sorted(people.values(), key=lambda user: user.username)


def agency_of(user: User) -> Agency | None:
    """The unit somebody works for; no query where the user brought it along (accounts' manager joins it)."""
    if user.area_id and user.area.level == Area.Level.DISTRICT:
        return Agency.objects.of(user).first()
    return user.agency


def works_for(user: User, agency: Agency) -> bool:
    return Agency.objects.of(user).filter(pk=agency.pk).exists()


def task_url(assignment: Assignment) -> str:
    return reverse("task", args=[assignment.pk])
