"""Writes about money: lines are allotted and changed, agencies record what they spend of them.

Every spending locks its line first, so two people at once never spend the same dong twice.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from accounts.log import facts, log
from accounts.models import Agency, User
from accounts.notices import tell
from accounts.roles import May
from areas.vietnamese import money, tidy
from households.models import Policy, Support
from households.support_queries import supports_of
from targets.models import Activity, BudgetLine, Disbursement, Plan
from targets.spending import Money, allotment_fault, amount_fault, line_faults, spending_faults
from targets.task_people import workers

LINE = ("year", "source", "agency", "clause", "policy", "title", "allotted", "allotted_on", "basis")
SPENT = ("line", "day", "amount", "what", "document", "support", "activity")
STALE = "Dòng kinh phí vừa được người khác sửa. Tải lại trang rồi làm lại."
GONE = "Khoản chi này đã bị hủy hoặc sửa. Tải lại trang."
TWICE = "Khoản chi này đã được ghi. Nếu là khoản khác, ghi rõ nội dung hoặc số chứng từ."
SUPPORTS_MOST = 100  # drawn for at one go


@transaction.atomic
def allot(*, by: User, **values) -> BudgetLine:
    """A new line; `values` are those of LINE, money in dong. PermissionDenied without the right; ValidationError at
    the field."""
    _refuse_without(by, May.ASSIGN_BUDGET)
    line = BudgetLine(**_checked(values))
    _unique(line)
    line.save()
    log(by, "budget.allotted", line, area=line.agency.area, after=facts(line, LINE))
    told = f"Đơn vị được giao {money(line.allotted)}: {line.title}."
    tell(users=[one for one in workers([line.agency]) if one.pk != by.pk], text=told, url=url_of(line))
    return line


@transaction.atomic
def change_line(*, line: BudgetLine, version: int, by: User, **values) -> BudgetLine:
    """Change what a line says or allots. Once spent of, it keeps its year, source and agency, and is not cut below
    what was spent."""
    _refuse_without(by, May.ASSIGN_BUDGET)
    row = _locked(line, version)
    before = facts(row, LINE)
    kept = _checked(values, row)
    spent = _spent(row)
    wrong = {}
    if spent:
        for name in ("year", "source", "agency"):
            if kept[name] != getattr(row, name):
                wrong[name] = "Dòng đã có khoản chi: không đổi được. Hủy các khoản chi trước."
    if fault := allotment_fault(kept["allotted"], row.over_allowed, spent):
        wrong["allotted"] = fault
    if wrong:
        raise ValidationError(wrong)
    for name, value in kept.items():
        setattr(row, name, value)
    _unique(row)
    _save(row)
    log(by, "budget.changed", row, area=row.agency.area, before=before, after=facts(row, LINE))
    return row


@transaction.atomic
def cancel_line(*, line: BudgetLine, reason: str, version: int, by: User) -> BudgetLine:
    """Take a line written by mistake out of every sum; not while something is spent of it."""
    _refuse_without(by, May.ASSIGN_BUDGET)
    row, why = _locked(line, version), _why(reason)
    if spent := _spent(row):
        raise ValidationError({"reason": f"Dòng đã chi {money(spent)}: hủy các khoản chi trước."})
    row.cancelled_for = why
    _save(row)
    log(by, "budget.line_cancelled", row, area=row.agency.area, after={"cancelled_for": why})
    return row


@transaction.atomic
def allow_overspending(*, line: BudgetLine, amount: int | None, reason: str, version: int, by: User) -> BudgetLine:
    """Let a line be spent `amount` dong beyond its allotment, for a reason that is listed; 0 takes the leave back as
    long as it was not used."""
    _refuse_without(by, May.ALLOW_OVERSPENDING)
    row, why = _locked(line, version), _why(reason)
    before = facts(row, ("over_allowed", "over_reason"))
    if amount != 0 and (fault := amount_fault(amount)):
        raise ValidationError({"amount": fault})
    if row.allotted + amount < (spent := _spent(row)):
        raise ValidationError(
            {"amount": f"Đã chi {money(spent)}: phải cho vượt ít nhất {money(spent - row.allotted)}."}
        )
    row.over_allowed = amount
    row.over_reason, row.over_by = (why, by) if amount else ("", None)
    _save(row)
    told = {"over_allowed": amount, "over_reason": why}
    log(by, "budget.over_allowed", row, area=row.agency.area, before=before, after=told)
    text = f"Dòng kinh phí “{row.title}” được chi vượt {money(amount)}."
    if not amount:
        text = f"Dòng kinh phí “{row.title}” không còn được chi vượt."
    tell(users=[one for one in workers([row.agency]) if one.pk != by.pk], text=text, url=url_of(row))
    return row


@transaction.atomic
def disburse(
    *,
    line: BudgetLine,
    day: date | None,
    amount: int | None,
    what: str,
    by: User,
    today: date,
    document: str = "",
    support: Support | None = None,
    activity: Activity | None = None,
) -> Disbursement:
    """Record a spending that draws on a line of the writer's own agency.

    `support`: one that the writer may read, under the line's policy, if it has one. `activity`: one that the line's
    agency held in the line's year. PermissionDenied for another
    agency's line; ValidationError at the field, an amount beyond what the line leaves among them.
    """
    row = _locked(line)
    _refuse_others(row, by)
    kept = {"day": day, "amount": amount, "what": what, "document": document}
    return _write(row, kept | {"support": support, "activity": activity}, by, today)


@transaction.atomic
def disburse_supports(*, line: BudgetLine, keys: Collection[int], by: User, today: date) -> int:
    """Record, for each of these supports, what of its amount no line has paid yet, on the day it was given. All or
    none. Returns how many."""
    row = _locked(line)
    _refuse_others(row, by)
    if not keys:
        raise ValidationError("Chọn ít nhất một hỗ trợ.")
    if len(keys) > SUPPORTS_MOST:
        raise ValidationError(f"Mỗi lần ghi nhiều nhất {SUPPORTS_MOST} hỗ trợ.")
    supports = list(supports_of(by).filter(pk__in=keys).select_related("policy").order_by("pk"))
    if len(supports) != len(set(keys)):
        raise PermissionDenied
    for support in supports:
        left = unpaid(support)
        if not left:
            raise ValidationError("Có hỗ trợ không ghi số tiền hoặc đã được chi đủ. Tải lại trang rồi chọn lại.")
        kept = {"day": support.given_on, "amount": left, "what": support.policy.name, "document": ""}
        try:
            _write(row, kept | {"support": support, "activity": None}, by, today)
        except ValidationError as error:
            raise ValidationError(error.messages) from None  # one page, many rows: no field to stand at
    return len(supports)


@transaction.atomic
def correct_disbursement(
    *,
    disbursement: Disbursement,
    day: date | None,
    amount: int | None,
    what: str,
    document: str,
    reason: str,
    by: User,
    today: date,
    at: datetime,
    activity: Activity | None = None,
) -> Disbursement:
    """Cancel a spending and write it anew in one stroke; both rows stay, tied to each other."""
    old, line = _held(disbursement, by)
    why, support = _why(reason), old.support
    before = facts(old, SPENT)
    _cancel(old, why, by, at)
    kept = {"day": day, "amount": amount, "what": what, "document": document, "support": support, "activity": activity}
    return _write(line, kept, by, today, corrects=old, before=before | {"reason": why})


@transaction.atomic
def cancel_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """Take a spending written by mistake out of every sum, and say why. The row stays."""
    row, line = _held(disbursement, by)
    before, why = facts(row, SPENT), _why(reason)
    _cancel(row, why, by, at)
    log(by, "budget.spending_cancelled", row, area=line.agency.area, before=before, after={"reason": why})
    return row


def money_of(line: BudgetLine) -> Money:
    """What the line holds now."""
    return Money(line.allotted, _spent(line), line.over_allowed)


def unpaid(support: Support) -> int:
    """Dong of a support that no line has paid; 0 too when it names no amount."""
    return max((support.amount or 0) - _drawn(support), 0)


def activities_of(line: BudgetLine):
    """What its money may have gone to: held by its agency in its year."""
    return Activity.objects.held().filter(agency=line.agency_id, day__year=line.year)


def url_of(line: BudgetLine) -> str:
    return reverse("budget_line", args=[line.pk])


def _write(line, kept, by, today, *, corrects=None, before=None) -> Disbursement:
    """The line is locked by the caller."""
    kept |= {"what": tidy(kept["what"]), "document": tidy(kept["document"])}
    support = kept["support"]
    wrong = spending_faults(
        amount=kept["amount"],
        day=kept["day"],
        what=kept["what"],
        year=line.year,
        today=today,
        money_of_line=money_of(line),
    )
    if support is not None:
        kept["support"] = support = _support(support, line, by)
        if not wrong and support.amount is not None and kept["amount"] > unpaid(support):
            wrong["amount"] = f"Hỗ trợ này chỉ còn {money(unpaid(support))} chưa chi."
    held = activities_of(line).select_for_update()  # so that it is not cancelled meanwhile
    if (activity := kept["activity"]) is not None and held.filter(pk=activity.pk).first() is None:
        wrong["activity"] = f"Chọn hoạt động của {line.agency.short_name} trong năm {line.year}."
    if not wrong and line.disbursements.standing().filter(**kept).exists():
        wrong["what"] = TWICE
    if wrong:
        raise ValidationError(wrong)
    row = Disbursement.objects.create(line=line, entered_by=by, corrects=corrects, **kept)
    action = "budget.spending_corrected" if corrects else "budget.spent"
    log(by, action, row, area=line.agency.area, before=before, after=facts(row, SPENT))
    return row


def _cancel(row, why, by, at) -> None:
    """A cancelled spending lets go of its support, which may then be taken out; the log keeps which it was."""
    row.cancelled_at, row.cancelled_by, row.cancelled_for, row.support = at, by, why, None
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_for", "support"])


def _support(support, line, by) -> Support:
    """Locked after its line, always in this order."""
    found = Support.objects.select_for_update(of=("self",)).filter(pk=support.pk, pk__in=supports_of(by).values("pk"))
    found = found.first()
    if found is None:
        raise PermissionDenied
    if line.policy_id and found.policy_id != line.policy_id:
        raise ValidationError("Hỗ trợ này theo chính sách khác với dòng kinh phí.")
    return found


def _locked(line, version: int | None = None) -> BudgetLine:
    rows = BudgetLine.objects.select_for_update(of=("self",)).select_related("agency__area", "source")
    row = rows.get(pk=line.pk)
    if version is not None and row.version != version:
        raise ValidationError(STALE)
    if row.cancelled_for:
        raise ValidationError("Dòng kinh phí đã hủy.")
    return row


def _held(disbursement, by) -> tuple[Disbursement, BudgetLine]:
    """The line first, so that a correction and a new spending wait for each other."""
    line = _locked(disbursement.line)
    _refuse_others(line, by)
    row = Disbursement.objects.select_for_update(of=("self",)).select_related("support").get(pk=disbursement.pk)
    if row.cancelled_at:
        raise ValidationError(GONE)
    return row, line


def _save(row) -> None:
    row.version += 1
    row.save()


def _unique(row) -> None:
    """Said at the field, before the database refuses it."""
    same = BudgetLine.objects.standing().filter(year=row.year, source=row.source, agency=row.agency, title=row.title)
    if same.exclude(pk=row.pk).exists():
        raise ValidationError({"title": "Cơ quan đã có dòng kinh phí cùng năm, cùng nguồn, cùng nội dung."})


def _checked(values, old: BudgetLine | None = None) -> dict:
    """The values of LINE as they are to be written. What a row keeps as it was is not judged anew by today's lists."""
    kept = {name: values.get(name) for name in LINE}
    kept |= {"title": tidy(kept["title"] or ""), "basis": tidy(kept["basis"] or "")}
    wrong = line_faults(**{name: kept[name] for name in ("year", "title", "basis", "allotted", "allotted_on")})
    year = kept["year"]
    source, agency, clause, policy = (kept[name] for name in ("source", "agency", "clause", "policy"))
    if source is None or not (source.active or (old and old.source_id == source.pk)):
        wrong["source"] = "Chọn một nguồn đang dùng."
    if agency is None or agency.kind == Agency.Kind.GROUP:
        wrong["agency"] = "Chọn một cơ quan, không chọn nhóm."
    if clause is not None and (clause.plan.year != year or clause.plan.state == Plan.State.DRAFT):
        wrong["clause"] = f"Mục phải thuộc kế hoạch đã ban hành của năm {year}."
    if policy is not None and "year" not in wrong and not _in_year(policy, year):
        wrong["policy"] = f"Chính sách không áp dụng trong năm {year}."
    if wrong:
        raise ValidationError(wrong)
    return kept


def _in_year(policy: Policy, year: int) -> bool:
    return policy.valid_from.year <= year and (policy.valid_to is None or policy.valid_to.year >= year)


def _spent(line) -> int:
    return line.disbursements.standing().aggregate(sum=Sum("amount"))["sum"] or 0


def _drawn(support) -> int:
    return Disbursement.objects.standing().filter(support=support).aggregate(sum=Sum("amount"))["sum"] or 0


def _why(reason: str) -> str:
    if not (reason := tidy(reason)):
        raise ValidationError({"reason": "Ghi lý do."})
    return reason


def _refuse_without(by: User, right: May) -> None:
    if not by.may(right):
        raise PermissionDenied


def _refuse_others(line: BudgetLine, by: User) -> None:
    if not BudgetLine.objects.spent_by(by).filter(pk=line.pk).exists():
        raise PermissionDenied
