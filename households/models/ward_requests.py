"""Questions to another ward about a person whose number it holds, and what it answered."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.models.people import Household, Member


class WardRequestQuerySet(ScopedQuerySet):
    area_field = "household__ward"  # a household that moves takes the question along: only its ward can answer

    def asked_by(self, user):
        """What the user's own area has asked. Of these only the state and the ward's name may be shown."""
        return self.filter(asked_from=user.area_id) if user.area_id else self.none()


class WardRequest(models.Model):
    """One question: is this person, whose number stands in a household of yours, not one of ours?

    `visible_to` is the answering ward's side. The asking side never learns more than the name of that ward.
    """

    class State(models.TextChoices):
        OPEN = "open", "Chờ trả lời"
        HOUSEHOLD_MOVED = "moved", "Cả hộ đã chuyển đến nơi hỏi"
        PERSON_MOVED = "person_moved", "Người này đã chuyển đến nơi hỏi"
        MISTAKE = "mistake", "Số ghi nhầm, đã gỡ"
        DIFFERENT = "different", "Là người khác, số giữ nguyên"
        FREE = "free", "Số không còn ở hộ nào của nơi được hỏi"

    household = models.ForeignKey(Household, verbose_name="hộ được hỏi", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, verbose_name="người được hỏi", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(
        "số",
        max_length=10,
        blank=True,
        choices=[("citizen_id", "Số định danh"), ("old_id", "Số CMND cũ"), ("insurance", "Mã bảo hiểm")],
    )
    asked_from = models.ForeignKey(Area, verbose_name="nơi hỏi", on_delete=models.PROTECT, related_name="+")
    # Where it was asked: a household that moves has another ward later, which the asker is not to be told twice.
    asked_of = models.ForeignKey(Area, verbose_name="nơi được hỏi", on_delete=models.PROTECT, related_name="+")
    # The ward where the person is said to live now: the asking ward, or the one an office names.
    ward = models.ForeignKey(Area, verbose_name="nơi ở được báo", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, verbose_name="người hỏi", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("lúc hỏi")
    # Name, birth and new address as the asker has them, and why; sealed, as it is of a household nobody here may see.
    told = models.TextField(editable=False)
    state = models.CharField("trả lời", max_length=12, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(
        User, verbose_name="người trả lời", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)

    objects = WardRequestQuerySet.as_manager()

    PRIVATE = {"household", "member", "number", "told"}
    OPEN = {"id", "asked_from", "asked_of", "ward", "asked_by", "asked_at", "state", "answered_by", "answered_at"}

    class Meta:
        verbose_name = "yêu cầu đối chiếu"
        verbose_name_plural = "yêu cầu đối chiếu"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["asked_from", "-id"], name="ward_request_asked"),
            models.Index(fields=["state", "household"], name="ward_request_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "number", "ward"],
                condition=Q(state="open"),
                name="ward_request_waits_once",
                violation_error_message="Đã hỏi về người này, đang chờ trả lời.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="ward_request_answered_at",
            ),
        ]

    def __str__(self):
        return f"Yêu cầu đối chiếu số {self.pk}"
