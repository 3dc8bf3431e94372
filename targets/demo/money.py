"""Synthetic budget lines and spending: no amount here is a real one, and each line says so.

Plan 66 prints no amounts (part V names only the decision on the year's estimate), so a fixed pattern stands for them.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone

from accounts.log import facts
from accounts.models import Agency, Event, User
from accounts.roles import Role
from households.models import Policy, Support
from targets.demo.cast import OFFICE_AGENCY, STAFF_AGENCY, Cast
from targets.demo.ground import YEAR
from targets.models import BudgetLine, BudgetSource, Clause, Disbursement
from targets.money_services import LINE, SPENT

BASIS = "Dữ liệu minh họa, không phải văn bản thật"
ALLOTTED_ON = date(YEAR, 1, 5)
MILLION = 1_000_000
# agency, source, clause, kind of policy, what for, millions allotted, percent spent at each of DAYS
LINES = [
    (OFFICE_AGENCY, "central", "III.5", "", "nhân rộng mô hình giảm nghèo", 1200, (20, 25, 30)),
    (OFFICE_AGENCY, "city", "III.7", "", "tập huấn cán bộ giảm nghèo", 450, (30, 20, 35)),
    (OFFICE_AGENCY, "city", "III.8", "", "kiểm tra, giám sát", 180, (0, 40, 45)),
    (OFFICE_AGENCY, "central", "III.6", "", "rà soát hộ nghèo, hộ cận nghèo", 600, (5, 30, 50)),
    (OFFICE_AGENCY, "city", "III.3", "training", "đào tạo nghề cho người nghèo", 900, (25, 30, 20)),
    ("so-tttt", "city", "III.1", "", "truyền thông về giảm nghèo", 300, (25, 35, 30)),
    ("so-gddt", "city", "III.2", "tuition", "miễn, giảm học phí", 2400, (40, 0, 50)),
    ("so-y-te", "city", "III.2", "insurance", "bảo hiểm y tế cho hộ cận nghèo", 5200, (45, 30, 20)),
    (STAFF_AGENCY, "central", "III.4", "house_repair", "sửa chữa nhà ở", 1500, (20, 30, 25)),
    (STAFF_AGENCY, "city", "III.4", "house_new", "xây mới nhà ở", 2800, (25, 30, 44)),
    (STAFF_AGENCY, "city", "III.8", "", "kiểm tra nhà ở đã hỗ trợ", 60, (30, 40, 35)),  # overspent, with its reason
    ("so-nnptnt", "central", "III.5", "", "hỗ trợ sản xuất", 800, (10, 30, 20)),
    ("so-tu-phap", "city", "III.2", "", "trợ giúp pháp lý", 120, (30, 30, 30)),
    ("so-ngoai-vu", "foreign", "III.5", "", "dự án viện trợ cho hộ nghèo", 1000, (0, 20, 15)),
    ("uy-ban-mttq", "fund", "III.4", "house_repair", "Quỹ Vì người nghèo sửa nhà", 1600, (30, 25, 35)),
    ("uy-ban-mttq", "private", "III.2", "", "doanh nghiệp ủng hộ Tháng cao điểm", 700, (0, 0, 60)),
    ("nh-csxh", "bank", "III.2", "loan", "cho vay hộ nghèo, cận nghèo, mới thoát nghèo", 30000, (35, 30, 30)),
]
DAYS = (date(YEAR, 4, 20), date(YEAR, 8, 15), date(YEAR, 12, 8))
OVER, OVER_REASON = 5 * MILLION, "Dữ liệu minh họa. Thêm một đợt kiểm tra sau mưa bão."
HOUSES_A_DISTRICT = 12


def write_money(agencies: dict[str, Agency], cast: Cast) -> dict[str, int]:
    """Lines of the departments with three rounds of spending; each district's line for repairs, spent house by house.
    Returns rows by kind."""
    clauses = {one.ref: one for one in Clause.objects.filter(plan__year=YEAR, kind=Clause.Kind.SOLUTION)}
    sources = {one.code: one for one in BudgetSource.objects.all()}
    policies = {one.kind: one for one in Policy.objects.order_by("-code")}
    workers = _workers()
    lines, spending = [], []
    for code, source, ref, kind, what, millions, percents in LINES:
        line = BudgetLine(
            agency=agencies[code],
            source=sources[source],
            clause=clauses.get(ref),
            policy=policies.get(kind),
            title=f"Minh họa: {what}",
            allotted=millions * MILLION,
        )
        if sum(percents) > 100:
            line.over_allowed, line.over_reason, line.over_by = OVER, OVER_REASON, cast.office
        lines.append(line)
        spending += [
            Disbursement(line=line, day=day, amount=line.allotted * percent // 100, what=f"Minh họa: {what}, đợt {no}")
            for no, (day, percent) in enumerate(zip(DAYS, percents, strict=True), 1)
            if percent
        ]
    for line, paid in _houses(agencies, sources["district"], clauses.get("III.2"), policies.get("house_repair")):
        lines.append(line)
        spending += paid
    for line in lines:
        line.year, line.allotted_on, line.basis = YEAR, ALLOTTED_ON, BASIS
    BudgetLine.objects.bulk_create(lines)
    for row in spending:
        row.line_id = row.line.pk
        row.entered_by = workers.get(row.line.agency_id, cast.office)
        row.entered_at = _at(row.day)
    Disbursement.objects.bulk_create(spending)
    events = [_event(line, ALLOTTED_ON, cast.office, "budget.allotted", LINE, line.agency.area) for line in lines]
    events += [_event(row, row.day, row.entered_by, "budget.spent", SPENT, row.line.agency.area) for row in spending]
    Event.objects.bulk_create(events)
    return {"lines": len(lines), "spending": len(spending)}


def _houses(agencies, source, clause, policy) -> Iterator[tuple[BudgetLine, list[Disbursement]]]:
    """Of each district's committee: a line a fifth larger than what its first repaired houses took."""
    for agency in sorted(agencies.values(), key=lambda one: one.order):
        if agency.kind != Agency.Kind.DISTRICT or policy is None:
            continue
        given = Support.objects.filter(policy=policy, agency=agency, amount__gt=0, given_on__year=YEAR)
        given = list(given.order_by("given_on", "pk")[:HOUSES_A_DISTRICT])
        if not given:
            continue
        enough = sum(support.amount for support in given) * 6 // 5
        line = BudgetLine(
            agency=agency,
            source=source,
            clause=clause,
            policy=policy,
            title="Minh họa: sửa chữa nhà ở của hộ nghèo",
            allotted=-(-enough // MILLION) * MILLION,
        )
        yield (
            line,
            [
                Disbursement(line=line, day=one.given_on, amount=one.amount, what="Minh họa: sửa một nhà", support=one)
                for one in given
            ],
        )


def _workers() -> dict[int, User]:
    """Somebody of each unit, those who can sign in first; a committee's by its district."""
    committees = dict(Agency.objects.filter(kind=Agency.Kind.DISTRICT).values_list("area", "pk"))
    found: dict[int, User] = {}
    for user in User.objects.filter(role__in=(Role.DEPARTMENT_STAFF, Role.DISTRICT_OFFICER)).order_by("pk"):
        agency = user.agency_id or committees.get(user.area_id)
        if agency:
            found.setdefault(agency, user)
    return found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15)))


def _event(row, day, by, action, names, area) -> Event:
    return Event(
        at=_at(day),
        by=by,
        action=action,
        subject_type=row._meta.label_lower,
        subject_id=str(row.pk),
        label=str(row)[:200],
        area=area,
        before={},
        after=facts(row, names),
    )
