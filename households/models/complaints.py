"""Complaints of residents about reviews, the re-checks they open, and what was answered."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.models.dossiers import Dossier, OfDossier
from households.models.people import Household


class Complaint(models.Model):
    """One letter or visit: who came, about what, by when it must be answered, and the written answer."""

    class Category(models.TextChoices):
        RESULT = "result", "Khiếu nại kết quả rà soát"
        REVIEW_AGAIN = "review_again", "Đề nghị rà soát lại"
        OTHER = "other", "Phản ánh khác"

    class State(models.TextChoices):
        OPEN = "open", "Đang xử lý"
        RECHECKING = "rechecking", "Đang phúc tra"
        RECHECKED = "rechecked", "Đã phúc tra, chờ trả lời"
        ANSWERED = "answered", "Đã trả lời"
        WITHDRAWN = "withdrawn", "Đã rút"

    UNDER_WAY = (State.OPEN, State.RECHECKING, State.RECHECKED)

    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        Household, verbose_name="hộ", null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    category = models.CharField("loại đơn", max_length=15, choices=Category.choices)
    from_name = models.CharField("người gửi", max_length=120)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    received_on = models.DateField("ngày nhận")
    due_on = models.DateField("hạn trả lời")
    text = models.TextField("nội dung", max_length=3000)
    owner = models.ForeignKey(
        User, verbose_name="người xử lý", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("tình trạng", max_length=12, choices=State.choices, default=State.OPEN)
    result = models.TextField("nội dung trả lời", max_length=3000, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name="người trả lời", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    PRIVATE = {"household", "category", "from_name", "contact", "text", "result"}
    OPEN = {
        "id", "ward", "received_on", "due_on", "owner", "state", "answered_on", "answered_by", "entered_by", "version",
    }  # fmt: skip

    class Meta:
        verbose_name = "đơn"
        verbose_name_plural = "đơn"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["ward", "state", "due_on"], name="complaint_ward_due")]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("received_on")), name="complaint_due_after_received"),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_on__isnull=False) & ~Q(result="")),
                name="complaint_answered_in_writing",
            ),
        ]

    def __str__(self):
        return f"Đơn số {self.pk}"

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    def late_on(self, today) -> bool:
        """Past its deadline: not answered by then, or answered after it. A withdrawn one is owed nothing."""
        if self.state == self.State.WITHDRAWN:
            return False
        return (self.answered_on or today) > self.due_on


class Recheck(models.Model):
    """One household looked at again while its dossier's results are posted, because somebody complained."""

    dossier = models.ForeignKey(Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="rechecks")
    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="rechecks")
    complaint = models.OneToOneField(Complaint, verbose_name="đơn", on_delete=models.PROTECT, related_name="recheck")
    opened_on = models.DateField("mở ngày")
    due_on = models.DateField("hạn phúc tra")
    opened_by = models.ForeignKey(User, verbose_name="người mở", on_delete=models.PROTECT, related_name="+")
    finding = models.TextField("kết quả phúc tra", max_length=2000, blank=True)
    closed_on = models.DateField("xong ngày", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, verbose_name="người phúc tra", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfDossier.as_manager()

    PRIVATE = {"household", "complaint", "finding"}
    OPEN = {"id", "dossier", "opened_on", "due_on", "opened_by", "closed_on", "closed_by"}

    class Meta:
        verbose_name = "phúc tra"
        verbose_name_plural = "phúc tra"
        ordering = ["opened_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, finding="") | (Q(closed_on__isnull=False) & ~Q(finding="")),
                name="recheck_closed_with_finding",
            )
        ]

    def __str__(self):
        return f"Phúc tra theo đơn số {self.complaint_id}"

    def late_on(self, today) -> bool:
        return (self.closed_on or today) > self.due_on
