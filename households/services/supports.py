"""Supports: what a household received, entered by its ward or by the agency that gave it."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q, Sum

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households.history import balance_facts, support_facts
from households.models import Household, HouseWork, Member, Policy, Support
from households.sealed import seal
from households.support_queries import verdict_on

FOLLOWS_HOUSE = "Hỗ trợ này ghi theo nhà đã bàn giao: sửa ở trang của nhà đó."
DRAWN = "Đã có khoản chi kinh phí gắn với hỗ trợ này. Đơn vị chi phải hủy khoản chi trước."
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
    outside_reason: str = "",
    member: Member | None = None,
) -> Support:
    """Write down, for the ward, that the household received a support under a policy in force on that day.

    Amount in dong. `outside_reason`: why, when the household is not one the policy is for. `member`: who of it
    received, asked for where the policy counts persons.
    """
    if not by.may(May.EDIT_HOUSEHOLDS) or not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise PermissionDenied
    values = {"given_on": given_on, "ends_on": ends_on, "persons": persons, "amount": amount}
    return _write(household.pk, policy, values, outside_reason, by, today, "support.recorded", member)


@transaction.atomic
def give_support(
    *,
    household: Household,
    policy: Policy,
    given_on: date,
    persons: int,
    by: User,
    today: date,
    ends_on: date | None = None,
    amount: int | None = None,
    outside_reason: str = "",
    member: Member | None = None,
) -> Support:
    """Write down what the user's own agency gave to a household anywhere in the city; else as `record_support`."""
    if not by.may(May.GIVE_SUPPORT) or by.agency_id is None:
        raise PermissionDenied
    values = {"given_on": given_on, "ends_on": ends_on, "persons": persons, "amount": amount}
    return _write(household.pk, policy, values, outside_reason, by, today, "support.given", member)


@transaction.atomic
def support_members(*, write, members: Iterable[Member], **values) -> list[Support]:
    """The same support for several members of one household, a row each: all of them, or none when one is refused.

    `write` is `record_support` or `give_support`, with its other values; an amount (dong) is each member's own.
    """
    return [write(member=member, **(values | {"persons": 1})) for member in members]


@transaction.atomic
def correct_support(
    *,
    support: Support,
    given_on: date,
    persons: int,
    reason: str,
    version: int,
    by: User,
    today: date,
    ends_on: date | None = None,
    amount: int | None = None,
    outside_reason: str = "",
) -> Support:
    """Correct the days and numbers of a support and say why; the household and the policy stay.

    The same checks as for a new one. Raises when somebody else changed the row since `version`.
    """
    support, household = _kept(support.pk, version, by)
    if HouseWork.objects.filter(support=support).exists():
        raise ValidationError(FOLLOWS_HOUSE)
    values = {"given_on": given_on, "ends_on": ends_on, "persons": persons, "amount": amount}
    why = _why(reason)
    values["outside_reason"] = _checked(
        household, support.policy, values, outside_reason, today, support.member, support.pk
    )
    changed = [name for name, value in values.items() if value != getattr(support, name)]
    if not changed:
        raise ValidationError("Chưa sửa gì.")
    before = support_facts(support)
    for name in changed:
        setattr(support, name, values[name])
    support.version += 1
    support.save(update_fields=[*changed, "version"])
    after = support_facts(support)
    told = [name for name in before | after if before.get(name) != after.get(name)]
    log(
        by,
        "support.corrected",
        support,
        area=support.ward,
        before=seal({name: before.get(name) for name in told}),
        after=seal({name: after.get(name) for name in told} | {"reason": why}),
    )
    return support


@transaction.atomic
def cancel_support(*, support: Support, reason: str, version: int, by: User) -> None:
    """Take out a support that was written by mistake, and say why. No figure counts it any more.

    The row goes; what it said stays, sealed, in the history of the household.
    """
    support, household = _kept(support.pk, version, by)
    if HouseWork.objects.filter(support=support).exists():
        raise ValidationError(FOLLOWS_HOUSE)
    told = {"what": str(support.policy), "day": support.given_on.isoformat(), "reason": _why(reason)}
    before, ward = {"support": support_facts(support)}, support.ward
    if balances := [balance_facts(each) for each in support.balances.all()]:
        before["balances"] = balances
    let_go(support)
    log(by, "support.cancelled", household, area=ward, before=seal(before), after=seal(told))


