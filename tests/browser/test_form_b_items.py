"""Form B by a table of points, on a phone and on a screen: the items, who lacks what, and the receipt."""

from pathlib import Path

import pytest
from django.core.management import call_command

from households.models import Member, Review, Round
from households.standards import DEPRIVATION_KEYS
from tests.browser.conftest import sign_in
from tests.browser.test_journey import city
from tests.browser.test_pages import faults, wider_than_screen

__all__ = ["city"]
TABLE = Path(__file__).parents[1] / "data" / "score_table.csv"


@pytest.mark.parametrize("width", [360, 1280])
def test_b1_by_items_and_who_lacks_what(city, visit, width):
    call_command("load_score_table", str(TABLE), standard="central-2022", table_version="thử", verbosity=0)
    child = city.members.exclude(relation="head").first()
    Member.objects.filter(pk=child.pk).update(birth_year=2015, is_malnourished=True)
    page = visit(width, 800)
    sign_in(page, "canbo")
    annual = Round.objects.get(kind="annual", year=2023)
    page.goto(f"{page.base}/ra-soat/ho/{city.code}/phieu-b/?round={annual.pk}")
    assert page.locator("[name=b1_score]").count() == 0
    page.fill("[name=surveyed_on]", "03/10/2023")
    page.check("[name=b1__thu_mot][value=b]")
    page.check("[name=b1__thu_nhieu__y]")
    page.fill("[name=b1__thu_so]", "12,5")
    page.fill("[name=income_per_person]", "1.800.000")
    box = page.locator(f"[name=trigger__nutrition__{child.pk}]")
    assert not box.is_visible(), "asked only once the indicator is lacking"
    for key in DEPRIVATION_KEYS:
        page.check(f"[name={key}][value={'yes' if key == 'nutrition' else 'no'}]")
    assert box.is_visible()
    assert "theo thông tin thành viên" in page.locator("fieldset.lackers", has=box).inner_text()
    box.check()
    page.fill("[name=b2_total]", "10")
    page.check("[name=has_labour][value=yes]")
    for name in ("special_hardship", "has_merit", "ethnic_minority"):
        page.check(f"[name={name}][value=no]")
    assert wider_than_screen(page) <= 0
    assert faults(page) == []
    page.press("[name=b2_total]", "Enter")
    page.wait_for_url("**/ra-soat/phieu/*/")
    words = page.locator("main").inner_text()
    assert "12,5 (từ 8 đến dưới 20)" in words
    assert f"Người thiếu hụt: {child.full_name}" in words
    assert Review.objects.get().b1_score == 60 + 25 + 40
    assert wider_than_screen(page) <= 0
    assert faults(page) == []
