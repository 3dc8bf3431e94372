"""Webhooks in the admin: addresses that are told, the key each is signed with, and the log of what was sent."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import webhooks
from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin
from accounts.models import Webhook, WebhookDelivery
from accounts.roles import May
from accounts.webhook_rules import EVENTS, LABELS


class WebhookForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label="Sự kiện",
        choices=[(event, LABELS[event]) for event in EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một sự kiện."},
    )

    class Meta:
        model = Webhook
        fields = ["name", "url", "events", "active"]

    def clean_url(self):
        try:
            webhooks.check_address(self.cleaned_data["url"])
        except ValidationError as refused:
            raise forms.ValidationError(refused.message_dict["url"]) from None
        return self.cleaned_data["url"]


@admin.register(Webhook)
class WebhookAdmin(ScopedAdmin):
    may_view = may_change = May.MANAGE_ACCOUNTS
    form = WebhookForm
    change_form_template = "admin/webhook_form.html"
    list_display = ["name", "url", "told", "active"]
    list_filter = ["active"]
    search_fields = ["name", "url"]
    actions = ["renew"]

    def get_readonly_fields(self, request, obj=None):
        return ["key"] if obj else []

    def get_fields(self, request, obj=None):
        return ["name", "url", "events", "active", *(["key"] if obj else [])]

    @admin.display(description="sự kiện")
    def told(self, obj):
        return "; ".join(obj.event_labels)

    @admin.display(description="khóa ký")
    def key(self, obj):
        return obj.secret

    def save_model(self, request, obj, form, change):
        webhooks.save_webhook(webhook=obj, by=request.user, **form.cleaned_data)

    def save_related(self, request, form, formsets, change):
        """Nothing beside the row, and its line is in the log already."""

    def _test(self, request, obj):
        if "_test" in request.POST:
            webhooks.send_test(webhook=obj, by=request.user)
            messages.success(request, "Đã gửi thử. Kết quả ở danh sách Lần gửi webhook.")

    def response_add(self, request, obj, post_url_continue=None):
        self._test(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._test(request, obj)
        return super().response_change(request, obj)

    @admin.action(description="Đổi khóa ký", permissions=["change"])
    def renew(self, request, queryset):
        for webhook in queryset:
            webhooks.renew_secret(webhook=webhook, by=request.user)
        messages.success(request, "Đã đổi khóa ký. Gửi khóa mới cho hệ thống nhận.")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was sent, what waits, and what was given up and why."""

    may_view = May.MANAGE_ACCOUNTS
    list_display = ["id", "what", "webhook", "made_at", "sent_at", "tries", "status", "failure"]
    list_filter = ["webhook", "made_at"]
    list_select_related = ["webhook"]
    fields = ["what", "webhook", "payload", "made_at", "sent_at", "tries", "next_at", "status", "failure"]
    readonly_fields = fields
    actions = ["again"]

    @admin.display(description="sự kiện", ordering="event")
    def what(self, obj):
        return obj.event_label

    @admin.action(description="Gửi lại", permissions=["view"])
    def again(self, request, queryset):
        done = 0
        for delivery in queryset:
            try:
                webhooks.send_again(delivery=delivery, by=request.user, at=timezone.now())
                done += 1
            except ValidationError as refused:
                messages.warning(request, f"{delivery}: {'; '.join(refused.messages)}")
        if done:
            messages.success(request, f"Đang gửi lại {done} nội dung.")
