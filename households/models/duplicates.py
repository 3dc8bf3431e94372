"""Pairs of households that may be one household entered twice, and what was answered."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.models.people import Household


class DuplicatePair(models.Model):
    """Two households of a ward that share somebody. `first` has the smaller key, so that a pair stands once."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa trả lời"
        SAME = "same", "Cùng một hộ"
        DIFFERENT = "different", "Hai hộ khác nhau"

    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    # A household goes only when its split or import is taken back; the question about it goes too.
    first = models.ForeignKey(Household, verbose_name="hộ thứ nhất", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Household, verbose_name="hộ thứ hai", on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField("điểm giống nhau")
    reasons = models.JSONField("vì sao", default=list)
    state = models.CharField("trả lời", max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, verbose_name="người trả lời", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("lúc trả lời", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    PRIVATE = {"first", "second", "score", "reasons"}
    OPEN = {"id", "ward", "state", "decided_by", "decided_at"}

    class Meta:
        verbose_name = "cặp hộ có thể trùng"
        verbose_name_plural = "cặp hộ có thể trùng"
        ordering = ["-score", "id"]
        indexes = [models.Index(fields=["ward", "state", "-score"], name="duplicate_ward_state")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="duplicate_answered_at",
            ),
        ]

    def __str__(self):
        return f"Cặp hộ số {self.pk}"
