"""The sheets of areas, resident households and agencies: which columns, and what finds a row again."""

from datetime import date

from import_export.fields import Field

from accounts.models import Agency
from accounts.sheets import AreaByCode, Day, ManyByCode, MasterResource, WholeNumber
from areas.models import Area, ResidentHouseholds
from areas.services import place


def _first_day(row):
    return Day().clean(row["có từ ngày"]) or date.min


def _new_year(row):
    year = WholeNumber().clean(row["năm"])
    if not year or not 1990 <= year <= 2100:
        raise ValueError(f"“{row['năm']}” không phải một năm.")
    return date(year, 1, 1)


class AreaSheet(MasterResource):
    parent = Field("parent", "mã trực thuộc", AreaByCode(_first_day))

    class Meta:
        model = Area
        import_id_fields = ["code", "valid_from"]
        fields = [
            "code",
            "level",
            "name",
            "full_name",
            "kind",
            "zone",
            "parent",
            "order",
            "has_residents",
            "valid_from",
            "valid_to",
        ]

    def after_save_instance(self, instance, row, **kwargs):
        place(area=instance)


class ResidentsSheet(MasterResource):
    code = Field("area", "mã địa bàn", AreaByCode(_new_year))
    place = Field("area__full_name", "địa bàn", readonly=True)

    class Meta:
        model = ResidentHouseholds
        import_id_fields = ["code", "year"]
        fields = ["code", "place", "year", "households", "derived", "source"]


class AgencySheet(MasterResource):
    area = Field("area", "mã địa bàn", AreaByCode(_first_day))
    members = Field("members", "mã thành viên", ManyByCode(Agency), m2m_add=False)

    class Meta:
        model = Agency
        import_id_fields = ["code"]
        fields = ["code", "name", "short_name", "kind", "area", "members", "order", "valid_from", "valid_to"]
