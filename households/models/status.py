"""A status is a spell of time; everything that is counted is counted from spells and supports."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Agency, User
from accounts.roles import May
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households import spells
from households.models.people import Household, Member
from households.models.reviews import Review
from households.models.standards import Standard
from households.standards import CATEGORY_LABELS, Category


class SpellQuerySet(ScopedQuerySet):
    def on(self, day):
        """Spells that hold on a day: from their first day up to, not including, the day they end."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def open(self):
        return self.filter(valid_to__isnull=True)


class StatusSpell(models.Model):
    """A household is poor, or near-poor, under a standard, in a ward, from a day until a day (exclusive)."""

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="spells")
    standard = models.ForeignKey(Standard, verbose_name="chuẩn", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(
        "phân loại", max_length=10, choices=[(c.value, CATEGORY_LABELS[c]) for c in (Category.POOR, Category.NEAR_POOR)]
    )
    persons = models.PositiveSmallIntegerField("số nhân khẩu")
    has_labour = models.BooleanField("còn sức lao động")
    special_hardship = models.BooleanField("hoàn cảnh đặc biệt khó khăn")
    has_merit = models.BooleanField("có người có công")
    ethnic_minority = models.BooleanField("dân tộc thiểu số")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)
    opened_as = models.CharField(
        "vì sao bắt đầu", max_length=20, choices=[(r.value, t) for r, t in spells.OPENED_LABELS.items()]
    )
    closed_as = models.CharField(
        "vì sao kết thúc", max_length=20, blank=True, choices=[(r.value, t) for r, t in spells.CLOSED_LABELS.items()]
    )
    opened_by = models.ForeignKey(
        Review, verbose_name="phiếu mở đầu", null=True, on_delete=models.PROTECT, related_name="opened_spells"
    )
    closed_by = models.ForeignKey(
        Review,
        verbose_name="phiếu kết thúc",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="closed_spells",
    )

    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = "giai đoạn phân loại"
        verbose_name_plural = "giai đoạn phân loại"
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["ward", "standard", "valid_from", "valid_to"], name="spell_ward_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "standard"],
                condition=Q(valid_to__isnull=True),
                name="spell_one_open",
                violation_error_message="Hộ đã có phân loại còn hiệu lực theo chuẩn này.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="spell_lasts_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, closed_as="") | (Q(valid_to__isnull=False) & ~Q(closed_as="")),
                name="spell_closed_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.household}: {self.get_category_display()} từ {self.valid_from:%d/%m/%Y}"

    def status(self) -> spells.Status:
        return spells.Status(
            Category(self.category),
            self.ward_id,
            self.persons,
            self.has_labour,
            self.special_hardship,
            self.has_merit,
            self.ethnic_minority,
        )


