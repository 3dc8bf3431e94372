"""The parts of form B that depend on data: B1 by the items of a table of points, and who triggers an indicator."""

import re
from dataclasses import dataclass

from django import forms

from areas.vietnamese import number
from households.computed import Somebody
from households.forms.fields import NumberField
from households.scoring import Answer, Item, Kind, answer_words
from households.triggers import AGES, able, suggested

DRAFTED = re.compile(r"(b1|trigger)__[a-z0-9_]{1,70}")  # names of such fields, whatever the table and the household


@dataclass(frozen=True)
class Asked:
    """One item as the page shows it: one field, or a box an option. `before`: the last review's answer in words."""

    item: Item
    fields: list
    many: bool
    before: str


def item_fields(items: list[Item]) -> dict[str, forms.Field]:
    """Fields by name, in the order of the table."""
    found = {}
    for place, item in enumerate(items, 1):
        name = f"b1__{item.code}"
        choices = [(option.code, f"{option.text} ({number(option.points)} điểm)") for option in item.options]
        if item.kind == Kind.SINGLE:
            words = f"Chọn một mức của mục {place}."
            found[name] = forms.ChoiceField(
                label=f"{place}. {item.text}",
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": words, "invalid_choice": words},
            )
        elif item.kind == Kind.BAND:
            told = "; ".join(text for _, text in choices)
            found[name] = NumberField(
                label=f"{place}. {item.text}",
                help_text=f"Điểm: {told}.",
                error_messages={"required": f"Ghi số của mục {place}."},
            )
        else:
            for code, text in choices:
                found[f"{name}__{code}"] = forms.BooleanField(label=text, required=False)
    return found


def scores(items: list[Item], given: dict) -> tuple[Answer, ...]:
    """The answers as cleaned."""
    found = []
    for item in items:
        name = f"b1__{item.code}"
        if item.kind == Kind.MULTI:
            ticked = [option.code for option in item.options if given.get(f"{name}__{option.code}")]
            found += [Answer(item.code, code) for code in ticked]
        elif item.kind == Kind.BAND and given.get(name) is not None:
            found.append(Answer(item.code, number=given[name]))
        elif item.kind == Kind.SINGLE and given.get(name):
            found.append(Answer(item.code, given[name]))
    return tuple(found)


def asked(form, items: list[Item], last) -> list[Asked]:
    """The items with their bound fields; `last`: the review whose answers stand beside."""
    before = {}
    if last and last.score_table_id:
        before = answer_words(last.score_table.rules(), [answer.rule() for answer in last.score_answers.all()])
    found = []
    for item in items:
        name = f"b1__{item.code}"
        many = item.kind == Kind.MULTI
        names = [f"{name}__{option.code}" for option in item.options] if many else [name]
        found.append(Asked(item, [form[one] for one in names], many, before.get(item.code, "")))
    return found


def trigger_fields(people: list[Somebody], day, typed: dict) -> dict[str, forms.Field]:
    """A box for each member whom an indicator can mean; one that is ticked stays, so that its error can be told."""
    found = {}
    for indicator in AGES:
        able_keys = {one.key for one in able(indicator, people, day)}
        for one in people:
            name = f"trigger__{indicator}__{one.key}"
            if one.key in able_keys or typed.get(name):
                found[name] = forms.BooleanField(label=f"{one.name} ({_age(one, day)})", required=False)
    return found


def triggers(given: dict) -> frozenset[tuple[str, int]]:
    ticked = [name.split("__") for name, value in given.items() if name.startswith("trigger__") and value]
    return frozenset((indicator, int(key)) for _, indicator, key in ticked)


def trigger_rows(form, people: list[Somebody], computed: dict, day) -> dict[str, list[dict]]:
    """By indicator the boxes of members, and whom the members' data point at."""
    found = {}
    for indicator in AGES:
        meant = suggested(indicator, people, computed, day)
        names = {f"trigger__{indicator}__{one.key}": one.key in meant for one in people}
        found[indicator] = [{"field": form[n], "meant": hit} for n, hit in names.items() if n in form.fields]
    return found


def typed_rows(review) -> dict:
    """The rows of a review as its form had them."""
    typed = {}
    for answer in review.score_answers.all():
        name = f"b1__{answer.item}"
        if answer.number is not None:
            typed[name] = number(answer.number, 0 if answer.number == int(answer.number) else 2)
        else:  # a choice of one, and a box of many: whichever the item is, the other name is not on the form
            typed |= {name: answer.option, f"{name}__{answer.option}": True}
    return typed | {f"trigger__{one.indicator}__{one.member_id}": True for one in review.triggers.all()}


def _age(one: Somebody, day) -> str:
    ages = one.ages(day)
    return f"{ages[0]} tuổi" if len(ages) == 1 else f"{ages[0]}–{ages[-1]} tuổi"
