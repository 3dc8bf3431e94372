"""The kinds of activity the plan speaks of: what each asks for, which clauses it serves, what may be wrong with one. Pure.

One form and one table serve all of them; a kind is a row here. Numbers stand in four columns (people, households,
times, amount) whose meaning is the kind's own.
"""

from dataclasses import dataclass
from datetime import date

from areas.vietnamese import day as write_day
from areas.vietnamese import fold

LARGEST_COUNT = 2_000_000_000
LARGEST_AMOUNT = 10**11  # dong of one activity: a hundred times as much as any known drive, a nought too many is told


@dataclass(frozen=True)
class Number:
    """A number that a kind asks for. `name`: its column."""

    name: str
    label: str
    needed: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Kind:
    """`refs`: the clauses of Plan 66 that such an activity mostly serves, the first one suggested. `forms`: code → word.

    `of_units`: it is held in a district or ward that is looked at, with recommendations to be followed up.
    """

    code: str
    label: str
    one: str  # within a sentence
    title_label: str
    content_label: str
    refs: tuple[str, ...]
    numbers: tuple[Number, ...]
    forms: dict[str, str]
    forms_label: str = "Hình thức"
    content_needed: bool = False
    of_units: bool = False


_KINDS = [
    Kind(
        "training", "Tập huấn, học tập kinh nghiệm", "lớp tập huấn", "Chương trình", "Nội dung",
        ("III.7", "II.5", "IV.1.đ", "IV.14.g", "IV.11.c", "IV.6.a"),
        (Number("people", "Số người dự theo danh sách ký tên", hint="Cán bộ có trong danh sách thì điểm danh sau khi ghi."),),
        {"class": "Tập huấn", "visit": "Học tập, trao đổi kinh nghiệm"},
    ),
    Kind(
        "inspection", "Kiểm tra, giám sát", "cuộc kiểm tra", "Nội dung kiểm tra", "Kết quả, phát hiện",
        ("III.8", "IV.1.đ", "IV.11.b", "IV.14.e", "IV.15.c"),
        (),
        {"check": "Kiểm tra", "watch": "Giám sát"},
        content_needed=True, of_units=True,
    ),
    Kind(
        "dialogue", "Đối thoại với hộ nghèo", "cuộc đối thoại", "Cuộc gặp mặt, đối thoại", "Nội dung, kiến nghị của hộ",
        ("III.3", "IV.14.b"),
        (
            Number("households", "Số hộ dự", needed=True),
            Number("people", "Số người dự"),
        ),
        {},
    ),
    Kind(
        "communication", "Tuyên truyền", "hoạt động tuyên truyền", "Chủ đề", "Nội dung",
        ("III.1", "IV.1.c", "IV.2.d", "IV.6.b", "IV.11.a", "IV.16"),
        (
            Number("times", "Số tin, bài, buổi", needed=True),
            Number("people", "Số lượt người tiếp cận", hint="Ước tính; để trống nếu không biết."),
        ),
        {
            "press": "Báo, đài", "loudspeaker": "Loa truyền thanh", "event": "Sự kiện, hội nghị",
            "leaflet": "Tờ rơi, pa nô", "online": "Trang thông tin, mạng xã hội",
        },
    ),
    Kind(
        "model", "Mô hình giảm nghèo", "mô hình", "Mô hình", "Nội dung hỗ trợ",
        ("III.5", "IV.1.d", "IV.5.a", "IV.5.b", "IV.11.c"),
        (Number("amount", "Kinh phí hỗ trợ (đồng)"),),
        {
            "farming": "Sản xuất nông, lâm, ngư nghiệp", "craft": "Sản xuất khác", "trade": "Kinh doanh",
            "service": "Dịch vụ", "tourism": "Du lịch", "startup": "Khởi nghiệp",
        },
        forms_label="Lĩnh vực",
    ),
    Kind(
        "legal_aid", "Trợ giúp pháp lý", "đợt trợ giúp pháp lý", "Đợt trợ giúp", "Nội dung",
        ("IV.10.a",),
        (
            Number("people", "Số lượt người được trợ giúp", needed=True),
            Number("times", "Số vụ việc"),
        ),
        {"advice": "Tư vấn", "court": "Tham gia tố tụng", "represent": "Đại diện ngoài tố tụng", "talk": "Truyền thông pháp luật"},
    ),
    Kind(
        "clinic", "Khám chữa bệnh miễn phí", "đợt khám", "Đợt khám", "Nội dung",
        ("IV.2.c",),
        (
            Number("people", "Số lượt người được khám", needed=True),
            Number("amount", "Trị giá thuốc, quà (đồng)"),
        ),
        {},
    ),
    Kind(
        "fund", "Vận động Quỹ Vì người nghèo", "đợt vận động", "Đợt vận động", "Nội dung",
        ("IV.11.b", "IV.11.d", "III.3", "IV.9", "IV.14.c"),
        (
            Number("amount", "Số tiền vận động được (đồng)", needed=True),
            Number("households", "Số hộ được hỗ trợ"),
        ),
        {"fund": "Quỹ Vì người nghèo", "month": "Tháng cao điểm Vì người nghèo", "other": "Vận động khác"},
    ),
]  # fmt: skip
KINDS: dict[str, Kind] = {kind.code: kind for kind in _KINDS}
LABELS = {kind.code: kind.label for kind in _KINDS}
FORMS = {form: label for kind in _KINDS for form, label in kind.forms.items()}
NUMBERS = ("people", "households", "times", "amount")


