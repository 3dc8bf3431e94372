"""Rows of the work lists that are handed out: reviews, dossiers, requests, complaints, supports, plans, duplicates."""

from collections.abc import Iterable, Iterator

from households.duplicate_queries import side_by_side
from households.eligibility import told
from households.export_rows import Sheet, pieces
from households.support_queries import masked_name, rule_of
from households.support_stages import SOURCES, STAGES

REVIEW = ["Chủ hộ", "Mã hộ", "Phường, xã", "Quận, huyện", "Ngày khảo sát", "Kết quả", "Người nhập", "Tình trạng"]
REVIEW += ["Lý do trả lại", "Số quyết định", "Ngày quyết định"]
TODO = ["Chủ hộ", "Mã hộ", "Địa chỉ", "Tổ dân phố, thôn", "Phường, xã", "Quận, huyện"]
BOARD = ["Phường, xã", "Quận, huyện", "Bước", "Hạn", "Quá hạn", "Số quyết định", "Ngày quyết định"]
LISTED = ["Chủ hộ", "Mã hộ", "Tổ dân phố, thôn", "Địa chỉ", "Vì sao rà soát", "Không rà soát, lý do", "Phiếu B"]
SUPPORT = ["Mã hộ", "Chủ hộ", "Chính sách", "Loại", "Phường, xã", "Ngày", "Số người", "Số tiền", "Đơn vị", "Ngoài diện"]
LOAN = ["Mã hộ", "Chủ hộ", "Chương trình vay", "Phường, xã", "Ngày vay", "Số tiền vay", "Dư nợ đến ngày", "Dư nợ"]
LOAN += ["Nợ quá hạn", "Đơn vị"]
HOUSE = ["Mã hộ", "Chủ hộ", "Chính sách", "Phường, xã", "Bước", *(f"{label}, ngày" for label in STAGES.values())]
HOUSE += ["Cộng kinh phí", *SOURCES.values(), "Đơn vị", "Ngoài diện"]
POLICY = ["Chính sách", "Loại", "Căn cứ", "Từ ngày", "Đến hết ngày", "Đối tượng", "Tính theo", "Nguồn kinh phí"]
WAITING = [*TODO, "Đã có kế hoạch"]
PAIR = ["Hộ thứ nhất", "Hộ thứ hai", "Giống nhau (trên 100)", "Vì sao", "Thông tin", "Ở hộ thứ nhất", "Ở hộ thứ hai"]
IMPORT = ["Tệp", "Lúc", "Người nhập", "Số hộ", "Có lỗi", "Tình trạng"]


def reviews(rows) -> Sheet:
    return REVIEW, _reviews(rows)


def to_survey(rows) -> Sheet:
    return TODO, (_place(one) for piece in pieces(rows) for one in piece)


def waiting(rows) -> Sheet:
    return WAITING, ([*_place(one), "Có" if one.plan_id else "Chưa"] for piece in pieces(rows) for one in piece)


def board(dossiers: Iterable, today) -> Sheet:
    return BOARD, _board(dossiers, today)


def listed(rows) -> Sheet:
    return LISTED, _listed(rows)


def supports(rows, *, named: bool) -> Sheet:
    """`named`: whether the reader opens households; an agency sees of a name what the page shows."""
    return SUPPORT, _supports(rows, named)


def loans(rows, *, named: bool) -> Sheet:
    return LOAN, _loans(rows, named)


def houses(rows, *, named: bool) -> Sheet:
    return HOUSE, _houses(rows, named)


def policies(rows) -> Sheet:
    return POLICY, _policies(rows)


def pairs(rows) -> Sheet:
    """A line for each fact of two households that may be one."""
    return PAIR, _pairs(rows)


def imports(rows) -> Sheet:
    return IMPORT, (
        [one.name, one.at.date(), one.by.full_name, one.households, one.wrong, one.get_state_display()]
        for piece in pieces(rows)
        for one in piece
    )


def _place(one) -> list:
    return [one.head_name, one.code, one.address, one.group, one.ward.name, one.ward.parent.name]


def _reviews(rows) -> Iterator[list]:
    for piece in pieces(rows):
        for one in piece:
            said = (
                f"{result.get_category_display()}, {result.standard.get_issuer_display()}"
                + ("" if result.standard.confirmed else " (chưa xác nhận)")
                for result in one.results.all()
            )
            yield [
                one.head_name,
                one.household.code,
                one.ward.name,
                one.ward.parent.name,
                one.surveyed_on,
                "; ".join(said),
                str(one.entered_by),
                one.get_state_display(),
                one.return_note,
                one.decision_number,
                one.decided_on,
            ]


def _board(dossiers, today) -> Iterator[list]:
    for one in dossiers:
        standing = one.standing[0] if one.standing else None
        yield [
            one.ward.full_name,
            one.ward.parent.full_name,
            one.get_step_display(),
            standing and standing.due_on,
            "Quá hạn" if standing and standing.late_on(today) else "",
            one.decision_number,
            one.decided_on,
        ]


def _listed(rows) -> Iterator[list]:
    for piece in pieces(rows):
        for one in piece:
            form = "Đã có" if one.is_surveyed else "Bị trả lại" if one.is_returned else "Chưa có"
            home = one.household
            yield [
                one.head_name,
                home.code,
                home.group,
                home.address,
                one.get_why_display() if one.included else "",
                "" if one.included else one.reason,
                form if one.included else "",
            ]


def _supports(rows, named: bool) -> Iterator[list]:
    for piece in pieces(rows):
        for one in piece:
            yield [
                one.household.code,
                one.head_name if named else masked_name(one.head_name),
                one.policy.name,
                one.policy.get_kind_display(),
                one.ward.name,
                one.given_on,
                one.persons,
                one.amount,
                one.agency.short_name if one.agency else "",
                one.outside_reason,
            ]


def _loans(rows, named: bool) -> Iterator[list]:
    for piece in pieces(rows):
        for one in piece:
            yield [
                one.household.code,
                one.head_name if named else masked_name(one.head_name),
                one.policy.name,
                one.ward.name,
                one.given_on,
                one.amount,
                one.balance_on,
                one.outstanding,
                one.overdue,
                one.agency.short_name if one.agency else "",
            ]


def _houses(rows, named: bool) -> Iterator[list]:
    for piece in pieces(rows):
        for one in piece:
            yield [
                one.household.code,
                one.head_name if named else masked_name(one.head_name),
                one.policy.name,
                one.ward.name,
                one.stage,
                *one.days.values(),
                one.money,
                *(getattr(one, name) for name in SOURCES),
                one.agency.short_name if one.agency else "",
                one.outside_reason,
            ]


def _policies(rows) -> Iterator[list]:
    for one in rows:
        yield [
            one.name,
            one.get_kind_display(),
            one.legal_basis,
            one.valid_from,
            one.valid_to,
            told(rule_of(one)),
            one.get_unit_display(),
            one.fund,
        ]


def _pairs(rows) -> Iterator[list]:
    for piece in pieces(rows):
        for pair in piece:
            same = [pair.first.code, pair.second.code, pair.score, ", ".join(pair.reasons)]
            for line in side_by_side(pair):
                yield [*same, line.label, line.first, line.second]
