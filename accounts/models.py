"""People, the agencies they work for, and what they did and looked at."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts import actions, roles
from accounts.machines import ApiToken, Webhook, WebhookDelivery  # noqa: F401  Django looks for models here
from accounts.sealed import SealedText
from areas.models import Area


class AgencyQuerySet(models.QuerySet):
    def existing_on(self, day):
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def of(self, user):
        """The unit that somebody works for: a district's officer for its People's Committee, others for their agency."""
        if user.area_id and user.area.level == Area.Level.DISTRICT:
            return self.filter(kind=Agency.Kind.DISTRICT, area=user.area_id)
        return self.filter(pk=user.agency_id) if user.agency_id else self.none()


class Agency(models.Model):
    """A unit that the plan gives tasks to, or a group of such units ('các sở, ngành liên quan')."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "Sở, ngành"
        FRONT = "front", "Mặt trận, hội, đoàn thể"
        BANK = "bank", "Ngân hàng, bảo hiểm"
        DISTRICT = "district", "UBND quận, huyện"
        PRESS = "press", "Cơ quan báo chí"
        GROUP = "group", "Nhóm đơn vị"

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=150)
    short_name = models.CharField("tên ngắn", max_length=60)
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    area = models.ForeignKey(
        Area,
        verbose_name="địa bàn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="Chỉ với UBND quận, huyện.",
    )
    members = models.ManyToManyField(
        "self", verbose_name="đơn vị thành viên", symmetrical=False, blank=True, related_name="groups"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    valid_from = models.DateField("có từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan, đơn vị"
        verbose_name_plural = "cơ quan, đơn vị"
        ordering = ["order", "name"]

    def __str__(self):
        return self.name

    def clean(self):
        """A People's Committee of a district has its district; nobody else has one."""
        if (self.kind == self.Kind.DISTRICT) != (self.area_id is not None):
            raise ValidationError({"area": "UBND quận, huyện phải có địa bàn; đơn vị khác để trống."})
        if self.valid_to and self.valid_from and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "Ngày kết thúc phải sau ngày bắt đầu."})


class PortalUserManager(UserManager):
    def get_queryset(self):
        """The area and agency come along: every page asks for them."""
        return super().get_queryset().select_related("area", "agency")


