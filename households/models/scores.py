"""Tables of B1 points as dated rows, and what form B answered to them item by item."""

from django.db import models
from django.db.models import F, Q

from households.models.people import Member
from households.models.reviews import Review
from households.models.standards import ScoreTable
from households.scoring import KIND_LABELS, Answer, Item, Option
from households.standards import DEPRIVATION_LABELS
from households.triggers import AGES

CODE = {"max_length": 30}


class ScoreItem(models.Model):
    """One question of a table."""

    table = models.ForeignKey(ScoreTable, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField("thứ tự")
    code = models.CharField("mã", **CODE)
    text = models.CharField("mục", max_length=300)
    kind = models.CharField(
        "cách tính", max_length=15, choices=[(kind.value, words) for kind, words in KIND_LABELS.items()]
    )

    class Meta:
        verbose_name = "mục của bảng điểm"
        verbose_name_plural = "mục của bảng điểm"
        ordering = ["table", "place"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="score_item_once")]

    def __str__(self):
        return self.text

    def rule(self) -> Item:
        options = tuple(Option(o.code, o.text, o.points, o.least, o.most) for o in self.options.all())
        return Item(self.code, self.text, self.kind, options)


class ScoreOption(models.Model):
    """A choice, or a band of numbers from `least`, included, up to `most`, not included."""

    item = models.ForeignKey(ScoreItem, on_delete=models.CASCADE, related_name="options")
    place = models.PositiveSmallIntegerField("thứ tự")
    code = models.CharField("mã", **CODE)
    text = models.CharField("mức", max_length=300)
    least = models.DecimalField("từ", max_digits=11, decimal_places=2, null=True, blank=True)
    most = models.DecimalField("đến dưới", max_digits=11, decimal_places=2, null=True, blank=True)
    points = models.PositiveSmallIntegerField("điểm")

    class Meta:
        verbose_name = "mức của bảng điểm"
        verbose_name_plural = "mức của bảng điểm"
        ordering = ["item", "place"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="score_option_once"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gt=F("least")),
                name="score_bounds_in_order",
            ),
        ]

    def __str__(self):
        return self.text


class ScoreAnswer(models.Model):
    """What a review answered to one item; by codes, so that a corrected table counts the same answers again."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="score_answers")
    item = models.CharField("mục", **CODE)
    option = models.CharField("mức", blank=True, **CODE)
    number = models.DecimalField("số", max_digits=11, decimal_places=2, null=True, blank=True)

    PRIVATE = {"review", "item", "option", "number"}
    OPEN = {"id"}

    class Meta:
        verbose_name = "câu trả lời B1"
        verbose_name_plural = "câu trả lời B1"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "item", "option"], name="score_answer_once"),
            models.CheckConstraint(
                condition=Q(option="", number__isnull=False) | (~Q(option="") & Q(number__isnull=True)),
                name="score_answer_says_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.item}"

    def rule(self) -> Answer:
        return Answer(self.item, self.option, self.number)


class ReviewTrigger(models.Model):
    """A member by whom the household lacks one of indicators 3 to 6, as the officer found it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="triggers")
    indicator = models.CharField("chỉ số", max_length=20, choices=[(key, DEPRIVATION_LABELS[key]) for key in AGES])
    member = models.ForeignKey(Member, verbose_name="thành viên", on_delete=models.CASCADE, related_name="triggers")

    PRIVATE = {"review", "indicator", "member"}
    OPEN = {"id"}

    class Meta:
        verbose_name = "người thiếu hụt"
        verbose_name_plural = "người thiếu hụt"
        ordering = ["indicator", "id"]
        constraints = [models.UniqueConstraint(fields=["review", "indicator", "member"], name="trigger_once")]

    def __str__(self):
        return f"{self.review}: {self.get_indicator_display()}"
