"""The rows of an answer as CSV, with commas and points as machines read them."""

import csv
import io
import json

from rest_framework.renderers import BaseRenderer

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a text for a formula


class CsvRenderer(BaseRenderer):
    """The rows of an answer: of a page its `results`, else the answer itself as one row. A refusal stays a problem."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if isinstance(data, dict) and "status" in data and "type" in data:
            return json.dumps(data).encode()
        rows = rows_of(data or {})
        out = io.StringIO()
        view = (renderer_context or {}).get("view")
        names = list(dict.fromkeys(name for row in rows for name in row)) or list(getattr(view, "columns", ()))
        if names:
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
        return out.getvalue().encode()


def rows_of(data) -> list[dict]:
    """Flat rows; what lies inside a row is named with a point: pace.state."""
    rows = data.get("results", data.get("indicators", [data])) if isinstance(data, dict) else data
    return [dict(_flat(row)) for row in rows]


def _flat(row: dict, prefix: str = ""):
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return (
            "; ".join(str(one) for one in value) if all(map(_plain, value)) else json.dumps(value, ensure_ascii=False)
        )
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) and not _number(value) else value


def _plain(value) -> bool:
    return not isinstance(value, dict | list)


def _number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdecimal() and text[0] in "+-"
