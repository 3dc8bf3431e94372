"""What happened in a household's life, with what is needed to take it back."""

from django.db import models

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.changes import LABELS
from households.models.people import Household


class HouseholdChange(models.Model):
    """One change of a household: a move, a split, a merger… `ward` is where the household lived before it."""

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="changes")
    # Null also after a split was taken back: the household that it founded is gone.
    other = models.ForeignKey(
        Household, verbose_name="hộ liên quan", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("việc", max_length=15, choices=[(kind.value, text) for kind, text in LABELS.items()])
    day = models.DateField("ngày")
    by = models.ForeignKey(User, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc ghi", auto_now_add=True)
    undone_at = models.DateTimeField("lúc hoàn tác", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, verbose_name="người hoàn tác", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The rows before and after, sealed: undo needs the first, and compares the second to see that nothing is newer.
    before = models.TextField(editable=False)
    after = models.TextField(editable=False)

    objects = ScopedQuerySet.as_manager()

    PRIVATE = {"household", "other", "ward", "kind", "day", "before", "after"}
    OPEN = {"id", "by", "at", "undone_at", "undone_by"}

    class Meta:
        verbose_name = "biến động của hộ"
        verbose_name_plural = "biến động của hộ"
        ordering = ["-id"]

    def __str__(self):
        return str(self.household)  # it stands in the log, so it is the household's code and no more
