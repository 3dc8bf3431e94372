"""What units owe for a period: their duties, the reports they write, and everything that was done with them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from reports import states
from reports.models.city import Period
from reports.states import MOVE_LABELS, PART_LABELS, STATE_LABELS, Move, Standing, State, Verdict
from targets.models import Indicator

# Plain values: constraints and migrations hold no names of our code.
OWED, WRITABLE = sorted(one.value for one in states.OWED), sorted(one.value for one in states.WRITABLE)
HANDED_IN, ACCEPTED = [State.SUBMITTED.value, State.ACCEPTED.value], State.ACCEPTED.value
PART_CHOICES = [(one.value, label) for one, label in PART_LABELS.items()]


def _person(what: str):
    return models.ForeignKey(User, verbose_name=what, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class DutyRule(models.Model):
    """How units report: so many days before the period's day, with the head's word or without. Data of the office.

    The rule without an agency is for everybody; an agency's own rule goes before it. Plan 66 says "vào ngày 31/5": 0.
    """

    agency = models.OneToOneField(
        Agency,
        verbose_name="cơ quan",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="duty_rule",
        help_text="Để trống: áp dụng cho mọi đơn vị không có quy định riêng.",
    )
    days_before = models.PositiveSmallIntegerField(
        "nộp trước ngày báo cáo (ngày)", default=0, help_text="0: đúng ngày 31/5, 30/11 như kế hoạch ghi."
    )
    needs_sign_off = models.BooleanField(
        "thủ trưởng ký trước khi gửi", default=False, help_text="Người thứ hai của đơn vị ký, rồi báo cáo mới được gửi."
    )

    indicators = models.ManyToManyField(
        Indicator,
        verbose_name="chỉ tiêu toàn thành phố phải báo cáo",
        blank=True,
        related_name="+",
        help_text="Thêm vào chỉ tiêu đơn vị chịu trách nhiệm và, với UBND quận, huyện, chỉ tiêu kế hoạch giao cho địa bàn.",
    )

    class Meta:
        verbose_name = "quy định nộp báo cáo"
        verbose_name_plural = "quy định nộp báo cáo"
        ordering = ["agency__order"]
        constraints = [
            # SQL lets many rows without an agency be: NULL equals nothing
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(agency=None),
                name="duty_rule_for_all_once",
                violation_error_message="Đã có quy định chung cho mọi đơn vị.",
            ),
            models.CheckConstraint(
                condition=Q(days_before__lte=30),
                name="duty_rule_while_open",
                violation_error_message="Kỳ mở trước 30 ngày: nộp trước nhiều nhất 30 ngày.",
            ),
        ]

    def __str__(self):
        return str(self.agency or "Mọi đơn vị")


class DutyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who owes a report and whether it is in: whoever sees figures sees that of all units."""
        return self if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def owned_by(self, user):
        """Those of one's own unit, for who may file its reports."""
        if not user.is_authenticated or not user.may(May.FILE_REPORTS):
            return self.none()
        return self.filter(agency__in=Agency.objects.of(user))

    def readable_by(self, user):
        """What is written in it: the unit's own; the office's once handed in; everybody's once accepted."""
        allowed = Q(state=ACCEPTED)
        if user.is_authenticated and user.may(May.FILE_REPORTS):
            allowed |= Q(agency__in=Agency.objects.of(user))
        if user.is_authenticated and user.may(May.MAKE_REPORTS):
            allowed |= Q(first_submitted_at__isnull=False)
        return self.visible_to(user).filter(allowed)

    def standing_at(self, standing: str, day):
        """Those that are shown so on a day."""
        owed = self.filter(state__in=OWED)
        if standing == Standing.LATE:
            return owed.filter(due_on__lt=day)
        if standing == Standing.DUE:
            return owed.filter(due_on__gte=day, due_on__lte=day + states.FALLS_DUE)
        if standing == Standing.NOT_DUE:
            return owed.filter(due_on__gt=day + states.FALLS_DUE)
        return self.filter(state=standing)