def let_go(support: Support) -> None:
    """Delete a support; ValidationError while a floor above holds on to it: money was drawn for it."""
    try:
        support.delete()
    except ProtectedError:
        raise ValidationError(DRAWN) from None


def _kept(pk, version, by) -> tuple[Support, Household]:
    """The row as it stands now, its household locked first; only for who may correct it."""
    household_id = Support.objects.kept_by(by).filter(pk=pk).values_list("household", flat=True).first()
    if household_id is None:
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household_id)
    support = (
        Support.objects.select_for_update(of=("self",)).select_related("policy", "ward", "member").filter(pk=pk).first()
    )
    if support is None or support.version != version:
        raise ValidationError("Hỗ trợ này đã được người khác sửa. Tải lại trang.")
    return support, household


def _why(reason) -> str:
    if not (reason := tidy(reason)):
        raise ValidationError({"reason": "Ghi lý do."})
    return reason


def _write(pk, policy, values, outside_reason, by, today, action, member=None) -> Support:
    """The household locked, everything checked as it stands now, the row and its line of history."""
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=pk)
    if member is not None:
        member = household.members.filter(left_on__isnull=True, pk=member.pk).first()
        if member is None:
            raise ValidationError({"members": "Người này không ở trong hộ."})
    elif policy.of_members:
        raise ValidationError({"members": "Chính sách này tính theo người: chọn người hưởng trong hộ."})
    reason = _checked(household, policy, values, outside_reason, today, member)
    support = Support.objects.create(
        household=household,
        policy=policy,
        member=member,
        ward=household.ward,
        agency=by.agency,
        entered_by=by,
        outside_reason=reason,
        **values,
    )
    log(by, action, support, area=support.ward, after=seal(support_facts(support)))
    return support


def _checked(household, policy, values, outside_reason, today, member=None, but=None) -> str:
    """Refuse what is impossible; else the reason to keep, '' inside the policy. `but`: the row under correction."""
    given_on, ends_on, persons = values["given_on"], values["ends_on"], values["persons"]
    if household.closed_on and given_on > household.closed_on:
        raise ValidationError({"given_on": f"Hộ đã đóng hồ sơ từ ngày {written(household.closed_on)}."})
    if member is not None and persons != 1:
        raise ValidationError({"persons": "Hỗ trợ này ghi cho một người."})
    members = household.members.filter(left_on__isnull=True).count()
    if wrong := _problems(policy, members, given_on, ends_on, persons, values["amount"], today):
        raise ValidationError(wrong)
    _not_twice(household, policy, members, given_on, ends_on, persons, member, but)
    return reason_outside(policy, household, given_on, outside_reason, member)


def reason_outside(policy, household, day, outside_reason, member=None) -> str:
    """'' when the policy is for the household on the day; else the reason given, which must be there."""
    verdict = verdict_on(policy, household, day, member)
    if verdict.holds:
        return ""
    reason = tidy(outside_reason)
    if not reason:
        raise ValidationError({"outside_reason": f"{verdict.words} Ghi lý do hỗ trợ ngoài diện."})
    return reason


def _not_twice(household, policy, members, given_on, ends_on, persons, member, but) -> None:
    """The same support on the same day is a double click; and nobody holds two insurance cards at once."""
    given = Support.objects.filter(household=household, policy=policy).exclude(pk=but)
    if given.filter(given_on=given_on, member=member).exists():
        whose = member.full_name if member else "Hộ"
        raise ValidationError({"given_on": f"{whose} đã có hỗ trợ này trong ngày đó."})
    if policy.kind != Policy.Kind.INSURANCE:
        return
    meanwhile = given.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=given_on))
    if ends_on:
        meanwhile = meanwhile.filter(given_on__lte=ends_on)
    if member and meanwhile.filter(member=member).exists():
        raise ValidationError({"members": f"{member.full_name} đã có thẻ trong thời gian này."})
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
