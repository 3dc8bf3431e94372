"""The report in words: every sentence is made from the frozen figures and from nothing else. Pure.

What no figure can say (causes, proposals) is left to whoever drafts the final text, and the report says so.
"""

from datetime import date
from decimal import Decimal

from areas.vietnamese import number
from reports.content import CUT, DEPARTMENT, END, START, Figure, Objective, ReportContent
from targets.pace import share_of_year

TO_BE_WRITTEN = "(Đơn vị soạn thảo bổ sung khi trình ký.)"
OWN_REPORT = {
    "": "–",
    "accepted": "Đã duyệt",
    "waiting": "Đã nộp, chưa duyệt",
    "late": "Nộp muộn",
    "missing": "Chưa nộp",
}
UNKNOWN = "chưa có số liệu"


def written_day(day: date) -> str:
    """As Decree 30/2020 writes a date in digits: a zero before days under 10, and before January and February only."""
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def signing_day(content: ReportContent) -> str:
    """The day that the letter is dated; before it is, a blank for whoever signs it."""
    dated = content.head.dated
    return long_day(dated) if dated else f"ngày      tháng      năm {content.made_on.year}"


def long_day(day: date) -> str:
    return f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)


def rate(value: Decimal | None, places: int = 2) -> str:
    """1.39 → '1,39%', as the plan prints it."""
    return UNKNOWN if value is None else f"{number(value, places)}%"


def reached(figure: Figure) -> str:
    return UNKNOWN if figure.reached is None else f"đạt {rate(figure.reached, 1)}"


def introduction(content: ReportContent) -> str:
    subject = content.plan_title.removeprefix("Kế hoạch ")
    return (
        f"Thực hiện Kế hoạch số {content.plan_number} ngày {written_day(content.plan_issued_on)} của Ủy ban nhân dân "
        f"thành phố về {subject}, {DEPARTMENT} báo cáo kết quả {period(content)} như sau:"
    )


def ending(content: ReportContent) -> str:
    return (
        f"Trên đây là báo cáo kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững "
        f"{period(content)}, {DEPARTMENT} kính báo cáo./."
    )


def period(content: ReportContent) -> str:
    return f"6 tháng đầu năm {content.year}" if content.kind == "six_months" else f"năm {content.year}"


def situation(content: ReportContent) -> list[str]:
    start, cut, end = (content.city.figure(code) for code in (START, CUT, END))
    share = share_of_year(content.year, content.as_of)
    elapsed = (content.as_of - date(content.year, 1, 1)).days + 1
    length = date(content.year, 12, 31).timetuple().tm_yday
    said = []
    if start.actual is not None:
        printed = f" (kế hoạch ghi {number(start.target)} hộ)" if start.target not in (None, start.actual) else ""
        said.append(
            f"Đầu năm {content.year}, toàn thành phố có {number(start.actual)} hộ nghèo còn sức lao động theo chuẩn thành phố"
            f"{printed}, chiếm {rate(start.computed_rate)} tổng số hộ dân cư."
        )
    if cut.target is not None and end.target is not None:
        printed = f", tỷ lệ {rate(end.published_rate)}" if end.published_rate is not None else ""
        said.append(
            f"Kế hoạch giao trong năm giảm {number(cut.target)} hộ nghèo còn sức lao động, đến cuối năm còn "
            f"{number(end.target)} hộ{printed}."
        )
    said.append(
        f"Số liệu trong báo cáo tính đến hết ngày {written_day(content.as_of)}, khi đã qua {elapsed}/{length} ngày "
        f"({rate(_percent(share), 1)} thời gian) của năm kế hoạch."
    )
    return said


def remarks(content: ReportContent) -> list[str]:
    """What the reader must know before using the figures."""
    said = ["Số liệu là dữ liệu minh họa, không phải số liệu chính thức."] if content.demo else []
    said += basis(content)
    if content.version > 1:
        said.append(
            f"Bản {content.version}, thay bản {content.version - 1}. Lý do lập lại: {content.reason.rstrip('.')}."
        )
    return said


def appendix_note(content: ReportContent) -> str:
    notes = [
        "Ghi chú: Tỷ lệ kế hoạch ghi như in trong kế hoạch; tỷ lệ thực hiện là số hộ chia tổng số hộ dân cư.",
        *basis(content),
        f"Mã kiểm tra số liệu (SHA-256): {content.checksum}.",
    ]
    return " ".join(notes)


def basis(content: ReportContent) -> list[str]:
    """What the figures rest on that nobody has confirmed yet."""
    said = []
    if content.unconfirmed:
        said.append(
            f"Phân loại hộ theo {content.unconfirmed} (chưa xác nhận): mức chuẩn chưa được đối chiếu với văn bản ban hành."
        )
    if content.residents_derived:
        said.append(
            "Tổng số hộ dân cư dùng làm mẫu số được suy ra từ tỷ lệ in trong kế hoạch, chưa phải số liệu dân cư."
        )
    return said


def result(objective: Objective) -> str:
    """The objective's result against its target, in one paragraph."""
    if not objective.figures or all(figure.value is None for figure in objective.figures):
        return f"Kết quả: {UNKNOWN}."
    if objective.figures[0].code == END:
        return f"Kết quả: {_poor_households(objective.figures[0])}."
    return f"Kết quả: {'; '.join(_part(figure) for figure in objective.figures)}."


