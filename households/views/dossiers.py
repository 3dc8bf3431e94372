"""Pages of a ward's review dossier: the board of a round, one dossier with its steps, and what is done at each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.roles import May
from areas.vietnamese import day, number
from households import complaint_queries, dossier_queries, review_queries, steps
from households import rounds as calendar
from households.forms.dossiers import (
    AddForm,
    DecideDossierForm,
    LeaveOutForm,
    MeetingForm,
    MoveForm,
    PostingForm,
    YearForm,
)
from households.forms.fields import refuse
from households.forms.register import ReasonForm
from households.looks import log_list
from households.models import Dossier, Household, Listed, Round
from households.services import decisions, dossiers
from households.services.standards import ensure_rounds
from households.steps import Move, Step

PER_PAGE = 50
# Steps that end with a paper of the office, and what its number is called on the form.
DOCUMENTS = {
    Step.POSTING.value: "Số báo cáo, tờ trình gửi đi",
    Step.DISTRICT.value: "Số văn bản trả lời của quận, huyện",
    Step.CERTIFICATES.value: "Số, ký hiệu sổ cấp giấy chứng nhận",
}
SHOW = {"": "Cần rà soát", "left": "Chưa có phiếu", "out": "Không rà soát"}


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def dossier_board(request):
    """A round's dossiers: for a ward its own rounds, for everybody else every ward of the round."""
    today = timezone.localdate()
    rounds = list(review_queries.rounds_begun(today)[:30])
    asked = request.GET.get("round")
    round = next((each for each in rounds if str(each.pk) == asked), calendar.current(rounds, today))
    rows = [_board_row(dossier, today) for dossier in dossier_queries.board(request.user, round)] if round else []
    own = request.user.may(May.ENTER_REVIEWS) and round is not None
    context = {"rounds": rounds, "round": round, "rows": rows, "today": today}
    context["waiting"] = sum(dossier_queries.waits_for(row["dossier"], request.user) for row in rows)
    context["late"] = sum(row["late"] for row in rows)
    context["not_opened"] = dossier_queries.not_opened(request.user, round) if round else 0
    context["may_open"] = own and not rows and today >= round.starts_on
    context["query"] = f"round={round.pk}" if round else ""
    context["may_export"] = request.user.may(May.EXPORT_HOUSEHOLDS)
    context["year_form"] = YearForm(initial={"year": today.year}) if request.user.may(May.RUN_ROUNDS) else None
    return render(request, "households/dossier_board.html", context)