class Policy(models.Model):
    """A support policy, with the document it rests on and how it is counted."""

    class Kind(models.TextChoices):
        HOUSE_NEW = "house_new", "Xây mới nhà ở"
        HOUSE_REPAIR = "house_repair", "Sửa chữa nhà ở"
        JOB = "job", "Giới thiệu việc làm"
        INSURANCE = "insurance", "Bảo hiểm y tế"
        TRAINING = "training", "Đào tạo nghề"
        LOAN = "loan", "Cho vay vốn"
        TUITION = "tuition", "Miễn, giảm học phí"
        SCHOLARSHIP = "scholarship", "Học bổng"
        PRODUCTION = "production", "Hỗ trợ sản xuất"
        LEGAL_AID = "legal_aid", "Trợ giúp pháp lý"
        SOCIAL_HOUSING = "social_housing", "Nhà ở xã hội"
        RENT_RELIEF = "rent_relief", "Miễn, giảm tiền thuê nhà"
        GIFT = "gift", "Quà, hiện vật"
        OTHER = "other", "Khác"

    class Unit(models.TextChoices):
        HOUSEHOLD = "household", "Hộ"
        PERSON = "person", "Người"
        TURN = "turn", "Lượt"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=150)
    kind = models.CharField("loại", max_length=15, choices=Kind.choices)
    legal_basis = models.CharField("căn cứ", max_length=300)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    unit = models.CharField("tính theo", max_length=10, choices=Unit.choices, default=Unit.HOUSEHOLD)
    fund = models.CharField("nguồn kinh phí", max_length=150, blank=True)
    # Whom it is for; what is not ticked or left empty asks nothing (eligibility.Rule).
    for_poor = models.BooleanField("cho hộ nghèo", default=False)
    for_near_poor = models.BooleanField("cho hộ cận nghèo", default=False)
    for_issuer = models.CharField("theo chuẩn", max_length=10, choices=Standard.Issuer.choices, blank=True)
    needs_labour = models.BooleanField("chỉ hộ còn sức lao động", default=False)
    needs_hardship = models.BooleanField("chỉ hộ có hoàn cảnh đặc biệt khó khăn", default=False)
    needs_merit = models.BooleanField("chỉ hộ có người có công", default=False)
    age_from = models.PositiveSmallIntegerField("người hưởng từ (tuổi)", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("người hưởng đến hết (tuổi)", null=True, blank=True)
    escaped_months = models.PositiveSmallIntegerField(
        "cả hộ mới thoát nghèo (tháng)", default=0, help_text="Số tháng từ khi thoát nghèo. 0: không áp dụng."
    )

    class Meta:
        verbose_name = "chính sách hỗ trợ"
        verbose_name_plural = "chính sách hỗ trợ"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_to__gte=F("age_from")),
                name="policy_ages_in_order",
                violation_error_message="Tuổi đến phải từ tuổi đầu trở lên.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def of_members(self) -> bool:
        """Whether it is said who of the household receives it."""
        return self.unit == self.Unit.PERSON

    @property
    def is_house(self) -> bool:
        return self.kind in (self.Kind.HOUSE_NEW, self.Kind.HOUSE_REPAIR)


class SupportQuerySet(ScopedQuerySet):
    def given_by(self, user):
        """Supports of the user's own agency, in any area, for who may give but not see households.

        The second way to these rows beside `visible_to`: an agency must find what it gave itself, and nothing more.
        """
        if not user.is_authenticated or not user.may(May.GIVE_SUPPORT) or user.agency_id is None:
            return self.none()
        return self.filter(agency=user.agency_id)

    def kept_by(self, user):
        """Rows that the user may correct: an agency its own, a ward's officer those that the ward wrote itself."""
        if user.is_authenticated and user.may(May.EDIT_HOUSEHOLDS):
            return self.visible_to(user).filter(agency=user.agency_id)
        return self.given_by(user)


class Support(models.Model):
    """What a household received under a policy: a house finished, a job found, insurance cards held."""

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="supports")
    policy = models.ForeignKey(Policy, verbose_name="chính sách", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, verbose_name="người hưởng", null=True, blank=True, on_delete=models.PROTECT, related_name="supports"
    )
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(
        "ngày hưởng", help_text="Nhà: ngày bàn giao. Việc làm: ngày nhận việc. Thẻ: ngày có hiệu lực."
    )
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)
    persons = models.PositiveSmallIntegerField("số người hưởng", default=1)
    amount = models.PositiveBigIntegerField("số tiền (đồng)", null=True, blank=True)
    agency = models.ForeignKey(
        Agency, verbose_name="đơn vị hỗ trợ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(
        User, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )
    outside_reason = models.CharField("lý do hỗ trợ ngoài diện", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SupportQuerySet.as_manager()

    PRIVATE = {
        "household",
        "policy",
        "member",
        "ward",
        "given_on",
        "ends_on",
        "persons",
        "amount",
        "agency",
        "outside_reason",
    }
    OPEN = {"id", "entered_by", "version"}

    class Meta:
        verbose_name = "hỗ trợ"
        verbose_name_plural = "hỗ trợ"
        ordering = ["-given_on", "-id"]
        indexes = [models.Index(fields=["ward", "policy", "given_on"], name="support_ward_days")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("given_on")),
                name="support_dates_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày hưởng.",
            ),
            models.CheckConstraint(
                condition=Q(persons__gte=1),
                name="support_of_somebody",
                violation_error_message="Số người hưởng phải từ 1 trở lên.",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(persons=1),
                name="support_of_one_member",
                violation_error_message="Hỗ trợ của một người thì số người hưởng là 1.",
            ),
        ]

    def __str__(self):
        return str(self.household)  # it stands in the log, so it is the household's code and no more
