"""Activities read: what a filter in the address leaves, the roster, and what their pages and files show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Agency
from areas.models import Area
from areas.vietnamese import fold, money, number, parse_day
from targets.activity_kinds import FORMS, KINDS, LABELS
from targets.models import Activity, ActivityFile, Attendance, ModelHousehold, Officer, Plan

NAMES = ("loai", "co_quan", "dia_ban", "muc", "tinh_trang", "tu", "den", "q")
STATES = {
    "": "Đang tính (không kể đã hủy)",
    "open": "Còn kiến nghị chưa xong",
    "late": "Kiến nghị quá hạn",
    "no_proof": "Chưa có minh chứng",
    "cancelled": "Đã hủy",
}


@dataclass(frozen=True)
class Filter:
    """What stood in the address, cut to what a field may hold; unknown values are told and left aside."""

    loai: str = ""
    co_quan: str = ""
    dia_ban: str = ""
    muc: str = ""
    tinh_trang: str = ""
    tu: str = ""
    den: str = ""
    q: str = ""

    @classmethod
    def read(cls, asked: Mapping) -> "Filter":
        return cls(**{name: asked.get(name, "").strip()[:60] for name in NAMES})

    @property
    def query(self) -> str:
        return urlencode([(name, value) for name in NAMES if (value := getattr(self, name))])

    @property
    def rest(self) -> str:
        """The query without the kind, for the row of kinds."""
        return urlencode([(name, value) for name in NAMES[1:] if (value := getattr(self, name))])


@dataclass(frozen=True)
class Choices:
    """What can be asked of a plan's activities, and what was asked in vain."""

    agencies: list[Agency]
    areas: list[Area]
    refs: list[str]
    errors: dict[str, str]
    days: dict[str, date]


def choices(plan: Plan, asked: Filter) -> Choices:
    """Three queries."""
    held = Activity.objects.filter(clause__plan=plan).order_by()
    agencies = list(Agency.objects.filter(pk__in=held.values("agency")))
    areas = in_order(Area.objects.existing_on(date(plan.year, 12, 31)))
    refs = list(plan.clauses.filter(pk__in=held.values("clause")).order_by("order").values_list("ref", flat=True))
    errors, days = {}, {}
    if asked.loai and asked.loai not in KINDS:
        errors["loai"] = "Không có loại hoạt động này."
    if asked.co_quan and asked.co_quan not in {agency.code for agency in agencies}:
        errors["co_quan"] = "Cơ quan này chưa ghi hoạt động nào."
    if asked.dia_ban and asked.dia_ban not in {area.code for area in areas}:
        errors["dia_ban"] = "Không có địa bàn này."
    if asked.muc and asked.muc not in refs:
        errors["muc"] = "Mục này chưa có hoạt động nào."
    if asked.tinh_trang not in STATES:
        errors["tinh_trang"] = "Không có tình trạng này."
    for name in ("tu", "den"):
        if text := getattr(asked, name):
            try:
                days[name] = parse_day(text)
            except ValueError:
                errors[name] = "Không đọc được ngày này. Viết như 30/11/2023."
    return Choices(agencies, areas, refs, errors, days)


def in_order(areas) -> list[Area]:
    """The city, then each district with its wards under it."""
    rows = list(areas)
    known = {area.pk: area for area in rows}

    def place(area: Area):
        above = known.get(area.parent_id)
        if area.level == Area.Level.WARD and above:
            return (above.order, above.code, 1, area.order, area.code)
        return (area.order, area.code, 0, 0, "") if not area.is_city else (-1, "", 0, 0, "")

    return sorted(rows, key=place)