@require_POST
@allow(May.RUN_ROUNDS)
def rounds_open(request):
    """The annual round and the twelve regular ones of a year, where they are missing."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["year"]))
        return redirect("dossier_board")
    year = form.cleaned_data["year"]
    added = ensure_rounds(year=year, by=request.user)
    said = f"Đã mở {number(len(added))} đợt của năm {year}." if added else f"Các đợt của năm {year} đã mở từ trước."
    messages.success(request, said)
    return redirect("dossier_board")


def _board_row(dossier, today):
    standing = dossier.standing[0] if dossier.standing else None
    return {
        "dossier": dossier,
        "standing": standing,
        "late": standing is not None and standing.late_on(today),
    }


@require_POST
@allow(May.ENTER_REVIEWS)
def dossier_open(request, round):
    round = get_object_or_404(Round, pk=round)
    try:
        dossier = dossiers.open_dossier(
            round=round, ward=request.user.area, by=request.user, today=timezone.localdate()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dossier_board")
    messages.success(request, f"Đã mở hồ sơ, đưa {number(dossier.listed.count())} hộ vào danh sách.")
    return redirect("dossier", dossier.pk)


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def dossier_page(request, pk):
    return _page(request, _dossier(request, pk))


@require_http_methods(["POST"])
@allow(May.SEE_HOUSEHOLDS)
def dossier_act(request, pk, act):
    """Everything that is done to a dossier: the act names the form and the service."""
    if act not in ACTS:
        raise Http404
    dossier = _dossier(request, pk)
    name, do = ACTS[act]
    form = _forms(dossier, request.POST, name)[name]
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            said = do(dossier, given, by=request.user, today=timezone.localdate())
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("dossier", dossier.pk)
    dossier.refresh_from_db()
    return _page(request, dossier, {name: form})


def _add(dossier, given, *, by, today):
    household = Household.objects.visible_to(by).filter(code=given["code"]).first()
    if household is None:
        raise ValidationError({"code": "Không có hộ này trong địa bàn."})
    dossiers.add_to_list(dossier=dossier, household=household, by=by, version=given["version"])
    return f"Đã thêm hộ {household.code} vào danh sách."


def _leave_out(dossier, given, *, by, today):
    return f"Đã bỏ {number(dossiers.leave_out(dossier=dossier, by=by, **given))} hộ khỏi danh sách."


def _put_back(dossier, given, *, by, today):
    given.pop("reason")
    return f"Đã đưa {number(dossiers.put_back(dossier=dossier, by=by, **given))} hộ trở lại danh sách."


def _meeting(dossier, given, *, by, today):
    meeting = dossiers.record_meeting(dossier=dossier, by=by, today=today, **given)
    return f"Đã ghi biên bản họp {meeting.group}."


def _posting(dossier, given, *, by, today):
    dossiers.record_posting(dossier=dossier, by=by, today=today, **given)
    return "Đã ghi niêm yết."


def _move(dossier, given, *, by, today):
    if given["move"] not in list(Move):
        raise ValidationError("Không có thao tác này.")
    moved = dossiers.move(dossier=dossier, by=by, today=today, **(given | {"move": Move(given["move"])}))
    return f"Hồ sơ chuyển sang bước “{moved.get_step_display()}”."


def _decide(dossier, given, *, by, today):
    given.pop("sure")
    decisions.decide_dossier(dossier=dossier, by=by, today=today, **given)
    return f"Đã ban hành quyết định {given['number']}."


ACTS = {
    "them": ("add", _add),
    "bo": ("leave_out", _leave_out),
    "dua-lai": ("put_back", _put_back),
    "hop": ("meeting", _meeting),
    "niem-yet": ("posting", _posting),
    "chuyen": ("move", _move),
    "quyet-dinh": ("decide", _decide),
}


def _dossier(request, pk) -> Dossier:
    return get_object_or_404(Dossier.objects.visible_to(request.user).select_related("round", "ward__parent"), pk=pk)


def _forms(dossier, data=None, act="") -> dict:
    """The forms of the dossier; the one that was sent holds what was typed."""
    start = {"version": dossier.version}
    made = {
        "add": lambda data: AddForm(data, initial=start, auto_id="add_%s"),
        "meeting": lambda data: MeetingForm(
            data, initial=start | _next_group(dossier), auto_id="meeting_%s", groups=dossier_queries.groups(dossier)
        ),
        "posting": lambda data: PostingForm(data, initial=start, auto_id="posting_%s"),
        "decide": lambda data: DecideDossierForm(data, initial=start, auto_id="decide_%s"),
    }
    if act in ("leave_out", "put_back"):
        return {act: LeaveOutForm(data, rows=Listed.objects.filter(dossier=dossier).select_related("household"))}
    if act == "move":
        return {act: MoveForm(data, auto_id=f"{data.get('move', '')}_%s")}
    return {act: made[act](data)} if act else {name: make(None) for name, make in made.items()}


def _next_group(dossier) -> dict:
    """A ward holds dozens of meetings: the form stands at the first group whose minutes are still to be written."""
    waiting = dossier_queries.without_meeting(dossier) if dossier.step == Step.MEETING else []
    return {"group": waiting[0]} if waiting else {}


def _page(request, dossier, refused=None):
    today = timezone.localdate()
    show = request.GET.get("xem", "")
    rows = dossier_queries.listed(dossier).filter(included=show != "out")
    rows = rows.filter(is_surveyed=False) if show == "left" else rows
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    log_list(request.user, f"Hồ sơ rà soát {dossier}", len(page), page.number)
    taken = list(dossier.steps.select_related("done_by"))
    context = {
        "dossier": dossier,
        "today": today,
        "rail": rail_of(dossier, taken, today),
        "taken": [{"step": step, "late": step.late_on(today), "words": _outcome(step)} for step in taken],
        "came_back": next((step for step in taken[-2:-1] if step.outcome == Move.RETURN), None),
        "progress": dossier_queries.progress(dossier),
        "results": sorted(dossier_queries.results_by_category(dossier).items()),
        "moves": _moves(request.user, dossier, today, (refused or {}).get("move")),
        "meetings": dossier_queries.meetings(dossier),
        "without_meeting": dossier_queries.without_meeting(dossier) if dossier.step == Step.MEETING else [],
        "complaints": complaint_queries.of_dossier(request.user, dossier),
        "unchecked": complaint_queries.unchecked(dossier),
        "may_complain": request.user.may(May.HANDLE_COMPLAINTS),
        "unverified": dossier_queries.has_unverified_deadline(dossier),
        "posting": dossier.postings.filter(cycle=dossier.cycle).first(),
        "page": page,
        "show": show,
        "shows": SHOW.items(),
        "query": f"xem={show}" if show else "",
        "export_query": f"ho-so={dossier.pk}&xem={show}",
        "may_enter": request.user.may(May.ENTER_REVIEWS),
        "may_decide": request.user.may(May.DECIDE_REVIEWS),
        "may_export": request.user.may(May.EXPORT_HOUSEHOLDS),
        "why": ReasonForm(auto_id="id_whole_%s") if request.user.may(May.REVEAL_IDS) else None,
        "forms": _forms(dossier) | (refused or {}),
        "refused": next(iter(refused.values())) if refused else None,
    }
    return render(request, "households/dossier.html", context, status=200)


def rail_of(dossier, taken, today):
    """Each step with its deadline, who took it when, and its document; of a step taken twice, the last time."""
    way = steps.rail(dossier.round.kind, dossier.round.ends_on)
    now = Step.POSTING if dossier.step == Step.RECHECK else dossier.step
    at = way.index(now) if now in way else len(way)
    found = []
    for place, step in enumerate(way):
        shown = Step.RECHECK if step == now and dossier.step == Step.RECHECK else step
        row = next((one for one in reversed(taken) if one.step == shown), None) if place <= at else None
        found.append(
            {
                "label": steps.STEP_LABELS[shown],
                "notes": _notes(dossier, row) if row else [],
                "late": row is not None and row.late_on(today),
                "state": "done" if place < at else ("now" if place == at else ""),
            }
        )
    return found


def _notes(dossier, row) -> list[str]:
    done = [f"Xong {day(row.done_on)}, {row.done_by.full_name}"] if row.done_on else []
    papers = [row.document] if row.document else _papers(dossier, row.step)
    return [*done, *papers, *([f"Hạn {day(row.due_on)}"] if row.due_on else [])]


def _papers(dossier, step) -> list[str]:
    """What stands for a number where a step's document has none: its minutes, its days on the board."""
    if step == Step.MEETING and (held := len(dossier_queries.meetings(dossier))):
        return [f"{number(held)} biên bản họp"]
    if step == Step.POSTING and (posting := dossier.postings.filter(cycle=dossier.cycle).first()):
        return [f"Niêm yết {day(posting.from_on)} – {day(posting.to_on)}"]
    return []


def _outcome(step) -> str:
    if not step.outcome:
        return "Đang làm"
    if step.outcome == Move.FINISH:
        return "Xong"
    return {"repeat": "Làm lại", "recheck": "Phúc tra", "return": "Trả lại"}[step.outcome]


def _moves(user, dossier, today, refused=None):
    """What this person may do at the step; what is still missing is said beside the button."""
    found = []
    for move in Move:
        step = steps.allowed(dossier.step, move, kind=dossier.round.kind, day=dossier.round.ends_on)
        decides = dossier.step == Step.DECISION and move == Move.FINISH
        if step is None or decides or move == Move.RECHECK or not any(user.may(right) for right in step.rights):
            continue
        missing = [] if move == Move.RETURN else dossier_queries.missing(dossier, move, today)
        if move == Move.REPEAT and missing:
            continue
        needs_note = steps.needs_note(move)
        form = MoveForm(initial={"version": dossier.version, "move": move.value}, auto_id=f"{move}_%s")
        if refused and refused["move"].value() == move:
            form = refused
        told = {"form": form, "words": step.words, "missing": missing, "needs_note": needs_note}
        found.append(told | {"document": DOCUMENTS.get(dossier.step, "") if move == Move.FINISH else ""})
    return found
