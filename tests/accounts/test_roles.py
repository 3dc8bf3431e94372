"""The policy, said a second time and in another shape: who holds each right."""

import pytest
from django.urls import get_resolver

from accounts.menu import ENTRIES, menu_for
from accounts.roles import (
    AREA_LEVEL,
    LABELS,
    NEEDS_AGENCY,
    NEEDS_AREA,
    RIGHT_LABELS,
    ROLES,
    May,
    Role,
    allows,
    rights_of,
)
from tests.test_doors import named_urls

OFFICER, LEADER, DISTRICT, STAFF = Role.WARD_OFFICER, Role.WARD_LEADER, Role.DISTRICT_OFFICER, Role.DEPARTMENT_STAFF
OFFICE, CITY, ADMIN, CLIENT = Role.PROGRAMME_OFFICE, Role.CITY_LEADER, Role.ADMINISTRATOR, Role.API_CLIENT

HOLDERS = {
    May.SEE_FIGURES: {OFFICER, LEADER, DISTRICT, STAFF, OFFICE, CITY, CLIENT},
    May.SEE_HOUSEHOLDS: {OFFICER, LEADER, DISTRICT, OFFICE},
    May.EDIT_HOUSEHOLDS: {OFFICER},
    May.ENTER_REVIEWS: {OFFICER},
    May.DECIDE_REVIEWS: {LEADER},
    May.REVEAL_IDS: {OFFICER, LEADER},
    May.IMPORT_HOUSEHOLDS: {OFFICER},
    May.EXPORT_HOUSEHOLDS: {OFFICER, LEADER, DISTRICT, OFFICE},
    May.GIVE_OPINION: {DISTRICT},
    May.MATCH_HOUSEHOLDS: {DISTRICT, OFFICE},
    May.HANDLE_COMPLAINTS: {OFFICER, LEADER},
    May.RUN_ROUNDS: {OFFICE},
    May.GIVE_SUPPORT: {STAFF},
    May.ENTER_FIGURES: {DISTRICT, STAFF, OFFICE},
    May.ENTER_ANY_FIGURE: {OFFICE},
    May.EDIT_PLAN: {OFFICE},
    May.SET_TARGETS: {DISTRICT, OFFICE},
    May.MAKE_REPORTS: {OFFICE},
    May.FILE_REPORTS: {DISTRICT, STAFF, OFFICE},
    May.UPDATE_TASKS: {DISTRICT, STAFF, OFFICE},
    May.ASSIGN_TASKS: {OFFICE},
    May.VERIFY_TASKS: {OFFICE},
    May.ENTER_ACTIVITIES: {DISTRICT, STAFF, OFFICE},
    May.MANAGE_ACTIVITIES: {OFFICE},
    May.KEEP_ROSTER: {OFFICER, DISTRICT, OFFICE},
    May.ASSIGN_BUDGET: {OFFICE},
    May.ALLOW_OVERSPENDING: {OFFICE},
    May.RECORD_SPENDING: {DISTRICT, STAFF, OFFICE},
    May.CONFIRM_STANDARDS: {OFFICE},
    May.EDIT_MASTER_DATA: {OFFICE, ADMIN},
    May.MANAGE_ACCOUNTS: {ADMIN},
    May.USE_ADMIN: {OFFICER, LEADER, OFFICE, ADMIN},
    May.USE_API: {STAFF, OFFICE, CLIENT},
}


@pytest.mark.parametrize("right", May)
def test_who_holds_each_right(right):
    assert {role for role in Role if allows(role, right)} == HOLDERS[right]


@pytest.mark.parametrize("role", ["", "superuser", "WARD_OFFICER", None])
def test_an_unknown_role_may_nothing(role):
    assert not any(allows(role, right) for right in May)
    assert rights_of(role) == []


def test_nobody_both_enters_and_decides():
    assert not any({May.ENTER_REVIEWS, May.DECIDE_REVIEWS} <= rights for rights in ROLES.values())


def test_everything_has_its_words():
    assert set(LABELS) == set(ROLES) == set(Role)
    assert set(RIGHT_LABELS) == set(May)
    assert rights_of(Role.CITY_LEADER) == ["Xem tổng quan, kế hoạch và báo cáo"]


def test_every_role_that_sees_households_has_an_area():
    assert {role for role in Role if allows(role, May.SEE_HOUSEHOLDS)} <= NEEDS_AREA
    assert set(AREA_LEVEL) == NEEDS_AREA
    assert {STAFF, OFFICE} == NEEDS_AGENCY


@pytest.mark.django_db
def test_the_menu_shows_what_one_may_open(cast):
    shown = {name: [entry["label"] for entry in menu_for(user, "/ho/20236-1/")] for name, user in cast.items()}
    assert shown["nobody"] == []
    assert shown["admin"] == ["Nhật ký", "Quản trị"]
    assert shown["leader"] == ["Tổng quan", "Kế hoạch", "Báo cáo"]
    assert shown["hoa"] == ["Hôm nay", "Tổng quan", "Kế hoạch", "Hộ", "Rà soát", "Hỗ trợ", "Báo cáo", "Quản trị"]
    assert shown["cuc"] == [label for label, *_ in ENTRIES if label != "Nhật ký"]
    assert shown["staff"][0] == "Hôm nay"


NO_ENTRY = {"nhat-ky"} | {
    "viec",
    "dang-nhap",
    "dang-xuat",
    "doi-mat-khau",
    "toi",
    "healthz",
    "readyz",
    "metrics",
    "mau",
    "tep",
}


@pytest.mark.django_db
def test_every_page_lights_up_one_entry(cast):
    """Of who may open everything; the account's own pages stand outside the menu."""
    found = {route.strip("/").split("/")[0]: route for _, route in named_urls(get_resolver().url_patterns)}
    at = {
        first: [entry["label"] for entry in menu_for(cast["cuc"], route) if entry["current"]]
        for first, route in found.items()
        if first and first not in NO_ENTRY
    }
    assert {first for first, lit in at.items() if len(lit) != 1} == set()
    assert at["don-thu"] == at["de-nghi"] == at["in"] == at["bieu-tong-hop"] == at["ra-soat"] == ["Rà soát"]
    assert at["nhap"] == at["doi-chieu"] == at["danh-sach"] == at["trung-ho"] == at["ho"] == ["Hộ"]


@pytest.mark.django_db
def test_somebody_switched_off_may_nothing(cast):
    cast["cuc"].is_active = False
    assert not any(cast["cuc"].may(right) for right in May)
