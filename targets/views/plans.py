"""The years' plans: the list, next year's draft, its issue, amendments, what units said."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from targets import drafting, planning
from targets.document import anchor_of
from targets.forms.plans import AddForm, AmendForm, AnswerForm, ClauseForm, CommentForm, IssueForm
from targets.models import Clause, Plan, PlanComment


@require_GET
@allow(May.SEE_FIGURES)
def plan_list(request):
    may_edit = request.user.may(May.EDIT_PLAN)
    plans = list(drafting.plans_by_year(drafts=may_edit))
    newest = plans[0] if plans else None
    offered = newest.year + 1 if may_edit and newest and newest.state != Plan.State.DRAFT else None
    context = {"plans": plans, "may_edit": may_edit, "offered": offered, "today": timezone.localdate()}
    return render(request, "targets/plan_list.html", context)


@require_POST
@allow(May.EDIT_PLAN)
def plan_open(request):
    year = request.POST.get("year", "")
    try:
        plan = planning.open_draft(year=int(year) if year.isdecimal() and len(year) < 5 else 0, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("plan_list")
    messages.success(request, f"Đã mở {plan.number.lower()}: chép từ {plan.copied_from}.")
    return redirect("plan_draft", year=plan.year)


@require_POST
@allow(May.EDIT_PLAN)
def plan_close(request, year):
    plan = get_object_or_404(Plan, year=year)
    try:
        planning.close(plan=plan, by=request.user, version=_version(request), today=timezone.localdate())
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Đã ghi: {plan} kết thúc.")
    return redirect("plan_list")


@require_GET
@allow(May.EDIT_PLAN)
def plan_draft(request, year):
    plan = get_object_or_404(Plan.objects.select_related("copied_from"), year=year, state=Plan.State.DRAFT)
    return render(request, "targets/plan_draft.html", {"plan": plan, "draft": drafting.draft_of(plan)})


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_PLAN)
def plan_issue(request, year):
    plan = get_object_or_404(Plan, year=year, state=Plan.State.DRAFT)
    form = IssueForm(request.POST or None, initial={"title": plan.title})

    def act(given):
        planning.issue(plan=plan, by=request.user, version=_version(request), **given)
        return f"Đã ban hành {given['number']}.", reverse("plan_list")

    return _form_page(request, form, plan, act, title=f"Ban hành {plan.number.lower()}", button="Ghi ban hành")


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_PLAN)
def plan_add(request, year):
    plan = get_object_or_404(Plan.objects.exclude(state=Plan.State.CLOSED), year=year)
    form = AddForm(request.POST or None, plan=plan, today=timezone.localdate())

    def act(given):
        clause = planning.add_clause(plan=plan, by=request.user, version=_version(request), **given)
        return f"Đã thêm mục {clause.ref}.", _page_of(plan, clause)

    return _form_page(request, form, plan, act, title=f"Thêm mục vào {plan}", button="Thêm mục")


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_PLAN)
def clause_edit(request, pk):
    """A draft's clause is written anew; one in force is amended, with the old words kept beside."""
    clause = get_object_or_404(Clause.objects.select_related("plan", "copied_from"), pk=pk)
    plan = clause.plan
    if plan.state == Plan.State.CLOSED or clause.repealed_on or clause.kind == Clause.Kind.AGENCY:
        raise Http404
    draft = plan.state == Plan.State.DRAFT
    form = (ClauseForm if draft else AmendForm)(request.POST or None, initial={"text": clause.text})

    def act(given):
        common = {"clause": clause, "by": request.user, "version": _version(request)}
        if draft:
            planning.write_clause(text=given["text"], **common)
        else:
            planning.amend(text=form.new_text, basis=given["basis"], day=given["day"], **common)
        return f"Đã sửa mục {clause.ref}.", _page_of(plan, clause)

    title = f"{'Sửa' if draft else 'Sửa đổi'} mục {clause.ref}"
    return _form_page(request, form, plan, act, title=title, button="Ghi", clause=clause)


@require_POST
@allow(May.EDIT_PLAN)
def clause_drop(request, pk):
    clause = get_object_or_404(Clause.objects.select_related("plan"), pk=pk)
    try:
        planning.drop_clause(clause=clause, by=request.user, version=_version(request))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Đã bỏ mục {clause.ref} khỏi dự thảo.")
    return redirect("plan_draft", year=clause.plan.year)


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_PLAN)
def plan_comments(request, year):
    plan = get_object_or_404(Plan, year=year)
    form = CommentForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            planning.record_comment(plan=plan, by=request.user, today=timezone.localdate(), **form.cleaned_data)
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Đã ghi ý kiến góp ý.")
            return redirect("plan_comments", year=year)
    comments = plan.comments.select_related("agency", "clause")
    units = comments.order_by().values("agency").distinct().count()
    context = {"plan": plan, "form": form, "comments": comments, "units": units}
    return render(request, "targets/plan_comments.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_PLAN)
def comment_answer(request, pk):
    comment = get_object_or_404(PlanComment.objects.select_related("plan", "agency", "clause"), pk=pk)
    start = {"explanation": comment.explanation}
    if comment.answer not in (PlanComment.Answer.OPEN, PlanComment.Answer.AGREED):
        start["answer"] = comment.answer
    form = AnswerForm(request.POST or None, initial=start)

    def act(given):
        planning.answer_comment(comment=comment, by=request.user, **given)
        return "Đã ghi tiếp thu, giải trình.", reverse("plan_comments", args=[comment.plan.year])

    title = f"Góp ý của {comment.agency.short_name}"
    return _form_page(request, form, comment.plan, act, title=title, button="Ghi", comment=comment)


def _form_page(request, form, plan, act, **told):
    """Show a form; once it is right do `act`, which answers what to say and where to go."""
    if request.method == "POST" and form.is_valid():
        try:
            words, where = act(form.cleaned_data)
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, words)
            return redirect(where)
    told |= {"form": form, "plan": plan}
    return render(request, "targets/plan_form.html", told, status=422 if form.errors else 200)


def _page_of(plan, clause):
    if plan.state == Plan.State.DRAFT:
        return f"{reverse('plan_draft', args=[plan.year])}#{anchor_of(clause)}"
    return f"{reverse('plan')}#{anchor_of(clause)}"


def _version(request) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
