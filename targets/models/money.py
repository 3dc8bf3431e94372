"""Money: what was allotted to an agency by source, clause and policy, and each time that some of it was spent."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from households.models import Policy, Support
from targets.models.activities import Activity
from targets.models.plan import Clause


class BudgetSource(models.Model):
    """Who pays. Codes are those of a house's money by source (households.support_stages.SOURCES) without 'from_'."""

    code = models.SlugField("mã", unique=True, max_length=40)
    name = models.CharField("tên", max_length=120)
    short_name = models.CharField("tên ngắn", max_length=40)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "nguồn kinh phí"
        verbose_name_plural = "nguồn kinh phí"
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class BudgetLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sums of money hold no personal data: whoever sees figures sees all of them."""
        return self.all() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def spent_by(self, user):
        """Lines of one's own agency, a district's officer those of its People's Committee, for who records spending."""
        if not user.is_authenticated or not user.may(May.RECORD_SPENDING):
            return self.none()
        return self.filter(agency__in=Agency.objects.of(user))

    def standing(self):
        """Without what was written by mistake."""
        return self.filter(cancelled_for="")


class BudgetLine(models.Model):
    """Money allotted to an agency for a year, in dong. What is left is derived, never stored."""

    year = models.PositiveSmallIntegerField("năm")
    source = models.ForeignKey(BudgetSource, verbose_name="nguồn", on_delete=models.PROTECT, related_name="lines")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan sử dụng", on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(
        Clause, verbose_name="mục của kế hoạch", null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    policy = models.ForeignKey(
        Policy, verbose_name="chính sách", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("nội dung", max_length=200)
    allotted = models.PositiveBigIntegerField("số giao (đồng)")
    allotted_on = models.DateField("ngày giao")
    basis = models.CharField("căn cứ", max_length=200)
    over_allowed = models.PositiveBigIntegerField("được chi vượt (đồng)", default=0)
    over_reason = models.CharField("lý do cho chi vượt", max_length=300, blank=True)
    over_by = models.ForeignKey(
        User, verbose_name="người cho phép", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_for = models.CharField("lý do hủy", max_length=300, blank=True)
    version = models.PositiveIntegerField("bản", default=1)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng kinh phí"
        verbose_name_plural = "dòng kinh phí"
        ordering = ["-year", "agency__order", "source__order", "id"]
        indexes = [models.Index(fields=["year", "source", "agency"], name="budget_line_of_year")]
        constraints = [
            models.CheckConstraint(condition=Q(allotted__gt=0), name="budget_line_of_something"),
            models.CheckConstraint(
                condition=Q(over_allowed=0, over_reason="", over_by=None)
                | Q(over_allowed__gt=0, over_by__isnull=False) & ~Q(over_reason=""),
                name="budget_over_says_why",
            ),
            models.UniqueConstraint(
                fields=["year", "source", "agency", "title"],
                condition=Q(cancelled_for=""),
                name="budget_line_once",
                violation_error_message="Cơ quan đã có dòng kinh phí cùng năm, cùng nguồn, cùng nội dung.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ceiling(self) -> int:
        """What may be spent of it: the allotment, and what was allowed beyond it."""
        return self.allotted + self.over_allowed


class DisbursementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def spent_by(self, user):
        """As of lines: what one's own agency spent."""
        return self.filter(line__in=BudgetLine.objects.spent_by(user))

    def standing(self):
        return self.filter(cancelled_at=None)

    def up_to(self, day: date | None):
        """Spent by the end of a day; all of it without one."""
        return self.standing().filter(day__lte=day) if day else self.standing()


class Disbursement(models.Model):
    """One spending that draws on a line. It is never changed or deleted: a correction cancels it and writes another."""

    line = models.ForeignKey(BudgetLine, verbose_name="dòng", on_delete=models.PROTECT, related_name="disbursements")
    day = models.DateField("ngày chi")
    amount = models.PositiveBigIntegerField("số tiền (đồng)")
    what = models.CharField("nội dung chi", max_length=300)
    document = models.CharField("chứng từ số", max_length=60, blank=True)
    # PROTECT: a support that money was drawn for is not taken out before the spending is cancelled.
    support = models.ForeignKey(
        Support, verbose_name="hỗ trợ", null=True, blank=True, on_delete=models.PROTECT, related_name="disbursements"
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name="hoạt động",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="disbursements",
    )
    entered_by = models.ForeignKey(User, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("ghi lúc", default=timezone.now)
    corrects = models.OneToOneField(
        "self", verbose_name="sửa cho", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    cancelled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, verbose_name="người hủy", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_for = models.CharField("lý do hủy, sửa", max_length=300, blank=True)

    objects = DisbursementQuerySet.as_manager()

    class Meta:
        verbose_name = "khoản chi"
        verbose_name_plural = "khoản chi"
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["line", "day"], name="disbursement_days")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_of_something"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancelled_for="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_for=""),
                name="disbursement_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(corrects=F("id")), name="disbursement_corrects_another"
            ),
        ]

    def __str__(self):
        return self.what
