"""Parameters of the API: what is not known is refused, and long answers come in pages by key."""

import base64
import json
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from rest_framework import serializers

MOST, DEFAULT = 500, 100
FAR = 2**63 - 1


class Parameters(serializers.Serializer):
    """Refuses what it does not know: a misspelt parameter must not be taken for its absence."""

    format = serializers.ChoiceField(
        required=False,
        choices=["json", "csv"],
        help_text="As `Accept: text/csv`; the address says it where no header can.",
    )

    def to_internal_value(self, data):
        allowed = ", ".join(name for name in self.fields if name != "format") or "none"
        unknown = {name: [f"Unknown parameter. Allowed here: {allowed}."] for name in data if name not in self.fields}
        twice = {
            name: ["Given more than once."] for name in data if name in self.fields and len(data.getlist(name)) > 1
        }
        if unknown or twice:
            raise serializers.ValidationError(unknown | twice)
        return super().to_internal_value(data.dict())  # a plain dict: an empty value is wrong, not left out


class NoParameters(Parameters):
    pass


def a_day(**more):
    return serializers.DateField(required=False, input_formats=["%Y-%m-%d"], **more)


def an_ordering(*names: str):
    choices = [sign + name for name in names for sign in ("", "-")]
    return serializers.ChoiceField(
        required=False, default=names[0], choices=choices, help_text="`-`: the other way round."
    )


class PageParameters(Parameters):
    """Pages by key: nothing is told twice or left out when rows change between two pages."""

    limit = serializers.IntegerField(required=False, default=DEFAULT, min_value=1, max_value=MOST)
    cursor = serializers.CharField(required=False, max_length=300, help_text="`next` of the page before.")

    def validate_cursor(self, text: str) -> tuple:
        try:
            value, key = json.loads(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
        except (ValueError, TypeError, RecursionError):
            raise serializers.ValidationError(_FOREIGN) from None
        if not isinstance(key, int | str) or not isinstance(value, int | str) or bool in (type(key), type(value)):
            raise serializers.ValidationError(_FOREIGN)
        if any(
            isinstance(part, int) and abs(part) > FAR or isinstance(part, str) and "\0" in part for part in (value, key)
        ):
            raise serializers.ValidationError(_FOREIGN)
        return value, key


_FOREIGN = "Not a cursor of this API; take `next` of the page before."


def page_class(row, **head):
    """The serializer of a page of these rows: what all of them share, `next`, `results`."""
    fields = head | {
        "next": serializers.CharField(allow_null=True, help_text="Cursor of the next page; null on the last."),
        "results": row(many=True),
    }
    return type(f"{row.__name__.removesuffix('Serializer')}PageSerializer", (serializers.Serializer,), fields)


def page_of(rows: QuerySet, given: dict, orderings: dict) -> tuple[list, str | None]:
    """One page of rows and the cursor of the next. `orderings`: name → expression, never null."""
    down, name = given["ordering"].startswith("-"), given["ordering"].lstrip("-")
    rows = rows.annotate(sorted_by=orderings[name])
    if "cursor" in given:
        value, key = given["cursor"]
        try:
            value, key = _as(rows.query.annotations["sorted_by"].output_field, value), int(key)
        except (ValueError, TypeError, ArithmeticError):
            raise serializers.ValidationError({"cursor": ["This cursor is of another ordering."]}) from None
        step = "lt" if down else "gt"
        rows = rows.filter(Q(**{f"sorted_by__{step}": value}) | Q(sorted_by=value, **{f"pk__{step}": key}))
    rows = rows.order_by(*(("-sorted_by", "-pk") if down else ("sorted_by", "pk")))
    found = list(rows[: given["limit"] + 1])
    shown = found[: given["limit"]]
    return shown, cursor_of(shown[-1].sorted_by, shown[-1].pk) if len(found) > given["limit"] else None


def page_of_list(rows: list, given: dict, keys: dict) -> tuple[list, str | None]:
    """The same of rows that are counted, not stored. `keys`: name → function of a row; 'key' tells rows apart."""
    down, name = given["ordering"].startswith("-"), given["ordering"].lstrip("-")
    rows = sorted(rows, key=lambda row: (keys[name](row), keys["key"](row)), reverse=down)
    if "cursor" in given:
        after = given["cursor"]
        try:
            rows = [row for row in rows if _later((keys[name](row), keys["key"](row)), after, down)]
        except TypeError:
            raise serializers.ValidationError({"cursor": ["This cursor is of another ordering."]}) from None
    shown = rows[: given["limit"]]
    more = len(rows) > given["limit"]
    return shown, cursor_of(keys[name](shown[-1]), keys["key"](shown[-1])) if more else None


def told_page(page, found: tuple[list, str | None], **head) -> dict:
    """The answer of a list. `page`: a serializer of `page_class`; `found`: as `page_of` and `page_of_list` give it."""
    shown, following = found
    return page(head | {"next": following, "results": shown}).data


def _later(place: tuple, after: tuple, down: bool) -> bool:
    return place < after if down else place > after


def _as(field, value):
    """The cursor's value as the database compares it; ValueError or TypeError when it is of another ordering."""
    kind = field.get_internal_type()
    if kind == "DateField":
        return date.fromisoformat(value)
    if kind == "DecimalField":
        return Decimal(value)
    if kind in ("CharField", "SlugField", "TextField"):
        if not isinstance(value, str):
            raise TypeError
        return value
    if not isinstance(value, int):
        raise TypeError
    return value


def cursor_of(value, key) -> str:
    plain = value if isinstance(value, int) else str(value)
    return base64.urlsafe_b64encode(json.dumps([plain, key]).encode()).decode()
