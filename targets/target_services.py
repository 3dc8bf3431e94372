"""Writes of targets: what an area gives the areas below it, and what an area sets itself."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import history_of, log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number, tidy
from targets.assigning import line_faults, own_fault, sum_fault, value_fault
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Indicator, Plan, Target

Values = Mapping[int, Mapping[str, Decimal | None]]  # area's id → indicator's code → value


def may_assign(by: User, parent: Area) -> bool:
    """The city's targets are handed down by the programme office, a district's by the district or the office."""
    if not by.may(May.SET_TARGETS) or by.area is None or parent.level == Area.Level.WARD:
        return False
    return parent.path.startswith(by.area.path)


def faults_of(parent_aims: Mapping[str, Decimal | None], values: Values, reasons: Mapping[str, str]) -> dict:
    """(area, code) or code → what is wrong: a value, a line of the appendix, a sum without a reason."""
    found: dict = {}
    for area, line in values.items():
        for code, value in line.items():
            if words := value_fault(code, value):
                found[area, code] = words
        for code, words in line_faults(line).items():
            found.setdefault((area, code), words)
    for code in APPENDIX:
        words = sum_fault(code, parent_aims.get(code), (line.get(code) for line in values.values()))
        if words and not tidy(reasons.get(code, "")):
            found[code] = words
    return found


def stamp(targets: Iterable[Target]) -> str:
    """Equal for two looks at a sheet between which nobody wrote to it."""
    told = sorted((one.area_id, one.indicator.code, str(one.value.normalize())) for one in targets)
    return sha256(repr(told).encode()).hexdigest()[:16]


@transaction.atomic
def assign(
    *, plan: Plan, parent: Area, values: Values, reasons: Mapping[str, str], by: User, seen: str | None = None
) -> int:
    """Set the targets of the areas under `parent`; None takes one away. Returns how many changed.

    `seen`: the stamp of what stood on the writer's sheet; somebody who wrote meanwhile is not written over.
    ValidationError carries `faults_of` in its params; nothing is written then. A closed plan's targets stay.
    """
    if not may_assign(by, parent):
        raise PermissionDenied
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("Kế hoạch đã kết thúc: không giao chỉ tiêu nữa.")
    children = {area.pk: area for area in Area.objects.filter(parent=parent, pk__in=values)}
    if set(children) != set(values):
        raise PermissionDenied
    own = {target.indicator.code: target for target in _targets(plan, [parent.pk])}
    if found := faults_of({code: target.aim for code, target in own.items()}, values, reasons):
        raise ValidationError("Có chỉ tiêu chưa hợp lệ.", params={"faults": found})
    there = {(target.area_id, target.indicator.code): target for target in _targets(plan, children)}
    if seen is not None and seen != stamp(there.values()):
        raise ValidationError("Chỉ tiêu vừa được người khác sửa: chưa ghi gì. Tải lại trang rồi làm lại.")
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    before, after = {}, {}
    for area, line in values.items():
        for code, value in line.items():
            target = there.get((area, code))
            if (target.value if target else None) == value:
                continue
            name = f"{children[area].code}:{code}"
            before[name], after[name] = (str(target.value) if target else None), (None if value is None else str(value))
            if value is None:
                target.delete()
            elif target:
                target.value, target.published_rate = value, None  # the printed rate was of the printed value
                target.save(update_fields=["value", "published_rate"])
            else:
                Target.objects.create(
                    plan=plan,
                    area=children[area],
                    indicator=indicators[code],
                    value=value,
                    in_appendix=INDICATORS[code].in_appendix,
                )
    for code, target in own.items():
        reason = tidy(reasons.get(code, ""))
        if code in APPENDIX and reason != target.sum_reason:
            before[f"{code}:reason"], after[f"{code}:reason"] = target.sum_reason, reason
            target.sum_reason = reason
            target.save(update_fields=["sum_reason"])
    if after:
        log(by, "target.assigned", plan, area=parent, before=before, after=after)
    return len(after)


def own_mark(target: Target) -> str:
    """Equal for two looks at what an area set itself, between which nobody changed it."""
    own = target.own_value
    told = (None if own is None else str(own.normalize()), target.own_basis)
    return sha256(repr(told).encode()).hexdigest()[:16]


@transaction.atomic
def set_own(
    *, plan: Plan, area: Area, code: str, value: Decimal | None, basis: str, by: User, seen: str | None = None
) -> Target:
    """What an area sets itself beside what it was given: stricter, with its document. None takes it back.

    `seen`: the mark of what stood before the writer; what somebody set meanwhile is told and not written over.
    """
    if not by.may(May.SET_TARGETS) or by.area is None or not area.path.startswith(by.area.path):
        raise PermissionDenied
    target = _targets(plan, [area.pk]).filter(indicator__code=code).first()
    if target is None or plan.state == Plan.State.CLOSED:
        raise ValidationError({"code": "Địa bàn chưa được giao chỉ tiêu này."})
    if seen is not None and seen != own_mark(target):
        raise ValidationError({"value": _meanwhile(target)})
    basis = tidy(basis)
    if value is not None:
        if words := value_fault(code, value) or own_fault(code, target.value, value):
            raise ValidationError({"value": words})
        if not basis:
            raise ValidationError({"basis": "Ghi số văn bản của địa bàn."})
    before = {"own": None if target.own_value is None else str(target.own_value), "basis": target.own_basis}
    target.own_value, target.own_basis = value, basis if value is not None else ""
    target.save(update_fields=["own_value", "own_basis"])
    after = {"own": None if value is None else str(value), "basis": target.own_basis}
    log(by, "target.own", target, area=area, before=before, after=after)
    return target


def _meanwhile(target: Target) -> str:
    """Who set what, for somebody who was about to set it too."""
    last = history_of(target).filter(action="target.own").order_by("-pk").first()
    who = f"{last.by} vừa" if last and last.by else "Người khác vừa"
    now = "bỏ số tự đặt"
    if target.own_value is not None:
        now = f"đặt {number(target.own_value)} theo {target.own_basis}"
    return f"{who} {now}. Chưa ghi số của bạn; bấm Ghi số tự đặt lần nữa nếu vẫn thay."


def _targets(plan: Plan, areas):
    found = Target.objects.select_for_update(of=("self",)).filter(plan=plan, area__in=list(areas))
    return found.select_related("indicator")
