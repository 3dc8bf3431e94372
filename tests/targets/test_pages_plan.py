"""The pages against the plan as it was published: nothing lost, nothing altered, to the last digit."""

import html
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.roles import Role
from areas.vietnamese import parse_number
from tests import make

TEXT = (Path(__file__).parent / "ke-hoach-66.txt").read_text(encoding="utf-8")


@pytest.fixture
def browser(db, client):
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    client.force_login(make.a_user(Role.CITY_LEADER), backend="django.contrib.auth.backends.ModelBackend")
    return client


def printed_rows():
    """Rows of the published appendix: the unit and its twelve figures, as numbers."""
    lines = [
        line.strip() for line in TEXT.partition("Stt")[2].partition("BẢNG TỔNG HỢP")[0].splitlines() if line.strip()
    ]
    starts = [place for place, line in enumerate(lines) if re.match(r"Toàn thành phố|Quận |Huyện ", line)]
    return [(lines[start], [parse_number(line) for line in lines[start + 1 : start + 13]]) for start in starts]


def words(text):
    """What a reader sees: no tags, no marks, single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_the_appendix_equals_the_published_one_to_the_last_digit(browser):
    page = browser.get("/ke-hoach/phu-luc/", {"xem": "ke-hoach"}).content.decode()
    shown = []
    for body in page.split("<tbody>")[1:]:
        row = body.partition("</tr>")[0]
        name = words(re.search(r'<th scope="row"[^>]*>(.*?)</th>', row)[1])
        figures = re.findall(r'<td class="num[^>]*>(.*?)</td>', row)
        shown.append((name, [parse_number(words(figure).rstrip("*")) for figure in figures]))
    assert len(shown) == 8
    assert shown == printed_rows()


def test_every_clause_of_the_plan_is_read_on_its_page(browser):
    page = browser.get("/ke-hoach/").content.decode()
    read = words(page.partition("<main")[2])
    body = TEXT.partition("I. MỤC TIÊU CHUNG")[2].partition("Trên đây là Kế hoạch")[0]
    lines = [" ".join(line.split()) for line in body.splitlines() if len(line.split()) > 6]
    clauses = [re.sub(r"^(\d+\.|[a-zđ]\)) ", "", line) for line in lines if not line.isupper()]
    assert len(clauses) > 55
    missing = [clause for clause in clauses if clause not in read]
    assert missing == []
    assert page.count('aria-label="Sửa đổi mục') == 2
    assert read.count("Bổ sung Căn cứ") == 6


def test_the_tasks_of_a_group_are_found_under_each_of_its_members(browser):
    page = words(browser.get("/ke-hoach/nhiem-vu/").content.decode())
    assert "43 nhiệm vụ" in page
    assert "UBND quận, huyện (7 đơn vị)" in page
    options = browser.get("/ke-hoach/nhiem-vu/").content.decode()
    son_tra = re.search(r'<option value="([^"]+)">UBND (?:quận )?Sơn Trà', options)[1]
    assert "7 nhiệm vụ" in words(browser.get("/ke-hoach/nhiem-vu/", {"co_quan": son_tra}).content.decode())
