"""Targets handed down: the sheet of a city or a district, its Excel form, an area's own stricter value."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import fold, number
from households.exports import XLSX
from targets import appendix_form, target_services
from targets.appendix import WHOLE_CITY
from targets.forms.targets import AssignForm, OwnForm, box
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Plan, Target


@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def target_sheet(request, year, code):
    """The targets of the areas under one; a form for those who hand them down, a table for the others."""
    plan = Plan.objects.filter(year=year).first()
    if plan is None or (plan.state == Plan.State.DRAFT and not request.user.may(May.SET_TARGETS)):
        raise Http404
    there = Area.objects.existing_on(plan.issued_on or min(timezone.localdate(), plan_day(plan)))
    parent = there.filter(code=code).exclude(level=Area.Level.WARD).first()
    if parent is None or not parent.has_residents:
        raise Http404
    children = list(there.filter(parent=parent, has_residents=True).order_by("order", "code"))
    targets = Target.objects.filter(plan=plan, area__in=[parent, *children]).select_related("indicator")
    by_area: dict[int, dict[str, Target]] = {}
    for target in targets:
        by_area.setdefault(target.area_id, {})[target.indicator.code] = target
    if request.GET.get("format") == "xlsx":
        return _download(plan, parent, children, by_area)
    may = target_services.may_assign(request.user, parent) and plan.state != Plan.State.CLOSED
    start = _start(children, parent, by_area)
    own_start = {"seen": _marks(by_area.get(parent.pk, {}))}
    form, own_form = AssignForm(initial=start, areas=children), OwnForm(initial=own_start)
    if request.method == "POST" and may:
        done = request.POST.get("do", "")
        if done == "read":
            form = _filled(request, parent, children, start)
        elif done == "own":
            own_form = OwnForm(request.POST)
            if _own(request, plan, parent, own_form, own_start["seen"]):
                return redirect(request.path)
        elif done != "assign":
            return HttpResponseBadRequest()
        else:
            form = AssignForm(request.POST, areas=children)
            if _assigned(request, plan, parent, form):
                return redirect(request.path)
    context = {
        "plan": plan,
        "area": parent,
        "form": form,
        "own_form": own_form,
        "may": may,
        "columns": [INDICATORS[code] for code in APPENDIX],
        "given": [_shown(by_area.get(parent.pk, {}).get(code)) for code in APPENDIX],
        "reasons": [form[f"r-{code}"] for code in APPENDIX],
        "rows": [(area, [_shown(by_area.get(area.pk, {}).get(code)) for code in APPENDIX]) for area in children],
        "below": parent.level == Area.Level.CITY,
        "histories": [
            (area, [by_area[area.pk][code] for code in APPENDIX if code in by_area[area.pk]])
            for area in [parent, *children]
            if area.pk in by_area
        ],
    }
    wrong = form.errors or own_form.errors
    return render(request, "targets/target_sheet.html", context, status=422 if wrong else 200)


def plan_day(plan):
    return date(plan.year, 1, 1)


def _start(children, parent, by_area):
    start = {"seen": target_services.stamp(target for area in children for target in by_area.get(area.pk, {}).values())}
    for area in children:
        for code, target in by_area.get(area.pk, {}).items():
            start[box(area.pk, code)] = number(target.value, 0 if target.value == int(target.value) else 2)
    for code, target in by_area.get(parent.pk, {}).items():
        start[f"r-{code}"] = target.sum_reason
    return start


def _marks(targets):
    return " ".join(f"{code}:{target_services.own_mark(target)}" for code, target in targets.items())


def _shown(target):
    """Given, and what the area set itself beside it."""
    if target is None:
        return {"given": None, "own": None}
    return {"given": target.value, "own": target.own_value, "basis": target.own_basis, "reason": target.sum_reason}


def _assigned(request, plan, parent, form):
    if not form.is_valid():
        return False
    try:
        changed = target_services.assign(
            plan=plan,
            parent=parent,
            values=form.values,
            reasons=form.reasons,
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except ValidationError as problem:
        faults = (problem.params or {}).get("faults") if hasattr(problem, "params") else None
        form.put(faults) if faults else form.add_error(None, problem)
        return False
    messages.success(request, f"Đã ghi {number(changed)} thay đổi." if changed else "Không có gì thay đổi.")
    return True


def _own(request, plan, area, form, marks):
    if not form.is_valid():
        return False
    try:
        target_services.set_own(plan=plan, area=area, by=request.user, **form.cleaned_data)
    except ValidationError as problem:
        refuse(form, problem)
        form.draw_anew(marks)
        return False
    messages.success(request, "Đã ghi chỉ tiêu của địa bàn.")
    return True


def _filled(request, parent, children, start):
    """The sheet filled from a file, nothing written yet: the boxes are looked over and then saved."""
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, "Chọn tệp biểu phụ lục.")
        return AssignForm(initial=start, areas=children)
    known = {fold(area.full_name): area.full_name for area in [parent, *children]}
    data = given.read(appendix_form.LARGEST + 1)
    found = appendix_form.read(data, known | {fold(WHOLE_CITY): WHOLE_CITY})
    for words in found.problems[:10]:
        messages.error(request, words)
    boxes = dict(start)
    for area in children:
        for code, value in found.values.get(fold(area.full_name), {}).items():
            boxes[box(area.pk, code)] = number(value, 0 if value == int(value) else 2)
    if found.values and not found.problems:
        messages.success(request, "Đã điền từ tệp. Xem lại rồi bấm Giao chỉ tiêu để ghi.")
    return AssignForm(initial=boxes, areas=children)


def _download(plan, parent, children, by_area):
    name = WHOLE_CITY if parent.is_city else parent.full_name
    lines = [(name, parent)] + [(area.full_name, area) for area in children]
    rows = []
    for words, area in lines:
        held = by_area.get(area.pk, {})
        rates = {code: target.published_rate for code, target in held.items()}
        rows.append((words, {code: target.value for code, target in held.items()}, rates))
    data = appendix_form.write(f"PHỤ LỤC: CHỈ TIÊU GIẢM NGHÈO NĂM {plan.year}, {name.upper()}", rows)
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="chi-tieu-{plan.year}-{parent.code}.xlsx"'
    return answer
