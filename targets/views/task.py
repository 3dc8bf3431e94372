"""One task: read it, move it, talk about it; and the same move for many tasks after a question."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from targets import task_page, task_reminding, task_services, task_talk
from targets.asof import opening_day
from targets.forms.tasks import (
    AnswerForm,
    AskForm,
    BulkScheduleForm,
    CommentForm,
    NoteForm,
    ScheduleForm,
    SubtaskForm,
    UpdateForm,
)
from targets.models import Assignment, InputRequest, Subtask
from targets.task_people import agency_of
from targets.task_queries import Filter, choices, filtered, lines
from targets.task_services import SCHEDULE
from targets.task_states import MOVES, Move
from targets.views.plan import frame_of, no_plan

BULK_MOST = 300
BULK = {
    "giao-han": "Giao hạn, yêu cầu minh chứng",
    "xac-nhan": "Xác nhận đã hoàn thành",
    "don-doc": "Đôn đốc đơn vị",
}


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def task(request, pk):
    found = task_page.read(pk, request.user)
    if found is None:
        raise Http404
    doing = request.POST.get("do", "")
    forms = _forms(request, found, doing)
    status = 200
    if request.method == "POST":
        if doing not in forms and doing not in ("answer", "tick"):
            return HttpResponseBadRequest()
        if _done(request, found, doing, forms):
            return redirect("task", pk=pk)
        status, found = 422, task_page.read(pk, request.user)  # nothing of what was refused stands on the page
    return _draw(request, found, forms, doing, status)


def _draw(request, found, forms, doing, status):
    plan = found.clause.plan
    day = opening_day(plan, timezone.localdate())
    page = task_page.task_page(found, day, request.user)
    own = agency_of(request.user) if request.user.may(May.UPDATE_TASKS) else None
    inside = page.inside
    context = {
        "page": page,
        "task": found,
        "plan": plan,
        "day": day,
        "forms": forms,
        "doing": doing,
        "own": own,
        "moves": [(move.value, MOVES[move].words, forms[move.value]) for move in page.moves if move not in UNIT],
        "may_update": Move.UPDATE in page.moves,
        "may_assign": request.user.may(May.ASSIGN_TASKS),
        "may_ask": bool(inside) and (request.user.may(May.ASSIGN_TASKS) or (own and own.pk == found.agency_id)),
        "is_own": bool(own and own.pk == found.agency_id),
        "answering": [(row, forms["answers"].get(row.pk)) for row in inside.requests] if inside else [],
    }
    return render(request, "targets/task.html", context, status=status)


UNIT = frozenset({Move.UPDATE, Move.FINISH})  # one form, two buttons


def _forms(request, found, doing) -> dict:
    """Every form of the page by what it does; only the one that was sent is bound."""

    def data(*names):
        return request.POST if doing in names else None

    plan = found.clause.plan
    files = request.FILES if doing in UNIT else None
    day = opening_day(plan, timezone.localdate())
    update = UpdateForm(data(*UNIT), files, task=found, due=found.next_due(plan), day=day, prefix="u")
    start = {name: getattr(found, name) for name in SCHEDULE}
    forms = {
        "update": update,
        "finish": update,
        "schedule": ScheduleForm(data("schedule"), initial=start, prefix="s"),
        "comment": CommentForm(data("comment"), prefix="c"),
        "ask": AskForm(data("ask"), task=found, plan=plan, prefix="a"),
        "subtask": SubtaskForm(data("subtask"), prefix="t"),
    }
    forms |= {move.value: NoteForm(data(move.value), move=move, prefix=move.value) for move in Move if move not in UNIT}
    answered = request.POST.get("request", "") if doing == "answer" else ""
    waiting = found.requests.filter(answer="").values_list("pk", flat=True)
    forms["answers"] = {
        key: AnswerForm(request.POST if answered == str(key) else None, prefix=f"r{key}") for key in waiting
    }
    return forms


def _done(request, found, doing, forms) -> bool:
    """Whether it was done; what was refused stands at its field."""
    common = {"by": request.user}
    now, today = timezone.now(), timezone.localdate()
    form = forms.get(doing)
    if doing == "answer":
        form = forms["answers"].get(_key(request, "request"))
        if form is None:
            messages.warning(request, "Đề nghị này không còn chờ trả lời.")
            return True
    if form is not None and not form.is_valid():
        return False
    given = form.cleaned_data if form is not None else {}
    try:
        if doing in set(Move):
            version = _key(request, "version")
            task_services.move_task(assignment=found, move=doing, at=now, version=version, **given, **common)
            messages.success(request, f"Đã ghi: {MOVES[Move(doing)].words.lower()}.")
        elif doing == "schedule":
            task_services.schedule_tasks(assignments=[found], **given, **common)
            messages.success(request, "Đã giao hạn.")
        elif doing == "comment":
            task_talk.comment(assignment=found, at=now, **given, **common)
        elif doing == "ask":
            task_talk.ask_partner(assignment=found, today=today, at=now, **given, **common)
            messages.success(request, "Đã gửi đề nghị phối hợp.")
        elif doing == "answer":
            row = get_object_or_404(InputRequest, pk=_key(request, "request"), assignment=found)
            task_talk.answer_request(request=row, at=now, **given, **common)
            messages.success(request, "Đã trả lời.")
        elif doing == "subtask":
            task_talk.add_subtask(assignment=found, **given, **common)
        elif doing == "tick":
            row = get_object_or_404(Subtask, pk=_key(request, "subtask"), assignment=found)
            task_talk.tick_subtask(subtask=row, today=today, **common)
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return True
        refuse(form, error)
        return False
    return True


def _key(request, name) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else 0


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ASSIGN_TASKS)
def task_bulk(request):
    """Says what will happen to how many tasks, and does it when asked again."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    given = request.POST if request.method == "POST" else request.GET
    what = given.get("viec", "")
    if what not in BULK:
        return HttpResponseBadRequest()
    rows = _chosen(given, frame, request.user)
    sent = request.method == "POST"
    form = BulkScheduleForm(request.POST if sent and what == "giao-han" else None)
    if sent and rows and (what != "giao-han" or form.is_valid()):
        try:
            count = _bulk(request, what, rows, form, frame.today)
        except ValidationError as error:
            refuse(form, error) if what == "giao-han" else [messages.error(request, one) for one in error.messages]
        else:
            messages.success(request, f"{BULK[what]}: {count} nhiệm vụ.")
            return redirect("plan_tasks")
    shown = lines(Assignment.objects.of_plan(frame.plan).filter(pk__in=[row.pk for row in rows]), frame.day)
    context = {"frame": frame, "what": what, "title": BULK[what], "form": form, "lines": shown, "most": BULK_MOST}
    return render(request, "targets/task_bulk.html", context, status=422 if sent else 200)


def _chosen(given, frame, user) -> list[Assignment]:
    """The ticked tasks, or all that the filter in the address leaves; never more than BULK_MOST."""
    rows = Assignment.objects.visible_to(user).of_plan(frame.plan)
    if given.get("tat_ca") == "1":
        asked = Filter.read(given)
        rows = filtered(frame.plan, asked, choices(frame.plan, asked), frame.day, user)
    else:
        keys = [int(key) for key in given.getlist("chon")[:BULK_MOST] if key.isdecimal() and len(key) < 18]
        rows = rows.filter(pk__in=keys)
    return list(rows[:BULK_MOST])


def _bulk(request, what: str, rows: list[Assignment], form, today: date) -> int:
    if what == "giao-han":
        return task_services.schedule_tasks(assignments=rows, by=request.user, **form.cleaned_data)
    if what == "xac-nhan":
        return task_services.verify_tasks(assignments=rows, by=request.user, at=timezone.now())
    return task_reminding.nudge_tasks(assignments=rows, by=request.user, today=today)
