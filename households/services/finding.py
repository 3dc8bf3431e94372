"""An agency finds one household by its whole code and its head's name, and does not find many by guessing."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import Event, User
from accounts.roles import May
from areas.vietnamese import fold
from households.models import Household

WRONG = "household.not_found"
MOST_WRONG = 10
WITHIN = timedelta(minutes=15)


@transaction.atomic
def find_household(*, code: str, head: str, by: User, at: datetime) -> Household | None:
    """None and a line in the log when code and name do not belong together; ValidationError after ten such lines.

    Codes follow each other, so without an end to it whoever knows the family names of a ward would get in.
    """
    if not (by.may(May.GIVE_SUPPORT) or by.may(May.EDIT_HOUSEHOLDS)):
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # many guesses at once count one after the other
    guesses = Event.objects.filter(subject_type="accounts.user", subject_id=str(by.pk), action=WRONG)
    if guesses.filter(at__gt=at - WITHIN).count() >= MOST_WRONG:
        raise ValidationError({"code": "Đã ghi sai quá nhiều lần. Thử lại sau 15 phút; hỏi phường, xã mã hộ đúng."})
    found = Household.objects.for_list().filter(code=code.strip()).first()
    if found is not None and fold(found.head_name or "") == fold(head):
        return found
    log(by, WRONG, by, area=by.area, after={"code": code.strip()})
    return None
