"""Form B: a new one, an edited one, and the draft that is kept while typing."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import dossier_queries, review_queries, review_steps
from households import rounds as calendar
from households.computed import compute
from households.forms.fields import DayField, refuse
from households.forms.form_rows import DRAFTED
from households.forms.reviews import ReviewForm
from households.models import Household, Review, Round, ScoreTable
from households.services import reviews

DRAFT_MOST = 20_000  # bytes; a full form with its note is a tenth of it


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def review_new(request, code):
    household = _household(request, code)
    today = timezone.localdate()
    rounds = review_queries.rounds_begun(today)
    if request.method == "POST":
        form = _form(household, household.ward.zone, rounds, data=request.POST)
        if "discard" in request.POST:
            return _discard(request, household, form)
        return _save(request, household, form) or _page(request, household, form)
    chosen = _round(rounds, request.GET.get("round"))
    draft = review_queries.draft_for(request.user, household, chosen)
    round = chosen or (draft.round if draft else calendar.current(rounds, today))
    kept = household.reviews.filter(round=round).first() if round else None
    if kept and not draft and kept.ward_id == request.user.area_id:
        return redirect("review_detail", pk=kept.pk)
    if round and (why := dossier_queries.why_closed(household, round)):
        messages.error(request, why)
        return redirect("household_detail", code=code)
    last = review_queries.last_decided(household)
    taken = bool(last and not draft and "last" in request.GET)
    typed = draft.typed if draft else ReviewForm.typed_again(last) if taken else {}
    form = _form(household, household.ward.zone, rounds, initial={"round": round} | typed)
    return _page(request, household, form, draft=draft, taken=taken)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def review_edit(request, pk):
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("household", "round"), pk=pk)
    if not review_steps.allowed("edit", review.state):
        messages.error(request, "Phiếu đã được quyết định, không sửa được nữa.")
        return redirect("review_detail", pk=pk)
    household = _household(request, review.household.code)
    rounds = Round.objects.filter(pk=review.round_id)
    if request.method == "GET" and (why := dossier_queries.why_closed(household, review.round)):
        messages.error(request, why)
        return redirect("review_detail", pk=pk)
    if request.method == "POST":
        form = _form(household, review.zone, rounds, data=request.POST)
        return _save(request, household, form) or _page(request, household, form, review=review)
    form = _form(household, review.zone, rounds, initial=ReviewForm.typed_from(review))
    return _page(request, household, form, review=review)


@never_cache
@require_POST
@allow(May.ENTER_REVIEWS)
def review_draft(request, code):
    """Keep what is typed, {"field": "text", …}. Answers when it was kept, or 400 with the reason."""
    household = _household(request, code)
    today = timezone.localdate()
    try:
        typed = _typed(request.body)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    rounds = review_queries.rounds_begun(today)
    round = _round(rounds, typed.get("round"))
    if round is None:
        return JsonResponse({"error": "round: choose one of the rounds that have begun"}, status=400)
    draft = reviews.save_draft(household=household, round=round, typed=typed, by=request.user)
    return JsonResponse({"saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}"})


def _household(request, code):
    return get_object_or_404(Household.objects.visible_to(request.user).for_list(), code=code)


def _form(household, zone, rounds, *, data=None, initial=None) -> ReviewForm:
    """The form by the table of points of the day that stands on it; without a day, of today or of the round's end."""
    today, typed = timezone.localdate(), data or initial or {}
    round = typed.get("round")
    round = round if isinstance(round, Round) else _round(rounds, round)
    usual = min(today, round.ends_on) if round else today
    try:
        day = DayField().to_python(typed.get("surveyed_on")) or usual
    except ValidationError:
        day = usual
    table = ScoreTable.objects.on(zone, day)
    people = review_queries.people_of(household)
    return ReviewForm(data, initial=initial, rounds=rounds, people=people, today=today, usual_day=usual, table=table)


def _round(rounds, text):
    return rounds.filter(pk=text).first() if text and str(text).isdecimal() and len(str(text)) < 10 else None


def _typed(body: bytes) -> dict[str, str]:
    """The form's own fields as text; ValueError says what is wrong with the rest."""
    if len(body) > DRAFT_MOST:
        raise ValueError(f"body: at most {DRAFT_MOST} bytes")
    try:
        data = json.loads(body)
    except ValueError:
        raise ValueError("body: not JSON") from None
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise ValueError('body: must be an object of texts, {"field": "text"}')
    known = ReviewForm(rounds=Round.objects.none(), today=None).fields.keys() - {"version"}
    return {name: value for name, value in data.items() if name in known or DRAFTED.fullmatch(name)}


def _discard(request, household, form):
    round = _round(form.fields["round"].queryset, request.POST.get("round"))
    if round:
        reviews.discard_draft(household=household, round=round, by=request.user)
        messages.success(request, "Đã bỏ bản nháp.")
    return redirect("review_new", code=household.code)


def _save(request, household, form):
    """The answer after a good save; None when the form must be shown again with what is wrong."""
    if not form.is_valid():
        return None
    try:
        review = reviews.record_review(
            household=household,
            round=form.cleaned_data["round"],
            answers=form.answers(),
            by=request.user,
            today=form.today,
            version=form.cleaned_data["version"],
        )
    except ValidationError as error:
        refuse(form, error)
        if not hasattr(error, "error_dict"):  # somebody else's review is in the way: lead to it
            round = form.cleaned_data["round"]
            form.in_the_way = Review.objects.visible_to(request.user).filter(household=household, round=round).first()
        return None
    messages.success(request, "Đã lưu phiếu. Phiếu chờ người khác quyết định.")
    return redirect("review_detail", pk=review.pk)


def _page(request, household, form, review=None, draft=None, taken=False):
    """A refused form shows the household as a new one does, so that is a look too."""
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code)
    last = review_queries.last_decided(household, before=review)
    context = {
        "form": form,
        "household": household,
        "review": review,
        "draft": draft,
        "taken": taken,
        "in_the_way": getattr(form, "in_the_way", None),
        "last": last,
        "b1_items": form.b1_items(last),
        "services": form.services(last, compute(form.people, living_area=household.living_area, day=form.day())),
        "causes": form.causes(),
        "facts": [form[name] for name in ("special_hardship", "has_merit", "ethnic_minority")],
        "no_rounds": not form.fields["round"].queryset.exists(),
    }
    return render(request, "households/review_form.html", context)