class Duty(models.Model):
    """A report that an agency owes for a period. Its text is in `parts`, its life in `moves`.

    `due_on`: with extensions; `first_due_on`: without. `first_submitted_at`: when it first reached the office, which says whether it was in
    time. `frozen`: tasks and money as they stood when it was handed in. `version` guards every move.
    """

    period = models.ForeignKey(Period, verbose_name="kỳ", on_delete=models.PROTECT, related_name="duties")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="duties")
    due_on = models.DateField("hạn nộp")
    first_due_on = models.DateField("hạn ban đầu")
    needs_sign_off = models.BooleanField("thủ trưởng ký trước khi gửi", default=False)
    state = models.CharField(
        "tình trạng",
        max_length=10,
        choices=[(one.value, label) for one, label in STATE_LABELS.items()],
        default=State.OPEN.value,
    )
    first_submitted_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = _person("người nộp")
    signed_by = _person("người ký")
    accepted_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    accepted_by = _person("người duyệt")
    frozen = models.JSONField("nhiệm vụ, kinh phí lúc nộp", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của đơn vị"
        verbose_name_plural = "báo cáo của đơn vị"
        ordering = ["-period__day", "agency__order"]
        constraints = [
            models.UniqueConstraint(fields=["period", "agency"], name="duty_once_per_period"),
            models.CheckConstraint(
                condition=~Q(state__in=HANDED_IN)
                | Q(first_submitted_at__isnull=False, submitted_at__isnull=False, submitted_by__isnull=False),
                name="duty_handed_in_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state=ACCEPTED, accepted_at__isnull=False, accepted_by__isnull=False)
                | ~Q(state=ACCEPTED) & Q(accepted_at=None, accepted_by=None),
                name="duty_accepted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=models.F("submitted_by")),
                name="duty_signed_by_second_person",
                violation_error_message="Người ký không được là người nộp.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None)
                | ~Q(accepted_by=models.F("submitted_by"))
                & (Q(signed_by=None) | ~Q(accepted_by=models.F("signed_by"))),
                name="duty_accepted_by_second_person",
                violation_error_message="Người duyệt không được là người nộp hoặc người ký.",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="duty_state_due")]

    def __str__(self):
        return f"{self.agency}, {self.period}"

    def shown(self, day) -> states.Shown:
        return states.shown(self.state, self.due_on, day)

    @property
    def is_writable(self) -> bool:
        return self.state in states.WRITABLE


class DutyMove(models.Model):
    """One move of a duty with its words and what it left behind: the duty's own time line, never changed."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    move = models.CharField("việc", max_length=10, choices=[(one.value, label) for one, label in MOVE_LABELS.items()])
    note = models.TextField("nội dung", blank=True)
    state = models.CharField("tình trạng sau đó", max_length=10)
    due_on = models.DateField("hạn sau đó")

    class Meta:
        verbose_name = "bước của báo cáo"
        verbose_name_plural = "bước của báo cáo"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(move=Move.EXTEND.value) | ~Q(note=""), name="duty_extension_says_why")
        ]

    def __str__(self):
        return f"{self.get_move_display()}, {self.duty}"


class DutyReminder(models.Model):
    """One step told about one due date of one duty. The database refuses to tell it twice."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField("hạn")
    days = models.SmallIntegerField("mốc")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "lần nhắc nộp báo cáo"
        verbose_name_plural = "lần nhắc nộp báo cáo"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["duty", "due_on", "days"], name="duty_reminder_once_per_step")]

    def __str__(self):
        return f"{self.duty}, {self.days}"


class OfDuty(models.QuerySet):
    def visible_to(self, user):
        """What is written in a report: as the report itself."""
        return self.filter(duty__in=Duty.objects.readable_by(user))


