"""Periods, the frozen reports made for them, and the documents people download."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from areas.models import Area
from reports.periods import LABELS, Kind
from reports.sentences import OWN_REPORT
from targets.models import Clause, Indicator, Plan

AD_HOC = Kind.AD_HOC.value  # plain: constraints and migrations hold no names of our code


class PeriodQuerySet(models.QuerySet):
    def regular(self):
        """Those of 31 May and 30 November, one a day; ad hoc ones may share a day with them."""
        return self.exclude(kind=AD_HOC)


class Period(models.Model):
    """A reporting day of a plan: 31 May or 30 November, or a day asked for a session of the city (ad hoc).

    Work on it is claimed by a conditional update. Ad hoc: `name` says for what, `clauses` and `indicators` what is
    asked about (none: everything), and `opens_on` is the day of the request.
    """

    class State(models.TextChoices):
        OPEN = "open", "Đang mở"
        FROZEN = "frozen", "Đã chốt số liệu"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=12, choices=[(kind.value, label) for kind, label in LABELS.items()])
    day = models.DateField("ngày báo cáo")
    opens_on = models.DateField("mở từ ngày")
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.OPEN)
    claimed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    name = models.CharField("phục vụ", max_length=200, blank=True)
    basis = models.CharField("văn bản yêu cầu", max_length=200, blank=True)
    clauses = models.ManyToManyField(Clause, verbose_name="nhiệm vụ cần báo cáo", blank=True, related_name="+")
    indicators = models.ManyToManyField(Indicator, verbose_name="chỉ tiêu cần báo cáo", blank=True, related_name="+")
    asked_by = models.ForeignKey(
        User, verbose_name="người yêu cầu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=~Q(kind=AD_HOC), name="period_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind=AD_HOC) | Q(opens_on__lte=models.F("day")), name="period_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(kind=AD_HOC) ^ Q(name=""), name="period_ad_hoc_says_for_what"),
        ]

    def __str__(self):
        return f"{LABELS[Kind(self.kind)]} {self.day:%d/%m/%Y}"

    @property
    def is_ad_hoc(self) -> bool:
        return self.kind == AD_HOC


class Report(models.Model):
    """The city's report for a period: figures frozen as of its day, with a checksum over all lines."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(default=1)
    as_of = models.DateField("số liệu đến ngày")
    frozen_at = models.DateTimeField("chốt lúc", default=timezone.now)
    frozen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("lý do lập lại", max_length=300, blank=True)
    demo = models.BooleanField("dữ liệu minh họa", default=False)
    unconfirmed = models.CharField("chuẩn chưa xác nhận", max_length=300, blank=True)
    residents_derived = models.BooleanField("số hộ dân cư suy ra", default=False)
    checksum = models.CharField("mã kiểm tra", max_length=64)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-as_of", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="report_version_once"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="report_correction_says_why"),
        ]

    def __str__(self):
        return f"Báo cáo {self.period}, bản {self.version}"

    @property
    def own_letter(self):
        """None for a report that was frozen before letters were kept."""
        return getattr(self, "letter", None)


class Line(models.Model):
    """One frozen figure: an indicator in an area, beside its target. Never recalculated."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveIntegerField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    target = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    published_rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    actual = models.BigIntegerField(null=True)  # whole units; amounts in dong are longer than SQLite's decimals
    denominator = models.PositiveIntegerField(null=True)
    computed_rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    reached = models.DecimalField("% đạt", max_digits=14, decimal_places=2, null=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "area", "indicator"], name="line_once_per_report")]

    def __str__(self):
        return f"{self.name}, {self.area}"


class AgencyLine(models.Model):
    """How far one agency was with what the plan gives it, and with its own report, when the figures were frozen."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="agencies")
    order = models.PositiveIntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    tasks = models.PositiveIntegerField("nhiệm vụ được giao")
    reported = models.PositiveIntegerField("đã báo cáo kỳ này")
    verified = models.PositiveIntegerField("đã xác nhận")
    own_report = models.CharField("báo cáo của đơn vị", max_length=10, choices=list(OWN_REPORT.items()), blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "agency"], name="agency_line_once_per_report")]

    def __str__(self):
        return self.name


class Document(models.Model):
    """A rendered report. Kept in the database: it is backed up, locked and rolled back with the figures it shows.

    `edition` is the letter's at the time. Rendered anew while the letter is open, never once it is issued.
    """

    class Format(models.TextChoices):
        DOCX = "docx", "DOCX"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"
        PDF_TABLES = "pdf-phu-luc", "PDF bảng số liệu"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="documents")
    format = models.CharField(max_length=12, choices=Format.choices)
    edition = models.PositiveIntegerField("của lần sửa", default=0)
    made_at = models.DateTimeField("lập lúc", default=timezone.now)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "tài liệu"
        verbose_name_plural = "tài liệu"
        ordering = ["format"]  # DOCX, its PDF, the tables' PDF, XLSX
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="document_once_per_format")]

    def __str__(self):
        return f"{self.report}.{self.format}"


class Finding(models.Model):
    """What the nightly audit found not to agree. A finding that is gone at the next audit is gone here; `since` stays."""

    class Check(models.TextChoices):
        RESULT = "result", "Kết quả phiếu khác quy tắc"
        SPELL = "spell", "Phân loại khác quyết định"
        OVERLAP = "overlap", "Hai phân loại cùng lúc"
        TARGET = "target", "Chỉ tiêu giao không khớp"
        RATE = "rate", "Tỷ lệ in khác tỷ lệ tính lại"
        TYPED = "typed", "Số liệu nhập không khớp"
        SEALED = "sealed", "Số liệu chốt bị sửa"
        FROZEN = "frozen", "Số liệu chốt khác số tính lại"

    check_code = models.CharField("phép kiểm tra", max_length=10, choices=Check.choices)
    subject = models.CharField("về", max_length=200)
    says = models.CharField("khác nhau", max_length=300)
    since = models.DateTimeField("thấy từ")

    class Meta:
        verbose_name = "điểm không khớp"
        verbose_name_plural = "điểm không khớp"
        ordering = ["check_code", "subject", "id"]
        constraints = [models.UniqueConstraint(fields=["check_code", "subject", "says"], name="finding_once")]

    def __str__(self):
        return f"{self.get_check_code_display()}: {self.subject}"
