"""The sheets of indicators, targets and budget sources: which columns, and what finds a row again."""

from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from accounts.sheets import AreaByCode, MasterResource, Text
from targets.indicators import INDICATORS
from targets.models import BudgetSource, Indicator, Plan, Target


class ByCode(ForeignKeyWidget):
    """A plan by its number, an indicator by its code; an unknown one is named."""

    def clean(self, value, row=None, **kwargs):
        given = Text().clean(value)
        found = self.model._default_manager.filter(**{self.field: given}).first()
        if found is None:
            raise ValueError(f"Không có {self.model._meta.verbose_name} “{given}”.")
        return found


def _issued(row):
    """Areas are those of the day on which the plan was issued."""
    return ByCode(Plan, "number").clean(row["số kế hoạch"]).issued_on


class IndicatorSheet(MasterResource):
    class Meta:
        model = Indicator
        import_id_fields = ["code"]
        fields = ["code", "name", "definition", "owner", "tolerance", "order"]

    def before_import_row(self, row, **kwargs):
        """How an indicator is counted is code, so a sheet can word one and not invent one."""
        if Text().clean(row["mã"]) not in INDICATORS:
            raise ValueError(f"Không có chỉ tiêu mã “{row['mã']}”.")


class TargetSheet(MasterResource):
    plan = Field("plan", "số kế hoạch", ByCode(Plan, "number"))
    area = Field("area", "mã địa bàn", AreaByCode(_issued))
    place = Field("area__full_name", "địa bàn", readonly=True)
    indicator = Field("indicator", "mã chỉ tiêu", ByCode(Indicator, "code"))
    name = Field("indicator__name", "chỉ tiêu", readonly=True)

    class Meta:
        model = Target
        import_id_fields = ["plan", "area", "indicator"]
        fields = ["plan", "area", "place", "indicator", "name", "value", "published_rate", "in_appendix"]


class BudgetSourceSheet(MasterResource):
    class Meta:
        model = BudgetSource
        import_id_fields = ["code"]
        fields = ["code", "name", "short_name", "order", "active"]
