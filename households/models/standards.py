"""The law as dated rows."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from areas.models import Area
from households.scoring import Item
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


class ScoreTableQuerySet(models.QuerySet):
    def newest_first(self):
        """In the order in which tables are asked: of those in force on a day and in a zone the first one counts."""
        return self.filter(standard__basis=IncomeBasis.B1_SCORE).order_by("-valid_from", "-pk")

    def on(self, zone, day):
        """The table by which part B1 is counted in a zone on a day; None: no table is loaded, the total is typed."""
        there = self.newest_first().filter(zone=zone, valid_from__lte=day)
        return there.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).first()


class ScoreTable(models.Model):
    """The points of part B1 for one zone (Circular 07/2021/TT-BLĐTBXH, annex), in one version.

    A version that a review was counted by is never changed: what is wrong in it is corrected by a newer version.
    """

    standard = models.ForeignKey(Standard, verbose_name="chuẩn", on_delete=models.PROTECT, related_name="score_tables")
    version = models.CharField("phiên bản", max_length=40)
    region = models.CharField("vùng", max_length=120, blank=True)
    zone = models.CharField("khu vực", max_length=10, choices=Area.Zone.choices)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    document = models.CharField("văn bản ban hành", max_length=300, blank=True)
    note = models.TextField("ghi chú của tệp", blank=True)

    objects = ScoreTableQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng điểm B1"
        verbose_name_plural = "bảng điểm B1"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "version", "region", "zone"], name="score_table_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="score_table_days_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.standard.code} {self.version} {self.get_zone_display()}"

    @property
    def title(self) -> str:
        return f"Bảng điểm {self.version}, khu vực {self.get_zone_display().lower()}"

    @property
    def basis(self) -> str:
        return self.document or "chưa kiểm chứng"

    def rules(self) -> list[Item]:
        """The items in order; two queries."""
        return [item.rule() for item in self.items.prefetch_related("options").order_by("place")]