def search_text(title: str, place: str, content: str) -> str:
    """What a search looks through, without marks."""
    return fold(f"{title} {place} {content}")


def faults(
    *,
    kind: str,
    year: int,
    today: date,
    day: date | None,
    ends_on: date | None,
    form: str,
    level: str,
    content: str,
    recommendations: str,
    follow_by: date | None,
    numbers: dict[str, int | None],
) -> dict[str, str]:
    """Field → what is wrong with it, in the user's words. `level`: of the area; '' when none could be read."""
    about, found = KINDS[kind], _day_faults(year, today, day, ends_on)
    if about.forms and form not in about.forms:
        found["form"] = f"Chọn {about.forms_label.lower()}."
    if about.content_needed and not content.strip():
        found["content"] = f"Ghi {about.content_label.lower()}."
    if about.of_units and level == "city":
        found["area"] = "Chọn quận, huyện hoặc phường, xã được kiểm tra."
    if follow_by and not recommendations.strip():
        found["follow_by"] = "Có hạn thực hiện thì phải ghi kiến nghị."
    elif follow_by and day and follow_by < day:
        found["follow_by"] = f"Hạn thực hiện không được trước ngày kiểm tra ({write_day(day)})."
    asked = {number.name: number for number in about.numbers}
    for name in NUMBERS:
        value = numbers.get(name)
        if value is None:
            if name in asked and asked[name].needed:
                found[name] = "Ghi con số này."
        elif value < 0:
            found[name] = "Số này không được âm."
        elif value > (LARGEST_AMOUNT if name == "amount" else LARGEST_COUNT):
            found[name] = "Số này lớn quá."
        elif value == 0 and name in asked and asked[name].needed:
            found[name] = "Số này phải lớn hơn 0."
    return found


def _day_faults(year: int, today: date, day: date | None, ends_on: date | None) -> dict[str, str]:
    found = {}
    if day and day.year != year:
        found["day"] = f"Kế hoạch này của năm {year}: ghi một ngày trong năm đó."
    elif day and day > today:
        found["day"] = f"Chưa đến ngày này. Ghi hoạt động đã diễn ra, không sau {write_day(today)}."
    if ends_on and day and ends_on < day:
        found["ends_on"] = "Ngày kết thúc không được trước ngày bắt đầu."
    elif ends_on and ends_on.year != year and "day" not in found:
        found["ends_on"] = f"Kế hoạch này của năm {year}: ghi một ngày trong năm đó."
    elif ends_on and ends_on > today and "day" not in found:
        found["ends_on"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}, hoặc để trống."
    return found


def result_due(joined_on: date) -> date:
    """The day from which a model's result with a household is asked for: a year after it joined."""
    try:
        return joined_on.replace(year=joined_on.year + 1)
    except ValueError:  # 29 February
        return date(joined_on.year + 1, 3, 1)
