"""What a support holds beyond its day and amount: a house under way with its money by source, a loan's balances."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Agency, User
from accounts.roles import May
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.models.people import Household
from households.models.status import Policy, Support
from households.support_stages import SOURCES, STAGES, stage


class HouseWorkQuerySet(ScopedQuerySet):
    def readable_by(self, user):
        """As with supports: those of the own area, or, without a right to households, the own agency's."""
        if user.is_authenticated and user.may(May.SEE_HOUSEHOLDS):
            return self.visible_to(user)
        return self.given_by(user)

    def given_by(self, user):
        if not user.is_authenticated or not user.may(May.GIVE_SUPPORT) or user.agency_id is None:
            return self.none()
        return self.filter(agency=user.agency_id)

    def kept_by(self, user):
        """Rows that the user may carry on: an agency its own, a ward's officer those that the ward wrote itself."""
        if user.is_authenticated and user.may(May.EDIT_HOUSEHOLDS):
            return self.visible_to(user).filter(agency=user.agency_id)
        return self.given_by(user)


class HouseWork(models.Model):
    """A house built or repaired for a household. It becomes a support, and counts, on the day it is handed over."""

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="house_works")
    policy = models.ForeignKey(Policy, verbose_name="chính sách", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        Agency, verbose_name="đơn vị hỗ trợ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(
        User, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField("được duyệt ngày")
    started_on = models.DateField("khởi công ngày", null=True, blank=True)
    finished_on = models.DateField("hoàn thành ngày", null=True, blank=True)
    handed_over_on = models.DateField("bàn giao ngày", null=True, blank=True)
    # Dong, by who pays.
    from_central = models.PositiveBigIntegerField("ngân sách Trung ương (đồng)", default=0)
    from_city = models.PositiveBigIntegerField("ngân sách thành phố (đồng)", default=0)
    from_district = models.PositiveBigIntegerField("ngân sách quận, huyện (đồng)", default=0)
    from_fund = models.PositiveBigIntegerField("Quỹ Vì người nghèo (đồng)", default=0)
    from_foreign = models.PositiveBigIntegerField("viện trợ nước ngoài (đồng)", default=0)
    from_private = models.PositiveBigIntegerField("doanh nghiệp, cộng đồng, gia đình (đồng)", default=0)
    from_bank = models.PositiveBigIntegerField("vay ngân hàng (đồng)", default=0)
    outside_reason = models.CharField("lý do hỗ trợ ngoài diện", max_length=300, blank=True)
    support = models.OneToOneField(
        Support, verbose_name="hỗ trợ", null=True, blank=True, on_delete=models.PROTECT, related_name="house_work"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseWorkQuerySet.as_manager()

    PRIVATE = {"household", "policy", "ward", "agency", "outside_reason", "support", *STAGES, *SOURCES}
    OPEN = {"id", "entered_by", "version"}

    class Meta:
        verbose_name = "nhà ở được hỗ trợ"
        verbose_name_plural = "nhà ở được hỗ trợ"
        ordering = ["-approved_on", "-id"]
        indexes = [models.Index(fields=["ward", "approved_on"], name="house_work_ward_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "policy"],
                condition=Q(handed_over_on__isnull=True),
                name="house_work_one_under_way",
                violation_error_message="Hộ đang có nhà chưa bàn giao theo chính sách này.",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(started_on__gte=F("approved_on")),
                name="house_work_started_after",
                violation_error_message="Ngày khởi công không được trước ngày được duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(started_on__isnull=False, finished_on__gte=F("started_on")),
                name="house_work_finished_after",
                violation_error_message="Ngày hoàn thành không được trước ngày khởi công.",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True)
                | Q(finished_on__isnull=False, handed_over_on__gte=F("finished_on")),
                name="house_work_handed_after",
                violation_error_message="Ngày bàn giao không được trước ngày hoàn thành.",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True, support__isnull=True)
                | Q(handed_over_on__isnull=False, support__isnull=False),
                name="house_work_counts_when_handed",
            ),
        ]

    def __str__(self):
        return str(self.household)

    @property
    def days(self):
        return {name: getattr(self, name) for name in STAGES}

    @property
    def stage(self) -> str:
        return STAGES[stage(self.days)]

    @property
    def money(self) -> int:
        """Dong from all sources."""
        return sum(getattr(self, name) for name in SOURCES)


class BalanceQuerySet(ScopedQuerySet):
    area_field = "support__ward"


class LoanBalance(models.Model):
    """What of a loan was outstanding and overdue at the end of a day, as its bank wrote it. Kept for good."""

    support = models.ForeignKey(Support, verbose_name="khoản vay", on_delete=models.CASCADE, related_name="balances")
    day = models.DateField("tính đến ngày")
    outstanding = models.PositiveBigIntegerField("dư nợ (đồng)")
    overdue = models.PositiveBigIntegerField("nợ quá hạn (đồng)", default=0)
    entered_by = models.ForeignKey(
        User, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BalanceQuerySet.as_manager()

    PRIVATE = {"support", "outstanding", "overdue"}
    OPEN = {"id", "day", "entered_by"}

    class Meta:
        verbose_name = "dư nợ"
        verbose_name_plural = "dư nợ"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["support", "day"],
                name="loan_balance_once_a_day",
                violation_error_message="Khoản vay đã có dư nợ của ngày này.",
            ),
            models.CheckConstraint(condition=Q(overdue__lte=F("outstanding")), name="loan_overdue_is_outstanding"),
        ]

    def __str__(self):
        return str(self.support)
