"""What every address of the portal asks of who comes: the table that tests/test_doors.py holds against the portal.

A new address is entered here. Who may then open it follows from accounts/roles.py.
"""

from accounts.roles import May

OPEN = {"login", "healthz", "readyz", "admin:login"}
HIDDEN = {"metrics"}  # to whoever lacks its token there is no such page
# Anybody signed in may leave, change the password, see the own account, what one was told and the own jobs.
SIGNED_IN = {
    "logout",
    "password_change",
    "account",
    "notice_list",
    "own_looks",
    "my_jobs",
    "job_detail",
    "job_file",
    "admin:logout",
}
SIGNED_IN |= {"second_factor", "second_factor_check", "second_factor_new", "sessions", "session_end"}
# Machine doors: they answer 401 with a problem document instead of a redirect, and are written to with a token only.
TOKEN_DOORS = {"api_token"}
ANY_ROLE = {"history"}  # whoever sees the row; to everybody else there is no such page
# Their right hangs on more than the address, so the view asks it itself, not by `allow`.
ASKS_ITSELF = {"home", "list_export"}

# Of each key one right is needed. A name under two keys needs one of each; under an empty key nobody is let in.
RIGHTS = {
    (May.SEE_FIGURES, May.USE_ADMIN): "home",
    (May.SEE_FIGURES,): """
        dashboard dashboard_area dashboard_work dashboard_trends plan plan_appendix plan_list indicator_list indicator
        plan_figures figure_gaps plan_tasks task_board task_calendar task_matrix task_export task task_file task_agency target_sheet
        activity_list activity_export activity_inspections activity budget budget_export budget_line
        report_list report_detail report_document duty_board duty_export duty_compiled duty_compiled_export unit_report unit_figure_file
        letter letter_signed letter_differences
        api_districts api_district_indicators api_wards api_indicators api_plans api_plan api_clauses api_targets
        api_actuals api_series api_ledger api_figures api_budget api_tasks api_duties api_reports api_report_document
        api_report_lines
        """,
    (May.SEE_HOUSEHOLDS,): """
        household_list household_detail household_change ward_request_asked targeted_lists targeted_list
        review_list review_detail dossier_board dossier dossier_act movement_ledger aggregate_form
        paper_form_01_empty paper_form_04_empty paper_form_01 paper_form_04 paper_certificate
        exit_plan_waiting exit_plan_detail
        """,
    (May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT): "support_list loan_detail house_list house_detail policy_list",
    (May.EDIT_HOUSEHOLDS,): """
        household_new household_edit household_change_new household_change_undo support_new exit_plan_new
        duplicate_list duplicate_find duplicate_answer ward_request_list ward_request_detail
        """,
    (May.EDIT_HOUSEHOLDS, May.GIVE_SUPPORT): "support_edit house_new",
    (May.EDIT_HOUSEHOLDS, May.MATCH_HOUSEHOLDS): "ward_request_asked",
    (May.GIVE_SUPPORT,): "support_give",
    (May.ENTER_REVIEWS,): """
        review_new review_draft review_edit dossier_open request_list request_new request_detail request_export
        paper_refusal
        """,
    (May.DECIDE_REVIEWS,): "review_decide review_return",
    (May.REVEAL_IDS,): "household_reveal household_reveal_other import_error_sheet",
    (May.IMPORT_HOUSEHOLDS,): "import_list import_new import_template import_detail import_error_sheet",
    (May.EXPORT_HOUSEHOLDS,): """
        list_export household_export targeted_export ledger_sheet aggregate_book
        paper_list paper_review_list paper_posting paper_posting_sheet paper_minutes paper_decision paper_certificates
        """,
    (May.HANDLE_COMPLAINTS,): "complaint_list complaint_new complaint_detail complaint_export paper_answer",
    (May.MATCH_HOUSEHOLDS,): "duplicate_across duplicate_across_answer",
    (May.RUN_ROUNDS,): "rounds_open",
    (May.ENTER_FIGURES,): "figure_file",
    (May.ENTER_ANY_FIGURE,): "figures_open",
    (May.EDIT_PLAN,): """
        plan_open plan_draft plan_add plan_issue plan_close plan_comments comment_answer clause_edit clause_drop
        """,
    (May.ASSIGN_TASKS,): "task_bulk",
    (May.ENTER_ACTIVITIES,): "activity_new activity_edit activity_tick activity_file activity_household",
    (May.KEEP_ROSTER,): "roster_list roster_import roster_export officer_new officer_edit",
    (May.ASSIGN_BUDGET,): "budget_add budget_edit",
    (May.RECORD_SPENDING,): "budget_supports disbursement",
    (May.FILE_REPORTS,): "clean_pasted part_draft unit_figure",
    (May.MAKE_REPORTS,): """
        findings report_make duty_ask duty_remind letter_open letter_head letter_section letter_typed letter_render
        letter_issue letter_upload letter_sent
        """,
    (May.MANAGE_ACCOUNTS,): "event_log look_log",
    (May.USE_API,): """
        token_list api_reference api_start api_schema api_task_updates
        api_districts api_district_indicators api_wards api_indicators api_plans api_plan api_clauses api_targets
        api_actuals api_series api_ledger api_figures api_budget api_tasks api_duties api_reports api_report_document
        api_report_lines
        """,
    (): "api_task_updates",  # written to with a token only, never by who is signed in
    (May.USE_ADMIN,): """
        admin:index admin:password_change admin:password_change_done admin:autocomplete admin:jsi18n
        admin:view_on_site admin:None
        """,
}

