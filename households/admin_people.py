"""What the admin pages about people stand on: found by words, each look and each file written down, the portal's own log.

Nothing about people is saved here but a household's address, by its service: every other write is made on the portal's
own page, to which the row links, or by an act on many rows that calls a service (accounts/admin_bulk.py).
"""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin
from accounts.admin_bulk import BulkAdmin
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import exports, queries
from households.looks import log_export, log_list
from households.members import search_words

AT_ONCE = 2000  # rows read from the database at a time


class WardFilter(admin.SimpleListFilter):
    """Wards of one's own area; the stock filter would name every ward."""

    title = "phường, xã"
    parameter_name = "ward"
    path = "ward"

    def lookups(self, request, model_admin):
        wards = queries.wards_to_choose(request.user)
        return [(str(ward.pk), f"{ward.name}, {ward.district}") for ward in wards] if len(wards) > 1 else []

    def queryset(self, request, queryset):
        chosen = dict(self.lookup_choices).keys() & {self.value()}
        return queryset.filter(**{self.path: int(self.value())}) if chosen else queryset


class GroupFilter(admin.SimpleListFilter):
    """Residential groups of one's own ward; whoever sees several wards chooses a ward, not a group."""

    title = "tổ dân phố, thôn"
    parameter_name = "to"
    path = "group"

    def lookups(self, request, model_admin):
        if not request.user.area_id or request.user.area.level != "ward":
            return []
        return [(group, group) for group in queries.groups_of(request.user.area)]

    def queryset(self, request, queryset):
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class OfPeople(BulkAdmin, ScopedAdmin):
    """Rows about people: found by the words of the household's page, never guessed by number, each look written down."""

    may_view = May.SEE_HOUSEHOLDS
    household = "household__"
    change_list_template = "admin/change_list_people.html"
    no_page = ("page",)  # columns that are links: of no use in a file
    bring_in: tuple[str, str, May] | None = (
        None  # where rows are entered: name of the page, what it is called, the right
    )
    actions = ["export_chosen"]
    search_help_text = "Tên, địa chỉ, mã hộ, điện thoại hoặc 4 số cuối số định danh"
    search_fields = ["pk"]  # makes the box appear; get_search_results does the search

    def get_search_results(self, request, queryset, search_term):
        for word in search_words(search_term):
            queryset = queryset.filter(**{f"{self.household}search__contains": f" {word}"})
        return queryset, False

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Another ward's row is not found, as on the pages."""
        raise Http404

    def code_of(self, obj) -> str:
        return obj.household.code

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:  # by GET, or by a refused POST, which shows the same
            log_view(request.user, PersonalDataView.Kind.VIEW, self.code_of(obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    page_right = May.SEE_HOUSEHOLDS  # who may open a row's own page

    def get_list_display(self, request):
        return self._with_page(request, super().get_list_display(request))

    def get_fields(self, request, obj=None):
        return self._with_page(request, super().get_fields(request, obj))

    def _with_page(self, request, names):
        return [name for name in names if name != "page" or request.user.may(self.page_right)]

    def page_of(self, obj) -> str:
        """The portal's own page of a row, where it is read in full and written; '' when it has none."""
        return ""

    @admin.display(description="trang riêng")
    def page(self, obj):
        address = self.page_of(obj)
        return format_html('<a href="{}">Mở</a>', address) if address else "–"

    def has_export_permission(self, request):
        return request.user.may(May.EXPORT_HOUSEHOLDS)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        links = {}
        if self.has_export_permission(request):
            links["export_url"] = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
        if self.bring_in and request.user.may(self.bring_in[2]):
            links |= {"bring_in": reverse(self.bring_in[0]), "bring_in_label": self.bring_in[1]}
        answer = super().changelist_view(request, links | (extra_context or {}))
        shown = getattr(answer, "context_data", None) or {}
        if "cl" in shown:  # the stock list answers a POST without an act as it answers a GET
            log_list(request.user, self.asked(request), len(shown["cl"].result_list), shown["cl"].page_num)
        return answer

    def asked(self, request) -> str:
        """The list's name and what was typed and chosen, for the line about the look."""
        chosen = "; ".join(f"{key}={value}" for key, value in request.GET.items() if key not in ("p", "o") and value)
        return f"Quản trị, {self.opts.verbose_name_plural}" + (f": {chosen}" if chosen else "")

    def page_with_history(self, request, obj):
        log_view(request.user, PersonalDataView.Kind.VIEW, self.code_of(obj))
        return self.page_of(obj) if request.user.may(self.page_right) else ""

    def export_view(self, request):
        """What the list shows for the same address, as an XLSX."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"{page}?{ERROR_FLAG}=1")  # as the list itself answers it
        return self._file(request, rows) or redirect(f"{page}?{request.GET.urlencode()}")

    @admin.action(description="Xuất dòng đã chọn ra Excel (số định danh được che)", permissions=["export"])
    def export_chosen(self, request, queryset):
        return self._file(request, queryset)

    def _file(self, request, rows):
        """The columns of the list, so never more than the screen shows; the line in the log is written first."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        count = rows.count()
        if count >= exports.MOST_ROWS:
            messages.error(request, "Danh sách dài hơn một trang tính: hãy lọc bớt.")
            return None
        log_export(request.user, self.asked(request), count)
        names = [name for name in self.get_list_display(request) if name not in self.no_page]
        headings = [str(label_for_field(name, self.model, self)) for name in names]
        lines = ([_cell(name, row, self) for name in names] for row in rows.iterator(AT_ONCE))
        return exports.xlsx_response(
            f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}.xlsx",
            [heading[:1].upper() + heading[1:] for heading in headings],
            lines,
        )


def _cell(name: str, row, model_admin):
    """One value as a sheet holds it: a choice in words, yes or no, a date as a date."""
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, Model):
        return str(value)
    if hasattr(value, "utcoffset"):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    return value


class Looked(OfPeople, ReadOnlyAdmin):
    """Rows about people that are read here and written on their own page."""


class Inline(admin.TabularInline):
    """Rows that belong to the one shown, for looking."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request, obj=None):
        return request.user.may(May.SEE_HOUSEHOLDS)

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = lambda *_, **__: False
