"""How Vietnamese offices write numbers, dates and names, and how to read what they write. Pure."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "\u00a0": " ", "\u200b": "", "\ufeff": ""})
_ODD = frozenset(map(chr, _LOOKALIKES))
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def tidy(text: str) -> str:
    """One form for what people type: NFC, the right Đ, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if not _ODD.isdisjoint(text):
            text = text.translate(_LOOKALIKES)
    return " ".join(text.split())


@lru_cache(maxsize=20_000)  # a name is folded to find, to sort and to compare it
def fold(text: str) -> str:
    """For search: lower case without marks, so that 'Hoà', 'Hòa' and 'hoa' are one word."""
    return " ".join(filter(None, map(fold_word, text.split())))


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """A word of it. A city's names and streets are few words, written again and again."""
    if word.isascii():
        return word.lower()
    lower = tidy(word).lower().replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))


def name_key(full_name: str) -> str:
    """Sort key of a person: given name, then family name, then the middle."""
    return folded_name_key(fold(full_name))


def folded_name_key(folded: str) -> str:
    """The same of a name that is folded already."""
    words = folded.split()
    return " ".join([*words[-1:], *words[:1], *words[1:-1]]) if len(words) > 1 else folded


def place_key(name: str) -> list:
    """Sort key of a group's name: 'Tổ 2' before 'Tổ 10'."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", fold(name))]


def number(value, places: int = 0) -> str:
    """1259 → '1.259'; with places, half up and a comma: 2.085 → '2,09'. None is a dash: null is not zero."""
    if value is None or value == "":
        return "–"
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if exact == 0:
        exact = abs(exact)
    whole, _, rest = f"{exact:,f}".partition(".")
    whole = whole.replace(",", ".").replace("-", "−")
    return f"{whole},{rest}" if rest else whole


def signed(value, places: int = 0) -> str:
    """With its sign, zero without: +12, −3, 0."""
    if value is None:
        return "–"
    return f"+{number(value, places)}" if value > 0 else number(value, places)


def money(value) -> str:
    return "–" if value is None else f"{number(value)} đồng"


def short_money(value) -> str:
    """In the unit that people say: 1.250.000.000 → '1,25 tỷ đồng', 50.000.000 → '50 triệu đồng', below a million in
    full. At most two decimals, half up; what rounds up to the next unit is said in it."""
    if value is None:
        return "–"
    for unit, word in ((10**9, "tỷ"), (10**6, "triệu")):
        rounded = (Decimal(value) / unit).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        if abs(rounded) >= 1:
            whole, _, rest = number(rounded, 2).partition(",")
            rest = rest.rstrip("0")
            return f"{whole},{rest} {word} đồng" if rest else f"{whole} {word} đồng"
    return money(value)


def day(value: date | None) -> str:
    return value.strftime("%d/%m/%Y") if value else "–"


def parse_number(text: str) -> Decimal:
    """Read '1.259', '1259', '1,39' or '1.39'. ValueError when it is none of them.

    A dot before exactly three digits separates thousands; so '1.259' is never one and a quarter.
    """
    text = tidy(text).replace(" ", "")
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", text):
        raise ValueError(text)
    return Decimal(text.replace(",", "."))


def parse_money(text: str) -> Decimal:
    """Dong from '50.000.000', '50.000.000 đồng', '50 triệu' or '1,25 tỷ'. ValueError when it is none of them."""
    found = re.fullmatch(r"(.*?)(trieu|tr|ty)?(?:dong|d|vnd)?", fold(text).replace(" ", ""))
    return parse_number(found[1]) * {"trieu": 10**6, "tr": 10**6, "ty": 10**9}.get(found[2], 1)


def parse_day(text: str) -> date:
    """Read dd/mm/yyyy or yyyy-mm-dd. ValueError for anything else and for days that do not exist."""
    text = tidy(text)
    if found := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(text)
