from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allow
from accounts.log import history_of, log_view
from accounts.roles import May
from households import dossier_queries, review_queries, review_steps
from households import rounds as calendar
from households.classify import contradiction
from households.forms.fields import refuse
from households.forms.reviews import DecideForm, ReturnForm
from households.looks import log_list
from households.models import Dossier, Review
from households.services import reviews
from households.services.reviews import WRITTEN_BY
from households.standards import DEPRIVATION_KEYS, DEPRIVATIONS, POINTS_PER_DEPRIVATION, Findings
from households.steps import Step
from households.triggers import AGES
from households.views.review_form import review_draft, review_edit, review_new

__all__ = [
    "review_decide",
    "review_detail",
    "review_draft",
    "review_edit",
    "review_list",
    "review_new",
    "review_return",
]

PER_PAGE = 25
ACTIONS = {
    "review.entered": "nhập phiếu",
    "review.edited": "sửa phiếu",
    "review.returned": "trả lại phiếu",
    "review.decided": "quyết định",
}


class CappedPaginator(Paginator):
    """Knows its count already, and offers no page beyond what was counted."""

    def __init__(self, rows, per_page, count):
        super().__init__(rows, per_page)
        self.count = min(count, review_queries.COUNT_MOST)


@never_cache
@require_GET
@allow(May.SEE_HOUSEHOLDS)
def review_list(request):
    today = timezone.localdate()
    rounds = list(review_queries.rounds_begun(today))
    current = calendar.current(rounds, today)
    round = next((each for each in rounds if str(each.pk) == request.GET.get("round")), current)
    state = request.GET.get("state")
    if state not in review_queries.LABELS:
        state = Review.State.ENTERED if request.user.may(May.DECIDE_REVIEWS) else review_queries.TODO
    context = {
        "rounds": rounds,
        "round": round,
        "state": state,
        "nothing_open": not any(each.ends_on >= today for each in rounds),
        "tabs": [],
        "page": None,
        "drafts": [],
        "query": f"round={round.pk}&state={state}" if round else "",
        "may_enter": request.user.may(May.ENTER_REVIEWS),
        "count_most": review_queries.COUNT_MOST,
        "capped": False,
        "may_export": request.user.may(May.EXPORT_HOUSEHOLDS),
        "may_complain": request.user.may(May.HANDLE_COMPLAINTS),
    }
    if round:
        counts = review_queries.counts(request.user, round)
        context["tabs"] = [_tab(key, label, counts[key], round, state) for key, label in review_queries.LABELS.items()]
        rows = review_queries.rows(request.user, round, state)
        context["page"] = CappedPaginator(rows, PER_PAGE, counts[state]).get_page(request.GET.get("page"))
        asked = f"Rà soát, {round.name}, {review_queries.LABELS[state]}"
        log_list(request.user, asked, len(context["page"].object_list), context["page"].number)
        context["capped"] = counts[state] > review_queries.COUNT_MOST
        if context["may_enter"]:
            context["drafts"] = review_queries.drafts_of(request.user, round)[:PER_PAGE]
    return render(request, "households/review_list.html", context)


def _tab(key, label, count, round, state):
    most = review_queries.COUNT_MOST
    return {
        "label": label,
        "count": min(count, most),
        "more": count > most,
        "url": f"?round={round.pk}&state={key}",
        "current": key == state,
    }


@never_cache
@require_GET
@allow(May.SEE_HOUSEHOLDS)
def review_detail(request, pk):
    review = _review(request, pk)
    log_view(request.user, "view", review.household.code)
    return _page(request, review)


@never_cache
@require_POST
@allow(May.DECIDE_REVIEWS)
def review_decide(request, pk):
    review = _review(request, pk)
    form = DecideForm(request.POST, auto_id="decide_%s")
    if form.is_valid():
        try:
            reviews.decide(review=review, by=request.user, today=timezone.localdate(), **form.cleaned_data)
        except ValidationError as error:
            form = _told(request, pk, form, error)
        else:
            messages.success(request, "Đã quyết định. Phân loại của hộ có hiệu lực từ ngày quyết định.")
            return redirect("review_detail", pk=pk)
    return _page(request, _review(request, pk), decide_form=form)


