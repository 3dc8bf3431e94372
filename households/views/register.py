"""Pages of the register: find, read, enter and correct a household, and see an ID number for a reason."""

import re
from functools import partial
from itertools import chain

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import complaint_queries, plan_queries, queries
from households.changes import LABELS
from households.forms import merging
from households.forms.changes import PAGES
from households.forms.members import member_formset
from households.forms.register import HouseholdEditForm, HouseholdForm, ReasonForm, SearchForm, show
from households.looks import log_list
from households.models import Household, HouseholdChange, Member, Round, Standard
from households.sealed import vault
from households.services import changes
from households.services import register as services
from households.views.asking import ask

# By address: the number of a member that is seen in full, and its name.
REVEALED = {
    "dinh-danh": ("citizen_id", "Số định danh"),
    "cmnd-cu": ("old_id", "CMND cũ"),
    "bao-hiem": ("insurance", "Mã bảo hiểm"),
}


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def household_list(request):
    typed = re.sub(r"[\s.\-]", "", request.GET.get("q", ""))
    if re.fullmatch(r"[0-9]{12}", typed):
        return _without_full_number(request, typed)
    today = timezone.localdate()
    form = search_form(request)
    pages = page = None
    rows, day, near = [], today, []
    if form.asks and form.is_valid():
        filters = form.filters(today)
        day = filters["day"]
        asked = f"{request.user.area_id} {request.user.role} {filters}"
        pages = queries.HouseholdPages(queries.search(request.user, **filters), asked)
        if filters["text"] and not pages.count:
            alike, near = queries.nearly(request.user, **filters)
            if near:
                pages = queries.HouseholdPages(alike, f"{asked} {near}")
        page = pages.get_page(request.GET.get("page"))
        held = queries.statuses_on(day, page)
        drawn = {tag: render_to_string("households/tag.html", {"tag": tag}) for tag in {*chain(*held.values())}}
        rows = [{"household": one, "tags": [drawn[tag] for tag in held[one.pk]]} for one in page]
        log_list(request.user, form.words, len(rows), page.number)
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "households/list.html",
        {
            "form": form,
            "pages": pages,
            "page": page,
            "rows": rows,
            "day": day,
            "is_today": day == today,
            "near": [" hoặc ".join(meant) for meant in near],
            "many_wards": len(form.wards) > 1,
            "query": kept.urlencode(),
            "may_edit": request.user.may(May.EDIT_HOUSEHOLDS),
            "may_match": request.user.may(May.MATCH_HOUSEHOLDS),
            "may_import": request.user.may(May.IMPORT_HOUSEHOLDS),
            "may_export": request.user.may(May.EXPORT_HOUSEHOLDS),
        },
    )


def search_form(request) -> SearchForm:
    """What the address asks, of the list and of its export alike."""
    return SearchForm(
        request.GET or None,
        wards=queries.wards_to_choose(request.user),
        standards=list(Standard.objects.all()),
        rounds=list(Round.objects.all()[:12]),
    )


