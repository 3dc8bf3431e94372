"""Review rounds, what a review found, and what each standard says of it."""

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from areas.models import Area
from households.form_b import CAUSE_COLUMNS, CAUSES
from households.models.people import Household
from households.models.standards import ScoreTable, Standard
from households.standards import CATEGORY_LABELS, DEPRIVATION_KEYS


class Round(models.Model):
    """A review round of a year: the annual one, or a month's regular one (Decision 24/2021)."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", "Định kỳ"
        REGULAR = "regular", "Thường xuyên"

    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    name = models.CharField("tên", max_length=80)
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc")

    class Meta:
        verbose_name = "đợt rà soát"
        verbose_name_plural = "đợt rà soát"
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "starts_on"],
                name="round_once_per_start",
                violation_error_message="Đã có đợt loại này bắt đầu ngày đó.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="round_dates_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return self.name


class ReviewQuerySet(ScopedQuerySet):
    def for_list(self):
        return self.select_related("household", "ward__parent", "round", "entered_by").annotate(
            head=FilteredRelation(
                "household__members",
                condition=Q(household__members__relation="head", household__members__left_on__isnull=True),
            ),
            head_name=F("head__full_name"),
        )


class Review(models.Model):
    """One household in one round: the answers of form B, who entered them, who decided."""

    class State(models.TextChoices):
        ENTERED = "entered", "Chờ duyệt"
        RETURNED = "returned", "Trả lại"
        DECIDED = "decided", "Đã quyết định"

    household = models.ForeignKey(Household, verbose_name="hộ", on_delete=models.PROTECT, related_name="reviews")
    round = models.ForeignKey(Round, verbose_name="đợt", on_delete=models.PROTECT, related_name="reviews")
    ward = models.ForeignKey(Area, verbose_name="phường, xã", on_delete=models.PROTECT, related_name="+")
    zone = models.CharField("khu vực", max_length=10, choices=Area.Zone.choices)
    surveyed_on = models.DateField("ngày khảo sát")
    b1_score = models.PositiveSmallIntegerField("điểm B1")
    # Filled: B1 is the sum of score_answers by this table. Empty: the total was typed.
    score_table = models.ForeignKey(
        ScoreTable, verbose_name="bảng điểm", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    income_per_person = models.PositiveIntegerField(
        "thu nhập bình quân đầu người", help_text="Đồng mỗi người mỗi tháng."
    )
    persons = models.PositiveSmallIntegerField("số nhân khẩu")
    employment = models.BooleanField("việc làm")
    dependents = models.BooleanField("người phụ thuộc")
    nutrition = models.BooleanField("dinh dưỡng")
    health_insurance = models.BooleanField("bảo hiểm y tế")
    adult_education = models.BooleanField("giáo dục người lớn")
    child_schooling = models.BooleanField("trẻ em đi học")
    housing_quality = models.BooleanField("chất lượng nhà")
    housing_area = models.BooleanField("diện tích nhà")
    water_source = models.BooleanField("nguồn nước")
    toilet = models.BooleanField("nhà tiêu")
    telecom = models.BooleanField("viễn thông")
    info_means = models.BooleanField("phương tiện thông tin")
    has_labour = models.BooleanField("còn sức lao động")
    special_hardship = models.BooleanField("hoàn cảnh đặc biệt khó khăn")
    has_merit = models.BooleanField("có người có công")
    ethnic_minority = models.BooleanField("dân tộc thiểu số")
    note = models.TextField("ghi chú", blank=True)
    cause_no_production_land = models.BooleanField("nguyên nhân: đất sản xuất", default=False)
    cause_no_capital = models.BooleanField("nguyên nhân: vốn", default=False)
    cause_no_labour = models.BooleanField("nguyên nhân: lao động", default=False)
    cause_no_tools = models.BooleanField("nguyên nhân: công cụ, phương tiện", default=False)
    cause_no_production_knowledge = models.BooleanField("nguyên nhân: kiến thức sản xuất", default=False)
    cause_no_labour_skill = models.BooleanField("nguyên nhân: kỹ năng lao động", default=False)
    cause_illness_or_accident = models.BooleanField("nguyên nhân: ốm đau, tai nạn", default=False)
    cause_other = models.BooleanField("nguyên nhân khác", default=False)
    cause_other_text = models.TextField("nguyên nhân khác, ghi rõ", blank=True)
    needs = models.TextField("nhu cầu, nguyện vọng", blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.ENTERED)
    entered_by = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("nhập lúc", default=timezone.now)
    decided_by = models.ForeignKey(
        User, verbose_name="người quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    return_note = models.TextField("lý do trả lại", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReviewQuerySet.as_manager()

    PRIVATE = {
        "household",
        "ward",
        "zone",
        "surveyed_on",
        "b1_score",
        "score_table",
        "income_per_person",
        "persons",
        *DEPRIVATION_KEYS,
        "has_labour",
        "special_hardship",
        "has_merit",
        "ethnic_minority",
        "note",
        *CAUSE_COLUMNS,
        "cause_other_text",
        "needs",
        "return_note",
    }
    OPEN = {
        "id",
        "round",
        "state",
        "entered_by",
        "entered_at",
        "decided_by",
        "decided_on",
        "decision_number",
        "version",
    }

    class Meta:
        verbose_name = "phiếu rà soát"
        verbose_name_plural = "phiếu rà soát"
        ordering = ["-surveyed_on", "-id"]
        indexes = [models.Index(fields=["ward", "state", "-surveyed_on"], name="review_ward_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "round"],
                name="review_once_per_round",
                violation_error_message="Hộ này đã có phiếu trong đợt rà soát.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="decided")
                    & Q(decided_by__isnull=False)
                    & Q(decided_on__isnull=False)
                    & ~Q(decision_number="")
                )
                | (~Q(state="decided") & Q(decided_by__isnull=True) & Q(decided_on__isnull=True)),
                name="review_decision_is_whole",
                violation_error_message="Quyết định phải có người, ngày và số.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="review_decided_by_another",
                violation_error_message="Người nhập phiếu không được tự quyết định.",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("surveyed_on")),
                name="review_dates_in_order",
                violation_error_message="Ngày quyết định phải sau ngày khảo sát.",
            ),
            models.CheckConstraint(
                condition=Q(persons__gte=1),
                name="review_of_somebody",
                violation_error_message="Hộ phải có ít nhất một người.",
            ),
        ]

    def __str__(self):
        return str(self.household)  # it stands in the log, so it is the household's code and no more

    @property
    def causes(self) -> list[str]:
        """The ticked causes in words, in the order of the form."""
        told = [label for column, label in CAUSES if getattr(self, column)]
        return [*told[:-1], f"{told[-1]}: {self.cause_other_text}"] if self.cause_other else told


class Result(models.Model):
    """What one standard says of one review, with its receipt and the version of the rule that said it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="results")
    standard = models.ForeignKey(Standard, verbose_name="chuẩn", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(
        "phân loại", max_length=10, choices=[(c.value, label) for c, label in CATEGORY_LABELS.items()]
    )
    receipt = models.JSONField("biên nhận")
    rule_version = models.CharField("phiên bản quy tắc", max_length=20)

    class Meta:
        verbose_name = "kết quả"
        verbose_name_plural = "kết quả"
        ordering = ["standard__issuer", "id"]
        constraints = [models.UniqueConstraint(fields=["review", "standard"], name="result_once_per_standard")]

    def __str__(self):
        return f"{self.review}: {self.get_category_display()}"


class ReviewDraft(models.Model):
    """What somebody has typed into form B and not yet sent: never counted, never shown to another."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="drafts")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["household", "round", "by"], name="draft_once_per_person")]

    def __str__(self):
        return f"{self.household}, {self.round}"
