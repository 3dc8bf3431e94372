"""Master tables as sheets: Vietnamese headings, numbers, dates and words, in both directions."""

from datetime import date, datetime
from decimal import Decimal
from html import escape

from django.db.models import CharField, DateField, DateTimeField, DecimalField, IntegerField, TextField
from django.utils.safestring import mark_safe
from import_export import resources
from import_export.formats import base_formats
from import_export.widgets import (
    BooleanWidget,
    DecimalWidget,
    ForeignKeyWidget,
    IntegerWidget,
    ManyToManyWidget,
    Widget,
)

from areas import vietnamese
from areas.models import Area


class XLSX(base_formats.XLSX):
    """The stock format, told to take the equals sign off what would be a formula, makes every cell text."""

    def _escape_formulae(self, dataset):
        for _ in range(len(dataset)):
            row = dataset.lpop()
            dataset.append([cell.lstrip("=") if isinstance(cell, str) else cell for cell in row])


base_formats.BINARY_FORMATS.append(XLSX)  # the exporter looks up here which formats take numbers as numbers


class Numbers:
    """A number goes out as a number; none is an empty cell, for the sheet's writer would spell it "None"."""

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else super().render(value, obj, **kwargs)


class WholeNumber(Numbers, IntegerWidget):
    """'54.274' is fifty-four thousand: the stock widget would read 54."""

    def clean(self, value, row=None, **kwargs):
        if self.is_empty(value):
            return None
        try:
            number = vietnamese.parse_number(value) if isinstance(value, str) else value
            if number == int(number):
                return int(number)
        except (TypeError, ValueError):
            pass
        raise ValueError(f"“{value}” không phải số nguyên.")


class Number(Numbers, DecimalWidget):
    """'2,09' and '2.09' are the same rate."""

    def clean(self, value, row=None, **kwargs):
        if self.is_empty(value):
            return None
        if isinstance(value, int | float | Decimal):
            return Decimal(str(value))  # a cell that is a number: its dot is never one of thousands
        try:
            return vietnamese.parse_number(str(value))
        except ValueError:
            raise ValueError(f"“{value}” không phải một số.") from None


class Day(Widget):
    def clean(self, value, row=None, **kwargs):
        if isinstance(value, datetime):
            return value.date()
        if not value or isinstance(value, date):
            return value or None
        try:
            return vietnamese.parse_day(str(value))
        except ValueError:
            raise ValueError(f"“{value}” không phải một ngày, dạng ngày/tháng/năm.") from None

    def render(self, value, obj=None, **kwargs):
        return vietnamese.day(value) if value else ""


class YesNo(BooleanWidget):
    TRUE_VALUES = [*BooleanWidget.TRUE_VALUES, "có", "Có", "x"]
    FALSE_VALUES = [*BooleanWidget.FALSE_VALUES, "không", "Không"]

    def render(self, value, obj=None, **kwargs):
        return {True: "có", False: "không"}.get(value, "")


class Choice(Widget):
    """A choice by its words; its code is understood too."""

    def __init__(self, choices=(), **kwargs):
        super().__init__(**kwargs)
        self.words = {str(code): label for code, label in choices}

    def clean(self, value, row=None, **kwargs):
        given = vietnamese.tidy(str(value or ""))
        codes = {vietnamese.fold(label): code for code, label in self.words.items()}
        return given if given in self.words else codes.get(vietnamese.fold(given), given)

    def render(self, value, obj=None, **kwargs):
        return self.words.get(str(value), "")


class Text(Widget):
    """A code that a spreadsheet keeps as a number comes back as the digits it shows."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, float) and value == int(value):
            value = int(value)
        return vietnamese.tidy(str(value)) if value is not None else ""

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class AreaByCode(ForeignKeyWidget):
    """An area by its code, on the day that the row is about: the statistics office has re-used codes."""

    def __init__(self, day_of):
        super().__init__(Area, "code")
        self.day_of = day_of

    def clean(self, value, row=None, **kwargs):
        code = Text().clean(value)
        if not code:
            return None
        day = self.day_of(row)
        area = Area.objects.existing_on(day).filter(code=code).first()
        if area is None:
            raise ValueError(f"Không có địa bàn mã {code} vào ngày {vietnamese.day(day)}.")
        return area


class ManyByCode(ManyToManyWidget):
    """Codes with commas between them. The stock widget drops a code that it does not find."""

    def __init__(self, model):
        super().__init__(model, separator=",", field="code")

    def clean(self, value, row=None, **kwargs):
        codes = [code.strip() for code in Text().clean(value).split(",") if code.strip()]
        found = {other.code: other for other in self.model._default_manager.filter(code__in=codes)}
        for code in codes:
            if code not in found:
                raise ValueError(f"Không có mã “{code}”.")
        return [found[code] for code in codes]


class Words(resources.Diff):
    """What is new beside what was, without the inline colours that the content security policy refuses."""

    def as_html(self):
        return [self._cell(old, new) for old, new in zip(self.left, self.right, strict=True)]

    def _cell(self, old, new):
        old, new = escape(str(old or "")), escape(str(new or ""))
        if self.new or old == new:
            return mark_safe(new)
        return mark_safe(f"<del>{old}</del> <ins>{new}</ins>")


class MasterResource(resources.ModelResource):
    """Headings are the fields' Vietnamese names. A row that breaks a rule of the model refuses the whole file."""

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def before_import(self, dataset, **kwargs):
        needed = [self.fields[name].column_name for name in self.get_import_id_fields()]
        missing = [name for name in needed if name not in (dataset.headers or [])]
        if missing:
            dataset.wipe()  # else every row would complain once more
            raise ValueError(f"Tệp thiếu các cột bắt buộc: {', '.join(missing)}.")

    @classmethod
    def get_diff_class(cls):
        return Words

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        field = super().field_from_django_field(field_name, django_field, readonly)
        field.column_name = str(django_field.verbose_name)
        if django_field.choices:
            field.widget = Choice(django_field.choices)
        elif isinstance(django_field, IntegerField):
            field.widget = WholeNumber()
        elif isinstance(django_field, DecimalField):
            field.widget = Number()
        elif isinstance(django_field, DateField) and not isinstance(django_field, DateTimeField):
            field.widget = Day()
        elif isinstance(django_field, CharField | TextField):
            field.widget = Text()
        elif django_field.get_internal_type() == "BooleanField":
            field.widget = YesNo()
        return field
