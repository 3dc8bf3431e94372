"""Who owes what of the plan, how far it is, and everything that is said and shown about it."""

from datetime import date

from django.db import models
from django.db.models import Case, DateField, F, Q, Value, When
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from targets import task_dates, task_states
from targets.models.plan import Clause, Plan
from targets.task_dates import RHYTHM_LABELS, Rhythm
from targets.task_states import MOVE_LABELS, OPEN, STATE_LABELS, State

# Plain values: constraints and migrations hold no names of our code.
ONCE, VERIFIED, NOT_APPLICABLE = Rhythm.ONCE.value, State.VERIFIED.value, State.NOT_APPLICABLE.value
UNREPORTED = sorted({one.value for one in OPEN} | {NOT_APPLICABLE})


class AssignmentQuerySet(models.QuerySet):
    def issued(self):
        """A draft's tasks are nobody's yet: they are read and written on the draft's own page only."""
        return self.exclude(clause__plan__state=Plan.State.DRAFT)

    def visible_to(self, user):
        """Tasks and their states hold no personal data: whoever sees figures sees all of them."""
        return self.issued() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()

    def owned_by(self, user):
        """Tasks of one's own agency, for those who may update them."""
        if not user.is_authenticated or not user.may(May.UPDATE_TASKS):
            return self.none()
        return self.issued().filter(agency__in=Agency.objects.of(user))

    def open_inside_to(self, user):
        """Whose comments, subtasks and evidence one sees: the agency's own, its asked partners', all for the office."""
        if not user.is_authenticated:
            return self.none()
        if user.may(May.VERIFY_TASKS):
            return self.issued()
        if not user.may(May.UPDATE_TASKS):
            return self.none()
        own = Agency.objects.of(user)
        asked = InputRequest.objects.filter(agency__in=own).values("assignment")
        return self.issued().filter(Q(agency__in=own) | Q(pk__in=asked))

    def of_plan(self, plan: Plan):
        """With `due`: the day by which something is owed next, None when nothing is. The same as `next_due()`."""
        whens = [When(~Q(state__in=OPEN), then=Value(None)), When(rhythm=Rhythm.ONCE, then=F("due_on"))]
        for rhythm in (Rhythm.PERIOD, Rhythm.MONTHLY):
            for slot in task_dates.slots(rhythm, plan.year, plan.issued_on):
                waits = Q(reported_to=None) | Q(reported_to__lt=slot)
                whens.append(When(waits, rhythm=rhythm, then=Value(slot)))
        due = Case(*whens, default=Value(None), output_field=DateField(null=True))
        return self.filter(clause__plan=plan).annotate(due=due)

    def late_on(self, day: date):
        """After `of_plan`: open, and past its day."""
        return self.filter(due__lt=day)

    def shown_as(self, key: str, day: date):
        """After `of_plan`: in a state as it is shown, 'late' among them."""
        if key == task_states.LATE:
            return self.late_on(day)
        return self.filter(state=key).exclude(due__isnull=False, due__lt=day)