class UnitPart(models.Model):
    """A section of a unit's report, as plain text of reports/prose.py. Each save is a version; two authors never overwrite."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField("phần", max_length=12, choices=PART_CHOICES)
    text = models.TextField("nội dung", blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = _person("người sửa")
    edited_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    verdict = models.CharField(
        "ý kiến văn phòng",
        max_length=8,
        blank=True,
        choices=[(Verdict.ACCEPTED.value, "Đã duyệt"), (Verdict.RETURNED.value, "Trả lại")],
    )

    objects = OfDuty.as_manager()

    class Meta:
        verbose_name = "phần báo cáo của đơn vị"
        verbose_name_plural = "phần báo cáo của đơn vị"
        ordering = ["duty", "id"]
        constraints = [models.UniqueConstraint(fields=["duty", "part"], name="unit_part_once")]

    def __str__(self):
        return f"{self.get_part_display()}, {self.duty}"


class PartEdit(models.Model):
    """A text that a section had. What one author types in one sitting is one edit: its end is kept."""

    part = models.ForeignKey(UnitPart, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField("bản")
    text = models.TextField("nội dung", blank=True)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "lần sửa phần báo cáo"
        verbose_name_plural = "lần sửa phần báo cáo"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.part}, bản {self.version}"


class PartNote(models.Model):
    """What the programme office remarks on a section, on a passage of it where one is quoted. Done once the unit says so."""

    part = models.ForeignKey(UnitPart, on_delete=models.CASCADE, related_name="notes")
    quote = models.CharField("về đoạn", max_length=300, blank=True)
    text = models.TextField("ý kiến")
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)
    sent_at = models.DateTimeField("gửi đơn vị lúc", null=True, blank=True)
    answered_at = models.DateTimeField("đơn vị nộp lại lúc", null=True, blank=True)

    class Meta:
        verbose_name = "ý kiến về phần báo cáo"
        verbose_name_plural = "ý kiến về phần báo cáo"
        ordering = ["id"]

    def __str__(self):
        return f"{self.part}: {self.text[:40]}"


class UnitFigure(models.Model):
    """A figure of a unit's report: what the portal computed, what the unit typed, and where that comes from.

    With an indicator's code it stands beside the computed one; without, it is the unit's own. `computed` is kept when
    the report is handed in. Counts and percentages; None: nobody knows, which is not zero.
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="figures")
    code = models.CharField("mã chỉ tiêu", max_length=50, blank=True)
    name = models.CharField("số liệu", max_length=200)
    unit = models.CharField("đơn vị tính", max_length=20)
    computed = models.DecimalField("tính từ danh sách", max_digits=16, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("kế hoạch", max_digits=16, decimal_places=2, null=True, blank=True)
    typed = models.DecimalField("đơn vị nhập", max_digits=16, decimal_places=2, null=True, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = _person("người nhập")
    edited_at = models.DateTimeField("nhập lúc", null=True, blank=True)

    objects = OfDuty.as_manager()

    class Meta:
        verbose_name = "số liệu báo cáo của đơn vị"
        verbose_name_plural = "số liệu báo cáo của đơn vị"
        ordering = ["duty", "id"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "code"], condition=~Q(code=""), name="unit_figure_code_once"),
            models.UniqueConstraint(fields=["duty", "name"], condition=Q(code=""), name="unit_figure_name_once"),
            models.CheckConstraint(
                condition=Q(typed=None) | ~Q(source=""), name="unit_figure_says_from_where",
                violation_error_message="Ghi nguồn của số liệu.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.name}, {self.duty}"

    @property
    def value(self):
        """What the report says: the unit's own word where it gave one."""
        return self.computed if self.typed is None else self.typed


class FigureFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Evidence stays between the unit and the office."""
        office = user.is_authenticated and user.may(May.MAKE_REPORTS)
        duties = Duty.objects.readable_by(user) if office else Duty.objects.owned_by(user)
        return self.filter(figure__duty__in=duties)


class FigureFile(models.Model):
    """A file that proves a typed figure. Kept in the database, as reports are (decision 4), sent as an attachment only."""

    figure = models.ForeignKey(UnitFigure, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=5)
    content = models.BinaryField()
    size = models.PositiveIntegerField("cỡ, byte")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = FigureFileQuerySet.as_manager()
    PRIVATE = frozenset({"content"})  # a file may name people: never written to the log

    class Meta:
        verbose_name = "minh chứng số liệu"
        verbose_name_plural = "minh chứng số liệu"
        ordering = ["id"]

    def __str__(self):
        return self.name


class Explanation(models.Model):
    """Why a warning of the checks stands all the same. It answers what the check said then: said otherwise, it asks again."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="explanations")
    key = models.CharField("cảnh báo", max_length=80)
    says = models.CharField("nội dung cảnh báo", max_length=300)
    text = models.CharField("giải trình", max_length=500)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "giải trình cảnh báo"
        verbose_name_plural = "giải trình cảnh báo"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["duty", "key"], name="explanation_once_per_warning")]

    def __str__(self):
        return f"{self.says}: {self.text}"
