"""Households and their members."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, FilteredRelation, Q

from accounts.scoping import ScopedQuerySet
from areas.models import Area


class HouseholdQuerySet(ScopedQuerySet):
    def with_head(self):
        """The head's name without a query per row."""
        return self.annotate(
            head=FilteredRelation("members", condition=Q(members__relation="head", members__left_on__isnull=True)),
            head_name=F("head__full_name"),
            head_key=F("head__sort_key"),
        )

    def for_list(self):
        return self.with_head().select_related("ward__parent")


class Household(models.Model):
    """People who live and eat together; the unit that the programme counts."""

    class Tenure(models.TextChoices):
        OWN = "own", "Nhà của hộ"
        RENT = "rent", "Thuê nhà tư nhân"
        RENT_STATE = "rent_state", "Thuê nhà của Nhà nước"
        BORROWED = "borrowed", "Ở nhờ"

    class ClosedAs(models.TextChoices):
        DIED_OUT = "died_out", "Không còn thành viên"
        MOVED_OUT = "moved_out", "Chuyển khỏi thành phố"
        MERGED = "merged", "Nhập vào hộ khác"

    code = models.CharField("mã hộ", max_length=20, unique=True)
    ward = models.ForeignKey(  # its households are found by the index of ward and code
        Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    group = models.CharField("tổ dân phố, thôn", max_length=60)
    address = models.CharField("địa chỉ", max_length=200)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    search = models.TextField(editable=False)  # made by members.search_text
    tenure = models.CharField("chỗ ở", max_length=15, choices=Tenure.choices, blank=True)
    living_area = models.DecimalField("diện tích ở (m²)", max_digits=7, decimal_places=2, null=True, blank=True)
    registered_on = models.DateField("ngày lập hồ sơ")
    closed_on = models.DateField("ngày đóng hồ sơ", null=True, blank=True)
    closed_as = models.CharField("vì sao đóng", max_length=12, choices=ClosedAs.choices, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="nhập vào hộ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        db_index=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    PRIVATE = {
        "code",
        "ward",
        "group",
        "address",
        "phone",
        "search",
        "tenure",
        "living_area",
        "closed_as",
        "merged_into",
    }
    OPEN = {"id", "registered_on", "closed_on", "version"}

    class Meta:
        verbose_name = "hộ"
        verbose_name_plural = "hộ"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["ward", "code"], name="household_ward_code"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="household_merged_into"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("registered_on")),
                name="household_dates_in_order",
                violation_error_message="Ngày đóng hồ sơ phải sau ngày lập.",
            )
        ]

    def __str__(self):
        return self.code


def has_number(kind: str, marks) -> Q:
    """Members who have one of these numbers now: the whole condition of the unique index of `kind`, so that it answers."""
    return Q(left_on__isnull=True, **{f"{kind}_hash__in": marks}) & ~Q(**{f"{kind}_hash": ""})


class MemberQuerySet(ScopedQuerySet):
    area_field = "household__ward"


