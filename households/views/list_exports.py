"""The work lists as files: what each page shows for the same address, masked as there, with a line in the log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.roles import May
from households import (
    dossier_queries,
    duplicate_queries,
    export_lists,
    import_queries,
    plan_queries,
    review_queries,
    support_queries,
)
from households import rounds as calendar
from households.export_rows import Sheet
from households.forms.supports import HouseListForm, LedgerForm
from households.models import Dossier, Policy, Result, Review
from households.support_stages import STAGES
from households.views.lists import FORMATS, send


@dataclass(frozen=True)
class Found:
    """What goes into the log, the number of rows and the sheet."""

    told: str
    count: int
    sheet: Sheet


@dataclass(frozen=True)
class Exported:
    """`rights`: any of them, beside the right to export, unless `open_to` gives an agency its own rows."""

    name: str
    page: str
    find: Callable
    rights: tuple[May, ...] = (May.SEE_HOUSEHOLDS,)
    open_to: May | None = None


@require_GET
@never_cache
def list_export(request, what, format):
    user = request.user
    about = LISTS.get(what)
    exports = user.may(May.EXPORT_HOUSEHOLDS) and (about is None or any(map(user.may, about.rights)))
    if not exports and not (about and about.open_to and user.may(about.open_to)):
        raise PermissionDenied
    if about is None or format not in FORMATS:
        raise Http404
    asked = request.GET.urlencode()
    found = about.find(request, timezone.localdate())
    back = reverse(about.page, args=[int(request.GET["ho-so"])] if about.page == "dossier" else [])
    back = f"{back}?{asked}" if asked else back
    if found is None:
        return redirect(back)
    name = f"{about.name}-{timezone.localdate():%Y%m%d}"
    return send(request, format, name, f"Xuất {found.told}", found.count, found.sheet, back)


def _reviews(request, today: date) -> Found | None:
    rounds = list(review_queries.rounds_begun(today))
    current = calendar.current(rounds, today)
    round = next((each for each in rounds if str(each.pk) == request.GET.get("round")), current)
    state = request.GET.get("state", review_queries.TODO)
    if round is None or state not in review_queries.LABELS:
        return None
    told = f"phiếu rà soát, {round.name}, {review_queries.LABELS[state]}"
    if state == review_queries.TODO:
        rows = review_queries.left_to_survey(request.user, round).for_list().order_by("code")
        return Found(told, rows.count(), export_lists.to_survey(rows))
    results = Result.objects.select_related("standard").defer("receipt")
    rows = review_queries.reviews_in(request.user, round, state)
    shown = Review.objects.for_list().filter(pk__in=rows.values("pk")).select_related("ward__parent", "entered_by")
    shown = shown.order_by(*rows.query.order_by).prefetch_related(Prefetch("results", results))
    return Found(told, rows.count(), export_lists.reviews(shown))


def _board(request, today: date) -> Found | None:
    rounds = list(review_queries.rounds_begun(today)[:30])
    current = calendar.current(rounds, today)
    round = next((each for each in rounds if str(each.pk) == request.GET.get("round")), current)
    if round is None:
        return None
    rows = list(dossier_queries.board(request.user, round))
    return Found(f"hồ sơ rà soát, {round.name}", len(rows), export_lists.board(rows, today))


def _dossier(request, today: date) -> Found | None:
    pk = request.GET.get("ho-so", "")
    rows = Dossier.objects.visible_to(request.user).select_related("round", "ward")
    dossier = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() else 0)
    show = request.GET.get("xem", "")
    rows = dossier_queries.listed(dossier).filter(included=show != "out")
    rows = rows.filter(is_surveyed=False) if show == "left" else rows
    return Found(f"danh sách của hồ sơ {dossier}", rows.count(), export_lists.listed(rows))


def _supports(request, today: date) -> Found | None:
    form = LedgerForm(request.GET)
    if not (request.GET and form.is_valid()):
        return None
    rows = support_queries.ledger(request.user, **form.cleaned_data)
    named = request.user.may(May.SEE_HOUSEHOLDS)
    return Found(form.words, rows.count(), export_lists.supports(support_queries.for_list(rows), named=named))


def _loans(request, today: date) -> Found | None:
    """The loans among the supports that the ledger shows, with their balances as of the last day asked."""
    form = LedgerForm(request.GET)
    if not (request.GET and form.is_valid()):
        return None
    rows = support_queries.ledger(request.user, **form.cleaned_data).filter(policy__kind=Policy.Kind.LOAN)
    named, shown = request.user.may(May.SEE_HOUSEHOLDS), support_queries.for_list(rows, form.cleaned_data["last"])
    return Found(f"vốn vay, dư nợ; {form.words}", rows.count(), export_lists.loans(shown, named=named))


def _houses(request, today: date) -> Found | None:
    form = HouseListForm(request.GET)
    if not (request.GET and form.is_valid()):
        return None
    asked, named = form.cleaned_data["stage"], request.user.may(May.SEE_HOUSEHOLDS)
    rows = support_queries.house_works(request.user, stage=asked)
    told = f"nhà ở được hỗ trợ, bước: {STAGES.get(asked, 'tất cả')}"
    return Found(told, rows.count(), export_lists.houses(rows, named=named))


def _policies(request, today: date) -> Found:
    rows = list(Policy.objects.order_by("kind", "name"))
    return Found("chính sách hỗ trợ", len(rows), export_lists.policies(rows))


def _waiting(request, today: date) -> Found | None:
    what = _one_of(request, "viec", plan_queries.WAITING)
    if not what:
        return None
    rows = plan_queries.waiting_listed(request.user, today, what)
    return Found(f"kế hoạch thoát nghèo: {plan_queries.WAITING[what]}", rows.count(), export_lists.waiting(rows))


def _duplicates(request, today: date) -> Found:
    rows = duplicate_queries.waiting(request.user)
    return Found("cặp hộ có thể trùng", rows.count(), export_lists.pairs(rows))


def _imports(request, today: date) -> Found:
    rows = import_queries.listed(request.user)
    return Found("các lần nhập", rows.count(), export_lists.imports(rows))


def _one_of(request, name: str, choices) -> str:
    given = request.GET.get(name, "")
    return given if given in choices else ""


LISTS = {
    "ra-soat": Exported("phieu-ra-soat", "review_list", _reviews),
    "ho-so": Exported("ho-so-ra-soat", "dossier_board", _board),
    "trong-ho-so": Exported("danh-sach-ra-soat", "dossier", _dossier),
    "ho-tro": Exported("so-ho-tro", "support_list", _supports, open_to=May.GIVE_SUPPORT),
    "von-vay": Exported("von-vay", "support_list", _loans, open_to=May.GIVE_SUPPORT),
    "nha-o": Exported("nha-o", "house_list", _houses, open_to=May.GIVE_SUPPORT),
    "chinh-sach": Exported("chinh-sach", "policy_list", _policies, open_to=May.GIVE_SUPPORT),
    "viec-cho-lam": Exported("ke-hoach-thoat-ngheo", "exit_plan_waiting", _waiting),
    "co-the-trung": Exported("ho-co-the-trung", "duplicate_list", _duplicates, (May.EDIT_HOUSEHOLDS,)),
    "lan-nhap": Exported("lan-nhap", "import_list", _imports, (May.IMPORT_HOUSEHOLDS,)),
}
