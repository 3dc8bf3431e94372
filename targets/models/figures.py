"""What is counted, the figures that agencies type with their proof, and how past years ran."""

from django.db import models
from django.db.models import F, FloatField, Q
from django.db.models.functions import Abs, Cast, Coalesce
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from targets.measures import ADDS_LABELS, DIRECTION_LABELS, OVER_LABELS, SOURCE_LABELS, UNIT_LABELS

BIG = FloatField()  # products of two amounts of money would not fit a whole number


class IndicatorQuerySet(models.QuerySet):
    def typable_by(self, user):
        """Whose figures somebody may type: of the indicators that one's own agency answers for; the programme office
        all of them."""
        if not user.is_authenticated or not user.may(May.ENTER_FIGURES):
            return self.none()
        if user.may(May.ENTER_ANY_FIGURE):
            return self.all()
        own = Agency.objects.of(user).values("pk")
        return self.filter(Q(owner__in=own) | Q(owner__in=Agency.objects.filter(members__in=own)))


class Indicator(models.Model):
    """Something that is counted: its unit, where it comes from, which way is better. Catalogue of indicators.py.

    How it is counted is code and copied here by `load_plan`; who answers for it and how far a typed figure may differ
    are data, which a later load leaves as it finds them.
    """

    code = models.SlugField("mã", unique=True, max_length=50)
    name = models.CharField("tên", max_length=200)
    definition = models.TextField("định nghĩa")
    numerator = models.CharField("tử số", max_length=200, blank=True)
    denominator = models.CharField("mẫu số", max_length=200, blank=True)
    unit = models.CharField("đơn vị tính", max_length=12, choices=list(UNIT_LABELS.items()))
    source = models.CharField("nguồn", max_length=12, choices=list(SOURCE_LABELS.items()))
    direction = models.CharField("chiều", max_length=5, choices=list(DIRECTION_LABELS.items()), default="up")
    adds = models.CharField("cộng theo địa bàn", max_length=6, choices=list(ADDS_LABELS.items()), default="sum")
    over = models.CharField("theo thời gian", max_length=6, choices=list(OVER_LABELS.items()), default="year")
    owner = models.ForeignKey(
        Agency,
        verbose_name="cơ quan chịu trách nhiệm",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    tolerance = models.DecimalField(
        "sai khác cho phép (%)",
        max_digits=5,
        decimal_places=2,
        default=5,
        help_text="Số cơ quan nhập khác số tính được quá mức này thì phải ghi lý do.",
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="indicator_tolerance_not_negative",
                violation_error_message="Mức sai khác cho phép không được âm.",
            )
        ]

    def __str__(self):
        return self.name


class FigureQuerySet(models.QuerySet):
    def apart(self):
        """Those that differ from what was counted by more than their indicator allows: typed.apart, by the database."""
        typed = Cast("count", BIG) * Coalesce(Cast("computed_whole", BIG), 1.0)
        computed = Cast("computed", BIG) * Coalesce(Cast("whole", BIG), 1.0)
        return (
            self.filter(computed__isnull=False)
            .annotate(off=Abs(typed - computed) * 100.0, most=Cast("indicator__tolerance", BIG) * Abs(computed))
            .filter(off__gt=F("most"))
        )


class Figure(models.Model):
    """A figure that an agency typed, with its day and where it comes from. Never overwritten: the newest one counts.

    `whole`: of how many; none where the indicator is no share. `computed`: what the portal itself counted for that day
    when it was typed; none where it cannot count it. `reason`: why the two differ by more than is allowed.
    """

    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="figures")
    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    day = models.DateField("số liệu đến ngày")
    count = models.PositiveBigIntegerField("số thực hiện")
    whole = models.PositiveBigIntegerField("tổng số", null=True, blank=True)
    computed = models.BigIntegerField("cổng tính được", null=True, blank=True)
    computed_whole = models.BigIntegerField("trên tổng số", null=True, blank=True)
    reason = models.CharField("lý do khác số tính được", max_length=300, blank=True)
    evidence = models.CharField("nguồn, minh chứng", max_length=300)
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan nhập", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(
        User, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("nhập lúc", default=timezone.now)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu nhập"
        verbose_name_plural = "số liệu nhập"
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(whole=None) | (Q(count__lte=models.F("whole")) & Q(whole__gt=0)),
                name="figure_within_whole",
                violation_error_message="Số đã đạt không được lớn hơn tổng số; tổng số phải lớn hơn 0.",
            )
        ]

    def __str__(self):
        of = "" if self.whole is None else f"/{self.whole}"
        return f"{self.indicator} {self.day:%d/%m/%Y}: {self.count}{of}"


class FigureFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A proof may name people: only who may type the figure reads it, a district's People's Committee inside its
        district."""
        rows = self.filter(figure__indicator__in=Indicator.objects.typable_by(user))
        if not user.is_authenticated or user.may(May.ENTER_ANY_FIGURE):
            return rows
        own = Agency.objects.of(user).select_related("area").first()
        if own is None:
            return self.none()
        return rows.filter(figure__area__path__startswith=own.area.path) if own.area else rows


class FigureFile(models.Model):
    """A file that proves a typed figure. Kept in the database (decision 4), sent as an attachment only."""

    figure = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="file")
    name = models.CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=5)
    content = models.BinaryField()
    size = models.PositiveIntegerField("cỡ, byte")
    sha256 = models.CharField(max_length=64)

    objects = FigureFileQuerySet.as_manager()
    PRIVATE = frozenset({"content"})  # a file may name people: never written to the log

    class Meta:
        verbose_name = "tệp minh chứng của số liệu"
        verbose_name_plural = "tệp minh chứng của số liệu"

    def __str__(self):
        return self.name


class PastShare(models.Model):
    """How much of a past year's way the whole city had gone by the end of a month, kept once that year is over."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="past_shares")
    year = models.PositiveSmallIntegerField("năm")
    month = models.PositiveSmallIntegerField("tháng")
    share = models.DecimalField("phần của cả năm", max_digits=8, decimal_places=5)

    class Meta:
        verbose_name = "nhịp các năm trước"
        verbose_name_plural = "nhịp các năm trước"
        ordering = ["indicator", "year", "month"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year", "month"], name="past_share_once"),
            models.CheckConstraint(condition=Q(month__gte=1) & Q(month__lte=12), name="past_share_of_a_month"),
        ]

    def __str__(self):
        return f"{self.indicator} {self.month}/{self.year}"
