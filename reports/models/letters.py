"""The administrative document around a frozen report: its head, its text, its signed copy, and where it was sent."""

from django.db import models
from django.db.models import Q
from django.utils.safestring import mark_safe

from accounts.models import User
from accounts.roles import May
from reports import letter_text, prose
from reports.models.city import Report


class Letter(models.Model):
    """One for each report. Open until it is issued; from then on nothing of it changes, a correction is a new report.

    `edition` counts what was changed of head and text: a document of an earlier edition is out of date.
    """

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="letter")
    version = models.PositiveIntegerField("lần sửa thể thức", default=1)
    edition = models.PositiveIntegerField("lần sửa", default=1)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, default=letter_text.SYMBOL)
    place = models.CharField("địa danh", max_length=60, default=letter_text.PLACE)
    dated = models.DateField("ngày ký", null=True, blank=True)
    number_year = models.PositiveSmallIntegerField("số của năm", null=True, editable=False)
    addressees = models.TextField("kính gửi", default=letter_text.ADDRESSEES)
    authority = models.CharField("thẩm quyền ký", max_length=60, blank=True)
    title = models.CharField("chức vụ", max_length=60, default=letter_text.TITLE)
    signer = models.CharField("người ký", max_length=100, blank=True)
    recipients = models.TextField("nơi nhận", default=letter_text.RECIPIENTS)
    issued_at = models.DateTimeField("ban hành lúc", null=True, blank=True)
    issued_by = models.ForeignKey(
        User, verbose_name="người ban hành", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "văn bản báo cáo"
        verbose_name_plural = "văn bản báo cáo"
        ordering = ["report"]
        constraints = [
            # SQL lets many numberless letters be: NULL equals nothing
            models.UniqueConstraint(fields=["number_year", "symbol", "number"], name="letter_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None)
                | Q(issued_at__isnull=False, issued_by__isnull=False, number__isnull=False, dated__isnull=False)
                & ~Q(signer=""),
                name="letter_issued_is_whole",
            ),
        ]

    def __str__(self):
        return f"Văn bản, {self.report}"

    @property
    def is_open(self) -> bool:
        return self.issued_at is None


class Section(models.Model):
    """A part of the text. `edited_by` empty: the words that the portal made of figures and of the units' reports."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField("phần", max_length=12, choices=letter_text.LABELS)
    text = models.TextField("nội dung", blank=True)
    version = models.PositiveIntegerField("lần sửa", default=1)
    carried = models.BooleanField("chép từ bản trước, chưa soát lại", default=False)
    edited_by = models.ForeignKey(
        User, verbose_name="người sửa", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField("sửa lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phần của văn bản"
        verbose_name_plural = "phần của văn bản"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["letter", "key"], name="section_once_per_letter")]

    def __str__(self):
        return f"{self.get_key_display()}, {self.letter}"

    @property
    def markup(self) -> str:
        return mark_safe(prose.markup(self.text))  # built of escaped words


class TypedText(models.Model):
    """What somebody is typing into a section and has not saved: kept every few seconds, for that person alone."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="typed")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    based_on = models.PositiveIntegerField()  # the section's version that was before his eyes
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["section", "by"]
        constraints = [models.UniqueConstraint(fields=["section", "by"], name="typed_once_per_person")]

    def __str__(self):
        return f"{self.section}, {self.by}"


class SignedCopyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The letter holds the city's figures and no person: whoever sees figures."""
        return self.all() if user.is_authenticated and user.may(May.SEE_FIGURES) else self.none()


class SignedCopy(models.Model):
    """The signed and sealed paper, scanned or signed digitally. The newest is shown; what was uploaded before stays."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signed_copies")
    name = models.CharField("tên tệp", max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField("cỡ, byte")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(User, verbose_name="người tải lên", on_delete=models.PROTECT, related_name="+")

    objects = SignedCopyQuerySet.as_manager()
    PRIVATE = frozenset({"content"})

    class Meta:
        verbose_name = "bản ký"
        verbose_name_plural = "bản ký"
        ordering = ["-uploaded_at", "-id"]

    def __str__(self):
        return self.name


class Sending(models.Model):
    """To whom the issued report went, on which day and how."""

    class How(models.TextChoices):
        ELECTRONIC = "electronic", "Trục liên thông văn bản"
        EMAIL = "email", "Thư điện tử"
        POST = "post", "Bưu điện"
        HAND = "hand", "Giao trực tiếp"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="sendings")
    to = models.CharField("nơi nhận", max_length=150)
    sent_on = models.DateField("ngày gửi")
    how = models.CharField("cách gửi", max_length=12, choices=How.choices)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    noted_at = models.DateTimeField("ghi lúc")
    noted_by = models.ForeignKey(User, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "lần gửi"
        ordering = ["sent_on", "id"]
        constraints = [models.UniqueConstraint(fields=["letter", "to", "sent_on", "how"], name="sent_once")]

    def __str__(self):
        return f"{self.to}, {self.sent_on:%d/%m/%Y}"
