"""The plan in the admin: looked at, its targets edited and brought in as a sheet, each change in the log."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from areas.models import Area
from targets.models import Clause, Figure, Indicator, Plan, Target
from tests import make

TABLES = ["plan", "clause", "indicator", "target", "figure", "budgetsource"]


@pytest.fixture
def plan(standards):
    call_command("load_areas", verbosity=0)
    call_command("load_agencies", verbosity=0)
    call_command("load_plan")
    return Plan.objects.get()


@pytest.fixture
def office(client, plan):
    """The programme office, signed in."""
    client.force_login(
        make.a_user("programme_office", Area.objects.get(level="city"), make.an_agency("vp")),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.mark.parametrize("table", TABLES)
def test_the_office_opens_every_list_and_a_ward_none(office, client, table):
    assert office.get(f"/quan-tri/targets/{table}/").status_code == 200
    client.force_login(
        make.a_user("ward_officer", Area.objects.wards().first()), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"/quan-tri/targets/{table}/").status_code == 403


def cost(office, table):
    with CaptureQueriesContext(connection) as queries:
        assert office.get(f"/quan-tri/targets/{table}/").status_code == 200
    return len(queries)


def test_lists_ask_the_same_for_one_row_and_for_thirty(office):
    """Of the plan's own rows all but thirty, then all but one are taken away; of figures, thirty are added."""
    Target.objects.exclude(pk__in=Target.objects.values_list("pk")[:30]).delete()
    Clause.objects.filter(kind="task").exclude(pk__in=Clause.objects.filter(kind="task").values_list("pk")[:5]).delete()
    cost(office, "target")  # the first page of a session asks once whether the data is for demonstration
    thirty = {table: cost(office, table) for table in ("target", "clause")}
    Target.objects.exclude(pk=Target.objects.first().pk).delete()
    Clause.objects.filter(kind="task").delete()
    Clause.objects.exclude(ref="III.8").delete()
    assert {table: cost(office, table) for table in thirty} == thirty
    a_figure()
    one = cost(office, "figure")
    for _ in range(30):
        a_figure()
    assert cost(office, "figure") == one


def a_figure():
    return Figure.objects.create(
        indicator=Indicator.objects.get(code="officers_trained"),
        area=Area.objects.districts().first(),
        day=date(2023, 5, 1),
        count=1,
        whole=2,
        evidence="thử",
    )


@pytest.mark.parametrize("table", ["plan", "clause", "figure"])
def test_the_plans_words_and_typed_figures_are_not_written_here(office, table):
    row = a_figure() if table == "figure" else {"plan": Plan, "clause": Clause}[table].objects.first()
    assert office.get(f"/quan-tri/targets/{table}/{row.pk}/change/").status_code == 200
    assert office.post(f"/quan-tri/targets/{table}/{row.pk}/change/", {"text": "khác"}).status_code == 403
    assert office.get(f"/quan-tri/targets/{table}/add/").status_code == 403


def sheet(office, rows):
    """A CSV file of targets through the preview to the end; the page it ends on."""
    text = "số kế hoạch,mã địa bàn,mã chỉ tiêu,kế hoạch,tỷ lệ in trong kế hoạch,có trong phụ lục\n" + rows
    file = SimpleUploadedFile("chi-tieu.csv", text.encode())
    page = office.post("/quan-tri/targets/target/import/", {"import_file": file, "format": "1"})
    if "confirm_form" in page.context and page.context["confirm_form"]:
        return office.post(
            "/quan-tri/targets/target/process_import/", page.context["confirm_form"].initial, follow=True
        )
    return page


def test_a_sheet_changes_a_target_and_is_logged(office):
    sheet(office, '66/KH-UBND,491,poor_labour_end,382,"0,80",có\n')
    target = Target.objects.get(area__code="491", indicator__code="poor_labour_end")
    assert (target.value, target.published_rate) == (382, Decimal("0.80"))
    line = Event.objects.get(action="row.imported")
    assert (line.before["value"], line.after["value"]) == ("381.00", "382")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("67/KH-UBND,491,housing,1,,có", "Không có kế hoạch “67/KH-UBND”."),
        ("66/KH-UBND,999,housing,1,,có", "Không có địa bàn mã 999"),
        ("66/KH-UBND,491,la,1,,có", "Không có chỉ tiêu “la”."),
        ("66/KH-UBND,491,housing,-1,,có", "không được âm"),
    ],
)
def test_a_wrong_sheet_is_refused_whole(office, row, message):
    page = sheet(office, f"66/KH-UBND,492,housing,31,,có\n{row}\n")
    assert message in page.content.decode()
    assert Target.objects.get(area__code="492", indicator__code="housing").value == 30