def _without_full_number(request, digits):
    """A whole ID number has no place in an address that browsers and servers keep: its last digits find as well."""
    kept = request.GET.copy()
    kept["q"] = digits[-4:]
    messages.info(request, "Đã tìm theo 4 số cuối: số định danh đầy đủ không được để trong địa chỉ trang.")
    return redirect(f"{reverse('household_list')}?{kept.urlencode()}")


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def household_new(request):
    today = timezone.localdate()
    form = HouseholdForm(request.POST or None, today=today, initial={"day": today})
    members = member_formset(request.POST or None, held={})
    if request.method == "POST" and form.is_valid() & members.is_valid():
        rows = members.filled()
        try:
            household = services.register_household(
                ward=request.user.area, members=[row.person() for row in rows], by=request.user, **form.cleaned_data
            )
        except services.Refused as refused:
            _write_down(request.user, refused.problems)
            place = {name: form.cleaned_data[name] for name in ("group", "address")}
            ask(request, refused.problems, rows, **place)
            show(refused.problems, form, rows)
        else:
            messages.success(request, f"Đã lập hồ sơ hộ {household.code}.")
            _warn(request, rows)
            return redirect("household_detail", household.code)
    context = {"form": form, "members": members, "household": None, "ward": request.user.area, "stale": None}
    return render(request, "households/form.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def household_edit(request, code):
    household = _household(request, code)
    today = timezone.localdate()
    held = _members(household)
    data = request.POST.copy() or None
    state = merging.read_state(household, data.get("base", "")) if data else None
    choices = merging.answered(state, data)
    form = HouseholdEditForm(data, today=today, initial=_typed(household, held, today))
    members = member_formset(data, held=held)
    if request.method == "POST" and form.is_valid() & members.is_valid() & (choices is None or choices.is_valid()):
        given = {name: value for name, value in form.cleaned_data.items() if name != "base"}
        rows = members.filled()
        save = partial(services.edit_household, household=household, by=request.user)
        try:
            save(members=[row.person() for row in rows], gone=members.gone(), left_as=members.left_as(), **given)
        except services.Refused as refused:
            _write_down(request.user, refused.problems)
            place = {name: form.cleaned_data[name] for name in ("group", "address")}
            ask(request, refused.problems, rows, **place)
            show(refused.problems, form, rows)
        except services.Stale as newer:
            household.refresh_from_db()
            held = _members(household)
            state = merging.merge(
                household=household,
                held=held,
                state=state,
                form=form,
                rows=members,
                events=queries.tell(newer.events),
                data=data,
            )
            form, members = HouseholdEditForm(data, today=today), member_formset(data, held=held)
            choices = merging.ChoiceForm(asked=state["stale"]["asked"])
        else:
            messages.success(request, f"Đã lưu hộ {household.code}.")
            _warn(request, rows)
            return redirect("household_detail", household.code)
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code)
    context = {
        "form": form,
        "members": members,
        "household": household,
        "ward": household.ward,
        "stale": state.get("stale") if state else None,
        "choices": choices,
    }
    return render(request, "households/form.html", context)


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def household_detail(request, code):
    household = _household(request, code)
    today = timezone.localdate()
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code)
    return render(
        request,
        "households/detail.html",
        {
            "household": household,
            "dossier": queries.dossier(request.user, household, today),
            "today": today,
            "may_edit": request.user.may(May.EDIT_HOUSEHOLDS),
            "may_review": request.user.may(May.ENTER_REVIEWS),
            "may_reveal": request.user.may(May.REVEAL_IDS),
            "why": ReasonForm(auto_id="id_whole_%s") if request.user.may(May.REVEAL_IDS) else None,
            "changes": _changes(request.user, household),
            "complaints": complaint_queries.about(request.user, household),
            "plans": plan_queries.plans_of(request.user, household),
            "may_complain": request.user.may(May.HANDLE_COMPLAINTS),
            "change_pages": [(page, LABELS[kind]) for page, (kind, *_) in PAGES.items()],
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.REVEAL_IDS)
def household_reveal(request, code, member, kind="dinh-danh"):
    """The number is in the answer to the POST and nowhere else: reloading the page asks for a reason again."""
    if kind not in REVEALED:
        raise Http404
    field, what = REVEALED[kind]
    household = _household(request, code)
    member = get_object_or_404(Member, household=household, pk=member)
    form = ReasonForm(request.POST or None, what=what)
    sealed = getattr(member, f"{field}_sealed")
    number = ""
    if request.method == "POST" and form.is_valid() and sealed:
        log_view(request.user, PersonalDataView.Kind.REVEAL, household.code, form.told())
        number = vault().open(sealed)
    return render(
        request,
        "households/detail_reveal.html",
        {"household": household, "member": member, "form": form, "number": number, "held": bool(sealed), "what": what},
    )


def _warn(request, rows) -> None:
    """What looks odd in a number that was saved, by person."""
    for row in rows:
        for text in row.odd:
            messages.warning(request, f"{row.cleaned_data['full_name']}: {text}")


def _write_down(user, problems) -> None:
    """To be told that somebody's number is known is to learn about them; the refused write left no other trace."""
    for code in sorted({problem.touched for problem in problems if problem.touched}):
        log_view(user, PersonalDataView.Kind.VIEW, code, "Số định danh trùng khi lập hồ sơ")


def _household(request, code) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.user).select_related("ward__parent"), code=code)


def _changes(user, household) -> list[HouseholdChange]:
    """The newest changes that the household took part in, each with whether the reader may take it back."""
    rows = HouseholdChange.objects.visible_to(user).filter(Q(household=household) | Q(other=household))[:5]
    now = timezone.now()
    rows = list(rows)
    for row in rows:
        row.may_undo = changes.may_undo(row, user, now)
    return rows


def _members(household) -> dict[int, Member]:
    return {member.pk: member for member in household.members.filter(left_on__isnull=True)}


def _typed(household, held, today) -> dict:
    return {
        "group": household.group,
        "address": household.address,
        "phone": household.phone,
        "tenure": household.tenure,
        "living_area": household.living_area,
        "day": today,
        "version": household.version,
        "base": merging.seal_state(household, merging.facts(household, held)),
    }
