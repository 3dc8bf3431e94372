"""The household's exit plan (Plan 66, III.3 and IV.14.b): a dialogue, who helps, what is done, who came to see."""

from django.db import models
from django.db.models import Q

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from households.models.people import Household
from households.models.reviews import Review
from households.models.status import Policy


class PlanQuerySet(ScopedQuerySet):
    area_field = "household__ward"


class PlanPartQuerySet(ScopedQuerySet):
    area_field = "plan__household__ward"


class ExitPlan(models.Model):
    """How one household is to leave poverty; one a year, one open at a time."""

    class State(models.TextChoices):
        OPEN = "open", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    class Outcome(models.TextChoices):
        ESCAPED = "escaped", "Thoát nghèo, thoát cận nghèo"
        TO_NEAR_POOR = "to_near_poor", "Chuyển thành cận nghèo"
        UNCHANGED = "unchanged", "Chưa thoát"
        WORSE = "worse", "Khó khăn hơn"

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="exit_plans")
    year = models.PositiveSmallIntegerField("năm")
    opened_on = models.DateField("ngày lập")
    dialogue_on = models.DateField("ngày đối thoại", null=True, blank=True)
    dialogue_with = models.CharField("người đối thoại", max_length=200, blank=True)
    dialogue_minutes = models.TextField("biên bản đối thoại", blank=True)
    helper_agency = models.ForeignKey(
        Agency, verbose_name="đơn vị giúp đỡ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    helper_person = models.CharField("người giúp đỡ", max_length=120, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField("kết quả", max_length=15, choices=Outcome.choices, blank=True)
    outcome_review = models.ForeignKey(
        Review, verbose_name="phiếu rà soát", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanQuerySet.as_manager()

    PRIVATE = {
        "household",
        "dialogue_on",
        "dialogue_with",
        "dialogue_minutes",
        "helper_agency",
        "helper_person",
        "outcome",
        "outcome_review",
    }
    OPEN = {"id", "year", "opened_on", "state", "version"}

    class Meta:
        verbose_name = "kế hoạch thoát nghèo của hộ"
        verbose_name_plural = "kế hoạch thoát nghèo của hộ"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="exit_plan_once_a_year"),
            models.UniqueConstraint(fields=["household"], condition=Q(state="open"), name="exit_plan_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", outcome="") | (Q(state="closed") & ~Q(outcome="")),
                name="exit_plan_closed_with_outcome",
            ),
        ]

    def __str__(self):
        return str(self.household)


class PlanAction(models.Model):
    """A need, its cause, and what is done about it by a day. Late is computed: planned and past its day."""

    class Cause(models.TextChoices):
        """The eight causes in the order of the form (Circular 07/2021/TT-BLĐTBXH)."""

        NO_PRODUCTION_LAND = "no_production_land", "Không có / thiếu đất sản xuất"
        NO_CAPITAL = "no_capital", "Không có / thiếu vốn sản xuất, kinh doanh"
        NO_LABOUR = "no_labour", "Không có / thiếu lao động"
        NO_TOOLS = "no_tools", "Không có / thiếu công cụ, phương tiện sản xuất"
        NO_PRODUCTION_KNOWLEDGE = "no_production_knowledge", "Không có / thiếu kiến thức về sản xuất"
        NO_LABOUR_SKILL = "no_labour_skill", "Không có / thiếu kỹ năng lao động, sản xuất"
        ILLNESS_OR_ACCIDENT = "illness_or_accident", "Có người ốm đau, bệnh nặng, tai nạn"
        OTHER = "other", "Nguyên nhân khác"

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa xong"
        DONE = "done", "Đã xong"
        DROPPED = "dropped", "Không làm nữa"

    plan = models.ForeignKey(ExitPlan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="actions")
    need = models.CharField("nhu cầu", max_length=200)
    cause = models.CharField("nguyên nhân", max_length=30, choices=Cause.choices)
    policy = models.ForeignKey(
        Policy, verbose_name="chính sách", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField("việc làm", max_length=300)
    due_on = models.DateField("hạn")
    agency = models.ForeignKey(
        Agency, verbose_name="đơn vị phụ trách", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible = models.CharField("người phụ trách", max_length=120, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.PLANNED)
    done_on = models.DateField("ngày xong", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = PlanPartQuerySet.as_manager()

    PRIVATE = {"plan", "need", "cause", "policy", "text", "agency", "responsible", "note"}
    OPEN = {"id", "due_on", "state", "done_on"}

    class Meta:
        verbose_name = "việc trong kế hoạch của hộ"
        verbose_name_plural = "việc trong kế hoạch của hộ"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="plan_action_done_on_a_day",
            )
        ]

    def __str__(self):
        return str(self.plan)


class PlanVisit(models.Model):
    """Somebody came to see the household."""

    plan = models.ForeignKey(ExitPlan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="visits")
    day = models.DateField("ngày")
    who = models.CharField("người đến", max_length=120)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = PlanPartQuerySet.as_manager()

    PRIVATE = {"plan", "day", "who", "note"}
    OPEN = {"id"}

    class Meta:
        verbose_name = "lần thăm hộ"
        verbose_name_plural = "lần thăm hộ"
        ordering = ["-day", "-id"]

    def __str__(self):
        return str(self.plan)
