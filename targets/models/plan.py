"""The plan as data: every clause with its text, and the figures it sets."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from targets.models.figures import Indicator


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A plan is read by whoever sees figures; a draft only by those who write plans or keep the tables."""
        if user.is_authenticated and (user.may(May.EDIT_PLAN) or user.may(May.EDIT_MASTER_DATA)):
            return self.all()
        return self.issued() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def in_force(self):
        return self.filter(state=Plan.State.IN_FORCE)

    def issued(self):
        return self.exclude(state=Plan.State.DRAFT)

    def for_day(self, today: date):
        """The plan that pages and API are about: this year's, else the newest before it, else the first to come.

        A plan issued in December for the year ahead waits for its year. Drafts are never shown.
        """
        issued = self.issued()
        return issued.filter(year__lte=today.year).order_by("-year").first() or issued.order_by("year").first()


class Plan(models.Model):
    """A year's plan of the city. A draft is written freely; once in force it changes only by amendment."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        IN_FORCE = "in_force", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    number = models.CharField("số, ký hiệu", max_length=40, unique=True)
    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = models.CharField("trích yếu", max_length=300)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True, help_text="Dự thảo: chưa có.")
    signed_by = models.CharField("người ký", max_length=150, blank=True)
    general_goal = models.TextField("mục tiêu chung")
    funding = models.TextField("kinh phí")
    reporting = models.TextField("chế độ báo cáo")
    recipients = models.JSONField("nơi nhận", default=list)
    units_commented = models.PositiveSmallIntegerField(
        "số đơn vị góp ý theo văn bản", null=True, blank=True, help_text="Khi văn bản chỉ nêu số, không nêu tên."
    )
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.IN_FORCE)
    copied_from = models.ForeignKey(
        "self", verbose_name="chép từ", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    figures_closed_to = models.DateField(
        "số liệu đã chốt đến ngày", null=True, blank=True, help_text="Số liệu nhập đến ngày này không nhận nữa."
    )
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_on__isnull=False), name="plan_issued_has_its_day"
            )
        ]

    def __str__(self):
        return f"Kế hoạch {self.number}" if self.state != self.State.DRAFT else self.number


class ClauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user))


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
    copied_from = models.ForeignKey(
        "self", verbose_name="chép từ", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    repealed_on = models.DateField("bãi bỏ từ ngày", null=True, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = "điều khoản"
        verbose_name_plural = "điều khoản"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "ref", "kind"], name="clause_once_per_plan")]

    def __str__(self):
        return self.ref


class Amendment(models.Model):
    """A change of a clause: between the draft and the plan (no day of its own), or of the plan in force (with one)."""

    class Change(models.TextChoices):
        AMENDED = "amended", "Sửa đổi"
        ADDED = "added", "Bổ sung"
        REPEALED = "repealed", "Bãi bỏ"

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="amendments")
    change = models.CharField("thay đổi", max_length=10, choices=Change.choices)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    basis = models.CharField("căn cứ", max_length=200)
    amended_on = models.DateField("có hiệu lực từ", null=True, blank=True)
    by = models.ForeignKey(User, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "sửa đổi, bổ sung"
        verbose_name_plural = "sửa đổi, bổ sung"
        ordering = ["clause__order", "id"]

    def __str__(self):
        return f"{self.clause}: {self.get_change_display()}"


class PlanComment(models.Model):
    """What a unit said of a draft, or that it agrees with all of it; and what became of that."""

    class Answer(models.TextChoices):
        AGREED = "agreed", "Thống nhất, không có ý kiến khác"
        OPEN = "open", "Chưa giải trình"
        ACCEPTED = "accepted", "Tiếp thu"
        PARTLY = "partly", "Tiếp thu một phần"
        EXPLAINED = "explained", "Giải trình, giữ như dự thảo"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="comments")
    agency = models.ForeignKey(Agency, verbose_name="đơn vị góp ý", on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(
        Clause, verbose_name="về mục", null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    document = models.CharField("công văn số", max_length=60, blank=True)
    given_on = models.DateField("ngày góp ý")
    text = models.TextField("nội dung", blank=True)
    answer = models.CharField("tiếp thu, giải trình", max_length=10, choices=Answer.choices, default=Answer.OPEN)
    explanation = models.TextField("nội dung giải trình", blank=True)
    by = models.ForeignKey(User, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ý kiến góp ý"
        verbose_name_plural = "ý kiến góp ý"
        ordering = ["agency__order", "given_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="agreed") | ~Q(text=""),
                name="comment_says_something",
                violation_error_message="Ghi nội dung góp ý, hoặc chọn thống nhất.",
            )
        ]

    def __str__(self):
        return f"{self.agency}: {self.get_answer_display()}"


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of a draft also by who hands targets down."""
        if user.is_authenticated and user.may(May.SET_TARGETS):
            return self.all()
        return self.filter(plan__in=Plan.objects.visible_to(user))


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
    own_value = models.DecimalField(
        "đơn vị tự đặt",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Chặt hơn chỉ tiêu được giao.",
    )
    own_basis = models.CharField("văn bản tự đặt", max_length=200, blank=True)
    sum_reason = models.CharField("lý do các phần cộng lại khác tổng", max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

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
            models.CheckConstraint(condition=Q(own_value=None) | Q(own_value__gte=0), name="target_own_not_negative"),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.area}"

    @property
    def aim(self):
        """What the area works towards: its own stricter value, else what it was given."""
        return self.value if self.own_value is None else self.own_value