@never_cache
@require_POST
@allow(May.DECIDE_REVIEWS)
def review_return(request, pk):
    review = _review(request, pk)
    form = ReturnForm(request.POST, auto_id="return_%s")
    if form.is_valid():
        try:
            reviews.return_review(review=review, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form = _told(request, pk, form, error)
        else:
            messages.success(request, "Đã trả lại phiếu cho người nhập.")
            return redirect("review_detail", pk=pk)
    return _page(request, _review(request, pk), return_form=form)


def _told(request, pk, form, error):
    """The form to show after a refusal. What is wrong with the review itself, not with a field, is said on top;
    the form keeps what was typed and takes the review's new version, so that one may look again and go on."""
    if hasattr(error, "error_dict"):
        refuse(form, error)
        return form
    messages.error(request, " ".join(error.messages))
    typed = form.cleaned_data | {"version": _review(request, pk).version}
    return type(form)(auto_id=form.auto_id, initial=typed)


def _review(request, pk):
    visible = Review.objects.visible_to(request.user).for_list().select_related("decided_by", "household")
    return get_object_or_404(visible, pk=pk)


def _page(request, review, decide_form=None, return_form=None):
    user = request.user
    events = list(history_of(review)[:20])
    wrote = review.entered_by_id == user.pk or any(e.by_id == user.pk and e.action in WRITTEN_BY for e in events)
    waits = review_steps.allowed("decide", review.state)
    results = list(review.results.select_related("standard"))
    last = review_queries.last_decided(review.household, before=review)
    found = Findings(review.zone, review.b1_score, review.income_per_person, frozenset(_lacks(review)))
    dossier = dossier_queries.holding(review)
    is_open = not dossier_queries.why_closed(review.household, review.round)
    may_enter = user.may(May.ENTER_REVIEWS)
    surveying = may_enter and dossier and dossier.step in (Step.LIST, Step.SURVEY)
    context = {
        "review": review,
        "dossier": dossier if dossier and Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists() else None,
        "following": dossier_queries.next_to_survey(dossier, review.household) if surveying else None,
        "results": results,
        "unconfirmed": any(not result.standard.confirmed for result in results),
        "services": _services(review, last, review_queries.triggers_of(review)),
        "b1_lines": review_queries.b1_lines(review, last),
        "b2_total": found.b2_score,
        "last": last,
        "last_b2": POINTS_PER_DEPRIVATION * len(_lacks(last)) if last else None,
        "warnings": list(filter(None, (contradiction(found, result.standard.rule()) for result in results))),
        "history": [{"at": e.at, "who": e.by, "what": ACTIONS.get(e.action, e.action)} for e in events],
        "may_edit": may_enter and is_open and review_steps.allowed("edit", review.state),
        "may_decide": waits and user.may(May.DECIDE_REVIEWS) and not wrote,
        "is_own": waits and wrote,
        "decide_form": decide_form or DecideForm(auto_id="decide_%s", initial={"version": review.version}),
        "return_form": return_form or ReturnForm(auto_id="return_%s", initial={"version": review.version}),
    }
    return render(request, "households/review_detail.html", context)


def _lacks(review) -> list[str]:
    return [key for key in DEPRIVATION_KEYS if getattr(review, key)]


def _services(review, last, triggers) -> list[dict]:
    """The 12 answers grouped by service, with who triggers them and what changed since the last decided review."""
    groups = []
    for place, (key, service, label, _) in enumerate(DEPRIVATIONS, 1):
        if not groups or groups[-1]["name"] != service:
            groups.append({"name": service, "rows": []})
        lacks = getattr(review, key)
        changed = "" if last is None or getattr(last, key) == lacks else "mới thiếu hụt" if lacks else "hết thiếu hụt"
        who, asked = triggers.get(key, []), lacks and key in AGES
        row = {"place": place, "label": label, "lacks": lacks, "changed": changed, "who": who, "asked": asked}
        groups[-1]["rows"].append(row)
    return groups
