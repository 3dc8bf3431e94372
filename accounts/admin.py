"""Admin pages of areas, agencies, accounts and the log. `areas` lies below the policy, so its pages are here."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html_join

from accounts import (  # noqa: F401
    actions,
    admin_jobs,
    admin_webhooks,
    second_factor_services,
    services,
    session_services,
)
from accounts.admin_base import MasterAdmin, ReadOnlyAdmin, ScopedAdmin
from accounts.admin_sheets import AgencySheet, AreaSheet, ResidentsSheet
from accounts.models import Agency, Event, OutgoingMail, PersonalDataView, User
from accounts.roles import May
from accounts.telling import changes_of, table_of
from accounts.tokens import revoke_tokens
from areas.models import Area, ResidentHouseholds
from areas.services import place
from areas.vietnamese import fold, number

for replaced in (Group, AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(replaced)  # roles.py replaces groups; the rest is done by the actions on accounts


@admin.register(Area)
class AreaAdmin(MasterAdmin):
    resource_classes = [AreaSheet]
    list_display = ["full_name", "code", "level", "parent", "zone", "valid_from", "valid_to"]
    list_filter = ["level", "zone"]
    search_fields = ["full_name", "code"]
    list_select_related = ["parent"]
    ordering = ["level", "order", "code"]

    def area_of(self, obj):
        return obj

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        place(area=obj)


@admin.register(ResidentHouseholds)
class ResidentHouseholdsAdmin(MasterAdmin):
    resource_classes = [ResidentsSheet]
    list_display = ["area", "year", "count", "derived", "source"]
    list_filter = ["year", "derived"]
    list_select_related = ["area"]

    @admin.display(description="số hộ dân cư", ordering="households")
    def count(self, obj):
        return number(obj.households)


class AgencyForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if {"kind", "members"} <= cleaned.keys() and (cleaned["kind"] == Agency.Kind.GROUP) != bool(cleaned["members"]):
            self.add_error("members", "Nhóm phải có đơn vị thành viên; đơn vị khác để trống.")
        return cleaned


@admin.register(Agency)
class AgencyAdmin(MasterAdmin):
    resource_classes = [AgencySheet]
    form = AgencyForm
    list_display = ["name", "short_name", "kind", "area", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["name", "short_name", "code"]
    list_select_related = ["area"]
    filter_horizontal = ["members"]


class RoleRule:
    """The rule of services.check_role, said at the fields of a form."""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        try:
            services.check_role(cleaned.get("role", ""), cleaned.get("area"), cleaned.get("agency"))
        except ValidationError as error:
            for name, problems in error.error_dict.items():
                if name not in self.errors:
                    self.add_error(name, problems)
        return cleaned


class NewUserForm(RoleRule, AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "full_name", "role", "area", "agency")


class UserForm(RoleRule, UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = ("username", "full_name", "email", "role", "area", "agency", "is_active")


@admin.register(User)
class PortalUserAdmin(ScopedAdmin, UserAdmin):
    may_view = may_change = May.MANAGE_ACCOUNTS
    form = UserForm
    add_form = NewUserForm
    who = ("full_name", "email", "role", "area", "agency")
    fieldsets = [
        (None, {"fields": ("username", "password", "is_active")}),
        ("Người dùng", {"fields": who}),
        ("Đăng nhập", {"fields": ("last_login", "wrong_passwords", "tokens")}),
    ]
    add_fieldsets = [(None, {"fields": ("username", *who, "usable_password", "password1", "password2")})]
    readonly_fields = ["last_login", "wrong_passwords", "tokens"]
    list_display = ["username", "full_name", "role", "area", "agency", "is_active", "second_factor_on", "last_login"]
    list_filter = ["role", "is_active", "second_factor_on"]
    search_fields = ["username", "full_name", "email"]
    list_select_related = ["area", "agency"]
    filter_horizontal = []
    actions = ["unlock", "revoke_tokens", "sign_out", "reset_second_factor"]

    @admin.display(description="đăng nhập sai")
    def wrong_passwords(self, obj):
        return sum(AccessAttempt.objects.filter(username=obj.username).values_list("failures_since_start", flat=True))

    @admin.display(description="khóa API còn hạn")
    def tokens(self, obj):
        return obj.api_tokens.filter(expires_at__gt=timezone.now()).count()

    @admin.action(description="Mở khóa đăng nhập", permissions=["change"])
    def unlock(self, request, queryset):
        for user in queryset:
            services.unlock(user=user, by=request.user)
        messages.success(request, "Đã mở khóa đăng nhập.")

    @admin.action(description="Thu hồi mọi khóa API", permissions=["change"])
    def revoke_tokens(self, request, queryset):
        count = sum(revoke_tokens(user=user, by=request.user) for user in queryset)
        messages.success(request, f"Đã thu hồi {count} khóa API.")

    @admin.action(description="Đăng xuất ở mọi nơi", permissions=["change"])
    def sign_out(self, request, queryset):
        count = sum(session_services.end_sessions(user=user, by=request.user) for user in queryset)
        messages.success(request, f"Đã kết thúc {count} phiên đăng nhập.")

    @admin.action(description="Tắt xác thực hai bước (mất điện thoại)", permissions=["change"])
    def reset_second_factor(self, request, queryset):
        if queryset.filter(pk=request.user.pk).exists():
            messages.error(request, "Không tự tắt xác thực hai bước của mình ở đây; nhờ quản trị viên khác.")
            return
        count = sum(second_factor_services.reset(user=user, by=request.user) for user in queryset)
        messages.success(request, f"Đã tắt xác thực hai bước của {count} tài khoản; lần đăng nhập sau phải bật lại.")

    def save_model(self, request, obj, form, change):
        """Somebody who is switched off is out at once, everywhere."""
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            session_services.end_sessions(user=obj, by=request.user)
            obj.api_tokens.all().delete()

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        """The stock page, with a line in the log and the end of the old tokens."""
        known = str(id).isdecimal() and len(str(id)) < 20
        before = self.get_queryset(request).filter(pk=id).first() if known else None
        answer = super().user_change_password(request, id, form_url)
        if before and User.objects.get(pk=before.pk).password != before.password:
            here = request.session.session_key if before.pk == request.user.pk else None
            services.after_new_password(user=before, by=request.user, here=here)
        return answer


class ByAction(admin.SimpleListFilter):
    title = "việc"
    parameter_name = "viec"

    def lookups(self, request, model_admin):
        return sorted(actions.LABELS.items(), key=lambda action: fold(action[1]))

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    may_view = May.MANAGE_ACCOUNTS
    list_display = ["at", "who", "what", "table", "label", "area"]
    list_filter = ["at", ByAction]
    search_fields = ["label", "by__username", "by__full_name"]
    list_select_related = ["by", "area"]
    fields = ["at", "who", "what", "table", "label", "area", "changes"]

    @admin.display(description="ai", ordering="by")
    def who(self, obj):
        return obj.by or "Hệ thống"

    @admin.display(description="việc", ordering="action")
    def what(self, obj):
        return obj.action_label

    @admin.display(description="bảng", ordering="subject_type")
    def table(self, obj):
        return table_of(obj)

    @admin.display(description="thay đổi")
    def changes(self, obj):
        return format_html_join("", "<p><b>{}</b>: {} → {}</p>", changes_of(obj)) or "–"


@admin.register(PersonalDataView)
class PersonalDataViewAdmin(ReadOnlyAdmin):
    may_view = May.MANAGE_ACCOUNTS
    list_display = ["at", "by", "kind", "household_code", "reason"]
    list_filter = ["at", "kind"]
    search_fields = ["household_code", "by__username", "by__full_name"]
    list_select_related = ["by"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """What failed: an address that is wrong, or a server that is away. The text itself is the receiver's."""

    may_view = May.MANAGE_ACCOUNTS
    list_display = ["subject", "to", "made_at", "sent_at", "tries", "failure"]
    search_fields = ["to"]
    fields = ["subject", "to", "made_at", "sent_at", "tries", "failure"]
    readonly_fields = fields
