"""What the admin pages of every floor stand on: the portal's policy, the portal's scope, the portal's log.

The stock admin asks Django's permissions; here nobody has any. An admin class names the right to look and the right
to change, and both are asked of accounts/roles.py.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from import_export.forms import ExportForm
from import_export.resources import modelresource_factory

from accounts.log import facts, history_of, log
from accounts.roles import May
from accounts.sheets import XLSX, MasterResource

MOST_EVENTS = 200


class ScopedAdmin(admin.ModelAdmin):
    """`may_view` and `may_change` are rights, or None for nobody. Nothing is deleted in the admin."""

    may_view: May | None = None
    may_change: May | None = None
    may_add: May | None | bool = True  # True: whoever may change may add
    scoped = True
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request, obj=None):
        return _may(request, self.may_view) or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _may(request, self.may_change)

    def has_add_permission(self, request):
        return _may(request, self.may_change if self.may_add is True else self.may_add)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if self.scoped and hasattr(rows, "visible_to") else rows

    def get_field_queryset(self, db, db_field, request):
        """What a drop-down offers is cut down in the same way as what a list shows."""
        rows = super().get_field_queryset(db, db_field, request)
        if not hasattr(db_field.remote_field.model._default_manager, "visible_to"):
            return rows
        return (db_field.remote_field.model._default_manager.all() if rows is None else rows).visible_to(request.user)

    def area_of(self, obj):
        """The area that the log line is about."""
        return getattr(obj, "ward", None) or getattr(obj, "area", None)

    def history_view(self, request, object_id, extra_context=None):
        """The portal's log of the row, in place of the stock one, which knows only what was written in the admin."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Lịch sử: {obj}",
            "object": obj,
            "opts": self.opts,
            "events": history_of(obj)[:MOST_EVENTS],
            "page_url": self.page_with_history(request, obj),
        }
        return TemplateResponse(request, "admin/portal_history.html", context)

    def page_with_history(self, request, obj) -> str:
        """Where what the lines say is read in full."""
        return reverse("history", args=[obj._meta.label_lower, obj.pk]) if history_of(obj).exists() else ""

    def save_model(self, request, obj, form, change):
        form.before = facts(self.model._default_manager.get(pk=obj.pk), _stored(obj, form)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """The log line is written last, when the rows of many-to-many fields stand too."""
        super().save_related(request, form, formsets, change)
        obj, names = form.instance, _stored(form.instance, form)
        if names or not change:
            action = "row.changed" if change else "row.added"
            log(request.user, action, obj, area=self.area_of(obj), before=form.before, after=facts(obj, names or None))


class MasterAdmin(ImportExportMixin, ScopedAdmin):
    """A master table: also taken out and brought in as XLSX or CSV, by those who may edit it."""

    may_view = May.EDIT_MASTER_DATA
    may_change = May.EDIT_MASTER_DATA
    import_formats = export_formats = [XLSX, CSV]
    export_form_class = ExportForm
    skip_admin_log = True  # the portal's own log has each row, before and after

    def get_resource_classes(self, request):
        return self.resource_classes or [modelresource_factory(self.model, MasterResource)]

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_export_context_data(self, **kwargs):
        return super().get_export_context_data(**kwargs) | {"export_url": ""}

    def process_dataset(self, dataset, form, request, **kwargs):
        """All rows or none, each with its line in the log."""
        with transaction.atomic():
            result = super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)
            if not _faulty(result):
                for row in result:
                    self._log_row(row, request.user)
        return result

    def _log_row(self, row, by):
        if row.import_type in (row.IMPORT_TYPE_NEW, row.IMPORT_TYPE_UPDATE):
            before = facts(row.original) if row.original else {}
            log(
                by,
                "row.imported",
                row.instance,
                area=self.area_of(row.instance),
                before=before,
                after=facts(row.instance),
            )

    def process_result(self, result, request):
        if _faulty(result):  # the preview was clean, so somebody changed the table in between
            messages.error(request, "Dữ liệu đã thay đổi từ lúc xem trước. Chưa ghi gì; hãy nạp lại tệp.")
            return self.response_post_save_change(request, None)
        return super().process_result(result, request)


class ReadOnlyAdmin(ScopedAdmin):
    """Looked at, never written by hand."""

    may_change = None
    may_add = None


def _may(request, right: May | None) -> bool:
    return bool(right) and request.user.may(right)


def _faulty(result) -> bool:
    return result.has_errors() or result.has_validation_errors()


def _stored(obj, form) -> list[str]:
    """Names of the changed fields that are columns of the row, not extra inputs of the form."""
    columns = {field.name for field in (*obj._meta.concrete_fields, *obj._meta.many_to_many)} - {"password"}
    return [name for name in form.changed_data if name in columns]