class Assignment(models.Model):
    """A task owed by an agency. A task given to a group is owed by each of its members."""

    class Role(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        LEAD_WITH = "lead_with_coordination", "Chủ trì, phối hợp"
        PARTNER = "coordinate", "Phối hợp"
        OWN = "own", "Thực hiện"

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="assignments")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("vai trò", max_length=25, choices=Role.choices)
    via_group = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rhythm = models.CharField(
        "giao hạn",
        max_length=8,
        blank=True,
        default=Rhythm.PERIOD.value,
        choices=[(one.value, label) for one, label in RHYTHM_LABELS.items() if one.value],
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    proof_asked = models.BooleanField("phải có minh chứng", default=False)
    state = models.CharField(
        "tình trạng",
        max_length=15,
        choices=[(one.value, label) for one, label in STATE_LABELS.items()],
        default=State.NOT_STARTED.value,
    )
    percent = models.PositiveSmallIntegerField("tiến độ, %", default=0)
    reported_to = models.DateField("đã báo cáo đến kỳ", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, verbose_name="người báo xong", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_by = models.ForeignKey(
        User, verbose_name="người xác nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    reason = models.TextField("lý do không áp dụng", blank=True)
    version = models.PositiveIntegerField("bản", default=1)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["clause__order", "agency__order"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "agency"], name="assignment_once_per_agency"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="assignment_percent_to_100"),
            models.CheckConstraint(
                condition=Q(rhythm=ONCE, due_on__isnull=False) | ~Q(rhythm=ONCE) & Q(due_on=None),
                name="assignment_once_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNREPORTED) | Q(reported_by__isnull=False),
                name="assignment_done_has_reporter",
            ),
            models.CheckConstraint(
                condition=Q(state=VERIFIED, verified_by__isnull=False, verified_at__isnull=False)
                | ~Q(state=VERIFIED) & Q(verified_by=None, verified_at=None),
                name="assignment_verified_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("reported_by")),
                name="assignment_second_person",
                violation_error_message="Người xác nhận không được là người đã báo xong.",
            ),
            models.CheckConstraint(
                condition=~Q(state=NOT_APPLICABLE) | ~Q(reason=""), name="assignment_excused_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.clause}: {self.agency}"

    def next_due(self, plan: Plan) -> date | None:
        """What `of_plan` annotates as `due`, for a task read alone."""
        if self.state not in OPEN:
            return None
        return task_dates.next_due(
            rhythm=self.rhythm,
            due_on=self.due_on,
            year=plan.year,
            start=plan.issued_on,
            reported_to=self.reported_to,
        )

    @property
    def rhythm_label(self) -> str:
        return RHYTHM_LABELS[Rhythm(self.rhythm)]


class TaskUpdate(models.Model):
    """A move of a task with its words and what it left behind: the task's own time line, never changed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="updates")
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    move = models.CharField("việc", max_length=10, choices=[(one.value, label) for one, label in MOVE_LABELS.items()])
    text = models.TextField("nội dung", blank=True)
    percent = models.PositiveSmallIntegerField("tiến độ, %")
    state = models.CharField("tình trạng sau đó", max_length=15)
    for_day = models.DateField("báo cáo cho kỳ", null=True, blank=True)
    counted = models.CharField("số liệu về", max_length=80, blank=True)
    amount = models.PositiveBigIntegerField("con số", null=True, blank=True)

    class Meta:
        verbose_name = "cập nhật nhiệm vụ"
        verbose_name_plural = "cập nhật nhiệm vụ"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted="", amount=None) | ~Q(counted="") & Q(amount__isnull=False),
                name="task_update_figure_is_whole",
            )
        ]

    def __str__(self):
        return f"{self.get_move_display()}, {self.assignment}"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(update__assignment__in=Assignment.objects.open_inside_to(user))


class Evidence(models.Model):
    """A file that proves an update. Kept in the database, as reports are (decision 4), and sent as an attachment only."""

    update = models.ForeignKey(TaskUpdate, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=5)
    content = models.BinaryField()
    size = models.PositiveIntegerField("cỡ, byte")
    sha256 = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()
    PRIVATE = frozenset({"content"})  # a file may name people: never written to the log

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["id"]

    def __str__(self):
        return self.name


class TaskComment(models.Model):
    """What the unit, its partners and the programme office say to each other about a task."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("nội dung")

    class Meta:
        verbose_name = "trao đổi"
        verbose_name_plural = "trao đổi"
        ordering = ["id"]

    def __str__(self):
        return f"{self.assignment}, {self.at:%d/%m/%Y}"


class InputRequest(models.Model):
    """A partner asked for its part by a day, and its answer. Asked, it sees the inside of the task."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="requests")
    agency = models.ForeignKey(Agency, verbose_name="đơn vị được hỏi", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("nội dung đề nghị")
    due_on = models.DateField("trả lời trước ngày")
    asked_at = models.DateTimeField("hỏi lúc", default=timezone.now)
    asked_by = models.ForeignKey(User, verbose_name="người hỏi", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name="người trả lời", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "đề nghị phối hợp"
        verbose_name_plural = "đề nghị phối hợp"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="input_answer_is_whole",
            )
        ]

    def __str__(self):
        return f"{self.assignment} → {self.agency}"


class Subtask(models.Model):
    """A piece of work that a unit cut out for itself; nobody outside counts it."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="subtasks")
    text = models.CharField("việc", max_length=300)
    due_on = models.DateField("hạn", null=True, blank=True)
    made_by = models.ForeignKey(User, verbose_name="người lập", on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField("xong ngày", null=True, blank=True)
    done_by = models.ForeignKey(
        User, verbose_name="người làm xong", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "việc của đơn vị"
        verbose_name_plural = "việc của đơn vị"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False),
                name="subtask_done_is_whole",
            )
        ]

    def __str__(self):
        return self.text
