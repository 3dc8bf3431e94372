"""What machines need: tokens to ask with, addresses to be told at, and what they were told."""

import ipaddress

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import scopes, webhook_rules


class ApiToken(models.Model):
    """A key of one program, with which it acts for its owner. Only a digest is kept: the text is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("tên", max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField("bắt đầu bằng", max_length=8, help_text="Để nhận ra khóa trong cấu hình của chương trình.")
    scopes = models.JSONField("phạm vi", default=list)
    networks = models.JSONField("địa chỉ được dùng", default=list, help_text="Trống: mọi địa chỉ.")
    created_at = models.DateTimeField("cấp lúc", default=timezone.now)
    expires_at = models.DateTimeField("hết hạn")
    last_used_at = models.DateTimeField("dùng gần nhất", null=True, blank=True)
    last_used_from = models.GenericIPAddressField("dùng từ", null=True, blank=True)

    PRIVATE = frozenset({"digest"})  # never written to the log

    class Meta:
        verbose_name = "khóa API"
        verbose_name_plural = "khóa API"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.name} ({self.start}…)"

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        return [scopes.LABELS[scope] for scope in scopes.Scope if scope in self.scopes]

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def allows_address(self, address: str) -> bool:
        """An empty list allows every address; one that cannot be read is allowed by no list."""
        if not self.networks:
            return True
        try:
            caller = ipaddress.ip_address(address)
        except ValueError:
            return False
        caller = getattr(caller, "ipv4_mapped", None) or caller
        return any(caller in ipaddress.ip_network(network) for network in self.networks)


class Webhook(models.Model):
    """An address of another system that is told when something happens here."""

    name = models.CharField("tên", max_length=100)
    url = models.CharField(
        "địa chỉ nhận", max_length=500, help_text="https://… của hệ thống nhận, trên mạng công cộng."
    )
    events = models.JSONField("sự kiện", default=list)
    active = models.BooleanField("đang dùng", default=True)
    salt = models.CharField(max_length=32)

    PRIVATE = frozenset({"salt"})

    class Meta:
        verbose_name = "webhook"
        verbose_name_plural = "webhook"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def secret(self) -> str:
        """The key that signs what is sent. It follows from SECRET_KEY and the row, so it is stored nowhere."""
        return salted_hmac("accounts.webhook", f"{self.pk}:{self.salt}", algorithm="sha256").hexdigest()

    @property
    def event_labels(self) -> list[str]:
        return [label for event, label in webhook_rules.LABELS.items() if event in self.events]


class WebhookDelivery(models.Model):
    """One thing told to one address: written with what happened, sent afterwards, again until it has gone."""

    webhook = models.ForeignKey(Webhook, verbose_name="webhook", on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField("sự kiện", max_length=40)
    payload = models.JSONField("nội dung")
    made_at = models.DateTimeField("viết lúc", default=timezone.now)
    next_at = models.DateTimeField("gửi lại từ", default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField("số lần gửi", default=0)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    status = models.PositiveSmallIntegerField("trả lời", null=True, blank=True)
    failure = models.CharField("lỗi", max_length=300, blank=True)

    class Meta:
        verbose_name = "lần gửi webhook"
        verbose_name_plural = "lần gửi webhook"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="webhook_waiting"),
        ]

    def __str__(self):
        return f"{self.event} → {self.webhook}"

    @property
    def event_label(self) -> str:
        return webhook_rules.LABELS.get(self.event, self.event)
