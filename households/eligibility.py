"""Whether a household may have a support under a policy on a day, and why, in words. Pure.

A suggestion only: the officer may give outside it with a written reason, which is kept and logged.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

CATEGORY_WORDS = {"poor": "hộ nghèo", "near_poor": "hộ cận nghèo"}
ISSUER_WORDS = {"central": "chuẩn Trung ương", "city": "chuẩn thành phố"}
FLAG_WORDS = {
    "has_labour": "còn sức lao động",
    "special_hardship": "hoàn cảnh đặc biệt khó khăn",
    "has_merit": "có người có công",
}


@dataclass(frozen=True)
class Rule:
    """Whom a policy is for. An empty part asks nothing; every part that is not empty must hold."""

    categories: frozenset[str] = frozenset()  # of CATEGORY_WORDS
    issuers: frozenset[str] = frozenset()  # of ISSUER_WORDS; empty: any standard
    flags: frozenset[str] = frozenset()  # of FLAG_WORDS, all needed
    escaped_months: int = 0  # a household that left the lists at most so many months ago may have it too
    age_from: int | None = None  # ages in whole years, of the member who receives
    age_to: int | None = None  # inclusive
    sex: str = ""  # "male", "female"


@dataclass(frozen=True)
class Standing:
    """One open status of the household on the day."""

    issuer: str
    category: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    age: int
    sex: str


@dataclass(frozen=True)
class Verdict:
    holds: bool
    reasons: tuple[str, ...] = field(default=())

    @property
    def words(self) -> str:
        return ("Thuộc diện: " if self.holds else "Không thuộc diện: ") + "; ".join(self.reasons) + "."


def judge(
    rule: Rule, standings: Collection[Standing], *, escaped_months_ago: int | None = None, person: Person | None = None
) -> Verdict:
    """Compare the rule with the household's statuses of the day, and with the member who receives when one is named.

    `escaped_months_ago`: whole months since the household left its last list; None when it never was on one.
    """
    held, missing = [], []
    _status(rule, standings, escaped_months_ago, held, missing)
    _person(rule, person, held, missing)
    if missing:
        return Verdict(False, tuple(missing))
    return Verdict(True, tuple(held) or ("chính sách không giới hạn đối tượng",))


def _status(rule, standings, escaped_months_ago, held, missing) -> None:
    if not (rule.categories or rule.issuers or rule.flags):
        return
    fitting = [
        each
        for each in standings
        if (not rule.categories or each.category in rule.categories)
        and (not rule.issuers or each.issuer in rule.issuers)
    ]
    for each in fitting:
        if rule.flags <= each.flags:
            flags = [FLAG_WORDS[name] for name in sorted(rule.flags)]
            held.append(", ".join([f"{CATEGORY_WORDS[each.category]} {ISSUER_WORDS[each.issuer]}", *flags]))
            return
    # Flags are facts of a status; a household off every list has none, so a rule with flags cannot hold for it.
    if not rule.flags and escaped_months_ago is not None and 0 <= escaped_months_ago < rule.escaped_months:
        held.append(f"mới thoát nghèo, {escaped_months_ago} tháng")
    elif not fitting:
        missing.append("hộ không ở trong danh sách mà chính sách quy định")
    else:
        known = frozenset().union(*(each.flags for each in fitting))
        lacking = sorted(rule.flags - known) or sorted(rule.flags)
        missing.extend(f"thiếu điều kiện {FLAG_WORDS[name]}" for name in lacking)


def _person(rule, person, held, missing) -> None:
    if rule.age_from is None and rule.age_to is None and not rule.sex:
        return
    if person is None:
        missing.append("chưa chọn người hưởng")
        return
    if rule.age_from is not None and person.age < rule.age_from:
        missing.append(f"người hưởng {person.age} tuổi, phải từ {rule.age_from} tuổi")
    elif rule.age_to is not None and person.age > rule.age_to:
        missing.append(f"người hưởng {person.age} tuổi, phải đến {rule.age_to} tuổi")
    elif rule.age_from is not None or rule.age_to is not None:
        held.append(f"người hưởng {person.age} tuổi")
    if rule.sex and person.sex != rule.sex:
        missing.append("người hưởng phải là " + ("nam" if rule.sex == "male" else "nữ"))


def told(rule: Rule) -> str:
    """Whom a rule is for, in words. 'Mọi hộ' when it asks nothing."""
    parts = [" hoặc ".join(word for name, word in CATEGORY_WORDS.items() if name in rule.categories)]
    parts += [word for name, word in ISSUER_WORDS.items() if name in rule.issuers]
    parts += [word for name, word in FLAG_WORDS.items() if name in rule.flags]
    if rule.escaped_months:
        parts.append(f"cả hộ mới thoát nghèo chưa quá {rule.escaped_months} tháng")
    if rule.age_from is not None:
        parts.append(f"từ {rule.age_from} tuổi")
    if rule.age_to is not None:
        parts.append(f"đến {rule.age_to} tuổi")
    if rule.sex:
        parts.append("nam" if rule.sex == "male" else "nữ")
    words = ", ".join(filter(None, parts)) or "mọi hộ"
    return words[0].upper() + words[1:]
