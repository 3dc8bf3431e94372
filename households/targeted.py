"""Who belongs on which targeted list of the plan: ages on a day, and each list in words. Pure."""

from dataclasses import dataclass
from datetime import date

LEAST_ROOM = 10  # m² of living area for one person
SCHOOL_AGE = (6, 16)  # years: from, to under
PRESCHOOL_AGE = (3, 6)
WORK_FROM = 15  # years

# Retirement age in normal conditions of work, in months: of 2021, more each year, at most. Labour Code 2019 article 169.
RETIREMENT = {"male": (60 * 12 + 3, 3, 62 * 12), "female": (55 * 12 + 4, 4, 60 * 12)}
RETIREMENT_FROM = 2021


def retirement_months(sex: str, year: int) -> int:
    """Age in months at which somebody retires in a year. ValueError before 2021, when another law held."""
    if year < RETIREMENT_FROM:
        raise ValueError("Tuổi nghỉ hưu chỉ có từ năm 2021.")
    first, step, most = RETIREMENT[sex]
    return min(first + step * (year - RETIREMENT_FROM), most)


def months_old(day: date, year: int, month: int | None = None, of_month: int | None = None) -> int:
    """Full months of age on a day. What is not known of a birth date counts as its first month or day."""
    months = (day.year - year) * 12 + day.month - (month or 1)
    return months - (day.day < (of_month or 1))


def within(months: int, ages: tuple[int, int]) -> bool:
    """Whether an age in months is from the first, to under the second, of two ages in years."""
    return ages[0] * 12 <= months < ages[1] * 12


def of_working_age(sex: str, months: int, year: int) -> bool:
    return WORK_FROM * 12 <= months < retirement_months(sex, year)


@dataclass(frozen=True)
class Targeted:
    """One list: of households or of members, and what puts somebody on it."""

    key: str
    title: str
    words: str
    of_members: bool = False
    missing: str = ""  # what nobody has recorded of the others who may belong here; '' where every status tells


LISTS = [
    Targeted(
        "nha-thue-chat",
        "Hộ nghèo thuê nhà chật",
        "Hộ nghèo đang thuê nhà, diện tích ở dưới 10 m² một người.",
        missing="hộ nghèo chưa ghi chỗ ở, hoặc đang thuê mà chưa ghi diện tích",
    ),
    Targeted("nguoi-co-cong", "Hộ nghèo có người có công", "Hộ nghèo được ghi là có người có công."),
    Targeted("chuan-trung-uong", "Hộ nghèo chuẩn Trung ương", "Hộ đang là hộ nghèo theo chuẩn Trung ương."),
    Targeted(
        "dac-biet-kho-khan", "Hộ có hoàn cảnh đặc biệt khó khăn", "Hộ nghèo được ghi là có hoàn cảnh đặc biệt khó khăn."
    ),
    Targeted(
        "can-ngheo-chua-bhyt",
        "Người cận nghèo chưa có bảo hiểm y tế",
        "Thành viên hộ cận nghèo được ghi là không có bảo hiểm y tế.",
        True,
        "thành viên hộ cận nghèo chưa ghi có bảo hiểm hay không",
    ),
    Targeted(
        "tre-chua-di-hoc",
        "Trẻ 6 đến dưới 16 tuổi không đi học",
        "Trẻ của mọi hộ có hồ sơ, được ghi là không đi học.",
        True,
        "trẻ trong tuổi này chưa ghi đang học gì",
    ),
    Targeted(
        "tre-mam-non",
        "Trẻ 3 đến dưới 6 tuổi không đi học",
        "Trẻ của mọi hộ có hồ sơ, được ghi là không đi học.",
        True,
        "trẻ trong tuổi này chưa ghi đang học gì",
    ),
    Targeted(
        "chua-co-viec",
        "Người trong tuổi lao động chưa có việc",
        "Từ đủ 15 tuổi đến dưới tuổi nghỉ hưu của năm, được ghi là không có việc làm; "
        "không tính người đang đi học và người mất khả năng lao động.",
        True,
        "người trong tuổi này, không đi học, chưa ghi việc làm",
    ),
]
BY_KEY = {one.key: one for one in LISTS}
