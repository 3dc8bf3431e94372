"""The history of one row, for whoever may see the row; and the two logs, for administrators."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import log_queries
from accounts.access import allow
from accounts.forms import EventSearchForm, LookSearchForm
from accounts.log import log, log_view
from accounts.models import Event, PersonalDataView
from accounts.roles import May
from accounts.sealed import unseal
from accounts.telling import changes_of, names_in, table_of
from areas.vietnamese import fold
from households import exports
from households.looks import log_list
from households.queries import tell
from reports import letter_queries
from reports.models.units import DutyQuerySet
from targets import plan_log

# Who may read of a row that has no scope of its own. A table with scope says it itself: visible_to.
RIGHTS = {
    "areas": May.EDIT_MASTER_DATA,
    "accounts": May.MANAGE_ACCOUNTS,
    "households": May.SEE_HOUSEHOLDS,
    "targets": May.SEE_FIGURES,
    "reports": May.SEE_FIGURES,
}
# Rows that more people see than may read what was done inside them.
INSIDE = {"reports.duty": DutyQuerySet.readable_by}
# Tables whose history is not just the lines of the row itself: (row, user) -> lines; and how each line tells its part.
GATHERED = {
    "targets.plan": plan_log.of_plan,
    "targets.clause": plan_log.of_clause,
    "targets.target": plan_log.of_target,
    "reports.letter": letter_queries.log_of,
}
TOLD = {"targets.clause": plan_log.tell_clause, "targets.target": plan_log.tell_target}
EXPORT_MOST = 100_000  # lines; more are asked for by days
FORMATS = {"xlsx": exports.xlsx_response, "csv": exports.csv_response}


@dataclass(frozen=True)
class Line:
    event: Event
    said: list[str]

    @property
    def table(self) -> str:
        return table_of(self.event)


@require_GET
@never_cache
def history(request, kind, pk):
    """Lines about one row. What they say of a household is opened for whoever may see that household, nobody else."""
    if not request.user.role:
        raise PermissionDenied
    model = _model(kind)
    seen = _visible(model, pk, request.user)
    row = model._default_manager.filter(pk=pk).first() if seen and kind in GATHERED else None
    events = GATHERED[kind](row, request.user) if row else Event.objects.filter(subject_type=kind, subject_id=pk)
    events = events.select_related("by", "area").order_by("-pk")
    if not seen and not (request.user.may(May.MANAGE_ACCOUNTS) and events.exists()):
        raise Http404
    page = log_queries.page_of(events, request.GET.get("truoc", ""))
    if row and kind in TOLD:
        for event in page.rows:
            TOLD[kind](event, row)
    opened = seen and kind.startswith("households.") and request.user.may(May.SEE_HOUSEHOLDS)
    if opened and (code := _household_code(model, pk)):
        log_view(request.user, PersonalDataView.Kind.VIEW, code, "Nhật ký")
    context = {
        "lines": _lines(page.rows, opened=opened),
        "older": page.older,
        "what": model._meta.verbose_name,
        "label": str(row) if row else page.rows[0].label if page.rows else "",
    }
    return render(request, "history.html", context)


@require_GET
@never_cache
@allow(May.MANAGE_ACCOUNTS)
def event_log(request):
    form = EventSearchForm(request.GET, kinds=_kinds())
    rows = log_queries.events(**form.asked) if form.is_valid() else Event.objects.none()
    page = log_queries.page_of(rows, request.GET.get("truoc", ""))
    if (file := request.GET.get("tai")) and form.is_valid():
        heads = ["Lúc", "Ai", "Việc", "Loại", "Đối tượng", "Địa bàn", "Thay đổi"]
        return _export(request, file, "nhat-ky", form, rows, heads, _event_rows)
    context = {"form": form, "lines": _lines(page.rows, opened=False), "older": page.older, "query": _kept(request)}
    return render(request, "event_log.html", context)


@require_GET
@never_cache
@allow(May.MANAGE_ACCOUNTS)
def look_log(request):
    """Who looked at whom. It names what was searched for, so reading it is a look too."""
    form = LookSearchForm(request.GET)
    rows = log_queries.looks(**form.asked) if form.is_valid() else PersonalDataView.objects.none()
    if (file := request.GET.get("tai")) and form.is_valid():
        heads = ["Lúc", "Ai", "Việc", "Mã hộ", "Lý do, điều kiện"]
        return _export(request, file, "luot-xem", form, rows, heads, _look_rows)
    page = log_queries.page_of(rows, request.GET.get("truoc", ""))
    if form.is_valid():
        log_list(request.user, f"Nhật ký lượt xem, {form.words}", len(page.rows))
    return render(
        request, "look_log.html", {"form": form, "rows": page.rows, "older": page.older, "query": _kept(request)}
    )


def _model(kind: str):
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None


def _visible(model, pk: str, user) -> bool:
    rows = model._default_manager.all()
    try:
        rows = rows.filter(pk=pk)
    except (ValueError, ValidationError):
        return False
    try:
        if model._meta.label_lower == "accounts.user":
            return str(user.pk) == pk or (user.may(May.MANAGE_ACCOUNTS) and rows.exists())
        if inside := INSIDE.get(model._meta.label_lower):
            return inside(rows, user).exists()
        if hasattr(rows, "visible_to"):
            return rows.visible_to(user).exists()
        private = hasattr(model, "PRIVATE")  # about people and without a scope of its own: not by this door
        right = RIGHTS.get(model._meta.app_label)
        return bool(right) and not private and user.may(right) and rows.exists()
    except OverflowError:  # a key larger than SQLite's numbers
        return False


def _household_code(model, pk: str) -> str:
    if model._meta.label_lower == "households.household":
        return model._default_manager.values_list("code", flat=True).get(pk=pk)
    try:
        model._meta.get_field("household")
    except FieldDoesNotExist:
        return ""
    return model._default_manager.values_list("household__code", flat=True).get(pk=pk) or ""


def _lines(events, *, opened: bool) -> list[Line]:
    if opened:
        for event in events:
            event.before, event.after = unseal(event.before), unseal(event.after)
        told = [one.lines for one in tell(events)]
    else:
        told = [[] for _ in events]
    named = names_in(events)
    return [
        Line(event, lines or [f"{column}: {was} → {now}" for column, was, now in changes_of(event, named)])
        for event, lines in zip(events, told, strict=True)
    ]


def _kinds() -> list[tuple[str, str]]:
    """Tables of the portal's own apps, by name."""
    models = [model for model in apps.get_models() if model._meta.app_label in RIGHTS]
    return sorted(
        ((one._meta.label_lower, str(one._meta.verbose_name)) for one in models), key=lambda kind: fold(kind[1])
    )


def _kept(request) -> str:
    kept = request.GET.copy()
    kept.pop("truoc", None)
    return kept.urlencode()


def _export(request, file, name, form, rows, heads, told):
    if file not in FORMATS:
        raise Http404
    with transaction.atomic():
        log(request.user, "log.exported", request.user, after={"log": name, "asked": form.words})
    filename = f"{name}-{timezone.localdate():%Y%m%d}.{file}"
    return FORMATS[file](filename, heads, told(rows[:EXPORT_MOST].iterator(chunk_size=1000)))


def _event_rows(rows):
    for event in rows:
        at = timezone.localtime(event.at)
        said = "; ".join(f"{column}: {was} → {now}" for column, was, now in changes_of(event, {}))
        by = str(event.by) if event.by else "Hệ thống"
        yield [
            f"{at:%d/%m/%Y %H:%M:%S}",
            by,
            event.action_label,
            table_of(event),
            event.label,
            str(event.area or ""),
            said,
        ]


def _look_rows(rows):
    for look in rows:
        at = timezone.localtime(look.at)
        yield [f"{at:%d/%m/%Y %H:%M:%S}", str(look.by), look.get_kind_display(), look.household_code, look.reason]
