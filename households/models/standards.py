"""The law as dated rows."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from households.standards import IncomeBasis, Rule


class StandardQuerySet(models.QuerySet):
    def in_force(self, day):
        """Every standard that covers the day, central first. More than one does: that is the law."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def city_unconfirmed_on(self, day) -> bool:
        """Whether figures by the city's standard rest, that day, on amounts that no document confirms yet."""
        return self.in_force(day).filter(issuer=Standard.Issuer.CITY, confirmed=False).exists()


class Standard(models.Model):
    """A poverty standard: its lines, its dates, and the document it comes from."""

    class Issuer(models.TextChoices):
        CENTRAL = "central", "Trung ương"
        CITY = "city", "Thành phố"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=120)
    issuer = models.CharField("cấp ban hành", max_length=10, choices=Issuer.choices)
    basis = models.CharField(
        "so với",
        max_length=10,
        choices=[(IncomeBasis.B1_SCORE.value, "Điểm B1"), (IncomeBasis.INCOME.value, "Thu nhập bình quân (đồng)")],
    )
    line_rural = models.PositiveIntegerField("mức khu vực nông thôn")
    line_urban = models.PositiveIntegerField("mức khu vực thành thị")
    deprivations_for_poor = models.PositiveSmallIntegerField("số chỉ số thiếu hụt để là hộ nghèo", default=3)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=300)
    confirmed = models.BooleanField("đã xác nhận", default=False)
    confirmed_document = models.CharField("số văn bản xác nhận", max_length=120, blank=True)
    confirmed_by = models.ForeignKey(
        User, verbose_name="người xác nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = "chuẩn nghèo"
        verbose_name_plural = "chuẩn nghèo"
        ordering = ["issuer", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="standard_dates_in_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(confirmed_document=""),
                name="standard_confirmed_by_document",
                violation_error_message="Xác nhận chuẩn phải ghi số văn bản.",
            ),
        ]

    def __str__(self):
        return self.name

    def rule(self) -> Rule:
        return Rule(
            self.code,
            self.name,
            IncomeBasis(self.basis),
            self.line_rural,
            self.line_urban,
            self.deprivations_for_poor,
            self.confirmed,
        )
