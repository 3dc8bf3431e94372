"""What the pages of money show: what a filter in the address leaves, its sums as bars and as a table, its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, Q

from accounts.actions import label_of
from accounts.log import history_of
from accounts.models import Agency
from areas.vietnamese import day as write_day
from areas.vietnamese import money as write_money
from areas.vietnamese import number, parse_day
from households.models import Policy
from households.support_queries import supports_of
from targets import charts, money_queries
from targets.models import BudgetLine, BudgetSource, Clause, Disbursement
from targets.spending import Money, last_day

NAMES = ("nam", "nguon", "co_quan", "muc", "chinh_sach", "vuot", "ngay", "theo", "sap")
KEYS = {"nguon": "source", "co_quan": "agency", "chinh_sach": "policy"}  # name in the address → what it is the code of
GROUPS = {"": "clause", "co_quan": "agency"}  # what the rows of the table are
ORDERS = {"": "Theo cơ quan", "con_lai": "Còn lại nhiều nhất trước", "da_chi": "Đã chi nhiều nhất trước"}
ORDERED = {"con_lai": ("-left", "pk"), "da_chi": ("-spent", "pk")}
NO_CLAUSE = "Chưa gắn mục"
LINES_A_PAGE = 30


@dataclass(frozen=True)
class Filter:
    """What stood in the address, cut to what a field may hold."""

    nam: str = ""
    nguon: str = ""
    co_quan: str = ""
    muc: str = ""
    chinh_sach: str = ""
    vuot: str = ""
    ngay: str = ""
    theo: str = ""
    sap: str = ""

    @classmethod
    def read(cls, asked: Mapping) -> "Filter":
        return cls(**{name: asked.get(name, "").strip()[:60] for name in NAMES})

    def query(self, **other) -> str:
        """As it stands in the address, with some of it otherwise, without what is empty."""
        values = {name: other.get(name, getattr(self, name)) for name in NAMES}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in NAMES if name not in ("nam", "theo", "sap"))


@dataclass(frozen=True)
class Choices:
    years: list[int]
    sources: list[BudgetSource]
    agencies: list[Agency]
    clauses: list[Clause]
    policies: list[Policy]


@dataclass(frozen=True)
class Asked:
    """A filter understood: its lines, and what was asked in vain, which is told and left aside."""

    filter: Filter
    year: int
    day: date  # sums are those at its end
    rows: object  # lines, without `spent`
    choices: Choices
    errors: dict[str, str]


def understand(given: Mapping, user, year: int, today: date) -> Asked:
    """`year`: the one that is opened when none is asked for. Five queries."""
    asked = Filter.read(given)
    every = BudgetLine.objects.visible_to(user).standing()
    years = sorted({*every.order_by().values_list("year", flat=True).distinct(), year}, reverse=True)
    errors = {}
    if asked.nam.isdecimal() and int(asked.nam) in years:
        year = int(asked.nam)
    elif asked.nam:
        errors["nam"] = "Năm này chưa có dòng kinh phí."
    rows = every.filter(year=year)
    known = Choices(
        years,
        list(BudgetSource.objects.filter(pk__in=rows.order_by().values("source"))),
        list(Agency.objects.filter(pk__in=rows.order_by().values("agency"))),
        list(Clause.objects.filter(pk__in=rows.order_by().values("clause")).order_by("order")),
        list(Policy.objects.filter(pk__in=rows.order_by().values("policy")).order_by("name")),
    )
    codes = {"nguon": known.sources, "co_quan": known.agencies, "chinh_sach": known.policies}
    for name, field in KEYS.items():
        code = getattr(asked, name)
        if code and code not in {one.code for one in codes[name]}:
            errors[name] = f"Không có dòng kinh phí nào như vậy trong năm {year}."
        elif code:
            rows = rows.filter(**{f"{field}__code": code})
    if asked.muc == "-":
        rows = rows.filter(clause=None)
    elif asked.muc:
        rows = rows.filter(Q(clause__ref=asked.muc) | Q(clause__parent__ref=asked.muc))
    if asked.vuot:
        rows = rows.filter(over_allowed__gt=0)
    if asked.theo not in GROUPS:
        errors["theo"] = "Không có cách xếp bảng này."
    if asked.sap not in ORDERS:
        errors["sap"] = "Không có cách sắp xếp này."
    day, errors = _day(asked, year, today, errors)
    return Asked(asked, year, day, rows, known, errors)


def _day(asked, year, today, errors) -> tuple[date, dict]:
    last = min(today, last_day(year))
    if not asked.ngay:
        return last, errors
    try:
        day = parse_day(asked.ngay)
    except ValueError:
        return last, errors | {"ngay": "Không đọc được ngày này. Viết như 30/11/2023."}
    if not date(year - 1, 1, 1) <= day <= last:
        return last, errors | {"ngay": f"Chọn ngày không sau {write_day(last)}."}
    return day, errors


@dataclass(frozen=True)
class Bar:
    """What was allotted, outlined, and what was spent of it, filled, on one scale for all rows."""

    label: str
    note: str
    query: str  # of the same page with this row's lines only
    money: Money
    whole: str
    part: str

    @property
    def kind(self) -> str:
        return "bad" if self.money.left < 0 else "sea"

    @property
    def aloud(self) -> str:
        return f"{self.label}: đã chi {write_money(self.money.disbursed)} trên {write_money(self.money.allotted)}"


@dataclass(frozen=True)
class TableRow:
    label: str
    note: str
    query: str
    cells: list[str]  # by source, then all: '120 / 300'


@dataclass(frozen=True)
class BudgetPage:
    total: Money
    by_source: list[Bar]
    by_clause: list[Bar]
    columns: list[str]
    table: list[TableRow]
    lines: Page


def budget_page(asked: Asked, number: str) -> BudgetPage:
    """Two queries for the sums, two more by agency, and the lines of one page."""
    kept, known = asked.filter, asked.choices
    cells = money_queries.cross(asked.rows, "clause", "source", asked.day)
    clauses = {one.pk: (one.ref, one.text, kept.query(muc=one.ref)) for one in known.clauses}
    clauses[None] = (NO_CLAUSE, "", kept.query(muc="-"))
    sources = {one.pk: (one.name, "", kept.query(nguon=one.code)) for one in known.sources}
    if kept.theo == "co_quan":
        rows = {one.pk: (one.short_name, "", kept.query(co_quan=one.code)) for one in known.agencies}
        table = money_queries.cross(asked.rows, "agency", "source", asked.day)
    else:
        rows, table = clauses, cells
    used = [one for one in known.sources if any(source == one.pk for _, source in cells)]
    return BudgetPage(
        sum(cells.values(), Money()),
        _bars(_along(cells, 1), sources),
        _bars(_along(cells, 0), clauses),
        [one.short_name for one in used],
        _table(table, rows, [one.pk for one in used]),
        page_of(asked, number),
    )


def _along(cells: Mapping[tuple, Money], place: int) -> dict:
    """The sums of a table by one of its sides."""
    found: dict = {}
    for pair, money in cells.items():
        found[pair[place]] = found.get(pair[place], Money()) + money
    return found


def _bars(sums: Mapping, names: Mapping) -> list[Bar]:
    keys = [key for key in names if key in sums]
    lengths = charts.twin_bars([(sums[key].allotted, sums[key].disbursed) for key in keys])
    return [Bar(*names[key], sums[key], *pair) for key, pair in zip(keys, lengths, strict=True)]


def _table(cells: Mapping[tuple, Money], names: Mapping, columns: list) -> list[TableRow]:
    rows = []
    for key in names:
        line = [cells.get((key, column)) for column in columns]
        if any(line):
            whole = sum((one for one in line if one), Money())
            rows.append(TableRow(*names[key], [_cell(one) for one in [*line, whole]]))
    return rows


def _cell(money: Money | None) -> str:
    return f"{in_millions(money.disbursed)} / {in_millions(money.allotted)}" if money else "–"


def in_millions(amount: int) -> str:
    """Millions of dong with what decimals they need, two at most: 50.125.000 → '50,13'."""
    text = number(Decimal(amount) / 10**6, 2)
    return text.rstrip("0").rstrip(",") if "," in text else text


def lines_of(asked: Asked):
    """The lines with `spent` and `left`, in the order that was asked for."""
    rows = money_queries.with_spent(asked.rows, asked.day).select_related("source", "agency", "clause", "policy")
    return rows.order_by(*ORDERED.get(asked.filter.sap, ("agency__order", "agency__name", "source__order", "pk")))


def page_of(asked: Asked, number: str) -> Page:
    page = Paginator(lines_of(asked), LINES_A_PAGE).get_page(number)
    for line in page:
        line.money = Money(line.allotted, line.spent, line.over_allowed)
    return page


LINE_HEADINGS = [
    "Năm",
    "Nguồn",
    "Cơ quan",
    "Mục",
    "Chính sách",
    "Nội dung",
    "Căn cứ",
    "Ngày giao",
    "Số giao (đồng)",
    "Đã chi (đồng)",
    "Còn lại (đồng)",
    "Được chi vượt (đồng)",
    "Lý do chi vượt",
]


def line_rows(asked: Asked) -> Iterable[tuple]:
    names = ("year", "source__name", "agency__name", "clause__ref", "policy__name", "title", "basis", "allotted_on")
    return lines_of(asked).values_list(*names, "allotted", "spent", "left", "over_allowed", "over_reason").iterator()


SPENDING_HEADINGS = [
    "Ngày chi",
    "Cơ quan",
    "Nguồn",
    "Mục",
    "Dòng kinh phí",
    "Nội dung chi",
    "Chứng từ",
    "Số tiền (đồng)",
]


def spending_rows(asked: Asked) -> Iterable[tuple]:
    rows = Disbursement.objects.up_to(asked.day).filter(line__in=asked.rows.order_by()).order_by("day", "pk")
    names = ("day", "line__agency__name", "line__source__name", "line__clause__ref", "line__title", "what", "document")
    return rows.values_list(*names, "amount").iterator()


@dataclass(frozen=True)
class Happened:
    at: object
    by: object
    what: str
    told: str


@dataclass(frozen=True)
class LinePage:
    line: BudgetLine
    money: Money
    bar: Bar
    spending: Page  # of disbursements, each with `home`: the household's code for who may read the support
    history: list[Happened]


def line_page(line: BudgetLine, money: Money, number: str, user) -> LinePage:
    """A line with its spending, what was cancelled among it, and what was done to the line itself."""
    rows = line.disbursements.select_related("entered_by", "cancelled_by", "corrected_by", "activity").order_by(
        "-day", "-id"
    )
    page = Paginator(rows, LINES_A_PAGE).get_page(number)
    helped = [row.support_id for row in page if row.support_id]
    readable = dict(supports_of(user).filter(pk__in=helped).values_list("pk", F("household__code"))) if helped else {}
    for row in page:
        row.home = readable.get(row.support_id, "")
    bar = Bar(line.title, "", "", money, *charts.twin_bars([(money.allotted, money.disbursed)])[0])
    return LinePage(line, money, bar, page, [_happened(event) for event in history_of(line)[:LINES_A_PAGE]])


def _happened(event) -> Happened:
    was, now = event.before, event.after
    told = []
    if was.get("allotted", now.get("allotted")) != now.get("allotted"):
        told.append(f"Số giao {write_money(was['allotted'])} thành {write_money(now['allotted'])}.")
    if "over_allowed" in now:
        told.append(f"Được chi vượt {write_money(now['over_allowed'])}. {now.get('over_reason', '')}")
    if now.get("cancelled_for"):
        told.append(now["cancelled_for"])
    return Happened(event.at, event.by, label_of(event.action), " ".join(told).strip())