class User(AbstractUser):
    """Somebody who works with the portal: one role, in one area or one agency."""

    first_name = None
    last_name = None
    full_name = models.CharField("họ và tên", max_length=120)
    role = models.CharField(
        "vai trò", max_length=30, blank=True, choices=[(role.value, label) for role, label in roles.LABELS.items()]
    )
    area = models.ForeignKey(Area, verbose_name="địa bàn", null=True, blank=True, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", null=True, blank=True, on_delete=models.PROTECT)
    # Kept here too, because every request asks for it and has the user's row already.
    second_factor_on = models.BooleanField("xác thực hai bước", default=False, editable=False)

    objects = PortalUserManager()
    PRIVATE = frozenset({"password"})  # never written to the log
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["username"]

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name

    def may(self, action: roles.May) -> bool:
        return self.is_active and roles.allows(self.role, action)

    @property
    def place(self) -> str:
        """What stands under the name in the page's header."""
        if self.agency_id and not (self.area_id and not self.area.is_city):
            return self.agency.short_name
        return self.area.full_name if self.area_id else self.get_role_display()


class SecondFactor(models.Model):
    """The key that an app on somebody's phone makes six digits from (TOTP, RFC 6238), kept once a first code proved it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    key = SealedText("khóa")
    on_since = models.DateTimeField("bật lúc")
    last_step = models.BigIntegerField("mã đã dùng gần nhất", default=0)  # half minutes since 1970; none is taken twice
    failures = models.PositiveSmallIntegerField("số lần sai", default=0)
    locked_until = models.DateTimeField("khóa đến", null=True)

    class Meta:
        verbose_name = "xác thực hai bước"
        verbose_name_plural = "xác thực hai bước"

    def __str__(self):
        return str(self.user)


class RecoveryCode(models.Model):
    """For whoever lost the phone: works once. Only a keyed hash is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    mark = models.CharField(max_length=64)
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "mã dự phòng"
        verbose_name_plural = "mã dự phòng"
        constraints = [models.UniqueConstraint(fields=["factor", "mark"], name="recovery_code_once")]

    def __str__(self):
        return "đã dùng" if self.used_at else "chưa dùng"


class PortalSession(AbstractBaseSession):
    """A session with its owner, so that people see where they are signed in and end it there. Rows of accounts/sessions.py."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField("đăng nhập lúc", null=True)
    seen_at = models.DateTimeField("dùng gần nhất", null=True)
    address = models.CharField("địa chỉ", max_length=45, blank=True)
    device = models.CharField("thiết bị", max_length=300, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    def __str__(self):
        return f"{self.user or 'khách'}, {self.device[:40]}"

    @classmethod
    def get_session_store_class(cls):
        from accounts.sessions import SessionStore  # here: it imports this module

        return SessionStore

    def describe(self, told: dict) -> None:
        """The columns, from what the session holds of itself."""
        self.user_id = int(told[SESSION_KEY]) if SESSION_KEY in told else None
        about = told.get("about", {})
        self.began_at, self.seen_at = about.get("began"), about.get("seen")
        self.address, self.device = about.get("address", ""), about.get("device", "")


class Event(models.Model):
    """Who did what to which row, before and after. Written by the services, never changed."""

    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="ai", null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField("việc", max_length=60)
    subject_type = models.CharField("loại", max_length=60)
    subject_id = models.CharField("khóa", max_length=60)
    label = models.CharField("đối tượng", max_length=200)
    area = models.ForeignKey(Area, verbose_name="địa bàn", null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField("trước", default=dict)
    after = models.JSONField("sau", default=dict)

    class Meta:
        verbose_name = "nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_subject")]

    def __str__(self):
        return f"{self.action_label} {self.label}"

    @property
    def action_label(self) -> str:
        return actions.label_of(self.action)


class PersonalDataView(models.Model):
    """Who looked at whose data, and why. Decree 13/2023 article 38 asks for it."""

    class Kind(models.TextChoices):
        VIEW = "view", "Xem"
        REVEAL = "reveal", "Hiện số định danh"
        EXPORT = "export", "Xuất"
        LIST = "list", "Tìm danh sách"

    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="ai", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    household_code = models.CharField("mã hộ", max_length=40, db_index=True)
    # Sealed: a name that was searched for is somebody's name.
    reason = SealedText("lý do", blank=True)

    class Meta:
        verbose_name = "lượt xem dữ liệu cá nhân"
        verbose_name_plural = "lượt xem dữ liệu cá nhân"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.household_code}".strip()


class Notice(models.Model):
    """Something told to one person inside the portal. `key` keeps the same thing from being told twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField("lúc", default=timezone.now)
    text = models.CharField("nội dung", max_length=300)
    url = models.CharField("mở", max_length=200, blank=True)
    key = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField("đã xem lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notice_told_once")]
        indexes = [models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread")]

    def __str__(self):
        return self.text


class OutgoingMail(models.Model):
    """An e-mail, written in the transaction that has a reason for it and sent afterwards, again until it has gone."""

    to = models.EmailField("đến")
    subject = models.CharField("tiêu đề", max_length=200)
    body = models.TextField("nội dung")
    made_at = models.DateTimeField("viết lúc", default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("số lần gửi", default=0)
    failure = models.CharField("lỗi", max_length=300, blank=True)

    class Meta:
        verbose_name = "thư đi"
        verbose_name_plural = "thư đi"
        ordering = ["-id"]

    def __str__(self):
        return self.subject


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; an administrator also sees those of others and of the timetable, though never their files."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.may(roles.May.MANAGE_ACCOUNTS) else self.filter(by=user)

    def live(self):
        return self.filter(state__in=Job.LIVE)


class Job(models.Model):
    """Long work done by a worker: who wants what, how far it is, how it ended. Written by jobs.py alone."""

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        RUNNING = "running", "Đang làm"
        DONE = "done", "Xong"
        FAILED = "failed", "Không xong"
        CANCELLED = "cancelled", "Đã hủy"

    LIVE = (State.WAITING, State.RUNNING)

    kind = models.CharField("loại", max_length=80)  # of job_kinds.LABELS
    key = models.CharField("về", max_length=100, blank=True)  # what it is about: asked for twice it is done once
    title = models.CharField("việc", max_length=200)
    args = models.JSONField(default=dict)  # what the work needs to know; may name a person, so no page shows it
    by = models.ForeignKey(
        User, verbose_name="ai", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the timetable
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    made_at = models.DateTimeField("nhận lúc", default=timezone.now)
    due_at = models.DateTimeField("làm từ lúc", default=timezone.now)  # later than made_at: it waits to be tried again
    queued_at = models.DateTimeField(null=True)  # when a worker was last told of it
    started_at = models.DateTimeField("bắt đầu", null=True)
    finished_at = models.DateTimeField("kết thúc", null=True)
    attempts = models.PositiveSmallIntegerField("số lần làm", default=0)
    failure = models.CharField("vì sao không xong", max_length=300, blank=True)  # a sentence for whoever asked
    detail = models.CharField("lỗi", max_length=300, blank=True)  # kind and place of the error, for administrators
    url = models.CharField("mở", max_length=200, blank=True)  # where the result is, when it is not a file

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "by"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(key=""),
                name="job_live_once",
            ),
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(by=None), name="job_scheduled_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "running"]), name="job_live"),
            models.Index(fields=["by", "-id"], name="job_of"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class JobFile(models.Model):
    """What a job made, kept for some days for the one who asked."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file")
    name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField(editable=False)
    size = models.PositiveIntegerField("cỡ (byte)")
    made_at = models.DateTimeField("lập lúc", default=timezone.now)

    class Meta:
        verbose_name = "tệp của việc chạy nền"
        verbose_name_plural = "tệp của việc chạy nền"

    def __str__(self):
        return self.name


class Installation(models.Model):
    """One row: whether this database holds the demonstration city. Real and synthetic people never share one."""

    demo = models.BooleanField("dữ liệu minh họa", default=False)

    class Meta:
        verbose_name = "bản cài đặt"
        verbose_name_plural = "bản cài đặt"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_is_one")]

    def __str__(self):
        return "Dữ liệu minh họa" if self.demo else "Dữ liệu thật"
