"""What people uploaded leaves the portal by one path and one answer, to those whose row it is."""

from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, FileField
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.handing_out import POLICY, hands_out
from accounts.models import JobFile, PersonalDataView
from households.models import ImportBatch
from reports.models import Document, Letter, Report, SignedCopy, UnitFigure
from reports.models import FigureFile as ReportFile
from targets.models import ActivityFile, Evidence, Figure, FigureFile, Indicator, TaskUpdate
from tests.reports.units import a_stage
from tests.targets.activities import a_plan, an_activity
from tests.test_doors import _entries

MADE_BY_THE_PORTAL = {Document, JobFile}
PREFIX = "/tep/"
NAME, HARMFUL = 'ký "nhận".HTML', b"<script>alert(document.cookie)</script>"
ANSWERED = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "private, no-store",
}


def addresses():
    """(name, route, the model whose uploads it hands out)"""
    for name, route, view in _entries(get_resolver().url_patterns):
        yield name, route, getattr(view, "hands_out", None)


def test_every_kept_file_is_handed_out_below_the_prefix_and_nothing_else_is():
    """A new column for bytes is the portal's own work, or gets its address in danang_poverty/file_urls.py."""
    own = [model for model in apps.get_models() if model._meta.app_label in settings.FLOORS]
    kept = {model for model in own for field in model._meta.fields if isinstance(field, BinaryField | FileField)}
    found = {(name, model) for name, route, model in addresses() if model or route.startswith(PREFIX)}
    assert {model for _, model in found} == kept - MADE_BY_THE_PORTAL
    assert not [name for name, route, model in addresses() if model and not route.startswith(PREFIX)]


def test_nobody_else_names_a_file_that_was_uploaded():
    """A name from outside becomes a header in one place only."""
    said = [
        str(path.relative_to(settings.BASE_DIR))
        for folder in [*settings.FLOORS, "danang_poverty"]
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if "content_disposition_header(" in path.read_text()
    ]
    assert said == ["accounts/handing_out.py"]


@pytest.fixture
def uploads(areas, cast):
    """name of the address -> (its key, who may, who may not); each file is worse than what the portal takes today."""
    plan, kind = a_plan(), "html"
    stage = a_stage(areas, cast, plan)
    bytes_ = {"name": NAME, "content": HARMFUL, "size": len(HARMFUL), "sha256": "0" * 64}
    indicator = Indicator.objects.create(
        code="typed", name="x", definition="x", unit="percent", source="typed", owner=cast["staff"].agency
    )
    figure = Figure.objects.create(indicator=indicator, area=areas["city"], day=date(2023, 5, 1), count=1, evidence="x")
    update = TaskUpdate.objects.create(assignment=stage["task"], by=cast["writer"], move="update", percent=1, state="x")
    activity = an_activity(plan, cast["staff"].agency, areas["city"])
    typed = UnitFigure.objects.create(duty=stage["health"], name="x", unit="person")
    report = Report.objects.create(period=stage["period"], as_of=date(2023, 5, 31), checksum="0" * 64)
    letter = Letter.objects.create(report=report)
    FigureFile.objects.create(figure=figure, kind=kind, **bytes_)
    signed = SignedCopy.objects.create(letter=letter, uploaded_at=timezone.now(), uploaded_by=cast["cuc"], **bytes_)
    proof = Evidence.objects.create(update=update, kind=kind, **bytes_)
    picture = ActivityFile.objects.create(activity=activity, kind=kind, **bytes_)
    source = ReportFile.objects.create(figure=typed, kind=kind, by=cast["writer"], **bytes_)
    return {
        "figure_file": ([figure.pk], "staff", "writer"),
        "task_file": ([stage["task"].pk, proof.pk], "writer", "staff"),
        "activity_file": ([activity.pk, picture.pk], "staff", "writer"),
        "unit_figure_file": ([stage["health"].pk, source.pk], "writer", "writer2"),
        "letter_signed": ([report.pk, signed.pk], "hoa", "admin"),
    }


def test_a_harmful_file_is_only_ever_an_attachment(uploads, as_user):
    with_import = {name for name, _, model in addresses() if model} - {"import_error_sheet"}  # test_import_pages
    assert set(uploads) == with_import
    for name, (keys, owner, other) in uploads.items():
        address = reverse(name, args=keys)
        before = list(PersonalDataView.objects.values_list("pk", flat=True))
        answer = as_user(owner).get(address)
        assert (answer.status_code, answer.content) == (200, HARMFUL), name
        assert {said: answer[said] for said in ANSWERED} == ANSWERED
        told = answer["Content-Disposition"]
        assert told.startswith("attachment; filename")
        assert told.isascii()
        looks = list(PersonalDataView.objects.exclude(pk__in=before).values_list("by__username", "kind"))
        assert looks == ([] if name == "letter_signed" else [(owner, "export")]), name
        assert as_user(other).get(address).status_code in (403, 404), name
        client = as_user(owner)
        client.logout()
        assert client.get(address).status_code == 302, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.pdf", "application/pdf"), ("a.pdf.svg", "application/octet-stream"), ("pdf", "application/octet-stream")],
)
def test_the_type_is_of_the_short_list_or_none(rf, name, kind):
    @hands_out(ImportBatch, look="")
    def view(request):
        return name, b""

    assert view(rf.get("/"))["Content-Type"] == kind


def test_a_name_cannot_write_a_header(rf):
    @hands_out(ImportBatch, look="")
    def view(request):
        return "a.pdf\"; filename*=UTF-8''b.html", b""

    assert view(rf.get("/"))["Content-Disposition"] == 'attachment; filename="a.pdf\\"; filename*=UTF-8\'\'b.html"'
