"""Houses built or repaired, from the approval to the hand-over, and the balances of loans."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import money as told_money
from areas.vietnamese import tidy
from households.history import balance_facts, differences, house_facts, support_facts
from households.models import Household, HouseWork, LoanBalance, Policy, Support
from households.sealed import seal
from households.services.supports import AMOUNT_MOST, let_go, reason_outside
from households.support_stages import SOURCES, STAGES, problems


@transaction.atomic
def approve_house(
    *,
    household: Household,
    policy: Policy,
    days: Mapping[str, date | None],
    money: Mapping[str, int],
    by: User,
    today: date,
    outside_reason: str = "",
) -> HouseWork:
    """Write down a house that was approved, and what of its further stages is known already (Plan 66, target 3).

    `days` by the names of STAGES, the approval at least; `money` in dong by the names of SOURCES. An agency writes its
    own, anywhere; a ward's officer the ward's. Eligible or not is judged on the day of approval.
    """
    if by.may(May.EDIT_HOUSEHOLDS):
        if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
            raise PermissionDenied
    elif not by.may(May.GIVE_SUPPORT) or by.agency_id is None:
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    if not policy.is_house:
        raise ValidationError({"policy": "Chọn chính sách về nhà ở."})
    values = _checked(household, policy, days, money, today)
    approved = values["approved_on"]
    if approved < policy.valid_from or (policy.valid_to and approved > policy.valid_to):
        raise ValidationError({"approved_on": "Chính sách này không áp dụng trong ngày đó."})
    if HouseWork.objects.filter(household=household, policy=policy, handed_over_on__isnull=True).exists():
        raise ValidationError({"policy": "Hộ đang có nhà chưa bàn giao theo chính sách này."})
    work = HouseWork(
        household=household,
        policy=policy,
        ward=household.ward,
        agency=by.agency,
        entered_by=by,
        outside_reason=reason_outside(policy, household, approved, outside_reason),
        **values,
    )
    _follow(work, by)
    work.save()
    log(by, "house.approved", work, area=work.ward, after=seal(_facts(work)))
    return work


@transaction.atomic
def change_house(
    *, work: HouseWork, days: Mapping[str, date | None], money: Mapping[str, int], version: int, by: User, today: date
) -> HouseWork:
    """Write the next stage, or correct a day or an amount. On the hand-over the house becomes a support and counts.

    A hand-over that is taken back takes the support back with it. Raises when somebody else changed it since `version`.
    """
    work, household = _kept(work.pk, version, by)
    values = _checked(household, work.policy, days, money, today)
    before = _facts(work)
    for name, value in values.items():
        setattr(work, name, value)
    was, now = differences(before, _facts(work))
    if not now:
        raise ValidationError("Chưa sửa gì.")
    gone = _follow(work, by)
    work.version += 1
    work.save()
    if gone:
        let_go(gone)
    log(by, "house.changed", work, area=work.ward, before=seal(was), after=seal(now))
    return work


@transaction.atomic
def cancel_house(*, work: HouseWork, reason: str, version: int, by: User) -> None:
    """Take out a house that was written by mistake, its support with it, and say why."""
    work, household = _kept(work.pk, version, by)
    if not (reason := tidy(reason)):
        raise ValidationError({"reason": "Ghi lý do."})
    before, ward, support = {"house": _facts(work)}, work.ward, work.support
    told = {"what": str(work.policy), "day": work.approved_on.isoformat(), "reason": reason}
    work.delete()
    if support:
        let_go(support)
    log(by, "house.cancelled", household, area=ward, before=seal(before), after=seal(told))


@transaction.atomic
def write_balance(*, support: Support, day: date, outstanding: int, overdue: int, by: User, today: date) -> LoanBalance:
    """What of a loan is outstanding, and overdue, at the end of a day (dong of principal). By its bank's own staff.

    Balances of other days stay. The same day written again corrects that day; the log keeps what it said before.
    """
    if not Support.objects.kept_by(by).filter(pk=support.pk).exists():
        raise PermissionDenied
    loan = Support.objects.select_for_update(of=("self",)).select_related("policy", "ward").get(pk=support.pk)
    if loan.policy.kind != Policy.Kind.LOAN:
        raise ValidationError("Hỗ trợ này không phải khoản vay.")
    wrong = {}
    if day > today:
        wrong["day"] = "Ngày không được sau hôm nay."
    elif day < loan.given_on:
        wrong["day"] = f"Ngày phải từ ngày vay ({written(loan.given_on)}) trở đi."
    if outstanding < 0 or (loan.amount is not None and outstanding > loan.amount):
        wrong["outstanding"] = f"Dư nợ gốc từ 0 đến số tiền vay ({told_money(loan.amount)})."
    if not 0 <= overdue <= outstanding:
        wrong["overdue"] = "Nợ quá hạn không được lớn hơn dư nợ."
    if wrong:
        raise ValidationError(wrong)
    balance = LoanBalance.objects.filter(support=loan, day=day).first()
    before = balance_facts(balance) if balance else {}
    balance = balance or LoanBalance(support=loan, day=day)
    balance.outstanding, balance.overdue, balance.entered_by = outstanding, overdue, by
    balance.save()
    log(
        by,
        "loan.balance",
        loan,
        area=loan.ward,
        before=seal(before) if before else {},
        after=seal(balance_facts(balance)),
    )
    return balance


def _kept(pk, version, by) -> tuple[HouseWork, Household]:
    """The house as it stands now, its household locked first; only for who may carry it on."""
    household_id = HouseWork.objects.kept_by(by).filter(pk=pk).values_list("household", flat=True).first()
    if household_id is None:
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household_id)
    rows = HouseWork.objects.select_for_update(of=("self",)).select_related(
        "policy", "ward", "household__ward", "support"
    )
    work = rows.filter(pk=pk).first()
    if work is None or work.version != version:
        raise ValidationError("Nhà này đã được người khác sửa. Tải lại trang.")
    return work, household


def _checked(household, policy, days, money, today) -> dict:
    """All stages and all sources, as they are to be written; refuses what is impossible, by field."""
    values = {name: days.get(name) for name in STAGES}
    wrong = problems(values, today)
    if values["approved_on"] is None:
        wrong["approved_on"] = "Ghi ngày được duyệt."
    if household.closed_on and (values["approved_on"] or household.closed_on) > household.closed_on:
        wrong["approved_on"] = f"Hộ đã đóng hồ sơ từ ngày {written(household.closed_on)}."
    amounts = {name: money.get(name) or 0 for name in SOURCES}
    wrong |= {
        name: "Số tiền phải từ 0 đến 10 tỷ đồng." for name, sum_ in amounts.items() if not 0 <= sum_ <= AMOUNT_MOST
    }
    if values["handed_over_on"] and not household.members.filter(left_on__isnull=True).exists():
        wrong["handed_over_on"] = "Hộ chưa có thành viên nào. Ghi thành viên của hộ trước."
    if wrong:
        raise ValidationError(wrong)
    return values | amounts


def _follow(work: HouseWork, by: User) -> Support | None:
    """Make, move or let go of the support that a handed-over house counts as. Returns one to be deleted afterwards."""
    support = work.support
    if work.handed_over_on is None:
        work.support = None
        return support
    values = {"given_on": work.handed_over_on, "amount": work.money or None}
    if support is None:
        twice = Support.objects.filter(household=work.household, policy=work.policy, given_on=work.handed_over_on)
        if twice.exists():
            raise ValidationError({"handed_over_on": "Sổ hỗ trợ đã ghi nhà này bàn giao trong ngày đó."})
        work.support = Support.objects.create(
            household=work.household,
            policy=work.policy,
            ward=work.household.ward,
            persons=work.household.members.filter(left_on__isnull=True).count(),
            agency=work.agency,
            entered_by=by,
            outside_reason=work.outside_reason,
            **values,
        )
        log(by, "support.given" if work.agency else "support.recorded", work.support, area=work.support.ward,
            after=seal(support_facts(work.support)))  # fmt: skip
    elif changed := [name for name, value in values.items() if getattr(support, name) != value]:
        for name in changed:
            setattr(support, name, values[name])
        support.version += 1
        support.save(update_fields=[*changed, "version"])
    return None


def _facts(work) -> dict:
    return house_facts(work, STAGES, SOURCES)
