"""Supports: what a household received, entered by its ward."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, Sum

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from households.history import support_facts
from households.models import Household, Policy, Support
from households.sealed import seal

AMOUNT_MOST = 10_000_000_000  # dong; beyond it a few zeros too many were typed


@transaction.atomic
def record_support(
    *,
    household: Household,
    policy: Policy,
    given_on: date,
    persons: int,
    by: User,
    today: date,
    ends_on: date | None = None,
    amount: int | None = None,
) -> Support:
    """Write down that the household received a support under a policy in force on that day. Amount in dong."""
    if not by.may(May.EDIT_HOUSEHOLDS) or not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    if household.closed_on and given_on > household.closed_on:
        raise ValidationError({"given_on": f"Hộ đã đóng hồ sơ từ ngày {written(household.closed_on)}."})
    members = household.members.filter(left_on__isnull=True).count()
    if wrong := _problems(policy, members, given_on, ends_on, persons, amount, today):
        raise ValidationError(wrong)
    _not_twice(household, policy, members, given_on, ends_on, persons)
    support = Support.objects.create(
        household=household,
        policy=policy,
        ward=household.ward,
        given_on=given_on,
        ends_on=ends_on,
        persons=persons,
        amount=amount,
        agency=by.agency,
        entered_by=by,
    )
    log(by, "support.recorded", support, area=support.ward, after=seal(support_facts(support)))
    return support


def _not_twice(household, policy, members, given_on, ends_on, persons) -> None:
    """The same support on the same day is a double click; and nobody holds two insurance cards at once."""
    given = Support.objects.filter(household=household, policy=policy)
    if given.filter(given_on=given_on).exists():
        raise ValidationError({"given_on": "Hộ đã có hỗ trợ này trong ngày đó."})
    if policy.kind != Policy.Kind.INSURANCE:
        return
    meanwhile = given.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=given_on))
    if ends_on:
        meanwhile = meanwhile.filter(given_on__lte=ends_on)
    insured = meanwhile.aggregate(total=Sum("persons"))["total"] or 0
    if insured + persons > members:
        raise ValidationError(
            {"persons": f"Hộ có {members} thành viên, đã có {insured} người có thẻ trong thời gian này."}
        )


def _problems(policy, members, given_on, ends_on, persons, amount, today) -> dict[str, str]:
    """What is impossible, by field. Empty: it may be written."""
    wrong = {}
    if given_on > today:
        wrong["given_on"] = f"Ngày hưởng không được sau hôm nay ({written(today)})."
    elif given_on < policy.valid_from:
        wrong["given_on"] = f"Chính sách này áp dụng từ ngày {written(policy.valid_from)}."
    elif policy.valid_to and given_on > policy.valid_to:
        wrong["given_on"] = f"Chính sách này chỉ áp dụng đến hết ngày {written(policy.valid_to)}."
    if ends_on and ends_on < given_on:
        wrong["ends_on"] = "Ngày hết hạn phải từ ngày hưởng trở đi."
    if members < 1:
        wrong["persons"] = "Hộ chưa có thành viên nào. Ghi thành viên của hộ trước."
    elif not 1 <= persons <= members:
        wrong["persons"] = f"Số người hưởng phải từ 1 đến {members}, là số thành viên của hộ."
    if amount is not None and not 0 <= amount <= AMOUNT_MOST:
        wrong["amount"] = "Số tiền phải từ 0 đến 10 tỷ đồng."
    return wrong
