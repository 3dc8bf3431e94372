"""Sheets of households: the list, a new one, one with what was found in it and what may be done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.handing_out import hands_out
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number
from households import import_progress, import_queries
from households.forms.fields import refuse
from households.forms.imports import AnswerForm, ApproveForm, ColumnsForm, FontForm, UploadForm
from households.intake.fields import FIELDS
from households.intake.template import template
from households.looks import log_list
from households.models import ImportBatch, ImportRow
from households.services import import_apply, import_reading
from households.services import imports as services
from households.tasks import apply_import, read_import

PER_PAGE = 25
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportBatch.State
Kind = ImportRow.Kind
UNDER_WAY = (State.UPLOADED, State.APPROVED)
READ = (State.CHECKED, State.FAILED)


@never_cache
@require_GET
@allow(May.IMPORT_HOUSEHOLDS)
def import_list(request):
    page = Paginator(import_queries.listed(request.user), PER_PAGE).get_page(request.GET.get("page"))
    for batch in page:
        batch.done = import_progress.seen(batch.pk) if batch.state in UNDER_WAY else None
    return render(
        request, "households/import_list.html", {"page": page, "may_export": request.user.may(May.EXPORT_HOUSEHOLDS)}
    )


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.IMPORT_HOUSEHOLDS)
def import_new(request):
    today = timezone.localdate()
    sent = request.META.get("CONTENT_LENGTH") or "0"
    form = UploadForm(request.POST or None, request.FILES or None, today=today, initial={"day": today}, sent=int(sent))
    earlier = None
    if request.method == "POST" and form.is_valid():
        data = form.data_read
        try:
            with transaction.atomic():
                batch = services.keep_file(
                    name=form.cleaned_data["file"].name, data=data, day=form.cleaned_data["day"], by=request.user
                )
                transaction.on_commit(lambda: read_import.delay(batch.pk))
        except ValidationError as error:
            refuse(form, error)
            earlier = services.earlier(data, request.user)
        else:
            return redirect("import_detail", pk=batch.pk)
    context = {"form": form, "earlier": earlier, "ward": request.user.area}
    return render(request, "households/import_new.html", context)


@require_GET
@allow(May.IMPORT_HOUSEHOLDS)
def import_template(request):
    return _file(template(), "mau-danh-sach-ho.xlsx")


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.IMPORT_HOUSEHOLDS)
def import_detail(request, pk):
    batch = _batch(request, pk)
    found, counted = services.found_in(batch), import_queries.counts(batch)
    doing = request.POST.get("do", "")
    forms = {
        "columns": ColumnsForm(
            request.POST if doing == "columns" else None,
            found=found,
            fields=[(field.key, field.label) for field in FIELDS.values()],
        ),
        "fonts": FontForm(
            request.POST if doing == "fonts" else None,
            initial={"convert": {True: "yes", False: "no"}.get(found.get("convert"))},
        ),
        "answer": AnswerForm(request.POST if doing == "answer" else None),
        "approve": ApproveForm(
            request.POST if doing == "approve" else None,
            counts={kind: counted[kind] for kind in (*Kind.values, "wrong")},
            words=f"Bỏ lại {number(counted['wrong'])} hộ có lỗi ({number(found.get('left_out', 0))} dòng)",
        ),
    }
    if request.method == "POST":
        try:
            done = _act(request, batch, doing, forms, found)
        except ValidationError as error:
            if doing in forms and doing != "answer":
                refuse(forms[doing], error)
            else:
                messages.error(request, " ".join(error.messages))
                return redirect("import_detail", pk=pk)
        else:
            if done is None:
                return HttpResponseBadRequest()
            if done:
                return redirect("import_detail", pk=pk)
    under_way = batch.state in UNDER_WAY
    shown = import_queries.shown_of(counted, request.GET.get("xem", ""))
    tallies = import_queries.tallies(counted)
    told = page = None
    if not under_way:  # to show people is written down, and on SQLite nobody writes beside the worker
        page = Paginator(import_queries.rows(batch, shown), PER_PAGE).get_page(request.GET.get("page"))
        told = [import_queries.told(row) for row in page]
        asked = f"Lần nhập {batch.pk}, {import_queries.SHOWN[shown].lower()}"
        log_list(request.user, asked, len(told), page.number)
    return render(
        request,
        "households/import_detail.html",
        {
            "batch": batch,
            "found": found,
            "counts": counted,
            "forms": forms,
            "page": page,
            "rows": told,
            "shown": shown,
            "query": f"xem={shown}",
            "tabs": [(key, label, tallies[key]) for key, label in import_queries.SHOWN.items()],
            "under_way": under_way,
            "was_read": batch.state in READ,
            "may_reveal": request.user.may(May.REVEAL_IDS),
            "done": import_progress.seen(batch.pk) if under_way else None,
        },
    )


@require_GET
@hands_out(ImportBatch, look="Tệp lỗi của lần nhập, đủ số định danh")
@allow(May.IMPORT_HOUSEHOLDS)
@allow(May.REVEAL_IDS)
def import_error_sheet(request, pk):
    """The ward's own file with its bad cells marked. It holds whole ID numbers, so the look is written down as such."""
    batch = _batch(request, pk)
    if not batch.rows.filter(wrong=True).exists():
        raise Http404
    return f"loi-lan-nhap-{batch.pk}.xlsx", import_reading.error_sheet(batch)


