"""The accounts of the demonstration: one for each role to sign in with, and the staff of the other wards without a password."""

from dataclasses import dataclass

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.services import create_user
from areas.models import Area

HOME_WARD, HOME_DISTRICT = "20272", "493"  # An Hải Bắc, Sơn Trà
OTHER_DISTRICT = "494"  # Ngũ Hành Sơn, where dossiers have gone past the district
STAFF_AGENCY, OFFICE_AGENCY, BANK = "so-xay-dung", "so-ldtbxh", "nh-csxh"
SEATS = (
    "canbo",
    "lanhdao-phuong",
    "quan",
    "so",
    "nganhang",
    "chuongtrinh",
    "thanhpho",
    "quantri",
    "api",
)  # who can sign in


@dataclass(frozen=True)
class Cast:
    officers: dict[str, User]  # by ward code: who enters
    leaders: dict[str, User]  # by ward code: who decides
    office: User  # the programme office, which types figures
    bank: User
    districts: dict[str, User]  # by district code: who gives the district's opinion; two of them


def create(wards: list[Area], agencies: dict[str, Agency], password: str) -> Cast:
    """`wards` with their districts and city. Names are of the post, not of a person."""
    officers, leaders = {}, {}
    for ward in wards:
        own = ward.code == HOME_WARD
        officers[ward.code] = create_user(
            username="canbo" if own else f"canbo-{ward.code}",
            full_name=f"Cán bộ minh họa {_in_text(ward)}",
            role=Role.WARD_OFFICER,
            area=ward,
            password=password if own else None,
            by=None,
        )
        leaders[ward.code] = create_user(
            username="lanhdao-phuong" if own else f"lanhdao-{ward.code}",
            full_name=f"Lãnh đạo minh họa {_in_text(ward)}",
            role=Role.WARD_LEADER,
            area=ward,
            password=password if own else None,
            by=None,
        )
    home = next((ward.parent for ward in wards if ward.parent.code == HOME_DISTRICT), wards[0].parent)
    office = agencies[OFFICE_AGENCY]
    seats = {
        "quan": ("Chuyên viên minh họa " + _in_text(home), Role.DISTRICT_OFFICER, home, None),
        "so": ("Chuyên viên minh họa Sở Xây dựng", Role.DEPARTMENT_STAFF, None, agencies[STAFF_AGENCY]),
        "nganhang": ("Cán bộ minh họa Ngân hàng CSXH", Role.DEPARTMENT_STAFF, None, agencies[BANK]),
        "chuongtrinh": ("Chuyên viên minh họa văn phòng chương trình", Role.PROGRAMME_OFFICE, home.parent, office),
        "thanhpho": ("Lãnh đạo minh họa thành phố", Role.CITY_LEADER, None, None),
        "quantri": ("Quản trị minh họa", Role.ADMINISTRATOR, None, None),
        "api": ("Máy khách minh họa", Role.API_CLIENT, None, None),
    }
    users = {
        name: create_user(
            username=name, full_name=full, role=role, area=area, agency=agency, password=password, by=None
        )
        for name, (full, role, area, agency) in seats.items()
    }
    opinions = {home.code: users["quan"]}
    for district in {ward.parent_id: ward.parent for ward in wards}.values():
        if district.code == OTHER_DISTRICT:
            opinions[district.code] = create_user(
                username=f"quan-{district.code}",
                full_name="Chuyên viên minh họa " + _in_text(district),
                role=Role.DISTRICT_OFFICER,
                area=district,
                password=None,
                by=None,
            )
    return Cast(officers, leaders, users["chuongtrinh"], users["nganhang"], opinions)


def _in_text(area: Area) -> str:
    """'phường An Hải Bắc': the kind is not capital inside a sentence."""
    return area.full_name[:1].lower() + area.full_name[1:]