def _poor_households(end: Figure) -> str:
    said = f"còn {number(end.actual)} hộ nghèo còn sức lao động"
    if end.denominator:
        said += (
            f", bằng {rate(end.computed_rate)} tổng số hộ dân cư ({number(end.actual)}/{number(end.denominator)} hộ)"
        )
    if end.target is not None:
        said += f"; kế hoạch cuối năm còn {number(end.target)} hộ"
    if end.published_rate is not None:
        said += f", tỷ lệ {rate(end.published_rate)}"
        if end.plan_rate is not None and end.plan_rate != end.published_rate:
            said += f" (in trong kế hoạch; tính lại {number(end.target)}/{number(end.denominator)} hộ là {rate(end.plan_rate)})"
    return said + (f"; {reached(end)} kế hoạch giảm" if end.reached is not None else "")


PARTS = {
    "insurance_near_poor": "số người thuộc hộ cận nghèo có bảo hiểm y tế",
    "house_new": "xây mới",
    "house_repair": "sửa chữa",
    "job_introductions": "giới thiệu việc làm",
    "officers_trained": "số cán bộ được tập huấn",
}


def _part(figure: Figure) -> str:
    what = PARTS.get(figure.code, figure.name.lower())
    if figure.value is None:
        return f"{what}: {UNKNOWN}"
    if figure.is_percent:
        said = (
            f"{what} là {number(figure.actual)}/{number(figure.denominator)} người, bằng {rate(figure.computed_rate)}"
        )
        return said if figure.target is None else f"{said}; mục tiêu {rate(figure.target, 0)}, {reached(figure)}"
    if figure.target is None:
        return f"{what} {number(figure.actual)} {figure.unit}"
    return f"{what} {number(figure.actual)}/{number(figure.target)} {figure.unit}, {reached(figure)} kế hoạch năm"


def appendix_results(content: ReportContent) -> list[str]:
    """The city's figures of the appendix that no objective names."""
    said = []
    cut = content.city.figure(CUT)
    if cut.actual is not None and cut.target is not None:
        parts = [
            f"{number(figure.actual)}/{number(figure.target)} hộ {words}"
            for code, words in (
                ("central_poor_reduction", "nghèo chuẩn Trung ương"),
                ("special_hardship_reduction", "nghèo có hoàn cảnh đặc biệt khó khăn"),
            )
            if (figure := content.city.figure(code)).actual is not None and figure.target is not None
        ]
        of_which = f"; trong đó {', '.join(parts)}" if parts else ""
        said.append(
            f"Số hộ nghèo còn sức lao động giảm ròng {number(cut.actual)}/{number(cut.target)} hộ, {reached(cut)} kế hoạch năm{of_which}."
        )
    near = content.city.figure("near_poor_reduction")
    if near.actual is not None and near.target is not None:
        said.append(
            f"Số hộ cận nghèo giảm ròng {number(near.actual)}/{number(near.target)} hộ, {reached(near)} kế hoạch năm."
        )
    said.append("Kết quả của từng quận, huyện nêu tại Phụ lục kèm theo.")
    return said


def on_pace(content: ReportContent) -> tuple[list[str], list[str]]:
    """Objectives at or above the part of the year that has passed, and those below, each with its percentages."""
    passed = _percent(share_of_year(content.year, content.as_of))
    ahead, behind = [], []
    for objective in content.objectives:
        known = [figure.reached for figure in objective.figures if figure.reached is not None]
        if known:
            said = f"mục tiêu {objective.no} ({', '.join(rate(value, 1) for value in known)})"
            (ahead if min(known) >= passed else behind).append(said)
    return ahead, behind


def assessment(content: ReportContent) -> tuple[list[str], list[str]]:
    """What went well and what did not, as far as figures can tell."""
    passed = _percent(share_of_year(content.year, content.as_of))
    ahead, behind = on_pace(content)
    good = (
        f"Đạt hoặc vượt tiến độ thời gian ({rate(passed, 1)}): {'; '.join(ahead)}."
        if ahead
        else "Chưa có mục tiêu nào đạt tiến độ thời gian."
    )
    bad = [f"Thấp hơn tiến độ thời gian: {'; '.join(behind)}."] if behind else []
    placed = [
        (unit.figure(CUT).reached, unit.name) for unit in content.districts if unit.figure(CUT).reached is not None
    ]
    slow = sorted(pair for pair in placed if pair[0] < passed)
    if slow:
        names = ", ".join(f"{name[0].lower()}{name[1:]} ({rate(value, 1)})" for value, name in slow)
        bad.append(f"Địa phương giảm hộ nghèo còn sức lao động chậm hơn tiến độ thời gian: {names}.")
    return [good], bad or ["Các mục tiêu và địa phương đã có số liệu đều đạt tiến độ thời gian."]


def what_is_left(content: ReportContent) -> str:
    """The rest of the year's plan, or that nothing is left."""
    figure = content.city.figure
    words = [
        (figure(CUT), "giảm thêm {} hộ nghèo còn sức lao động"),
        (figure("near_poor_reduction"), "giảm thêm {} hộ cận nghèo"),
        (figure("house_new"), "xây mới thêm {} nhà"),
        (figure("house_repair"), "sửa chữa thêm {} nhà"),
        (figure("job_introductions"), "giới thiệu việc làm thêm {} lượt"),
    ]
    left = [
        said.format(number(each.target - each.actual))
        for each, said in words
        if each.target is not None and each.actual is not None and each.target > each.actual
    ]
    if not left:
        return "Duy trì kết quả đã đạt, không để phát sinh hộ nghèo mới và tái nghèo."
    until = "trong thời gian còn lại của năm" if content.kind == "six_months" else "trong tháng cuối năm"
    return (
        f"Tiếp tục thực hiện các nhiệm vụ, giải pháp của Kế hoạch số {content.plan_number}; {until} tập trung "
        f"hoàn thành phần còn lại của kế hoạch: {', '.join(left)}."
    )


def _percent(share) -> Decimal:
    return Decimal(share.numerator) * 100 / Decimal(share.denominator)
