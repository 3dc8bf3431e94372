"""A unit's report: written by the unit, looked at, remarked on and accepted by the programme office."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from areas.vietnamese import number
from reports import duty_services, prose, unit_content, unit_page, unit_services
from reports.forms.units import ExplainForm, ExtendForm, FigureForm, MoveForm, RemarkForm
from reports.models import Duty, PartNote, UnitFigure, UnitPart
from reports.states import MOVE_LABELS, MOVES, Move
from targets.asof import opening_day

MOST = 200_000  # bytes of a section as it is typed or pasted, markup of a word processor included
TEXT_LINES = 8


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def unit_report(request, pk):
    duty, readable = unit_page.read(pk, request.user)
    if duty is None:
        return render(request, "reports/no_such_duty.html", status=404)
    if request.method == "GET":
        return _draw(request, duty, readable)
    doing = request.POST.get("do", "")
    work = DOINGS.get(doing) or (_move if doing in set(Move) else None)
    if work is None or not (readable or doing == Move.EXTEND):
        return HttpResponseBadRequest()
    forms = {}
    if work(request, duty, forms):
        return redirect(request.path + request.POST.get("anchor", "")[:40])
    duty, readable = unit_page.read(pk, request.user)  # nothing of what was refused stands on the page
    return _draw(request, duty, readable, forms, 422)


def _draw(request, duty, readable, forms=None, status=200):
    forms = forms or {}
    today = timezone.localdate()
    shown_on = opening_day(duty.period.plan, today)
    page = unit_page.unit_page(duty, shown_on, today, request.user) if readable else None
    owns = page.owns if page else False
    moves = page.moves if page else unit_page.moves_for(duty, request.user, owns)
    context = {
        "duty": duty,
        "page": page,
        "shown": duty.shown(shown_on),
        "moves": [(move.value, MOVE_LABELS[move], _form(move, duty, forms), MOVES[move].needs_note) for move in moves],
        "submit_words": MOVE_LABELS[Move.SUBMIT] if not duty.needs_sign_off else "Trình thủ trưởng ký",
        "forms": forms,
        "refused": forms.get("refused", []),
        "typed": forms.get("typed"),
        "conflict": forms.get("conflict"),
        "remark_form": forms.get("remark") or RemarkForm(prefix="r"),
        "remark_part": forms.get("remark_part", ""),
        "explain_form": forms.get("explain"),
        "explain_key": forms.get("explain_key", ""),
        "may_make": request.user.may(May.MAKE_REPORTS),
        "lines": TEXT_LINES,
    }
    return render(request, "reports/unit_report.html", context, status=status)


def _form(move, duty, forms):
    if move.value in forms:
        return forms[move.value]
    start = {"version": duty.version}
    return (
        ExtendForm(initial=start, prefix=move)
        if move == Move.EXTEND
        else MoveForm(move=move, initial=start, prefix=move)
    )


# What may be done on the page. Each returns whether it was done; what was refused stands in `forms`.


def _move(request, duty, forms) -> bool:
    doing = request.POST["do"]
    make = ExtendForm if doing == Move.EXTEND else lambda *args, **more: MoveForm(*args, move=Move(doing), **more)
    forms[doing] = form = make(request.POST, prefix=doing)
    if not form.is_valid():
        return False
    try:
        duty_services.move_duty(duty=duty, move=doing, by=request.user, at=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            refuse(form, error)
        else:
            forms["refused"] = error.messages
        return False
    messages.success(request, f"Đã ghi: {MOVE_LABELS[Move(doing)].lower()}.")
    return True


def _save(request, duty, forms) -> bool:
    part = get_object_or_404(UnitPart, duty=duty, part=request.POST.get("part", ""))
    text = request.POST.get("text", "")
    try:
        unit_services.save_part(
            part=part, text=text, version=_key(request, "version"), by=request.user, at=timezone.now()
        )
    except unit_services.Conflict as conflict:
        forms["conflict"] = {"part": part.part, "mine": text, "theirs": conflict.part}
        return False
    except ValidationError as error:
        forms["refused"], forms["typed"] = error.messages, (part.part, text)
        return False
    messages.success(request, "Đã lưu.")
    return True


def _accept_part(request, duty, forms) -> bool:
    return _judged(request, duty, duty_services.accept_parts)


def _open_part(request, duty, forms) -> bool:
    return _judged(request, duty, duty_services.reopen_parts)


def _judged(request, duty, service) -> bool:
    try:
        service(duty=duty, parts=request.POST.getlist("part"), by=request.user, version=_key(request, "version"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return True


def _remark(request, duty, forms) -> bool:
    part = get_object_or_404(UnitPart, duty=duty, part=request.POST.get("part", ""))
    form = RemarkForm(request.POST, prefix="r")
    forms.update(remark=form, remark_part=part.part)
    if form.is_valid():
        try:
            unit_services.remark(part=part, by=request.user, at=timezone.now(), **form.cleaned_data)
            return True
        except ValidationError as error:
            refuse(form, error)
    return False


def _drop_remark(request, duty, forms) -> bool:
    note = get_object_or_404(PartNote, pk=_key(request, "note"), part__duty=duty)
    try:
        unit_services.drop_remark(note=note, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return True


def _explain(request, duty, forms) -> bool:
    form, key = ExplainForm(request.POST, prefix="g"), request.POST.get("key", "")
    forms.update(explain=form, explain_key=key)
    if form.is_valid():
        try:
            unit_services.explain(duty=duty, key=key, by=request.user, at=timezone.now(), **form.cleaned_data)
            return True
        except ValidationError as error:
            refuse(form, error)
    return False


def _drop_figure(request, duty, forms) -> bool:
    figure = get_object_or_404(UnitFigure, pk=_key(request, "figure"), duty=duty)
    try:
        unit_services.drop_figure(figure=figure, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return True


DOINGS = {
    "save": _save,
    "accept_part": _accept_part,
    "open_part": _open_part,
    "remark": _remark,
    "drop_remark": _drop_remark,
    "explain": _explain,
    "drop_figure": _drop_figure,
}


def _key(request, name) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else 0


# What the page's script asks


@never_cache
@require_POST
@allow(May.FILE_REPORTS)
def part_draft(request, pk, part):
    """Keep a section as it is typed, {"text": …, "version": …}. 409 when somebody else has saved, 400 with the reason."""
    row = get_object_or_404(UnitPart, part=part, duty__in=Duty.objects.owned_by(request.user).filter(pk=pk))
    try:
        typed = json.loads(request.body) if len(request.body) <= MOST else {}
        text, version = typed["text"], int(typed["version"])
        row = unit_services.save_part(part=row, text=str(text), version=version, by=request.user, at=timezone.now())
    except unit_services.Conflict as conflict:
        return JsonResponse({"error": conflict.messages[0], "by": str(conflict.part.edited_by)}, status=409)
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=400)
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": "Phần này dài quá hoặc không đọc được."}, status=400)
    return JsonResponse({"version": row.version, "saved_at": f"{timezone.localtime():%H:%M}"})


@require_POST
@allow(May.FILE_REPORTS)
def clean_pasted(request):
    """What a word processor put on the clipboard, as the plain text that a section holds."""
    if len(request.body) > MOST:
        return JsonResponse({"error": "Đoạn dán dài quá."}, status=400)
    return JsonResponse({"text": prose.pasted(request.body.decode("utf-8", "replace"))})


# Figures


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.FILE_REPORTS)
def figure(request, pk):
    """One figure of the report: `ma`, one that is asked; `so`, one of the unit's own; neither, a new one."""
    duty = get_object_or_404(Duty.objects.owned_by(request.user).select_related("period__plan", "agency__area"), pk=pk)
    if not duty.is_writable:
        messages.error(request, unit_services.LOCKED)
        return redirect("unit_report", pk=pk)
    row = _figure_row(request, duty)
    kept = row.kept if row else None
    start = {"version": kept.version if kept else 0}
    if kept:
        typed = "" if kept.typed is None else number(kept.typed, 0 if kept.typed == int(kept.typed) else 2)
        start |= {"name": kept.name, "unit": kept.unit, "typed": typed, "source": kept.source}
    asked = row if row and row.code else None
    form = FigureForm(request.POST or None, request.FILES or None, asked=asked, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data | ({"code": row.code} if asked else {})
            try:
                unit_services.type_figure(duty=duty, by=request.user, at=timezone.now(), **given)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, "Đã ghi số liệu.")
                return redirect(f"{duty_services.duty_url(duty)}#so-lieu")
    context = {"duty": duty, "row": row, "form": form, "kept": kept}
    return render(request, "reports/unit_figure.html", context, status=status)


def _figure_row(request, duty):
    code, own = request.GET.get("ma", ""), request.GET.get("so", "")
    if not code and not own:
        return None
    day = unit_content.as_of(duty, timezone.localdate())
    for row in unit_content.figure_rows(duty, day):
        if (code and row.code == code) or (own and row.kept and not row.code and str(row.kept.pk) == own):
            return row
    raise Http404
