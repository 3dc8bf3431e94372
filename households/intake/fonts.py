"""Text typed in the old TCVN3 (``.VnTime``) and VNI (``VNI-Times``) fonts: found out, and turned into Unicode.

Nothing is converted by itself: ``detect`` says what it looks like, the officer sees a preview and agrees.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

TCVN3, VNI = "tcvn3", "vni"

# Unicode letters and what stands for them in the byte order of TCVN 5712:1993 (VN3), read as Windows-1252.
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđ" + "àảãáạ" + "ằẳẵắặ" + "ầẩẫấậ" + "èẻẽéẹ" + "ềểễếệ" + "ìỉĩíị" + "òỏõóọ"
_TCVN3_LETTERS += "ồổỗốộ" + "ờởỡớợ" + "ùủũúụ" + "ừửữứự" + "ỳỷỹýỵ"
_TCVN3_BYTES = bytes(
    [
        *range(0xA1, 0xAF),
        *(0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
        *(0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
        *(0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
        *(0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
        *(0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
        *(0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
        *(0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
        *(0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
        *(0xEA, 0xEB, 0xEC, 0xED, 0xEE),
        *(0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
        *(0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
        *(0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
    ]
)
_TCVN3 = dict(zip(_TCVN3_BYTES.decode("cp1252"), _TCVN3_LETTERS, strict=True))
_TCVN3_TABLE = str.maketrans(_TCVN3)

# VNI writes a letter and, after it, a sign for its marks; a few letters stand alone.
_MARKS = {
    "ø": "\u0300",
    "ù": "\u0301",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "à": "\u0302\u0300",
    "á": "\u0302\u0301",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "è": "\u0306\u0300",
    "é": "\u0306\u0301",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_MARKS |= {sign.upper(): marks for sign, marks in _MARKS.items()}
_ALONE |= {sign.upper(): letter.upper() for sign, letter in _ALONE.items()}
_VNI = re.compile(f"([aeouyAEOUYöôÖÔ])([{''.join(_MARKS)}])|([{''.join(_ALONE)}])")

_REAL = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # letters that only Unicode Vietnamese has
_LIKE_TCVN3 = re.compile(r"[§®¨«¬©µ¶·¸¹»¼½¾Æ]")
_LIKE_VNI = re.compile(
    r"[aeouyAEOUYöôÖÔ][øùûõïØÙÛÕÏåäÅÄëËüÜ]|[aA][âêáàãèéÂÊÁÀÃÈÉ]|[eE][âáàãÂÁÀÃ]|[oO][âÂ]|[ñÑ][aeiouyAEIOUYöôÖÔ]"
)


def by_font(name: str) -> str:
    """``tcvn3`` or ``vni`` for the name of a font of theirs, else ''."""
    low = name.casefold()
    return TCVN3 if low.startswith(".vn") else VNI if low.startswith("vni") else ""


def detect(texts: Iterable[object], font_names: Iterable[str] = ()) -> str:
    """``tcvn3``, ``vni`` or '' for what these cells look like; a font's name tips a scale that is not empty."""
    sample = "\n".join(text for text in texts if isinstance(text, str))
    if _REAL.search(unicodedata.normalize("NFC", sample)):
        real = len(_REAL.findall(unicodedata.normalize("NFC", sample)))
    else:
        real = 0
    tcvn3, vni = len(_LIKE_TCVN3.findall(sample)), len(_LIKE_VNI.findall(sample))
    named = {by_font(name) for name in font_names}
    most = max(tcvn3, vni)
    enough = 1 if (TCVN3 if tcvn3 >= vni else VNI) in named else 3
    if most < enough or most <= real:
        return ""
    return TCVN3 if tcvn3 >= vni else VNI


def preview(texts: Iterable[object], encoding: str, most: int = 8) -> list[tuple[str, str]]:
    """A handful of different cells as found and as they would be converted."""
    told: dict[str, str] = {}
    for text in texts:
        if isinstance(text, str) and len(text) <= 100 and text not in told and convert(text, encoding) != text:
            told[text] = convert(text, encoding)
            if len(told) == most:
                break
    return list(told.items())


@lru_cache(maxsize=20_000)
def convert(text: str, encoding: str) -> str:
    """To Unicode, NFC. Capitals of ``.VnTimeH`` are capitals by their font only: they come out small.

    A cell that already has Unicode Vietnamese letters is left as it is.
    """
    if not encoding or text.isascii() or _REAL.search(text):
        return text
    if encoding == TCVN3:
        return unicodedata.normalize("NFC", text.translate(_TCVN3_TABLE))
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))


def _vni_letter(found: re.Match) -> str:
    letter, sign, alone = found.groups()
    if alone:
        return _ALONE[alone]
    return _ALONE.get(letter, letter) + _MARKS[sign]