class Member(models.Model):
    """Somebody who belongs to a household from a day, until a day."""

    class Relation(models.TextChoices):
        HEAD = "head", "Chủ hộ"
        SPOUSE = "spouse", "Vợ, chồng"
        CHILD = "child", "Con"
        PARENT = "parent", "Bố, mẹ"
        GRANDCHILD = "grandchild", "Cháu"
        SIBLING = "sibling", "Anh, chị, em"
        OTHER = "other", "Khác"

    class Sex(models.TextChoices):
        MALE = "male", "Nam"
        FEMALE = "female", "Nữ"

    class Schooling(models.TextChoices):
        """What somebody attends now; blank: not asked."""

        NONE = "none", "Không đi học"
        PRESCHOOL = "preschool", "Mầm non"
        PRIMARY = "primary", "Tiểu học"
        LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở"
        UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông"
        VOCATIONAL = "vocational", "Học nghề"
        HIGHER = "higher", "Cao đẳng, đại học"

    class Education(models.TextChoices):
        """The highest certificate that somebody holds; blank: not asked."""

        NONE = "none", "Chưa có bằng cấp"
        PRIMARY = "primary", "Tiểu học"
        LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở"
        UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông"
        TRAINED_ON_JOB = "trained_on_job", "Doanh nghiệp đào tạo, có chứng nhận"
        ELEMENTARY = "elementary", "Sơ cấp nghề"
        INTERMEDIATE = "intermediate", "Trung cấp"
        COLLEGE = "college", "Cao đẳng"
        UNIVERSITY = "university", "Đại học trở lên"

    class Work(models.TextChoices):
        """What somebody works as now; blank: not asked."""

        CONTRACT = "contract", "Làm công, có hợp đồng"
        NO_CONTRACT = "no_contract", "Làm công, không hợp đồng"
        SELF_EMPLOYED = "self_employed", "Tự làm"
        SEEKING = "seeking", "Muốn làm, chưa tìm được việc"
        NOT_SEEKING = "not_seeking", "Không làm, không tìm việc"
        UNABLE = "unable", "Mất khả năng lao động"

    class LeftAs(models.TextChoices):
        MOVED = "moved", "Chuyển đi"
        DIED = "died", "Đã mất"
        SPLIT = "split", "Tách hộ"
        MERGED = "merged", "Nhập hộ"
        MISTAKE = "mistake", "Ghi nhầm"

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.CASCADE, related_name="members")
    full_name = models.CharField("họ và tên", max_length=120)
    search_name = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=120, editable=False)
    relation = models.CharField("quan hệ với chủ hộ", max_length=12, choices=Relation.choices)
    sex = models.CharField("giới tính", max_length=6, choices=Sex.choices)
    birth_year = models.PositiveSmallIntegerField("năm sinh")
    birth_month = models.PositiveSmallIntegerField(
        "tháng sinh", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    birth_day = models.PositiveSmallIntegerField(
        "ngày sinh", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    ethnicity = models.CharField("dân tộc", max_length=40, default="Kinh")
    citizen_id_sealed = models.CharField(max_length=200, blank=True, editable=False)
    citizen_id_hash = models.CharField(max_length=64, blank=True, editable=False)
    citizen_id_last4 = models.CharField(max_length=4, blank=True, editable=False)
    old_id_sealed = models.CharField(max_length=200, blank=True, editable=False)  # CMND, 9 digits
    old_id_hash = models.CharField(max_length=64, blank=True, editable=False)
    old_id_last4 = models.CharField(max_length=4, blank=True, editable=False)
    insurance_sealed = models.CharField(max_length=200, blank=True, editable=False)  # social insurance, 10 digits
    insurance_hash = models.CharField(max_length=64, blank=True, editable=False)
    insurance_last4 = models.CharField(max_length=4, blank=True, editable=False)
    # What indicators 2 to 6 of form B look at; null or blank: not asked.
    schooling = models.CharField("đang học", max_length=15, choices=Schooling.choices, blank=True)
    education = models.CharField("bằng cấp cao nhất", max_length=15, choices=Education.choices, blank=True)
    work = models.CharField("việc làm", max_length=15, choices=Work.choices, blank=True)
    has_insurance = models.BooleanField("có bảo hiểm y tế", null=True, blank=True)
    has_allowance = models.BooleanField("hưởng trợ cấp xã hội hằng tháng", null=True, blank=True)
    is_disabled = models.BooleanField("là người khuyết tật", null=True, blank=True)
    is_malnourished = models.BooleanField("suy dinh dưỡng", null=True, blank=True)
    has_merit = models.BooleanField("là người có công", null=True, blank=True)
    joined_on = models.DateField("vào hộ ngày")
    left_on = models.DateField("rời hộ ngày", null=True, blank=True)
    left_as = models.CharField("vì sao rời hộ", max_length=10, choices=LeftAs.choices, blank=True)

    objects = MemberQuerySet.as_manager()

    PRIVATE = {
        "household",
        "full_name",
        "search_name",
        "sort_key",
        "relation",
        "sex",
        "birth_year",
        "birth_month",
        "birth_day",
        "ethnicity",
        "citizen_id_sealed",
        "citizen_id_hash",
        "citizen_id_last4",
        "old_id_sealed",
        "old_id_hash",
        "old_id_last4",
        "insurance_sealed",
        "insurance_hash",
        "insurance_last4",
        "schooling",
        "education",
        "work",
        "has_insurance",
        "has_allowance",
        "is_disabled",
        "is_malnourished",
        "has_merit",
        "left_as",
    }
    OPEN = {"id", "joined_on", "left_on"}

    class Meta:
        verbose_name = "thành viên"
        verbose_name_plural = "thành viên"
        ordering = ["id"]
        indexes = [
            # Lists of households in the order of their heads' names walk this instead of sorting everybody.
            models.Index(
                fields=["sort_key", "household"],
                condition=Q(relation="head", left_on__isnull=True),
                name="member_head_by_name",
            ),
            # Likely duplicates in other wards are looked up here, a person at a time.
            models.Index(
                fields=["search_name", "birth_year"], condition=Q(left_on__isnull=True), name="member_name_and_year"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation="head", left_on__isnull=True),
                name="household_has_one_head",
                violation_error_message="Hộ chỉ có một chủ hộ.",
            ),
            models.UniqueConstraint(
                fields=["citizen_id_hash"],
                condition=Q(left_on__isnull=True) & ~Q(citizen_id_hash=""),
                name="citizen_id_in_one_household",
                violation_error_message="Số định danh này đã có ở một hộ khác.",
            ),
            models.UniqueConstraint(
                fields=["old_id_hash"],
                condition=Q(left_on__isnull=True) & ~Q(old_id_hash=""),
                name="old_id_in_one_household",
                violation_error_message="Số CMND cũ này đã có ở một hộ khác.",
            ),
            models.UniqueConstraint(
                fields=["insurance_hash"],
                condition=Q(left_on__isnull=True) & ~Q(insurance_hash=""),
                name="insurance_in_one_household",
                violation_error_message="Mã bảo hiểm này đã có ở một hộ khác.",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="member_dates_in_order",
                violation_error_message="Ngày rời hộ phải sau ngày vào hộ.",
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def birth(self) -> str:
        """As much of the birth date as is known."""
        year, month, day = self.birth_year, self.birth_month, self.birth_day
        if not month:
            return str(year)
        return f"{day:02d}/{month:02d}/{year}" if day else f"{month:02d}/{year}"

    @property
    def facts(self) -> list[str]:
        """What is known beside name and birth, in words; what was not asked is not told."""
        told = [
            self.schooling and f"đang học: {self.get_schooling_display().lower()}",
            self.education and f"bằng cấp: {self.get_education_display().lower()}",
            self.work and self.get_work_display().lower(),
            self.has_insurance is False and "không có BHYT",
            self.has_allowance and "hưởng trợ cấp xã hội",
            self.is_disabled and "khuyết tật",
            self.is_malnourished and "suy dinh dưỡng",
            self.has_merit and "người có công",
        ]
        return [words for words in told if words]