def filtered(plan: Plan, asked: Filter, known: Choices, today: date, user):
    """The activities that a filter leaves, newest first. What `choices` found fault with is left aside."""
    rows = Activity.objects.visible_to(user).filter(clause__plan=plan)
    given = {name: "" if name in known.errors else getattr(asked, name) for name in NAMES}
    rows = rows.exclude(cancelled_at=None) if given["tinh_trang"] == "cancelled" else rows.held()
    if given["tinh_trang"] in ("open", "late"):
        rows = waiting(rows)
    if given["tinh_trang"] == "late":
        rows = rows.filter(follow_by__lt=today)
    if given["tinh_trang"] == "no_proof":
        rows = rows.filter(~Exists(ActivityFile.objects.filter(activity=OuterRef("pk"))))
    if given["loai"]:
        rows = rows.filter(kind=given["loai"])
    if given["co_quan"]:
        rows = rows.filter(agency__code=given["co_quan"])
    if given["dia_ban"]:
        area = next(area for area in known.areas if area.code == given["dia_ban"])
        rows = rows.filter(area__path__startswith=area.path)
    if given["muc"]:
        rows = rows.filter(clause__ref=given["muc"])
    if "tu" in known.days:
        rows = rows.filter(day__gte=known.days["tu"])
    if "den" in known.days:
        rows = rows.filter(day__lte=known.days["den"])
    for word in fold(given["q"]).split():
        rows = rows.filter(search__contains=word)
    return rows.order_by("-day", "-id")


def waiting(rows):
    """Inspections with recommendations that nobody has closed."""
    return rows.held().filter(closed_on=None).exclude(recommendations="")


def for_list(rows):
    """With all that a row of the list shows. Each number by itself: joined at once, files would multiply attendances."""
    return rows.select_related("clause", "agency", "area").annotate(
        proofs=_count(ActivityFile), present=_count(Attendance), joined=_count(ModelHousehold)
    )


def _count(model):
    """How many rows of the model an activity has."""
    rows = model.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def told(rows: Iterable[Activity]) -> list[Activity]:
    """Rows of `for_list` with `told`: what came of each, in a few words."""
    rows = list(rows)
    for row in rows:
        said = []
        if row.kind == "training" and row.present:
            said.append(f"{number(row.present)} cán bộ được điểm danh")
        elif row.people is not None:
            said.append(f"{number(row.people)} người")
        if row.kind == "model":
            said.append(f"{number(row.joined)} hộ tham gia")
        if row.households is not None:
            said.append(f"{number(row.households)} hộ")
        if row.times is not None:
            said.append(f"{number(row.times)} {'tin, bài, buổi' if row.kind == 'communication' else 'vụ việc'}")
        if row.amount is not None:
            said.append(money(row.amount))
        if row.kind == "inspection":
            said.append("Có kiến nghị" if row.recommendations else "Không có kiến nghị")
        row.told = "; ".join(said)
    return rows


def tallies(rows) -> dict[str, dict]:
    """By kind, in the order of the kinds: how many, persons, households, times, dong. One query."""
    found = {
        row["kind"]: row
        for row in rows.order_by()
        .values("kind")
        .annotate(
            n=Count("pk"),
            people=Sum("people"),
            households=Sum("households"),
            times=Sum("times"),
            amount=Sum("amount"),
        )
    }
    return {kind: found[kind] for kind in KINDS if kind in found}


HEADINGS = [
    "Ngày", "Đến ngày", "Loại", "Hình thức", "Tên", "Đơn vị tổ chức", "Mục", "Địa bàn", "Địa điểm", "Số người", "Số hộ",
    "Số lần", "Số tiền (đồng)", "Cán bộ được điểm danh", "Hộ tham gia mô hình", "Nội dung, kết quả", "Kiến nghị",
    "Hạn thực hiện kiến nghị", "Thực hiện xong ngày", "Số tệp minh chứng", "Hủy vì",
]  # fmt: skip