def _act(request, batch, doing, forms, found) -> bool | None:
    """Whether the asked step was done; None when nothing known was asked."""
    if doing in forms and not forms[doing].is_valid():
        return None if doing == "answer" else False
    by = request.user
    if doing == "cancel" and batch.state in UNDER_WAY:
        import_progress.ask_to_stop(batch.pk)
    with transaction.atomic():
        match doing:
            case "columns":
                form = forms["columns"]
                services.read_again(
                    batch=batch,
                    columns=form.changed(),
                    sheet=form.cleaned_data.get("sheet", ""),
                    by=by,
                )
                transaction.on_commit(lambda: read_import.delay(batch.pk))
            case "fonts":
                convert = forms["fonts"].cleaned_data["convert"]
                services.read_again(batch=batch, columns={}, convert=convert, by=by)
                transaction.on_commit(lambda: read_import.delay(batch.pk))
            case "answer":
                form = forms["answer"]
                services.answer(batch=batch, is_new=form.is_new(), numbers=form.numbers(), by=by)
            case "again":
                services.read_again(batch=batch, columns={}, by=by)
                transaction.on_commit(lambda: read_import.delay(batch.pk))
            case "approve":
                form = forms["approve"]
                services.approve(batch=batch, leaving_out=form.number(), seen=form.shown(), by=by)
                transaction.on_commit(lambda: apply_import.delay(batch.pk))
            case "resend":  # a message that got lost; whoever finds the sheet claimed or done leaves it
                task = read_import if batch.state == State.UPLOADED else apply_import
                transaction.on_commit(lambda: task.delay(batch.pk))
            case "undo":
                out = import_apply.undo(batch=batch, by=by)
                messages.success(
                    request, f"Đã hoàn tác {number(out)} hộ: hộ mới ra khỏi sổ, hộ được sửa trở lại như cũ."
                )
            case "cancel":
                services.cancel(batch=batch, by=by)
                messages.success(request, "Đã hủy lần nhập.")
            case _:
                return None
    return True


def _batch(request, pk) -> ImportBatch:
    """A ward's officer brings sheets of the own ward; nobody else opens them."""
    area = request.user.area
    rows = ImportBatch.objects.visible_to(request.user).select_related("ward", "by", "approved_by").defer("sealed")
    if area is None or area.level != Area.Level.WARD:
        rows = rows.none()
    return get_object_or_404(rows, pk=pk)


def _file(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})
