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

    code = models.CharField("mã hộ", max_length=20, unique=True)
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    group = models.CharField("tổ dân phố, thôn", max_length=60)
    address = models.CharField("địa chỉ", max_length=200)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    search = models.TextField(editable=False)  # made by members.search_text
    registered_on = models.DateField("ngày lập hồ sơ")
    closed_on = models.DateField("ngày đóng hồ sơ", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    PRIVATE = {"code", "ward", "group", "address", "phone", "search"}
    OPEN = {"id", "registered_on", "closed_on", "version"}

    class Meta:
        verbose_name = "hộ"
        verbose_name_plural = "hộ"
        ordering = ["code"]
        indexes = [models.Index(fields=["ward", "code"], name="household_ward_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("registered_on")),
                name="household_dates_in_order",
                violation_error_message="Ngày đóng hồ sơ phải sau ngày lập.",
            )
        ]

    def __str__(self):
        return self.code


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

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.CASCADE, related_name="members")
    full_name = models.CharField("họ và tên", max_length=120)
    search_name = models.CharField(max_length=120, editable=False, db_index=True)
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
    citizen_id_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    citizen_id_last4 = models.CharField(max_length=4, blank=True, editable=False)
    joined_on = models.DateField("vào hộ ngày")
    left_on = models.DateField("rời hộ ngày", null=True, blank=True)

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
            )
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
        parts = [self.birth_day, self.birth_month] if self.birth_day and self.birth_month else [self.birth_month]
        return "/".join([*(f"{part:02d}" for part in parts if part), str(self.birth_year)])
