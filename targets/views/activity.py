"""One activity: read it, cancel it and put it back, its proof, its people, its households, what came of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.fields import refuse, version_of
from accounts.log import history_of
from accounts.roles import May
from areas.models import Area
from households.looks import log_list
from households.models import Household, Member
from households.support_queries import masked_name
from targets import activity_following, activity_queries, activity_services
from targets.activity_kinds import result_due
from targets.document import anchor_of
from targets.forms.activities import FollowForm, JoinForm, ProofForm, ReasonForm, ResultForm
from targets.models import Activity, ActivityFile, BudgetLine, ModelHousehold, Plan
from targets.views.activities import page_of

HOUSEHOLDS_A_PAGE, TICKS_A_PAGE = 30, 40


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def activity(request, pk):
    rows = Activity.objects.visible_to(request.user).select_related(
        "clause__plan", "agency", "area", "entered_by", "cancelled_by"
    )
    found = get_object_or_404(rows, pk=pk)
    may_write = Activity.objects.owned_by(request.user).filter(pk=pk).exists()
    doing = request.POST.get("do", "")
    forms = _forms(request, found, doing)
    status = 200
    if request.method == "POST":
        if doing not in DONE:
            return HttpResponseBadRequest()
        form = forms.get(doing)
        if (form is None or form.is_valid()) and _done(request, found, doing, form):
            return redirect("activity", pk)
        status = 422
        found.refresh_from_db()
    return render(request, "targets/activity.html", _context(request, found, may_write, forms), status=status)


def _forms(request, found, doing) -> dict:
    def data(name):
        return request.POST if doing == name else None

    files = request.FILES if doing == "proof" else None
    return {
        "cancel": ReasonForm(data("cancel"), prefix="x"),
        "proof": ProofForm(data("proof"), files, prefix="p"),
        "follow": FollowForm(data("follow"), closed=found.closed_on is not None, prefix="f"),
        "join": JoinForm(data("join"), prefix="j"),
    }


DONE = {
    "cancel": "Đã hủy hoạt động: không còn được tính.",
    "restore": "Đã khôi phục hoạt động.",
    "proof": "Đã thêm minh chứng.",
    "drop": "Đã bỏ tệp.",
    "follow": "Đã ghi theo dõi kiến nghị.",
    "join": "Đã ghi hộ tham gia.",
}


def _done(request, found, doing, form) -> bool:
    """Whether it was done; what was refused stands at its field."""
    by, now, today = request.user, timezone.now(), timezone.localdate()
    given = form.cleaned_data if form is not None else {}
    try:
        if doing == "cancel":
            activity_services.cancel_activity(activity=found, version=version_of(request), by=by, at=now, **given)
        elif doing == "restore":
            activity_services.restore_activity(activity=found, version=version_of(request), by=by)
        elif doing == "proof":
            activity_services.add_files(activity=found, by=by, **given)
        elif doing == "drop":
            key = request.POST.get("file", "")
            row = get_object_or_404(
                ActivityFile, activity=found, pk=int(key) if key.isdecimal() and len(key) < 18 else 0
            )
            activity_services.remove_file(file=row, by=by)
        elif doing == "follow":
            activity_following.follow_up(activity=found, by=by, today=today, at=now, **given)
        elif doing == "join":
            activity_following.join_model(activity=found, by=by, today=today, **given)
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return True
        refuse(form, error)
        return False
    messages.success(request, DONE[doing])
    return True


def _context(request, found, may_write, forms) -> dict:
    in_force = found.clause.plan.state == Plan.State.IN_FORCE
    alive = found.cancelled_at is None
    ticked = activity_queries.ticked_by_area(found) if found.kind == "training" else []
    return {
        "activity": found,
        "kind": found.about,
        "anchor": anchor_of(found.clause),
        "numbers": [(number.label, number.name, getattr(found, number.name)) for number in found.about.numbers],
        "forms": forms,
        "may_write": may_write and in_force and alive,
        "may_restore": may_write and in_force and not alive,
        "files": found.files.defer("content").select_related("added_by") if may_write else [],
        "spending": found.disbursements.filter(cancelled_at=None).select_related("line__source").order_by("day", "pk"),
        "lines": BudgetLine.objects.spent_by(request.user)
        .standing()
        .filter(agency=found.agency, year=found.day.year)
        .select_related("source"),
        "files_count": found.files.count(),
        "follow_ups": found.follow_ups.select_related("by"),
        "late": found.waits and found.follow_by and found.follow_by < timezone.localdate(),
        "ticked": ticked,
        "present": found.attendances.count() if found.kind == "training" else 0,
        "events": history_of(found)[:30] if may_write else [],
        **(_households(request, found, may_write) if found.kind == "model" else {}),
    }


def _households(request, found, may_write) -> dict:
    """Who takes part: in one's own area by name, for the agency that keeps the model by initials, for others a number."""
    user, today = request.user, timezone.localdate()
    all_rows = found.taking_part.all()
    shown = all_rows if may_write else all_rows.filter(household__in=Household.objects.visible_to(user))
    page = page_of(request, shown.select_related("household__ward").order_by("joined_on", "pk"), HOUSEHOLDS_A_PAGE)
    keys = [row.household_id for row in page]
    heads = dict(
        Member.objects.filter(household__in=keys, relation="head", left_on=None).values_list(
            "household_id", "full_name"
        )
    )
    open_to = set(Household.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    for row in page:
        row.opens = row.household_id in open_to
        name = heads.get(row.household_id, "")
        row.shown_name = name if row.opens else masked_name(name)
        row.waits = not row.result and result_due(row.joined_on) <= today
    log_list(user, f"{activity_following.LOOK} số {found.pk}", len(page), page.number)
    results = {label: all_rows.filter(result=value).count() for value, label in ModelHousehold.Result.choices}
    return {
        "households": page,
        "all_households": all_rows.count(),
        "results": [(label, n) for label, n in results.items() if n],
    }


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_ACTIVITIES)
def activity_household(request, pk, link):
    """What came of the model for one household; or it was put down by mistake."""
    found = get_object_or_404(Activity.objects.owned_by(request.user).select_related("clause__plan"), pk=pk)
    rows = ModelHousehold.objects.filter(activity=found).select_related("household__ward")
    row = get_object_or_404(rows, pk=link)
    start = {name: getattr(row, name) for name in ("joined_on", "result", "result_on")} | {"note": row.result_note}
    leaving = request.POST.get("do") == "leave"
    form = ResultForm(request.POST if request.method == "POST" and not leaving else None, initial=start)
    by = request.user
    if request.method == "POST" and (leaving or form.is_valid()):
        try:
            if leaving:
                activity_following.leave_model(link=row, by=by)
            else:
                given = {"version": version_of(request), "today": timezone.localdate(), "by": by}
                activity_following.tell_result(link=row, **given, **form.cleaned_data)
        except ValidationError as error:
            if leaving:
                messages.error(request, " ".join(error.messages))
            else:
                refuse(form, error)
        else:
            messages.success(request, "Đã bỏ hộ khỏi mô hình." if leaving else "Đã ghi kết quả của hộ.")
            return redirect("activity", pk)
    log_list(by, f"{activity_following.LOOK}, hộ {row.household.code}", 1)
    context = {"activity": found, "row": row, "form": form, "due": result_due(row.joined_on)}
    context["version"] = request.POST.get("version", row.version)
    return render(request, "targets/activity_household.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_ACTIVITIES)
def activity_tick(request, pk):
    """The roster of the training's area with a box a person; a page at a time, each page saved by itself."""
    rows = Activity.objects.owned_by(request.user).select_related("clause__plan", "area", "agency")
    found = get_object_or_404(rows, pk=pk, kind="training")
    if request.method == "POST":
        shown, present = (_keys(request.POST.getlist(name)) for name in ("hien", "co_mat"))
        if request.POST.get("do") == "all":
            present = shown
        try:
            added, gone = activity_following.tick(
                activity=found, shown=shown, present=present, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Đã ghi điểm danh: thêm {added}, bỏ {gone}.")
        asked = request.GET.urlencode()
        return redirect(reverse("activity_tick", args=[pk]) + (f"?{asked}" if asked else ""))
    code, q, rest = (request.GET.get(name, "").strip()[:60] for name in ("dia_ban", "q", "chua"))
    ticked = activity_queries.ticked_by_area(found)
    inside = activity_queries.in_order(Area.objects.under(found.area).existing_on(found.day).filter(has_residents=True))
    area = next((one for one in inside if one.code == code), None)
    page = page_of(
        request, activity_queries.to_tick(found, request.user, area=area, q=q, rest=rest == "1"), TICKS_A_PAGE
    )
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "activity": found,
        "page": page,
        "areas": inside,
        "code": code,
        "q": q,
        "rest": rest == "1",
        "unknown": bool(code) and area is None,
        "present": sum(one.present for one in ticked),
        "all": sum(one.all for one in ticked),
        "query": kept.urlencode(),
        "here": request.GET.urlencode(),
        "alive": found.cancelled_at is None and found.clause.plan.state == Plan.State.IN_FORCE,
    }
    return render(request, "targets/activity_tick.html", context)


def _keys(values) -> list[int]:
    return [int(value) for value in values[:500] if value.isdecimal() and len(value) < 18]
