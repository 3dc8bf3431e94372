"""Sheets of households on their way into the register: one case file a sheet, one staged row a household."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.models.people import Household


class ImportedQuerySet(ScopedQuerySet):
    area_field = "batch__ward"


class ImportBatch(models.Model):
    """A file that an officer brought for the own ward, and how far it has come."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Đang đọc"
        CHECKED = "checked", "Đã kiểm tra"
        APPROVED = "approved", "Chờ ghi"
        APPLIED = "applied", "Đã ghi"
        UNDONE = "undone", "Đã hoàn tác"
        CANCELLED = "cancelled", "Đã hủy"
        FAILED = "failed", "Không xong"

    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)
    name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField("cỡ (byte)")
    sealed = models.BinaryField(editable=False)  # the file, encrypted: it holds ID numbers
    day = models.DateField("ghi từ ngày")
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.UPLOADED)
    without_errors = models.PositiveIntegerField("số hộ có lỗi bỏ lại", default=0)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    reading = models.TextField(blank=True, editable=False)  # what was found in the file, sealed: imports.found_in
    failure = models.CharField("vì sao không xong", max_length=300, blank=True)
    approved_by = models.ForeignKey(
        User, verbose_name="ai duyệt", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField("ghi lúc", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    PRIVATE = {"name", "sealed", "sha256", "ward", "reading"}
    OPEN = {"id", "by", "at", "size", "day", "state", "without_errors", "claimed_at", "failure", "approved_by"}
    OPEN |= {"applied_at"}

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "lần nhập danh sách"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "sha256"],
                condition=~Q(state__in=["cancelled", "undone"]),
                name="import_file_once",
                violation_error_message="Tệp này đã được nhập.",
            )
        ]

    def __str__(self):
        return f"Lần nhập {self.pk}"


class ImportRow(models.Model):
    """One household of the sheet. What it says is sealed; only fingerprints of ID numbers stand beside it."""

    class Kind(models.TextChoices):
        """What becomes of it; 'maybe': an officer has to say whether it is the household that it looks like."""

        NEW = "new", "Hộ mới"
        UPDATE = "update", "Sửa hộ đã có"
        SAME = "same", "Không đổi"
        MAYBE = "maybe", "Cần xác nhận"

    batch = models.ForeignKey(  # its rows are found by the index of import_row_once
        ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField("dòng")  # of the sheet, where the household begins
    sealed = models.TextField(editable=False)
    errors = models.JSONField("lỗi", default=list)  # of {"row", "field", "message"}, without values
    warnings = models.JSONField("lưu ý", default=list)
    wrong = models.BooleanField("có lỗi", default=False)
    kind = models.CharField("việc", max_length=6, choices=Kind.choices, default=Kind.NEW, db_default=Kind.NEW)
    answered = models.BooleanField(default=False, db_default=False, editable=False)  # the kind is an officer's word
    # Of a registered household its version when the sheet was checked, later the one that the sheet wrote; and, sealed,
    # what changes (import_matching.Match.kept), later also what undo puts back.
    version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    changes = models.TextField(blank=True, default="", db_default="", editable=False)
    household = models.ForeignKey(
        Household,
        verbose_name="hộ",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imported",
        db_index=False,
    )

    objects = ImportedQuerySet.as_manager()

    PRIVATE = {"batch", "sealed", "errors", "warnings", "household", "changes"}
    OPEN = {"id", "number", "wrong", "kind", "answered", "version"}

    class Meta:
        verbose_name = "hộ trong tệp"
        verbose_name_plural = "hộ trong tệp"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        # Only of rows that have one: staged rows have none yet, and there are thousands at a time.
        indexes = [
            models.Index(fields=["household"], condition=Q(household__isnull=False), name="import_row_household")
        ]

    def __str__(self):
        return f"Dòng {self.number}"


class ImportColumn(models.Model):
    """What a ward said that a column of its sheets means; the next sheet with such a heading is read so."""

    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.CASCADE, related_name="+")
    title = models.CharField("tiêu đề cột", max_length=200)  # folded
    field = models.CharField("ô của hồ sơ", max_length=30, blank=True)  # of intake.fields; blank: not read

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "cột đã nhớ"
        verbose_name_plural = "cột đã nhớ"
        constraints = [models.UniqueConstraint(fields=["ward", "title"], name="import_column_once")]

    def __str__(self):
        return self.title
