"""Places and their dates. A place is known by (code, valid_from): the statistics office has re-used codes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q


class AreaQuerySet(models.QuerySet):
    def existing_on(self, day):
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def under(self, area):
        """The area itself and everything below it."""
        return self.filter(path__startswith=area.path)

    def wards(self):
        return self.filter(level=Area.Level.WARD)

    def districts(self):
        return self.filter(level=Area.Level.DISTRICT)


class Area(models.Model):
    """A city, a district or a ward, for as long as it existed under that code."""

    class Level(models.TextChoices):
        CITY = "city", "Thành phố"
        DISTRICT = "district", "Quận, huyện"
        WARD = "ward", "Phường, xã"

    class Zone(models.TextChoices):
        URBAN = "urban", "Thành thị"
        RURAL = "rural", "Nông thôn"

    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=80)
    full_name = models.CharField("tên đầy đủ", max_length=120)
    kind = models.CharField("loại", max_length=40)
    zone = models.CharField("khu vực", max_length=10, choices=Zone.choices, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="trực thuộc", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField("đường dẫn", max_length=60, db_index=True, editable=False)
    order = models.PositiveSmallIntegerField("thứ tự", default=0, help_text="Thứ tự trong phụ lục kế hoạch.")
    has_residents = models.BooleanField("có hộ dân cư", default=True)
    valid_from = models.DateField("có từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "địa bàn"
        verbose_name_plural = "địa bàn"
        ordering = ["order", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="area_code_once_per_start",
                violation_error_message="Mã này đã có từ ngày đó.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="area_dates_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=~Q(level="ward") | Q(zone__in=["urban", "rural"]),
                name="area_ward_has_zone",
                violation_error_message="Phường, xã phải ghi khu vực thành thị hoặc nông thôn.",
            ),
        ]

    def __str__(self):
        return self.full_name

    def clean(self):
        """A ward lies in a district, a district in a city, a city in nothing."""
        above = {self.Level.DISTRICT: self.Level.CITY, self.Level.WARD: self.Level.DISTRICT}.get(self.level)
        if above is None and self.parent_id:
            raise ValidationError({"parent": "Thành phố không thuộc đơn vị nào."})
        if above and (self.parent_id is None or self.parent.level != above):
            raise ValidationError({"parent": f"Cấp này phải trực thuộc một đơn vị cấp {above.label.lower()}."})

    @property
    def is_city(self):
        return self.level == self.Level.CITY


class ResidentHouseholds(models.Model):
    """Resident households of a district or ward in a year: what the poverty rates are divided by."""

    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="residents")
    year = models.PositiveSmallIntegerField("năm")
    households = models.PositiveIntegerField("số hộ dân cư")
    derived = models.BooleanField(
        "suy ra", default=False, help_text="Suy ra từ tỷ lệ in trong kế hoạch, chưa phải số liệu dân cư."
    )
    source = models.CharField("nguồn", max_length=300)

    class Meta:
        verbose_name = "số hộ dân cư"
        verbose_name_plural = "số hộ dân cư"
        ordering = ["-year", "area__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year"],
                name="residents_once_per_year",
                violation_error_message="Địa bàn này đã có số hộ dân cư của năm đó.",
            ),
            models.CheckConstraint(
                condition=Q(households__gt=0),
                name="residents_more_than_none",
                violation_error_message="Số hộ dân cư phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return f"{self.area}, {self.year}"
