"""What units did for the plan: trainings, inspections, dialogues…, with their proof; and the roster that trainings serve."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from households.models import Household
from targets.activity_kinds import FORMS, KINDS, LABELS, Kind
from targets.models.plan import Clause

# Plain values: constraints and migrations hold no names of our code.
TRAINING, INSPECTION, MODEL = "training", "inspection", "model"


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities hold counts and words, never a person: whoever sees figures sees all of them."""
        return self.all() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def owned_by(self, user):
        """Those one may write: of the own agency, or of all for the programme office. Their files are read by the same."""
        if not user.is_authenticated:
            return self.none()
        if user.may(May.MANAGE_ACTIVITIES):
            return self.all()
        return self.filter(agency__in=Agency.objects.of(user)) if user.may(May.ENTER_ACTIVITIES) else self.none()

    def held(self):
        """Not cancelled: only these count."""
        return self.filter(cancelled_at=None)

    def within(self, year: int, as_of: date):
        """Held from 1 January up to and including a day of the year: counted on its first day."""
        return self.held().filter(day__gte=date(year, 1, 1), day__lte=as_of)


class Activity(models.Model):
    """Something a unit held for a clause of the plan. What its numbers mean is said by its kind."""

    clause = models.ForeignKey(Clause, verbose_name="mục của kế hoạch", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("loại", max_length=15, choices=list(LABELS.items()))
    form = models.CharField("hình thức", max_length=15, blank=True, choices=list(FORMS.items()))
    agency = models.ForeignKey(Agency, verbose_name="đơn vị tổ chức", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("tên", max_length=200)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    day = models.DateField("ngày", db_index=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    people = models.PositiveIntegerField("số người", null=True, blank=True)
    households = models.PositiveIntegerField("số hộ", null=True, blank=True)
    times = models.PositiveIntegerField("số lần", null=True, blank=True)
    amount = models.PositiveBigIntegerField("số tiền, đồng", null=True, blank=True)
    content = models.TextField("nội dung, kết quả", blank=True)
    search = models.TextField(editable=False, default="")  # made by activity_kinds.search_text
    recommendations = models.TextField("kiến nghị", blank=True)
    follow_by = models.DateField("hạn thực hiện kiến nghị", null=True, blank=True)
    closed_on = models.DateField("thực hiện xong kiến nghị ngày", null=True, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("ghi lúc", default=timezone.now)
    cancelled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, verbose_name="người hủy", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancel_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    version = models.PositiveIntegerField("bản", default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["kind", "day"], name="activity_kind_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("day")),
                name="activity_days_in_order",
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="activity_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind=INSPECTION) | Q(recommendations="", follow_by=None, closed_on=None),
                name="activity_follow_up_of_inspections",
            ),
            models.CheckConstraint(
                condition=~Q(recommendations="") | Q(follow_by=None, closed_on=None),
                name="activity_follow_up_has_what",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.day:%d/%m/%Y}: {self.title}"

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]

    @property
    def waits(self) -> bool:
        """Recommendations that nobody has closed."""
        return bool(self.recommendations) and self.closed_on is None and self.cancelled_at is None


class ActivityFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A list of signatures or a picture may show people: only who may write the activity reads its files."""
        return self.filter(activity__in=Activity.objects.owned_by(user))


class ActivityFile(models.Model):
    """A file that proves an activity. Kept in the database, as reports are (decision 4), and sent as an attachment only."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=5)
    content = models.BinaryField()
    size = models.PositiveIntegerField("cỡ, byte")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        User, verbose_name="người tải lên", null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("tải lên lúc", default=timezone.now)

    objects = ActivityFileQuerySet.as_manager()
    PRIVATE = frozenset({"content"})  # a file may name people: never written to the log

    class Meta:
        verbose_name = "minh chứng của hoạt động"
        verbose_name_plural = "minh chứng của hoạt động"
        ordering = ["id"]

    def __str__(self):
        return self.name


class FollowUp(models.Model):
    """What became of an inspection's recommendations: a line of their time line, never changed."""

    class Step(models.TextChoices):
        NOTE = "note", "Đang thực hiện"
        CLOSE = "close", "Đã thực hiện xong"
        REOPEN = "reopen", "Mở lại"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="follow_ups")
    step = models.CharField("việc", max_length=8, choices=Step.choices)
    day = models.DateField("ngày")
    text = models.TextField("nội dung")
    by = models.ForeignKey(User, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("ghi lúc", default=timezone.now)

    class Meta:
        verbose_name = "theo dõi kiến nghị"
        verbose_name_plural = "theo dõi kiến nghị"
        ordering = ["id"]

    def __str__(self):
        return f"{self.get_step_display()} {self.day:%d/%m/%Y}"


class OfficerQuerySet(models.QuerySet):
    def on(self, day: date):
        """On the roster on a day: from the first day up to, not including, the day they left."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), valid_from__lte=day)

    def visible_to(self, user):
        """Names of officers are personal data: only who keeps the roster reads it, in the own area."""
        if not user.is_authenticated or not user.may(May.KEEP_ROSTER) or user.area_id is None:
            return self.none()
        return self.filter(area__in=Area.objects.under(user.area))

    def to_tick(self, activity: Activity, user):
        """Who may be ticked as present: on the roster of the training's area on its day, by who may write the training."""
        if not Activity.objects.owned_by(user).filter(pk=activity.pk).exists():
            return self.none()
        return self.on(activity.day).filter(area__in=Area.objects.under(activity.area))


class Officer(models.Model):
    """Somebody whom objective II.5 wants trained: an officer for poverty reduction, or a cadre of a hamlet or group."""

    class Kind(models.TextChoices):
        OFFICER = "officer", "Cán bộ làm công tác giảm nghèo"
        GROUP = "group", "Cán bộ thôn, tổ dân phố"

    area = models.ForeignKey(Area, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("đối tượng", max_length=10, choices=Kind.choices)
    full_name = models.CharField("họ và tên", max_length=100)
    post = models.CharField("chức vụ", max_length=100)
    group = models.CharField("thôn, tổ dân phố", max_length=60, blank=True)
    key = models.CharField(max_length=300, editable=False)  # folded name, post and group: one person stands once
    place = models.CharField(max_length=200, editable=False, default="")  # where in the list: made by roster.place_of
    valid_from = models.DateField("có trong danh sách từ ngày")
    left_on = models.DateField("thôi từ ngày", null=True, blank=True)
    version = models.PositiveIntegerField("bản", default=1)

    objects = OfficerQuerySet.as_manager()

    # No ID number, birthday or telephone: the objective needs to know who was there, no more.
    PRIVATE = frozenset({"full_name", "post", "group", "key", "place"})
    OPEN = frozenset({"id", "area", "kind", "valid_from", "left_on", "version"})

    class Meta:
        verbose_name = "cán bộ thuộc diện tập huấn"
        verbose_name_plural = "cán bộ thuộc diện tập huấn"
        ordering = ["area__order", "area__code", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "key"],
                condition=Q(left_on=None),
                name="officer_once_on_the_roster",
                violation_error_message="Người này đã có trong danh sách.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("valid_from")),
                name="officer_days_in_order",
                violation_error_message="Ngày thôi không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="group") | ~Q(group=""),
                name="officer_of_a_group_names_it",
                violation_error_message="Ghi thôn, tổ dân phố.",
            ),
        ]

    def __str__(self):
        return f"Cán bộ số {self.pk}"  # the log says which, not who


class Attendance(models.Model):
    """Somebody of the roster was at a training."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attendances")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="attendances")
    by = models.ForeignKey(User, verbose_name="người điểm danh", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("điểm danh lúc", default=timezone.now)

    class Meta:
        verbose_name = "điểm danh"
        verbose_name_plural = "điểm danh"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["activity", "officer"], name="attendance_once")]

    def __str__(self):
        return f"{self.activity_id}, {self.officer_id}"


class ModelHouseholdQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who takes part: only for who may write the activity."""
        return self.filter(activity__in=Activity.objects.owned_by(user))


class ModelHousehold(models.Model):
    """A household that takes part in a livelihood model, and what had come of it a year later."""

    class Result(models.TextChoices):
        ESCAPED = "escaped", "Đã thoát nghèo"
        BETTER = "better", "Thu nhập tăng, chưa thoát nghèo"
        SAME = "same", "Chưa chuyển biến"
        WORSE = "worse", "Kém đi"
        STOPPED = "stopped", "Đã dừng tham gia"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="taking_part")
    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField("tham gia từ ngày")
    result = models.CharField("kết quả", max_length=10, blank=True, choices=Result.choices)
    result_on = models.DateField("ngày đánh giá", null=True, blank=True)
    result_note = models.CharField("ghi chú kết quả", max_length=300, blank=True)
    added_by = models.ForeignKey(User, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("bản", default=1)

    objects = ModelHouseholdQuerySet.as_manager()
    PRIVATE = frozenset({"household", "result_note"})
    OPEN = frozenset({"id", "activity", "joined_on", "result", "result_on", "added_by", "version"})

    class Meta:
        verbose_name = "hộ tham gia mô hình"
        verbose_name_plural = "hộ tham gia mô hình"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "household"],
                name="model_household_once",
                violation_error_message="Hộ này đã tham gia mô hình.",
            ),
            models.CheckConstraint(
                condition=Q(result="", result_on=None) | ~Q(result="") & Q(result_on__gte=F("joined_on")),
                name="model_result_is_whole",
                violation_error_message="Kết quả phải có ngày đánh giá, không trước ngày tham gia.",
            ),
        ]

    def __str__(self):
        return f"{self.activity_id}: {self.household.code}"
