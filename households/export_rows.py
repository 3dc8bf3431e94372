"""Rows of the register's lists that are handed out: read in pieces, numbers masked unless asked for in full."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from households.queries import statuses_on
from households.sealed import number_of

AT_ONCE = 2000  # rows read from the database at a time

HOUSEHOLD = [
    "Chủ hộ",
    "Mã hộ",
    "Địa chỉ",
    "Tổ dân phố, thôn",
    "Phường, xã",
    "Quận, huyện",
    "Điện thoại",
    "Chỗ ở",
    "Diện tích ở (m²)",
    "Phân loại",
]
MEMBER = [
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Quan hệ với chủ hộ",
    "Số định danh",
    "Đang học",
    "Việc làm",
    "Bảo hiểm y tế",
    "Mã hộ",
    "Địa chỉ",
    "Tổ dân phố, thôn",
    "Phường, xã",
    "Quận, huyện",
    "Phân loại",
]
COMPLAINT = [
    "Đơn",
    "Loại đơn",
    "Người gửi",
    "Liên hệ",
    "Mã hộ",
    "Phường, xã",
    "Ngày nhận",
    "Hạn trả lời",
    "Quá hạn",
    "Người xử lý",
    "Tình trạng",
    "Kết quả phúc tra",
    "Ngày trả lời",
    "Nội dung trả lời",
]
REQUEST = ["Đề nghị", "Mẫu", "Mã hộ", "Phường, xã", "Ngày nhận", "Cách nộp", "Ngày sàng lọc", "Kết quả", "Lý do"]
KNOWN = {True: "Có", False: "Không", None: ""}

Sheet = tuple[list[str], Iterator[list]]


def of_households(rows, day: date) -> Sheet:
    """`rows`: households of a `for_list`. Categories are those of the day."""
    return HOUSEHOLD, _households(rows, day)


def of_members(rows, day: date, *, full: bool = False) -> Sheet:
    """`rows`: members with their household, ward and district. `full`: see sealed.number_of."""
    return MEMBER, _members(rows, day, full)


def of_complaints(rows, day: date) -> Sheet:
    """`rows`: complaints with household, ward, owner and re-check; late as of the day."""
    return COMPLAINT, _complaints(rows, day)


def of_requests(rows) -> Sheet:
    """`rows`: requests with household and ward."""
    return REQUEST, (
        [
            str(one),
            one.form,
            one.household.code,
            one.ward.name,
            one.received_on,
            one.get_channel_display(),
            one.screened_on,
            one.get_outcome_display() or "Chưa sàng lọc",
            one.refusal_reason or one.override_reason,
        ]
        for one in rows.iterator(chunk_size=AT_ONCE)
    )


def _complaints(rows, day):
    for one in rows.iterator(chunk_size=AT_ONCE):
        recheck = getattr(one, "recheck", None)
        yield [
            str(one),
            one.get_category_display(),
            one.from_name,
            one.contact,
            one.household.code if one.household else "",
            one.ward.name,
            one.received_on,
            one.due_on,
            "Quá hạn" if one.late_on(day) else "",
            one.owner.full_name if one.owner else "",
            one.get_state_display(),
            recheck.finding if recheck else "",
            one.answered_on,
            one.result,
        ]


def _households(rows, day):
    for piece in pieces(rows):
        held = _categories(day, piece)
        for one in piece:
            yield [
                one.head_name,
                one.code,
                one.address,
                one.group,
                one.ward.name,
                one.ward.parent.name,
                one.phone,
                one.get_tenure_display(),
                one.living_area,
                "Đã đóng hồ sơ" if one.closed_on else held[one.pk],
            ]


def _members(rows, day, full):
    for piece in pieces(rows):
        held = _categories(day, [one.household for one in piece])
        for one in piece:
            home = one.household
            yield [
                one.full_name,
                one.birth,
                one.get_sex_display(),
                one.get_relation_display(),
                number_of(one, full=full),
                one.get_schooling_display(),
                one.get_work_display(),
                KNOWN[one.has_insurance],
                home.code,
                home.address,
                home.group,
                home.ward.name,
                home.ward.parent.name,
                held[home.pk],
            ]


def pieces(rows) -> Iterator[list]:
    """Rows of a query in lists, so that what goes with many is asked once."""
    every = rows.iterator(chunk_size=AT_ONCE)
    while piece := list(islice(every, AT_ONCE)):
        yield piece


def _categories(day, households) -> dict[int, str]:
    """What each household is on the day, in words; one query. An unconfirmed standard says so."""
    return {
        pk: "; ".join(tag.label if tag.confirmed else f"{tag.label} (chưa xác nhận)" for tag in tags)
        for pk, tags in statuses_on(day, households).items()
    }
