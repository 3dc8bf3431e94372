"""Form B on the screen, and the two answers a leader may give."""

from collections.abc import Sequence

from django import forms

from households import triggers
from households.computed import Somebody
from households.form_b import B1_MOST, CAUSE_COLUMNS, CAUSES, TEXT_MOST, Answers, problems
from households.forms import form_rows
from households.forms.fields import DayField, MoneyField, YesNoField, refuse
from households.models import Round
from households.standards import DEPRIVATION_KEYS, DEPRIVATIONS, POINTS_PER_DEPRIVATION


class ReviewForm(forms.Form):
    """Form B. `people` are the household's members; `rounds` are those one may choose from.

    `table`: the points by which part B1 is counted item by item; None: its total is typed.
    """

    round = forms.ModelChoiceField(
        Round.objects.none(),
        label="Đợt rà soát",
        empty_label=None,
        error_messages={"required": "Chọn đợt rà soát.", "invalid_choice": "Chọn một đợt trong danh sách."},
    )
    surveyed_on = DayField(label="Ngày khảo sát")
    b1_score = forms.IntegerField(
        label="Tổng điểm B1",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Cộng từ bảng điểm ước lượng thu nhập trên phiếu giấy.",
        error_messages={"required": "Ghi tổng điểm B1.", "invalid": f"Ghi điểm B1 bằng số nguyên từ 0 đến {B1_MOST}."},
    )
    income_per_person = MoneyField(
        label="Thu nhập bình quân đầu người",
        help_text="Đồng mỗi người mỗi tháng, ví dụ 1.800.000.",
        error_messages={"required": "Ghi thu nhập bình quân; không có thu nhập thì ghi 0."},
    )
    b2_total = forms.IntegerField(
        label="Tổng điểm B2 trên phiếu giấy",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Chép từ phiếu giấy để đối chiếu với 12 chỉ số đã chọn.",
        error_messages={
            "required": "Ghi tổng điểm B2 trên phiếu giấy.",
            "invalid": "Ghi điểm B2 bằng số nguyên từ 0 đến 120.",
        },
    )
    has_labour = YesNoField(
        label="Hộ có người còn khả năng lao động không?",
        help_text="Ít nhất một người trong độ tuổi lao động và có khả năng lao động.",
        no="Không còn",
        yes="Còn sức lao động",
        unanswered="Chọn còn hay không còn sức lao động.",
    )
    special_hardship = YesNoField(
        label="Hoàn cảnh đặc biệt khó khăn", no="Không", yes="Có", unanswered="Chọn có hoặc không."
    )
    has_merit = YesNoField(
        label="Có người có công với cách mạng", no="Không", yes="Có", unanswered="Chọn có hoặc không."
    )
    ethnic_minority = YesNoField(label="Hộ dân tộc thiểu số", no="Không", yes="Có", unanswered="Chọn có hoặc không.")
    note = forms.CharField(label="Ghi chú", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    cause_other_text = forms.CharField(
        label="Nguyên nhân khác, ghi rõ",
        required=False,
        max_length=TEXT_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    needs = forms.CharField(
        label="Nhu cầu, nguyện vọng của hộ",
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, rounds, today, people: Sequence[Somebody] = (), usual_day=None, table=None, **options):
        super().__init__(*args, **options)
        self.people, self.persons, self.today = people, len(people), today
        self.usual_day = usual_day or today
        self.table, self.items = table, table.rules() if table else []
        self.fields["round"].queryset = rounds
        asked = form_rows.item_fields(self.items)
        if table:
            del self.fields["b1_score"]
        self.fields |= asked
        self.fields |= form_rows.trigger_fields(people, self.day(), self.data if self.is_bound else self.initial)
        for place, (key, _, label, hint) in enumerate(DEPRIVATIONS, 1):
            self.fields[key] = YesNoField(
                label=label,
                help_text=hint,
                no="Không thiếu",
                yes="Thiếu hụt",
                unanswered=f"Chọn một trong hai mức của chỉ số {place}.",
            )
        for column, label in CAUSES:
            self.fields[column] = forms.BooleanField(label=label, required=False)
        # The order on the page, so that the summary of errors reads from top to bottom.
        first = ["round", "surveyed_on", "b1_score", *asked, "income_per_person", *DEPRIVATION_KEYS, "b2_total"]
        facts = ["has_labour", "special_hardship", "has_merit", "ethnic_minority"]
        self.order_fields([*first, *facts, *CAUSE_COLUMNS, "cause_other_text", "needs", "note"])

    def clean(self):
        cleaned = super().clean()
        boxes = [cleaned.get(key) for key in DEPRIVATION_KEYS]
        points = POINTS_PER_DEPRIVATION * sum(box is True for box in boxes)
        total = cleaned.get("b2_total")
        if total is not None and None not in boxes and total != points:
            lacks = points // POINTS_PER_DEPRIVATION
            self.add_error(
                "b2_total",
                f"Đã chọn {lacks} chỉ số thiếu hụt nên B2 phải là {points} điểm, đang ghi {total}. Sửa tổng hoặc các chỉ số.",
            )
        self._say_what_is_impossible(cleaned)
        return cleaned

    def _say_what_is_impossible(self, cleaned):
        """All that is wrong at once: a field that could not be read is judged by a harmless stand-in."""
        round = cleaned.get("round")
        if not round:
            return
        stand_in = {"surveyed_on": round.starts_on, "b1_score": 0, "income_per_person": 0}
        answers = Answers(
            **{name: value if cleaned.get(name) is None else cleaned[name] for name, value in stand_in.items()},
            deprived=frozenset(key for key in DEPRIVATION_KEYS if cleaned.get(key)),
            triggers=form_rows.triggers(cleaned),
            has_labour=False,
            special_hardship=False,
            has_merit=False,
            ethnic_minority=False,
            **self._causes(cleaned),
        )
        found = problems(
            answers, persons=self.persons, starts_on=round.starts_on, ends_on=round.ends_on, today=self.today
        )
        found |= triggers.problems(answers.chosen(), answers.deprived, self.people, answers.surveyed_on)
        if found:
            refuse(self, forms.ValidationError(found))

    def answers(self) -> Answers:
        given = self.cleaned_data
        plain = ("surveyed_on", "income_per_person", "note")
        facts = ("has_labour", "special_hardship", "has_merit", "ethnic_minority")
        deprived = frozenset(key for key in DEPRIVATION_KEYS if given[key])
        told = {name: given[name] for name in (*plain, *facts)}
        told["b1_score"] = given.get("b1_score") or 0  # by a table it is the service that counts it
        told["scores"], told["triggers"] = form_rows.scores(self.items, given), form_rows.triggers(given)
        return Answers(**told, deprived=deprived, needs=given["needs"], **self._causes(given))

    @staticmethod
    def _causes(given) -> dict:
        ticked = frozenset(column for column in CAUSE_COLUMNS if given.get(column))
        return {"causes": ticked, "cause_other_text": given.get("cause_other_text") or ""}

    def causes(self) -> list:
        return [self[column] for column in CAUSE_COLUMNS]

    def day(self):
        """The survey's day as far as it can be read, else the usual one: the day on which ages are counted."""
        try:
            return self.fields["surveyed_on"].to_python(self["surveyed_on"].value()) or self.usual_day
        except forms.ValidationError:
            return self.usual_day

    def b1_items(self, last) -> list:
        return form_rows.asked(self, self.items, last)

    def services(self, last=None, computed=None) -> list[dict]:
        """The 12 indicators grouped by service, each with its field, two hints and the boxes of who triggers it.

        `before` is what the last review said; `told` what the members' data say (households.computed), when they say it
        clearly. The style sheet makes it loud while the chosen box says otherwise, without a reload.
        """
        groups = []
        who = form_rows.trigger_rows(self, self.people, computed or {}, self.day())
        for place, (key, service, *_) in enumerate(DEPRIVATIONS, 1):
            if not groups or groups[-1]["name"] != service:
                groups.append({"name": service, "rows": []})
            before = "" if last is None else "thiếu hụt" if getattr(last, key) else "không thiếu"
            told = (computed or {}).get(key)
            told = told if told and told.lacks is not None else None
            row = {"place": place, "field": self[key], "before": before, "told": told, "who": who.get(key, [])}
            groups[-1]["rows"].append(row)
        return groups

    @staticmethod
    def typed_from(review) -> dict:
        """An entered review as it was typed."""
        yes_no = (*DEPRIVATION_KEYS, "has_labour", "special_hardship", "has_merit", "ethnic_minority")
        lacks = sum(getattr(review, key) for key in DEPRIVATION_KEYS)
        return {
            "round": review.round_id,
            "surveyed_on": review.surveyed_on,
            "b1_score": review.b1_score,
            "income_per_person": review.income_per_person,
            "b2_total": POINTS_PER_DEPRIVATION * lacks,
            "note": review.note,
            "needs": review.needs,
            "cause_other_text": review.cause_other_text,
            **{column: getattr(review, column) for column in CAUSE_COLUMNS},
            "version": review.version,
            **{name: "yes" if getattr(review, name) else "no" for name in yes_no},
            **form_rows.typed_rows(review),
        }

    @classmethod
    def typed_again(cls, last) -> dict:
        """The last answers as a start for a new form: not its day, its B2 total copied from paper, nor its note."""
        fresh = ("round", "surveyed_on", "b2_total", "note", "version")
        return {name: value for name, value in cls.typed_from(last).items() if name not in fresh}


class DecideForm(forms.Form):
    number = forms.CharField(
        label="Số quyết định",
        max_length=60,
        help_text="Ví dụ 398/QĐ-UBND.",
        error_messages={"required": "Ghi số quyết định.", "max_length": "Số quyết định không quá 60 ký tự."},
    )
    day = DayField(label="Ngày quyết định")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="Lý do trả lại",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nói rõ chỗ cần sửa; người nhập đọc được câu này.",
        error_messages={"required": "Ghi lý do trả lại để người nhập biết phải sửa gì."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
