"""Saving a household that somebody else saved meanwhile: what was typed is merged, and what clashes is asked.

The page carries what its writer saw, sealed: without it nobody could tell who changed what. Nothing is overwritten
that the writer was not shown.
"""

from itertools import chain

from cryptography.fernet import InvalidToken
from django import forms
from django.utils import timezone

from areas.vietnamese import fold, tidy
from households.forms.members import MemberForm
from households.forms.register import HouseholdForm
from households.identity import mask
from households.members import NUMBERS
from households.merging import HERE, compare
from households.models import Household, Member
from households.sealed import open_json, seal_json, vault

PLACE = ("group", "address", "phone", "tenure", "living_area")
NUMBER_NAMES = tuple(name for name, _, _ in NUMBERS)
OF_MEMBER = ("full_name", "relation", "sex", "birth", "ethnicity", *NUMBER_NAMES, *MemberForm.FURTHER[2:])
HASH = 64  # characters of a fingerprint; the last four digits of the number follow it


def facts(household: Household, members: dict[int, Member]) -> dict[str, str]:
    """The household as it is, as texts like those that are typed. A number is its fingerprint and last four digits."""
    found = {name: _text(getattr(household, name)) for name in PLACE}
    for key, member in members.items():
        found[f"{key}.{HERE}"] = "yes"
        for name in OF_MEMBER:
            number = name in NUMBER_NAMES
            held = getattr(member, f"{name}_hash") + getattr(member, f"{name}_last4") if number else None
            found[f"{key}.{name}"] = held if number else _text(getattr(member, name))
    return found


def seal_state(household: Household, found: dict, **more) -> str:
    """What the page carries: the facts its writer sees and, after a clash, the questions."""
    return seal_json({"household": household.pk, "facts": found} | more)


def read_state(household: Household, sealed: str) -> dict | None:
    """What this household's page carried; None when it carried nothing that can be read."""
    try:
        state = open_json(sealed) if sealed else None
    except (InvalidToken, ValueError):
        return None
    return state if state and state["household"] == household.pk else None


class ChoiceForm(forms.Form):
    """One question for each fact that both changed."""

    def __init__(self, data=None, *, asked: list[dict]):
        super().__init__(data, prefix="choice")
        self.asked = asked
        for place, one in enumerate(asked):
            self.fields[str(place)] = forms.ChoiceField(
                label=one["label"],
                choices=one["choices"],
                widget=forms.RadioSelect,
                help_text=one["help"],
                error_messages={"required": "Chọn một."},
            )

    def taken(self) -> list[str]:
        """Names of the facts for which the other's value is to stand."""
        return [one["name"] for place, one in enumerate(self.asked) if self.cleaned_data[str(place)] == "theirs"]


def answered(state: dict | None, data) -> ChoiceForm | None:
    """The questions that the page asked, with the answers carried out in `data`; None when it asked nothing."""
    if not (state and state.get("stale")):
        return None
    form = ChoiceForm(data, asked=state["stale"]["asked"])
    if form.is_valid():
        for name in form.taken():
            _take(data, name, state["facts"])
    return form


def merge(*, household: Household, held: dict[int, Member], state: dict | None, form, rows, events, data) -> dict:
    """Put into `data`, what was typed, everything that does not clash with the newer `household` and its members.

    Returns the state that the page then carries; `data` carries it already.
    """
    theirs = facts(household, held)
    base = state["facts"] if state else None
    mine = _typed(base if base is not None else theirs, form, rows)
    merged = compare(base, mine, theirs)
    for name in merged.theirs:
        _take(data, name, theirs)
    names = {key: value for key, value in chain((base or {}).items(), theirs.items()) if key.endswith(".full_name")}
    tell = _Teller(names, base or {}, mine, theirs)
    stale = {
        "asked": [tell.question(name) for name in merged.both] + _twice(rows, base, theirs),
        "theirs": [tell.line(name, theirs) for name in merged.theirs],
        "mine": [tell.line(name, mine) for name in merged.mine],
        "events": [f"{one.by}, {timezone.localtime(one.at):%d/%m/%Y %H:%M}: {one.what}" for one in events],
    }
    data["version"] = household.version
    data["base"] = seal_state(household, theirs, stale=stale)
    return {"household": household.pk, "facts": theirs, "stale": stale}


