"""The sheets of households' master tables: which columns, and what finds a row again."""

from import_export.fields import Field

from accounts.sheets import MasterResource, Text
from households.models import Holiday, Policy, Result, ScreeningItem, ScreeningRule, Standard, StepDeadline

LINES = ("line_rural", "line_urban", "deprivations_for_poor")


class StandardSheet(MasterResource):
    """Says in the sheet what the form says at the field: what results rest on, and what is confirmed, stays."""

    confirmed = Field("confirmed", "đã xác nhận", readonly=True)
    document = Field("confirmed_document", "số văn bản xác nhận", Text(), readonly=True)

    class Meta:
        model = Standard
        import_id_fields = ["code"]
        fields = ["code", "name", "issuer", "basis", *LINES, "valid_from", "valid_to", "legal_basis"]
        fields += ["confirmed", "document"]

    def dehydrate_confirmed(self, standard):
        return "có" if standard.confirmed else "không"

    def before_save_instance(self, instance, row, **kwargs):
        held = Standard.objects.filter(pk=instance.pk).first() if instance.pk else None
        if held is None:
            return
        if held.confirmed:
            raise ValueError(f"Chuẩn {held.code} đã xác nhận, không sửa được. Hãy lập chuẩn mới.")
        if any(getattr(held, name) != getattr(instance, name) for name in ("issuer", "basis")):
            raise ValueError(f"Cấp ban hành và cách so của chuẩn {held.code} không sửa được. Hãy lập chuẩn mới.")
        changed = any(getattr(held, name) != getattr(instance, name) for name in LINES)
        if changed and Result.objects.filter(standard=held).exists():
            raise ValueError(
                f"Đã có phiếu phân loại theo mức của chuẩn {held.code}, không sửa được. Hãy lập chuẩn mới."
            )


class PolicySheet(MasterResource):
    class Meta:
        model = Policy
        import_id_fields = ["code"]
        exclude = ["id"]


class HolidaySheet(MasterResource):
    class Meta:
        model = Holiday
        import_id_fields = ["day"]
        exclude = ["id"]


class DeadlineSheet(MasterResource):
    class Meta:
        model = StepDeadline
        import_id_fields = ["kind", "step"]
        exclude = ["id"]


class ScreeningItemSheet(MasterResource):
    class Meta:
        model = ScreeningItem
        import_id_fields = ["code"]
        exclude = ["id"]


class ScreeningRuleSheet(MasterResource):
    """One row at most, so there is nothing to find it by."""

    class Meta:
        model = ScreeningRule
        import_id_fields = ["threshold"]
        fields = ["threshold", "legal_basis", "confirmed"]

    def get_instance(self, instance_loader, row):
        return ScreeningRule.objects.first()
