"""Builders for tests: a small city, the two standards, a household with members. Names tell what to expect."""

import itertools
from datetime import date

from accounts.models import Agency, User
from accounts.roles import Role
from areas.models import Area, ResidentHouseholds
from areas.vietnamese import fold, name_key
from households.members import search_text
from households.models import Household, Member, Policy, Review, Round, Standard, StatusSpell, Support
from households.standards import DEPRIVATION_KEYS

_numbers = itertools.count(1)
START = date(2020, 1, 1)


def an_area(level, code, name, parent=None, zone="", order=0):
    area = Area.objects.create(
        level=level,
        code=code,
        name=name,
        full_name=name,
        kind=level,
        zone=zone,
        parent=parent,
        order=order,
        valid_from=START,
    )
    area.path = f"{parent.path if parent else ''}{area.pk}/"
    area.save()
    return area


def a_city():
    """One city, an urban district with two wards, a rural one with one commune; 1.000 resident households each."""
    city = an_area("city", "48", "Thành phố Đà Nẵng")
    urban = an_area("district", "492", "Quận Hải Châu", city, order=1)
    rural = an_area("district", "497", "Huyện Hòa Vang", city, order=7)
    areas = {
        "city": city,
        "urban": urban,
        "rural": rural,
        "ward": an_area("ward", "20236", "Phường Một", urban, "urban"),
        "next_ward": an_area("ward", "20239", "Phường Hai", urban, "urban"),
        "commune": an_area("ward", "20293", "Xã Ba", rural, "rural"),
    }
    for district in (urban, rural):
        ResidentHouseholds.objects.create(area=district, year=2023, households=1000, source="thử")
    return areas


def a_user(role, area=None, agency=None, username=None, **more):
    username = username or f"user{next(_numbers)}"
    user = User(username=username, full_name=f"Người {username}", role=role, area=area, agency=agency, **more)
    user.set_password("mat-khau-thu-66")
    user.save()
    return user


def an_agency(code="so-thu", **more):
    values = {"name": "Sở Lao động", "short_name": "Sở LĐ", "kind": "department", "valid_from": START} | more
    return Agency.objects.create(code=code, **values)


def a_cast(areas):
    """Hoa enters, her ward's leader Lan decides; Bình of the next ward must see nothing of hers; Cúc sees the city."""
    agency = an_agency()
    return {
        "hoa": a_user(Role.WARD_OFFICER, areas["ward"], username="hoa"),
        "lan": a_user(Role.WARD_LEADER, areas["ward"], username="lan"),
        "binh": a_user(Role.WARD_OFFICER, areas["next_ward"], username="binh"),
        "district": a_user(Role.DISTRICT_OFFICER, areas["urban"], username="district"),
        "staff": a_user(Role.DEPARTMENT_STAFF, agency=agency, username="staff"),
        "cuc": a_user(Role.PROGRAMME_OFFICE, areas["city"], agency, username="cuc"),
        "leader": a_user(Role.CITY_LEADER, username="leader"),
        "admin": a_user(Role.ADMINISTRATOR, username="admin"),
        "client": a_user(Role.API_CLIENT, username="client"),
        "nobody": a_user("", username="nobody"),
    }


def the_standards():
    """Central (confirmed, by B1) and the city's own (not confirmed, by income), as shipped."""
    central = Standard.objects.create(
        code="central-2022",
        name="Chuẩn Trung ương 2022-2025",
        issuer="central",
        basis="b1_score",
        line_rural=140,
        line_urban=175,
        valid_from=date(2022, 1, 1),
        valid_to=date(2025, 12, 31),
        legal_basis="Nghị định 07/2021/NĐ-CP",
        confirmed=True,
        confirmed_document="07/2021/NĐ-CP",
    )
    city = Standard.objects.create(
        code="city-2022",
        name="Chuẩn thành phố 2022-2025",
        issuer="city",
        basis="income",
        line_rural=2_000_000,
        line_urban=2_500_000,
        valid_from=date(2022, 1, 1),
        valid_to=date(2025, 12, 31),
        legal_basis="chưa xác nhận",
    )
    return central, city


def a_round(year=2023, kind="annual", starts_on=None, ends_on=None):
    return Round.objects.get_or_create(
        kind=kind,
        starts_on=starts_on or date(year, 9, 1),
        defaults={"year": year, "name": f"Đợt {year}", "ends_on": ends_on or date(year, 12, 14)},
    )[0]


def a_household(ward, head="Trần Văn Thử", members=2, code=None, registered_on=START):
    code = code or f"{ward.code}-{next(_numbers):05d}"
    names = [head, *(f"Trần Thị Con {place}" for place in range(1, members))]
    words = search_text(code, "Tổ 1", "1 đường Thử", "", [(name, "") for name in names])
    household = Household.objects.create(
        code=code, ward=ward, group="Tổ 1", address="1 đường Thử", search=words, registered_on=registered_on
    )
    for place, name in enumerate(names):
        Member.objects.create(
            household=household,
            full_name=name,
            search_name=fold(name),
            sort_key=name_key(name),
            relation="head" if place == 0 else "child",
            sex="male" if place == 0 else "female",
            birth_year=1975 + 25 * min(place, 1),
            joined_on=registered_on,
        )
    return household


def a_review(household, by, round=None, deprived=("employment", "dependents", "nutrition"), **more):
    values = {
        "surveyed_on": date(2023, 10, 3),
        "b1_score": 165,
        "income_per_person": 1_800_000,
        "persons": 2,
        "has_labour": True,
        "special_hardship": False,
        "has_merit": False,
        "ethnic_minority": False,
    } | more
    boxes = {key: key in deprived for key in DEPRIVATION_KEYS}
    return Review.objects.create(
        household=household,
        round=round or a_round(),
        ward=household.ward,
        zone=household.ward.zone,
        entered_by=by,
        **boxes,
        **values,
    )


def a_spell(household, standard, category="poor", valid_from=date(2022, 12, 14), valid_to=None, **more):
    values = {
        "persons": 2,
        "has_labour": True,
        "special_hardship": False,
        "has_merit": False,
        "ethnic_minority": False,
        "opened_as": "listed",
        "closed_as": "escaped" if valid_to else "",
    } | more
    return StatusSpell.objects.create(
        household=household,
        standard=standard,
        ward=household.ward,
        category=category,
        valid_from=valid_from,
        valid_to=valid_to,
        **values,
    )


def a_support(household, kind="job", given_on=date(2023, 4, 1), **more):
    policy, _ = Policy.objects.get_or_create(
        code=kind, defaults={"name": kind, "kind": kind, "legal_basis": "thử", "valid_from": START}
    )
    return Support.objects.create(household=household, policy=policy, ward=household.ward, given_on=given_on, **more)