def export_rows(rows) -> Iterator[tuple]:
    """A row as its file has it: counts and words, no person."""
    names = [
        "day", "ends_on", "kind", "form", "title", "agency__short_name", "clause__ref", "area__full_name", "place", "people",
        "households", "times", "amount", "present", "joined", "content", "recommendations", "follow_by", "closed_on",
        "proofs", "cancel_reason",
    ]  # fmt: skip
    for day, ends_on, kind, form, *rest in for_list(rows).values_list(*names).iterator(500):
        yield (day, ends_on, LABELS[kind], FORMS.get(form, ""), *rest)


# A training's people


@dataclass(frozen=True)
class Ticked:
    """How many of an area's roster were there."""

    area: Area
    present: int
    all: int


def ticked_by_area(activity: Activity) -> list[Ticked]:
    """Areas within the training's that have a roster on its day. Counts only: open to all. Two queries."""
    there = Attendance.objects.filter(activity=activity, officer=OuterRef("pk"))
    rows = Officer.objects.on(activity.day).filter(area__in=Area.objects.under(activity.area)).order_by()
    rows = (
        rows.annotate(here=Exists(there)).values("area").annotate(all=Count("pk"), n=Count("pk", filter=Q(here=True)))
    )
    told = {row["area"]: (row["n"], row["all"]) for row in rows}
    return [Ticked(area, *told[area.pk]) for area in in_order(Area.objects.filter(pk__in=told))]


def to_tick(activity: Activity, user, *, area: Area | None, q: str, rest: bool):
    """The roster as the tick page lists it. `rest`: only who was at no training of the year yet."""
    rows = Officer.objects.to_tick(activity, user).select_related("area")
    rows = rows.annotate(here=Exists(Attendance.objects.filter(activity=activity, officer=OuterRef("pk"))))
    rows = with_training(rows, activity.day.year)
    if area:
        rows = rows.filter(area__path__startswith=area.path)
    if rest:
        rows = rows.filter(Q(trained=False) | Q(here=True))
    for word in fold(q).split():
        rows = rows.filter(key__contains=word)
    return rows.order_by("area__parent__order", "area__code", "place", "pk")


def with_training(rows, year: int, as_of: date | None = None):
    """`trained`: at a training of the year, up to a day or in all of it."""
    last = as_of or date(year, 12, 31)
    held = Attendance.objects.filter(officer=OuterRef("pk"), activity__kind="training", activity__form="class")
    held = held.filter(activity__cancelled_at=None, activity__day__range=(date(year, 1, 1), last))
    return rows.annotate(trained=Exists(held))


# The roster

ROSTER_STATES = {
    "": "Đang trong danh sách",
    "untrained": "Chưa được tập huấn",
    "trained": "Đã được tập huấn",
    "left": "Đã thôi",
}


def roster(user, *, day: date, area: Area | None = None, kind: str = "", state: str = "", q: str = ""):
    """Officers that somebody may read, with `trained` in the day's year as of the day."""
    rows = with_training(Officer.objects.visible_to(user), day.year, day).select_related("area__parent")
    rows = rows.filter(left_on__lte=day) if state == "left" else rows.on(day)
    if area:
        rows = rows.filter(area__path__startswith=area.path)
    if kind:
        rows = rows.filter(kind=kind)
    if state in ("trained", "untrained"):
        rows = rows.filter(trained=state == "trained")
    for word in fold(q).split():
        rows = rows.filter(key__contains=word)
    return rows.order_by("area__parent__order", "area__code", "place", "pk")


ROSTER_HEADINGS = [
    "Họ và tên",
    "Đối tượng",
    "Chức vụ",
    "Thôn, tổ dân phố",
    "Phường, xã",
    "Từ ngày",
    "Thôi từ ngày",
    "Đã tập huấn",
]


def roster_rows(rows) -> Iterator[tuple]:
    """As the sheet that is read in has them, so that it can be corrected and come back."""
    for row in rows.iterator(500):
        trained = "có" if row.trained else "chưa"
        yield (
            row.full_name,
            row.get_kind_display(),
            row.post,
            row.group,
            row.area.full_name,
            row.valid_from,
            row.left_on,
            trained,
        )