# Of each table of the admin: who looks, who changes, who adds. Nobody deletes.
NOBODY = None
LOOK = {
    May.MANAGE_ACCOUNTS: """
        accounts_job accounts_webhookdelivery accounts_event accounts_personaldataview accounts_outgoingmail
        accounts_webhook accounts_user
        """,
    May.EDIT_MASTER_DATA: """
        areas_area areas_residenthouseholds accounts_agency households_policy households_holiday
        households_stepdeadline households_screeningitem households_screeningrule targets_plan targets_clause
        targets_indicator targets_target targets_reminderstep targets_budgetsource reports_dutyrule
        """,
    May.SEE_HOUSEHOLDS: """
        households_standard households_round households_review households_statusspell households_dossier
        households_listed households_reviewrequest households_householdchange households_duplicatepair
        households_support households_housework households_loanbalance households_exitplan households_household
        households_member
        """,
    May.HANDLE_COMPLAINTS: "households_recheck households_complaint",
    May.EDIT_HOUSEHOLDS: "households_wardrequest",
    May.IMPORT_HOUSEHOLDS: "households_importbatch",
    May.RUN_ROUNDS: "households_scoretable",
    May.ENTER_FIGURES: "targets_figure",
    May.MAKE_REPORTS: "reports_period reports_report reports_letter reports_duty",
}
CHANGE = {
    May.MANAGE_ACCOUNTS: "accounts_webhook accounts_user",
    May.EDIT_MASTER_DATA: """
        areas_area areas_residenthouseholds accounts_agency households_policy households_holiday
        households_stepdeadline households_screeningitem households_screeningrule households_round
        targets_indicator targets_target targets_reminderstep targets_budgetsource reports_dutyrule
        """,
    May.CONFIRM_STANDARDS: "households_standard",
    May.EDIT_HOUSEHOLDS: "households_household",
}
NEVER_ADDED = {"targets_indicator"}  # the portal counts them; a row that it does not know would show nothing
ONLY_ONE = {"households_screeningrule"}  # added while there is none


def rights_to(name: str) -> list[tuple[May, ...]] | None:
    """The rights that an address asks, one of each tuple; None for an address that is not in the table."""
    found = [rights for rights, names in RIGHTS.items() if name in names.split()]
    if found or not name.startswith("admin:"):
        return found or None
    table, _, act = name.removeprefix("admin:").rpartition("_")
    if table.endswith("_process"):
        table = table.removesuffix("_process")
    if name == "admin:auth_user_password_change":
        return [(May.USE_ADMIN,), (May.MANAGE_ACCOUNTS,)]
    look, change = _right(LOOK, table), _right(CHANGE, table)
    if look is None and change is None:
        return None
    lookers = tuple(right for right in {look, change} if right)
    asked = {
        "changelist": [lookers],
        "history": [lookers],
        "change": [lookers],
        "add": [(change,) if change and table not in NEVER_ADDED else ()],
        "delete": [()],
        "import": [(change,)],
        "export": [lookers],
    }[act]
    return [(May.USE_ADMIN,), *asked]


def _right(rows: dict, table: str) -> May | None:
    return next((right for right, tables in rows.items() if table in tables.split()), NOBODY)