class _Teller:
    """Facts in words."""

    def __init__(self, names, base, mine, theirs):
        self.names, self.base, self.mine, self.theirs = names, base, mine, theirs

    def label(self, name: str) -> str:
        person, _, fact = name.rpartition(".")
        if not person:
            return str(HouseholdForm.base_fields[fact].label)
        who = self.names.get(f"{person}.full_name", "")
        if fact == HERE:
            return who
        label = str(MemberForm.base_fields[fact].label)
        return f"{who}, {label if label[:2].isupper() else label[:1].lower() + label[1:]}"

    def line(self, name: str, side: dict) -> str:
        if name.endswith(f".{HERE}"):
            return f"{self.label(name)}: {'vào hộ' if side.get(name) else 'rời hộ'}"
        return f"{self.label(name)}: {_word(name, self.base.get(name, ''))} → {_word(name, side.get(name, ''))}"

    def question(self, name: str) -> dict:
        mine, theirs = _word(name, self.mine.get(name, "")), _word(name, self.theirs.get(name, ""))
        choices = [("mine", f"Giữ của tôi: {mine}"), ("theirs", f"Lấy của người kia: {theirs}")]
        told = f"Trước đó: {_word(name, self.base[name])}." if name in self.base else ""
        if name.endswith(f".{HERE}"):
            told = "Một bên ghi người này rời hộ, bên kia sửa thông tin của người này."
            choices = [("mine", "Giữ của tôi: rời hộ"), ("theirs", "Lấy của người kia: ở lại hộ")]
            if not self.theirs.get(name):  # somebody who has left is not brought back by correcting their facts
                choices = [("theirs", "Người này đã rời hộ: bỏ phần tôi gõ về người này")]
        return {"name": name, "label": self.label(name), "choices": choices, "help": told}


def _twice(rows, base: dict | None, theirs: dict) -> list[dict]:
    """Questions about people whom the writer adds, and whom the other has added under the same name and birth year."""
    came = {
        (fold(theirs[f"{key}.full_name"]), theirs[f"{key}.birth"][-4:])
        for key in (name.partition(".")[0] for name in theirs if name.endswith(f".{HERE}"))
        if base is not None and f"{key}.{HERE}" not in base
    }
    return [
        {
            "name": f"row.{row.prefix}",
            "label": row.cleaned_data["full_name"],
            "choices": [("theirs", "Cùng một người: bỏ dòng của tôi"), ("mine", "Là người khác: thêm cả hai")],
            "help": "Người kia vừa thêm một người cùng tên, cùng năm sinh.",
        }
        for row in rows.filled()
        if not row.cleaned_data["key"]
        and (fold(row.cleaned_data["full_name"]), str(row.cleaned_data["birth"][0])) in came
    ]


def _typed(start: dict[str, str], form, rows) -> dict[str, str]:
    """What the writer wants, as facts; whoever has no row stays as in `start`."""
    mine = start | {name: _text(form.cleaned_data[name]) for name in PLACE}
    mine |= {name: tidy(mine[name]) for name in ("group", "address")}
    for row in rows.filled():
        person = row.person()
        if person.key is None:
            continue
        born = Member(birth_year=person.birth_year, birth_month=person.birth_month, birth_day=person.birth_day)
        mine[f"{person.key}.{HERE}"] = "yes"
        for name in OF_MEMBER:
            value = born.birth if name == "birth" else getattr(person, name)
            if name not in NUMBER_NAMES:
                mine[f"{person.key}.{name}"] = _text(value)
            elif value is not None:
                mine[f"{person.key}.{name}"] = vault().fingerprint(value) + value[-4:] if value else ""
    for row in rows.deleted_forms:
        key = str(row["key"].value() or "")
        if f"{key}.{HERE}" in mine:
            mine[f"{key}.{HERE}"] = ""
    return mine


def _take(data, name: str, theirs: dict[str, str]) -> None:
    """Put the other's value where the writer's was typed. A number that is not typed stays as it is held."""
    person, _, fact = name.rpartition(".")
    if not person:
        data[fact] = theirs[fact]
        return
    prefix = fact if person == "row" else _row_of(data, person)
    if prefix is None:
        return
    if person == "row" or (fact == HERE and not theirs.get(name)):
        data[f"{prefix}-DELETE"] = "on"
    elif fact == HERE:
        data.pop(f"{prefix}-DELETE", None)
        for one in OF_MEMBER:
            _take(data, f"{person}.{one}", theirs)
    elif fact in NUMBER_NAMES:
        data[f"{prefix}-{fact}"] = ""
        data.setlist(f"{prefix}-clear", [one for one in data.getlist(f"{prefix}-clear") if one != fact])
    else:
        data[f"{prefix}-{fact}"] = theirs[name]


def _row_of(data, key: str) -> str | None:
    held = [name for name in data if name.startswith("members-") and name.endswith("-key") and data[name] == key]
    return held[0].removesuffix("-key") if held else None


def _text(value) -> str:
    """A value as a box of the form holds it; Decimal is the area in m²."""
    if value is None or isinstance(value, bool | str):
        return "" if value is None else str(value)
    return f"{value:.2f}".replace(".", ",")


def _word(name: str, value: str) -> str:
    fact = name.rpartition(".")[2]
    if fact in NUMBER_NAMES:
        return mask(value[HASH:]) or "(trống)"
    fields = MemberForm.base_fields if "." in name else HouseholdForm.base_fields
    choices = dict(getattr(fields[fact], "choices", ())) if fact in fields else {}
    return str(choices.get(value, value) if value else "") or "(trống)"
