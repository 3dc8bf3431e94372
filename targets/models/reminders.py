"""When units are reminded of their tasks, and which of it was told already."""

from django.db import models
from django.utils import timezone

from targets.models.tasks import Assignment


class ReminderStep(models.Model):
    """A step of the reminders: so many days from the due date, negative before it. Data, so the office can change it."""

    days = models.SmallIntegerField("số ngày so với hạn", unique=True, help_text="−7: trước hạn 7 ngày; 0: đúng hạn.")
    active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "mốc nhắc việc"
        verbose_name_plural = "mốc nhắc việc"
        ordering = ["days"]

    def __str__(self):
        if self.days == 0:
            return "Đúng ngày đến hạn"
        return f"{abs(self.days)} ngày {'trước' if self.days < 0 else 'sau'} hạn"


class Reminder(models.Model):
    """One step told about one due date of one task. The database refuses to tell it twice."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField("hạn")
    days = models.SmallIntegerField("mốc")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "lần nhắc việc"
        verbose_name_plural = "lần nhắc việc"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["assignment", "due_on", "days"], name="reminder_once_per_step")]

    def __str__(self):
        return f"{self.assignment}, {self.days}"
