"""Rows of one ward or one agency, opened by their owners and by others of the same role: to the others there is none.

Every address that names a row stands in `owned` or in SHARED; a new one without its place fails.
"""

import pytest
from django.urls import get_resolver, reverse

from accounts import jobs
from accounts.roles import Role
from households.models import HouseholdChange, Meeting, WardRequest
from households.services.change_rows import shut
from targets.models import Assignment
from tests import make
from tests.households.test_ward_admin import DAY, rows
from tests.reports.units import a_stage
from tests.targets.activities import a_plan, an_activity, an_officer
from tests.targets.money import a_line
from tests.test_doors import answer, is_sign_in, named_urls

__all__ = ["rows"]

# Sums, the plan, its tasks and its money, who owes a report: read by everybody who sees figures.
SHARED = {
    "dashboard_area", "indicator", "task", "task_agency", "activity", "budget_line", "target_sheet",
    "unit_report", "duty_compiled", "duty_compiled_export", "report_detail", "report_document", "letter", "letter_signed", "letter_differences",
    "api_district_indicators", "api_report_document", "api_report_lines", "api_task_updates",
}  # fmt: skip
# Whole-city work of the programme office; no other role holds the right.
OF_THE_OFFICE = {
    "plan_draft", "plan_add", "plan_issue", "plan_close", "plan_comments", "comment_answer", "clause_edit",
    "clause_drop", "budget_edit", "duty_remind", "report_make", "letter_open", "letter_head", "letter_section",
    "letter_typed", "letter_render", "letter_issue", "letter_upload", "letter_sent", "duplicate_across_answer",
}  # fmt: skip
# The address names no row, but a kind of list or of file, or a round, of which everybody has the own part.
NAMES_NO_ROW = {
    "activity_new", "aggregate_form", "complaint_export", "dossier_open", "household_export", "list_export",
    "request_export", "targeted_export", "targeted_list",
}  # fmt: skip
# A file, a link or a paper that this small city lacks: its owner gets 404 too. A change is taken back in test_changes.
NOT_THERE = {
    "activity_file", "activity_household", "disbursement", "figure_file", "household_change_undo", "import_error_sheet", "job_file",
    "paper_answer", "paper_certificate", "paper_certificates", "paper_decision", "paper_refusal", "task_file",
    "unit_figure_file",
}  # fmt: skip
OF_A_HOUSEHOLD = """
    household_detail household_edit review_new review_draft support_new exit_plan_new request_new
    paper_form_01 paper_form_04 paper_certificate
"""
OF_A_DOSSIER = "dossier paper_review_list paper_posting paper_posting_sheet paper_decision paper_certificates"
OWNERS = ["hoa", "lan", "staff", "writer", "district", "cuc"]
OTHERS = ["binh", "far_leader", "far_officer", "far_district", "stranger"]


@pytest.fixture
def owned(areas, cast, standards, rows):
    """The addresses of rows of Phường Một, of the Department and of the health agency: name -> what it names."""
    plan = a_plan()
    stage = a_stage(areas, cast, plan)
    agency, home, dossier = cast["staff"].agency, rows["listed"].household, rows["dossier"]
    cast["far_officer"] = make.a_user(Role.WARD_OFFICER, areas["commune"], username="far_officer")
    cast["far_leader"] = make.a_user(Role.WARD_LEADER, areas["commune"], username="far_leader")
    cast["far_district"] = make.a_user(Role.DISTRICT_OFFICER, areas["rural"], username="far_district")
    cast["stranger"] = make.a_user(Role.DEPARTMENT_STAFF, agency=make.an_agency("so-khac"), username="stranger")
    told = dict.fromkeys(("full_name", "birth", "group", "address", "reason", "mark"), "")
    WardRequest.objects.update(told=shut(told))
    HouseholdChange.objects.update(before=shut({}), after=shut({}))
    review = make.a_review(home, cast["hoa"])
    support = make.a_support(home, "job")
    job = jobs.start(kind="tests.sheet", title="Danh sách", by=cast["hoa"])
    meeting = Meeting.objects.create(
        dossier=dossier, cycle=1, group="Tổ 1", held_on=DAY, place="nhà văn hóa", chair="Hồ Thị A",
        secretary="Vũ Thị B", present=40, agreed=30, entered_by=cast["hoa"],
    )  # fmt: skip
    activity = an_activity(plan, agency, areas["city"])
    officer, line = an_officer(areas["ward"]), a_line(agency)
    task = Assignment.objects.filter(agency=cast["writer"].agency).first()
    member, key = home.members.first().pk, dossier.pk
    return {
        **dict.fromkeys(OF_A_HOUSEHOLD.split(), [home.code]),
        **dict.fromkeys(OF_A_DOSSIER.split(), [key]),
        **dict.fromkeys(["review_detail", "review_edit", "review_decide", "review_return"], [review.pk]),
        "dossier_act": [key, "chuyen"],
        "household_change_new": [home.code, "chuyen-cho"],
        "household_change": [rows["householdchange"].pk],
        "household_change_undo": [rows["householdchange"].pk],
        "household_reveal": [home.code, member],
        "household_reveal_other": [home.code, member, "dinh-danh"],
        "history": ["households.household", home.pk],
        "duplicate_answer": [rows["duplicatepair"].pk],
        "ward_request_detail": [rows["wardrequest"].pk],
        "paper_minutes": [meeting.pk],
        "support_edit": [support.pk],
        "loan_detail": [rows["loanbalance"].support_id],
        "house_detail": [rows["housework"].pk],
        "exit_plan_detail": [rows["exitplan"].pk],
        "request_detail": [rows["reviewrequest"].pk],
        "paper_refusal": [rows["reviewrequest"].pk],
        "complaint_detail": [rows["complaint"].pk],
        "paper_answer": [rows["complaint"].pk],
        "import_detail": [rows["importbatch"].pk],
        "import_error_sheet": [rows["importbatch"].pk],
        "job_detail": [job.pk],
        "job_file": [job.pk],
        "figure_file": [1],
        "task_file": [task.pk, 1],
        "activity_edit": [activity.pk],
        "activity_tick": [activity.pk],
        "activity_file": [activity.pk, 1],
        "activity_household": [activity.pk, 1],
        "officer_edit": [officer.pk],
        "budget_supports": [line.pk],
        "disbursement": [1],
        "part_draft": [stage["health"].pk, "results"],
        "unit_figure": [stage["health"].pk],
        "unit_figure_file": [stage["health"].pk, 1],
    }


def opened(client, name, args) -> bool:
    response = answer(client, reverse(name, args=args))
    assert response.status_code < 500, name
    return response.status_code not in (403, 404) and not is_sign_in(response)


def test_every_address_of_a_row_is_asked(owned):
    named = {name for name, route in named_urls(get_resolver().url_patterns) if "<" in route}
    named = {name for name in named if not name.startswith("admin:")}
    assert named == set(owned) | SHARED | OF_THE_OFFICE | NAMES_NO_ROW


@pytest.mark.parametrize("other", OTHERS)
def test_a_row_of_somebody_else_is_not_there(as_user, owned, other):
    client = as_user(other)
    assert not [name for name, args in owned.items() if opened(client, name, args)]


def test_its_owner_opens_it(as_user, owned):
    """Or the test above would hold for rows that nobody finds."""
    left = set(owned) - NOT_THERE
    for owner in OWNERS:
        client = as_user(owner)
        left -= {name for name in sorted(left) if opened(client, name, owned[name])}
    assert not left
