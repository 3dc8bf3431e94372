"""The plan as data: every clause with its text, and the figures it sets."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from areas.models import Area
from targets.indicators import SOURCE_LABELS, UNIT_LABELS


class PlanQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(state=Plan.State.IN_FORCE)

    def for_day(self, today: date):
        """The plan that pages and API are about: this year's, else the newest before it, else the first to come.

        A plan issued in December for the year ahead waits for its year. Drafts are never shown.
        """
        issued = self.exclude(state=Plan.State.DRAFT)
        return issued.filter(year__lte=today.year).order_by("-year").first() or issued.order_by("year").first()


class Plan(models.Model):
    """A year's plan of the city, as it was issued."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        IN_FORCE = "in_force", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    number = models.CharField("số, ký hiệu", max_length=40, unique=True)
    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = models.CharField("trích yếu", max_length=300)
    issued_on = models.DateField("ngày ban hành")
    signed_by = models.CharField("người ký", max_length=150)
    general_goal = models.TextField("mục tiêu chung")
    funding = models.TextField("kinh phí")
    reporting = models.TextField("chế độ báo cáo")
    recipients = models.JSONField("nơi nhận", default=list)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.IN_FORCE)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-year"]

    def __str__(self):
        return f"Kế hoạch {self.number}"


class Clause(models.Model):
    """An objective, a solution, an agency's heading or a task, with the plan's own words."""

    class Kind(models.TextChoices):
        OBJECTIVE = "objective", "Mục tiêu"
        SOLUTION = "solution", "Giải pháp"
        AGENCY = "agency", "Cơ quan"
        TASK = "task", "Nhiệm vụ"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="clauses")
    ref = models.CharField("mục", max_length=12, help_text="II.1, III.8, IV.14, IV.14.đ")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField("nội dung")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "điều khoản"
        verbose_name_plural = "điều khoản"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "ref", "kind"], name="clause_once_per_plan")]

    def __str__(self):
        return self.ref


class Amendment(models.Model):
    """What changed between the draft and the plan: old beside new, and why."""

    class Change(models.TextChoices):
        AMENDED = "amended", "Sửa đổi"
        ADDED = "added", "Bổ sung"

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="amendments")
    change = models.CharField(max_length=10, choices=Change.choices)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    basis = models.CharField("căn cứ", max_length=200)

    class Meta:
        verbose_name = "sửa đổi, bổ sung"
        verbose_name_plural = "sửa đổi, bổ sung"
        ordering = ["clause__order"]

    def __str__(self):
        return f"{self.clause}: {self.get_change_display()}"


class Indicator(models.Model):
    """Something that is counted: its unit, where it comes from, which way is better. Catalogue of indicators.py."""

    code = models.SlugField("mã", unique=True, max_length=50)
    name = models.CharField("tên", max_length=200)
    definition = models.TextField("định nghĩa")
    unit = models.CharField("đơn vị tính", max_length=12, choices=list(UNIT_LABELS.items()))
    source = models.CharField("nguồn", max_length=12, choices=list(SOURCE_LABELS.items()))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["order"]

    def __str__(self):
        return self.name


class Target(models.Model):
    """What the plan sets for an indicator in an area; its printed rate is kept as printed, never recomputed."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField("kế hoạch", max_digits=12, decimal_places=2)
    published_rate = models.DecimalField(
        "tỷ lệ in trong kế hoạch", max_digits=6, decimal_places=2, null=True, blank=True
    )
    in_appendix = models.BooleanField("có trong phụ lục", default=True)

    class Meta:
        verbose_name = "chỉ tiêu giao"
        verbose_name_plural = "chỉ tiêu giao"
        ordering = ["area__order", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "area"],
                name="target_once_per_area",
                violation_error_message="Địa bàn này đã được giao chỉ tiêu đó.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="target_not_negative", violation_error_message="Chỉ tiêu không được âm."
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.area}"


class Figure(models.Model):
    """A figure that no row of the portal yields, typed with its day and where it comes from. The newest one counts."""

    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="figures")
    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    day = models.DateField("số liệu đến ngày")
    count = models.PositiveIntegerField("đã đạt")
    whole = models.PositiveIntegerField("tổng số")
    evidence = models.CharField("nguồn, minh chứng", max_length=300)
    entered_by = models.ForeignKey(
        User, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("nhập lúc", default=timezone.now)

    class Meta:
        verbose_name = "số liệu nhập"
        verbose_name_plural = "số liệu nhập"
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(count__lte=models.F("whole")) & Q(whole__gt=0),
                name="figure_within_whole",
                violation_error_message="Số đã đạt không được lớn hơn tổng số; tổng số phải lớn hơn 0.",
            )
        ]

    def __str__(self):
        return f"{self.indicator} {self.day:%d/%m/%Y}: {self.count}/{self.whole}"
