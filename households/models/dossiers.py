"""A review round in one ward: its list, its legal steps with who and when, its meetings and its postings."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households import steps
from households.models.people import Household
from households.models.reviews import Round

STEPS = [(step.value, label) for step, label in steps.STEP_LABELS.items()]


class Holiday(models.Model):
    """A day off that is not a Saturday or a Sunday; deadlines in working days pass over it."""

    day = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=80)

    class Meta:
        verbose_name = "ngày nghỉ"
        verbose_name_plural = "ngày nghỉ"
        ordering = ["day"]

    def __str__(self):
        return self.name


class StepDeadline(models.Model):
    """How long a step may take in a kind of round, and what says so."""

    kind = models.CharField("loại đợt", max_length=10, choices=Round.Kind.choices)
    step = models.CharField("bước", max_length=15, choices=STEPS)
    days = models.PositiveSmallIntegerField("số ngày")
    working = models.BooleanField("ngày làm việc", default=True)
    from_start = models.BooleanField("tính từ ngày bắt đầu đợt", default=False)
    legal_basis = models.CharField("căn cứ", max_length=200)
    confirmed = models.BooleanField("đã xác nhận", default=False)

    class Meta:
        verbose_name = "thời hạn của bước"
        verbose_name_plural = "thời hạn của bước"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "step"],
                name="deadline_once_per_step",
                violation_error_message="Bước này đã có thời hạn.",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1), name="deadline_of_a_day", violation_error_message="Thời hạn từ 1 ngày."
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_step_display()}"


class Dossier(models.Model):
    """One round in one ward."""

    round = models.ForeignKey(Round, verbose_name="đợt", on_delete=models.PROTECT, related_name="dossiers")
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    step = models.CharField("bước", max_length=15, choices=STEPS, default=steps.Step.LIST)
    cycle = models.PositiveSmallIntegerField("lần", default=1)  # goes up with every meeting or posting held again
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name="người quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by = models.ForeignKey(User, verbose_name="người mở", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("mở lúc", default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ đợt rà soát"
        verbose_name_plural = "hồ sơ đợt rà soát"
        ordering = ["-round__starts_on", "ward__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "ward"],
                name="dossier_once_per_ward",
                violation_error_message="Phường, xã đã có hồ sơ của đợt này.",
            )
        ]

    def __str__(self):
        return f"{self.ward}: {self.round}"


class DossierStep(models.Model):
    """A step as it was taken: entered one day, due on another, done by somebody, or not yet."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField("bước", max_length=15, choices=STEPS)
    cycle = models.PositiveSmallIntegerField("lần")
    opened_on = models.DateField("bắt đầu")
    due_on = models.DateField("hạn", null=True, blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    done_by = models.ForeignKey(
        User, verbose_name="người làm", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField("kết quả", max_length=10, blank=True)  # a Move
    document = models.CharField("văn bản", max_length=120, blank=True)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(done_on__isnull=True), name="dossier_stands_at_one_step"
            )
        ]

    def __str__(self):
        return f"{self.dossier}: {self.get_step_display()}"

    def late_on(self, today) -> bool:
        return self.due_on is not None and (self.done_on or today) > self.due_on


class OfDossier(ScopedQuerySet):
    area_field = "dossier__ward"


class Listed(models.Model):
    """A household that is to be reviewed in the round, or left out of it for a reason."""

    class Why(models.TextChoices):
        ON_LIST = "on_list", "Đang trong danh sách"
        REQUEST = "request", "Có giấy đề nghị"

    dossier = models.ForeignKey(Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="listed")
    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="listed")
    why = models.CharField("vì sao", max_length=10, choices=Why.choices)
    included = models.BooleanField("rà soát", default=True)
    reason = models.CharField("lý do không rà soát", max_length=300, blank=True)

    objects = OfDossier.as_manager()

    PRIVATE = {"dossier", "household", "why", "included", "reason"}
    OPEN = {"id"}

    class Meta:
        verbose_name = "hộ cần rà soát"
        verbose_name_plural = "hộ cần rà soát"
        ordering = ["household__code"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "household"], name="listed_once"),
            models.CheckConstraint(condition=Q(included=True) | ~Q(reason=""), name="left_out_for_a_reason"),
        ]

    def __str__(self):
        return str(self.household)


class Meeting(models.Model):
    """A residents' meeting of one residential group; two minutes are signed, one stays in the group."""

    dossier = models.ForeignKey(Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="meetings")
    cycle = models.PositiveSmallIntegerField("lần")
    group = models.CharField("tổ dân phố, thôn", max_length=60)
    held_on = models.DateField("ngày họp")
    place = models.CharField("địa điểm", max_length=200)
    chair = models.CharField("chủ trì", max_length=120)
    secretary = models.CharField("thư ký", max_length=120)
    present = models.PositiveSmallIntegerField("số người dự")
    agreed = models.PositiveSmallIntegerField("số người đồng ý")
    note = models.TextField("ý kiến khác", blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OfDossier.as_manager()

    class Meta:
        verbose_name = "cuộc họp dân"
        verbose_name_plural = "cuộc họp dân"
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "cycle", "group"],
                name="meeting_once_per_group",
                violation_error_message="Tổ này đã có biên bản họp của lần này.",
            ),
            models.CheckConstraint(
                condition=Q(present__gte=1) & Q(agreed__lte=F("present")),
                name="meeting_counts_add_up",
                violation_error_message="Số người đồng ý không quá số người dự.",
            ),
        ]

    def __str__(self):
        return f"{self.group}, {self.held_on:%d/%m/%Y}"

    @property
    def has_agreed(self) -> bool:
        return steps.agreed(self.present, self.agreed)


class Posting(models.Model):
    """The results on the board for some days, so that people may object."""

    dossier = models.ForeignKey(Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="postings")
    cycle = models.PositiveSmallIntegerField("lần")
    from_on = models.DateField("niêm yết từ ngày")
    to_on = models.DateField("đến hết ngày")
    places = models.CharField("nơi niêm yết", max_length=300)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OfDossier.as_manager()

    class Meta:
        verbose_name = "lần niêm yết"
        verbose_name_plural = "lần niêm yết"
        ordering = ["from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "cycle"],
                name="posting_once_per_cycle",
                violation_error_message="Lần này đã ghi niêm yết.",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="posting_dates_in_order",
                violation_error_message="Ngày hết niêm yết phải từ ngày bắt đầu trở đi.",
            ),
        ]

    def __str__(self):
        return f"{self.from_on:%d/%m/%Y} – {self.to_on:%d/%m/%Y}"
