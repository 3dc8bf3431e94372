"""Households' requests to be reviewed (Form 01, Form 04) and Form A, which screens them."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households import screening
from households.models.people import Household


class ScreeningItem(models.Model):
    """One yes or no question of Form A. None is shipped: the official items were not found."""

    code = models.CharField("mã", max_length=20, unique=True)
    text = models.CharField("nội dung", max_length=300)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "mục của Phiếu A"
        verbose_name_plural = "mục của Phiếu A"
        ordering = ["order", "code"]

    def __str__(self):
        return f"{self.code}. {self.text}"


class ScreeningRule(models.Model):
    """From how many yes answers a household is surely not poor, and what says so. One row at most."""

    id = models.PositiveSmallIntegerField("ID", primary_key=True, default=1, editable=False)
    threshold = models.PositiveSmallIntegerField("số câu có", validators=[MinValueValidator(1)])
    legal_basis = models.CharField("căn cứ", max_length=200)
    confirmed = models.BooleanField("đã xác nhận", default=False)

    class Meta:
        verbose_name = "ngưỡng của Phiếu A"
        verbose_name_plural = "ngưỡng của Phiếu A"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1), name="screening_rule_one_row", violation_error_message="Phiếu A chỉ có một ngưỡng."
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=1),
                name="screening_rule_threshold",
                violation_error_message="Ngưỡng từ 1 câu trở lên.",
            ),
        ]

    def __str__(self):
        return f"Từ {self.threshold} câu có"

    def clean(self):
        if self._state.adding and ScreeningRule.objects.exists():
            raise ValidationError("Phiếu A chỉ có một ngưỡng. Sửa ngưỡng đã có.")


class ReviewRequest(models.Model):
    """A household's Form 01 or Form 04: how it came, what Form A said, whether it is surveyed or refused in writing."""

    class Form(models.TextChoices):
        LISTED = "01", "Mẫu 01: công nhận hộ nghèo, hộ cận nghèo"
        ESCAPED = "04", "Mẫu 04: công nhận thoát nghèo"

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", "Nộp trực tiếp"
        POST = "post", "Qua bưu điện"
        PORTAL = "portal", "Qua cổng dịch vụ công"

    class Outcome(models.TextChoices):
        SURVEY = screening.SURVEY, "Đưa vào khảo sát"
        REFUSED = screening.REFUSED, "Từ chối"

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="requests")
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    form = models.CharField("giấy đề nghị", max_length=2, choices=Form.choices)
    received_on = models.DateField("ngày nhận")
    channel = models.CharField("cách nộp", max_length=10, choices=Channel.choices)
    note = models.TextField("ghi chú", max_length=1000, blank=True)
    answers = models.JSONField("trả lời Phiếu A", default=dict, blank=True)  # item code: whether yes
    yes_count = models.PositiveSmallIntegerField("số câu có", null=True, blank=True)
    threshold = models.PositiveSmallIntegerField("ngưỡng khi sàng lọc", null=True, blank=True)
    screened_on = models.DateField("ngày sàng lọc", null=True, blank=True)
    screened_by = models.ForeignKey(
        User, verbose_name="người sàng lọc", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, blank=True)
    override_reason = models.TextField("lý do vẫn khảo sát", max_length=1000, blank=True)
    refusal_reason = models.TextField("lý do từ chối", max_length=1000, blank=True)
    entered_by = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    PRIVATE = {
        "household", "form", "note", "answers", "yes_count", "outcome", "override_reason", "refusal_reason",
    }  # fmt: skip
    OPEN = {
        "id", "ward", "received_on", "channel", "threshold", "screened_on", "screened_by", "entered_by", "version",
    }  # fmt: skip

    class Meta:
        verbose_name = "giấy đề nghị rà soát"
        verbose_name_plural = "giấy đề nghị rà soát"
        ordering = ["-received_on", "-id"]
        indexes = [models.Index(fields=["ward", "outcome", "-received_on"], name="request_ward_outcome")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "form"], condition=Q(outcome=""), name="request_waits_once_per_form"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(refusal_reason=""), name="request_refused_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", screened_on__isnull=True) | (~Q(outcome="") & Q(screened_on__isnull=False)),
                name="request_screened_on_a_day",
            ),
        ]

    def __str__(self):
        return f"Đề nghị số {self.pk}"
