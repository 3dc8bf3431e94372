"""What the demonstration stands on: areas, agencies, standards and the plan. Names the command that was not run."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Agency
from areas.models import Area
from households.models import Policy, Round, Standard
from targets.demo.answers import Standards
from targets.demo.cast import OFFICE_AGENCY, STAFF_AGENCY
from targets.demo.homes import Ward
from targets.demo.shape import Aims
from targets.demo.story import District
from targets.models import Indicator, Plan, Target

YEAR = 2023
LAST_DAY = date(YEAR, 12, 31)
KINDS = (
    Policy.Kind.HOUSE_NEW,
    Policy.Kind.HOUSE_REPAIR,
    Policy.Kind.JOB,
    Policy.Kind.INSURANCE,
    Policy.Kind.LOAN,
    Policy.Kind.TRAINING,
    Policy.Kind.TUITION,
    Policy.Kind.SCHOLARSHIP,
)
GIVERS = {"loan": "nh-csxh", "training": "so-ldtbxh", "tuition": "so-gddt", "scholarship": "so-gddt"}  # kind → agency


class Missing(Exception):
    """Something must be loaded first; the message names the command."""

    def __init__(self, what: str, command: str):
        super().__init__(f"Chưa có {what}: chạy manage.py {command} trước.")


@dataclass(frozen=True)
class Ground:
    districts: list[District]  # those that the plan gives targets to, in its order
    areas: dict[str, Area]  # their wards by code, each with its district and city
    agencies: dict[str, Agency]  # by code
    committees: dict[int, Agency]  # district committees by the district's id
    standards: dict[str, Standard]  # by code
    rules: Standards
    policies: dict[str, Policy]  # by kind
    rounds: dict[tuple[str, int, int], Round]  # by kind, year, month: an office may have moved the days
    training: Indicator


def read() -> Ground:
    """Missing names the first command of load_areas, load_agencies, load_standards, load_plan that was not run."""
    wards = Area.objects.existing_on(LAST_DAY).wards().select_related("parent__parent").order_by("code")
    areas = {ward.code: ward for ward in wards}
    if not areas:
        raise Missing("địa bàn", "load_areas")
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    committees = {agency.area_id: agency for agency in agencies.values() if agency.kind == Agency.Kind.DISTRICT}
    if not committees or {STAFF_AGENCY, OFFICE_AGENCY} - agencies.keys():
        raise Missing("cơ quan, đơn vị", "load_agencies")
    standards = _standards()
    policies = {policy.kind: policy for policy in Policy.objects.filter(kind__in=KINDS).order_by("-code")}
    rounds = {(r.kind, r.year, r.starts_on.month): r for r in Round.objects.filter(year__in=(YEAR - 1, YEAR))}
    if set(KINDS) - policies.keys():
        raise Missing("chính sách hỗ trợ", "load_standards")
    if len(rounds) < 2 * 13:
        raise Missing(f"đủ các đợt rà soát năm {YEAR - 1} và {YEAR}", "load_standards")
    districts = _districts(areas)
    training = Indicator.objects.get(code="officers_trained")
    rules = Standards(**{issuer: standard.rule() for issuer, standard in standards.items()})
    by_code = {standard.code: standard for standard in standards.values()}
    there = {ward.code for district in districts for ward in district.wards}
    kept = {code: ward for code, ward in areas.items() if code in there}
    return Ground(districts, kept, agencies, committees, by_code, rules, policies, rounds, training)


def _standards() -> dict[str, Standard]:
    """The central and the city's standard, each the only one in force from the first survey to the last day."""
    found = {}
    for issuer in Standard.Issuer.values:
        first = Standard.objects.in_force(date(YEAR - 1, 3, 15)).filter(issuer=issuer)
        last = Standard.objects.in_force(LAST_DAY).filter(issuer=issuer)
        if not last or set(first) != set(last) or len(last) > 1:
            raise Missing(
                f"đúng một chuẩn nghèo cấp {Standard.Issuer(issuer).label} cho {YEAR - 1}-{YEAR}", "load_standards"
            )
        found[issuer] = last[0]
    return found


def _districts(areas: dict[str, Area]) -> list[District]:
    plan = Plan.objects.filter(year=YEAR).first()
    wanted: dict[Area, dict[str, int]] = {}
    names = Aims.__dataclass_fields__
    for target in Target.objects.filter(plan=plan, area__level=Area.Level.DISTRICT).select_related("area", "indicator"):
        if target.indicator.code in names:
            wanted.setdefault(target.area, {})[target.indicator.code] = int(target.value)
    if plan is None or not wanted or any(names.keys() - figures.keys() for figures in wanted.values()):
        raise Missing(f"kế hoạch năm {YEAR} cùng phụ lục", "load_plan")
    return [
        District(
            district.code,
            [Ward(w.pk, w.code, w.full_name, w.zone) for w in areas.values() if w.parent_id == district.pk],
            Aims(**figures),
        )
        for district, figures in sorted(wanted.items(), key=lambda each: each[0].order)
    ]
