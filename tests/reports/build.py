"""A small plan with a story: what stands in a report of it can be counted on fingers.

Opening: five households poor with labour (three urban, two rural), two of them by the central standard too.
By 31 May 2023 one urban household has escaped, one house was built and one job was found.
"""

from datetime import date
from decimal import Decimal

from targets.indicators import INDICATORS
from targets.models import Clause, Indicator, Plan, Target
from tests import make

OPENING = date(2022, 12, 14)
# indicator: city, urban, rural; rates as printed
TARGETS = {
    "poor_labour_start": ("5", "3", "2"),
    "poor_labour_reduction": ("3", "2", "1"),
    "central_poor_reduction": ("2", "1", "1"),
    "special_hardship_reduction": ("1", "1", "0"),
    "poor_labour_end": ("2", "1", "1"),
    "near_poor_reduction": ("1", "1", "0"),
    "housing": ("3", "2", "1"),
    "job_introductions": ("4", "2", "2"),
}
RATES = {
    "poor_labour_start": "0.25",
    "poor_labour_reduction": "0.15",
    "poor_labour_end": "0.11",
    "near_poor_reduction": "0.05",
}
CITY_ONLY = {"insurance_near_poor": "100", "house_new": "1", "house_repair": "2", "officers_trained": "100"}
OBJECTIVES = [
    "Phấn đấu đến cuối năm 2023, tỷ lệ hộ nghèo còn sức lao động giảm còn 0,11%.",
    "Phấn đấu 100% người thuộc hộ cận nghèo có bảo hiểm y tế.",
    "Hỗ trợ xây mới 1 nhà, sửa chữa 2 nhà.",
    "Hỗ trợ 4 lượt hộ có việc làm.",
    "Tập huấn cho 100% cán bộ.",
]


def a_plan(areas, year=2023, **more):
    plan = Plan.objects.create(
        number=more.pop("number", f"{year - 1957}/KH-UBND"),
        year=year,
        title=f"Kế hoạch thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững năm {year} trên địa bàn thành phố",
        issued_on=date(year, 3, 17),
        signed_by="thử",
        general_goal="thử",
        funding="thử",
        reporting="thử",
        **more,
    )
    for order, text in enumerate(OBJECTIVES, 1):
        Clause.objects.create(plan=plan, ref=f"II.{order}", kind="objective", text=text, order=order)
    indicators = {
        code: Indicator.objects.get_or_create(
            code=code,
            defaults={"name": m.name, "definition": m.definition, "unit": m.unit, "source": m.source, "order": order},
        )[0]
        for order, (code, m) in enumerate(INDICATORS.items())
    }
    rows = [
        (code, areas[place], value)
        for code, values in TARGETS.items()
        for place, value in zip(("city", "urban", "rural"), values, strict=True)
    ]
    rows += [(code, areas["city"], value) for code, value in CITY_ONLY.items()]
    for code, area, value in rows:
        rate = RATES.get(code) if area.is_city else None
        Target.objects.create(
            plan=plan, indicator=indicators[code], area=area, value=Decimal(value), published_rate=rate
        )
    return plan


def a_year(areas, standards, year=2023):
    """Households, spells and supports of the story. Returns the households by a name that tells what becomes of them."""
    central, city = standards
    named = {}
    for name, place in (
        ("escapes", "ward"),
        ("stays", "ward"),
        ("next", "next_ward"),
        ("far", "commune"),
        ("farther", "commune"),
    ):
        household = named[name] = make.a_household(areas[place])
        ends = date(year, 5, 20) if name == "escapes" else None
        make.a_spell(household, city, valid_from=date(year - 1, 12, 14), valid_to=ends)
        if name in ("escapes", "far"):
            make.a_spell(household, central, valid_from=date(year - 1, 12, 14), valid_to=ends)
    near = named["near"] = make.a_household(areas["ward"])
    make.a_spell(near, city, category="near_poor", valid_from=date(year - 1, 12, 14), persons=4)
    make.a_support(named["stays"], kind="house_new", given_on=date(year, 4, 1))
    make.a_support(named["far"], kind="job", given_on=date(year, 5, 31))
    make.a_support(named["far"], kind="job", given_on=date(year, 6, 1))  # the day after
    make.a_support(near, kind="insurance", given_on=date(year, 1, 1), ends_on=date(year, 12, 31), persons=3)
    return named
