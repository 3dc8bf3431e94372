"""Who may do what: the whole policy on one page. Pure.

A right says what somebody may do; *on which rows* is said by `visible_to` (accounts/scoping.py).
"""

from enum import StrEnum


class May(StrEnum):
    SEE_FIGURES = "see_figures"  # dashboards, plan, reports: sums, never a person
    SEE_HOUSEHOLDS = "see_households"  # households and reviews of one's own area
    EDIT_HOUSEHOLDS = "edit_households"
    ENTER_REVIEWS = "enter_reviews"
    DECIDE_REVIEWS = "decide_reviews"  # never one's own: the database refuses it too
    REVEAL_IDS = "reveal_ids"  # a full ID number, with a reason that is logged; the leader signs papers that bear it
    IMPORT_HOUSEHOLDS = "import_households"  # sheets of households into one's own ward
    EXPORT_HOUSEHOLDS = "export_households"  # what is seen, masked; in full needs REVEAL_IDS and a reason
    GIVE_OPINION = "give_opinion"  # the district's opinion on a ward's dossier, until the districts end
    HANDLE_COMPLAINTS = "handle_complaints"
    MATCH_HOUSEHOLDS = "match_households"  # likely duplicates of two wards: asks them, never writes their register
    RUN_ROUNDS = "run_rounds"  # rounds, working days, form A, score tables
    GIVE_SUPPORT = "give_support"  # what one's own agency gives; shows no more of a household than that needs
    ENTER_FIGURES = "enter_figures"  # figures of the indicators that one's own agency answers for
    ENTER_ANY_FIGURE = "enter_any_figure"  # those of every agency; opens a period whose figures are closed
    EDIT_PLAN = "edit_plan"  # next year's draft, amendments of the plan in force, what units said of it
    SET_TARGETS = "set_targets"  # handed down to the wards of one's district; the district's own stricter value
    MAKE_REPORTS = "make_reports"
    FILE_REPORTS = "file_reports"  # the report of one's own unit; a district's officer: its People's Committee
    UPDATE_TASKS = "update_tasks"  # what the plan gives one's own agency; a district's officer: its People's Committee
    ASSIGN_TASKS = "assign_tasks"  # due dates, proof, not applicable, reminders
    VERIFY_TASKS = "verify_tasks"  # never what one reported: the database refuses it too
    ENTER_ACTIVITIES = (
        "enter_activities"  # trainings, inspections… of one's own agency; a district's officer: its committee
    )
    MANAGE_ACTIVITIES = "manage_activities"  # of every agency
    KEEP_ROSTER = "keep_roster"  # names of officers and cadres to be trained, in one's own area
    ASSIGN_BUDGET = "assign_budget"  # budget lines: to whom, how much, from which source
    ALLOW_OVERSPENDING = "allow_overspending"  # of one line, so much and for a reason that is kept
    RECORD_SPENDING = "record_spending"  # of one's own agency's lines; a district's officer: its People's Committee
    CONFIRM_STANDARDS = "confirm_standards"
    EDIT_MASTER_DATA = "edit_master_data"  # areas, agencies, policies, residents
    MANAGE_ACCOUNTS = "manage_accounts"
    USE_ADMIN = "use_admin"
    USE_API = "use_api"


class Role(StrEnum):
    WARD_OFFICER = "ward_officer"
    WARD_LEADER = "ward_leader"
    DISTRICT_OFFICER = "district_officer"
    DEPARTMENT_STAFF = "department_staff"
    PROGRAMME_OFFICE = "programme_office"
    CITY_LEADER = "city_leader"
    ADMINISTRATOR = "administrator"
    API_CLIENT = "api_client"


LABELS = {
    Role.WARD_OFFICER: "Cán bộ giảm nghèo phường, xã",
    Role.WARD_LEADER: "Lãnh đạo UBND phường, xã",
    Role.DISTRICT_OFFICER: "Phòng LĐTBXH quận, huyện",
    Role.DEPARTMENT_STAFF: "Cán bộ sở, ngành, đoàn thể",
    Role.PROGRAMME_OFFICE: "Văn phòng chương trình (Sở LĐTBXH)",
    Role.CITY_LEADER: "Lãnh đạo thành phố",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.API_CLIENT: "Máy khách REST",
}

ROLES: dict[Role, frozenset[May]] = {
    Role.WARD_OFFICER: frozenset(
        {
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.EDIT_HOUSEHOLDS,
            May.ENTER_REVIEWS,
            May.REVEAL_IDS,
            May.IMPORT_HOUSEHOLDS,
            May.EXPORT_HOUSEHOLDS,
            May.HANDLE_COMPLAINTS,
            May.KEEP_ROSTER,
            May.USE_ADMIN,
        }
    ),
    Role.WARD_LEADER: frozenset(
        {
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.DECIDE_REVIEWS,
            May.REVEAL_IDS,  # signs the certificates, which no office accepts with a masked number
            May.EXPORT_HOUSEHOLDS,
            May.HANDLE_COMPLAINTS,
            May.USE_ADMIN,
        }
    ),
    Role.DISTRICT_OFFICER: frozenset(
        {
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.GIVE_OPINION,
            May.EXPORT_HOUSEHOLDS,
            May.FILE_REPORTS,
            May.UPDATE_TASKS,
            May.ENTER_ACTIVITIES,
            May.KEEP_ROSTER,
            May.ENTER_FIGURES,
            May.SET_TARGETS,
            May.MATCH_HOUSEHOLDS,
            May.RECORD_SPENDING,
        }
    ),
    Role.DEPARTMENT_STAFF: frozenset(
        {
            May.SEE_FIGURES,
            May.GIVE_SUPPORT,
            May.ENTER_FIGURES,
            May.FILE_REPORTS,
            May.UPDATE_TASKS,
            May.ENTER_ACTIVITIES,
            May.RECORD_SPENDING,
            May.USE_API,
        }
    ),
    Role.PROGRAMME_OFFICE: frozenset(
        {
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.EXPORT_HOUSEHOLDS,
            May.MATCH_HOUSEHOLDS,
            May.RUN_ROUNDS,
            May.ENTER_FIGURES,
            May.ENTER_ANY_FIGURE,
            May.EDIT_PLAN,
            May.SET_TARGETS,
            May.MAKE_REPORTS,
            May.FILE_REPORTS,
            May.UPDATE_TASKS,
            May.ASSIGN_TASKS,
            May.VERIFY_TASKS,
            May.ENTER_ACTIVITIES,
            May.MANAGE_ACTIVITIES,
            May.KEEP_ROSTER,
            May.ASSIGN_BUDGET,
            May.ALLOW_OVERSPENDING,
            May.RECORD_SPENDING,
            May.CONFIRM_STANDARDS,
            May.EDIT_MASTER_DATA,
            May.USE_ADMIN,
            May.USE_API,
        }
    ),
    Role.CITY_LEADER: frozenset({May.SEE_FIGURES}),
    Role.ADMINISTRATOR: frozenset({May.EDIT_MASTER_DATA, May.MANAGE_ACCOUNTS, May.USE_ADMIN}),
    Role.API_CLIENT: frozenset({May.SEE_FIGURES, May.USE_API}),
}

RIGHT_LABELS = {
    May.SEE_FIGURES: "Xem tổng quan, kế hoạch và báo cáo",
    May.SEE_HOUSEHOLDS: "Xem hộ và phiếu rà soát trong địa bàn",
    May.EDIT_HOUSEHOLDS: "Thêm, sửa hộ và thành viên",
    May.ENTER_REVIEWS: "Nhập phiếu rà soát",
    May.DECIDE_REVIEWS: "Quyết định phiếu rà soát do người khác nhập",
    May.REVEAL_IDS: "Xem đầy đủ số định danh, có ghi lý do",
    May.IMPORT_HOUSEHOLDS: "Nhập danh sách hộ từ tệp",
    May.EXPORT_HOUSEHOLDS: "Xuất danh sách hộ ra tệp",
    May.GIVE_OPINION: "Cho ý kiến về hồ sơ rà soát của phường, xã",
    May.HANDLE_COMPLAINTS: "Xử lý đơn, khiếu nại",
    May.MATCH_HOUSEHOLDS: "Đối chiếu hộ có thể trùng giữa các phường, xã",
    May.RUN_ROUNDS: "Mở đợt rà soát, khai ngày nghỉ, phiếu A, bảng điểm",
    May.GIVE_SUPPORT: "Ghi hỗ trợ do đơn vị mình thực hiện",
    May.ENTER_FIGURES: "Nhập số liệu của chỉ tiêu do đơn vị mình chịu trách nhiệm",
    May.ENTER_ANY_FIGURE: "Nhập số liệu thay mọi cơ quan, mở lại kỳ đã chốt",
    May.EDIT_PLAN: "Soạn kế hoạch năm sau, ghi sửa đổi, bổ sung",
    May.SET_TARGETS: "Giao chỉ tiêu cho địa bàn cấp dưới, đặt chỉ tiêu chặt hơn",
    May.MAKE_REPORTS: "Yêu cầu, duyệt báo cáo của đơn vị; lập báo cáo định kỳ",
    May.FILE_REPORTS: "Lập, nộp báo cáo của đơn vị mình",
    May.UPDATE_TASKS: "Cập nhật nhiệm vụ của đơn vị mình",
    May.ASSIGN_TASKS: "Giao hạn, yêu cầu minh chứng, đôn đốc nhiệm vụ",
    May.VERIFY_TASKS: "Xác nhận nhiệm vụ do người khác báo xong",
    May.ENTER_ACTIVITIES: "Ghi tập huấn, kiểm tra, đối thoại và hoạt động khác của đơn vị mình",
    May.MANAGE_ACTIVITIES: "Ghi, sửa hoạt động của mọi đơn vị",
    May.KEEP_ROSTER: "Lập danh sách cán bộ thuộc diện tập huấn trong địa bàn",
    May.ASSIGN_BUDGET: "Giao, điều chỉnh kinh phí",
    May.ALLOW_OVERSPENDING: "Cho phép chi vượt một dòng kinh phí, có ghi lý do",
    May.RECORD_SPENDING: "Ghi khoản chi của đơn vị mình",
    May.CONFIRM_STANDARDS: "Xác nhận chuẩn nghèo",
    May.EDIT_MASTER_DATA: "Sửa danh mục: địa bàn, cơ quan, chính sách, nguồn kinh phí, số hộ dân cư",
    May.MANAGE_ACCOUNTS: "Quản lý tài khoản, xem nhật ký",
    May.USE_ADMIN: "Vào trang quản trị dữ liệu",
    May.USE_API: "Lấy số liệu qua API",
}

# Who sees people of the whole city, or makes the accounts that do, signs in with a second step. Staff of an agency see
# only what their agency gave; the city's leaders only sums. Everybody may have one.
NEEDS_SECOND_FACTOR = frozenset({Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR})
NEEDS_AREA = frozenset({Role.WARD_OFFICER, Role.WARD_LEADER, Role.DISTRICT_OFFICER, Role.PROGRAMME_OFFICE})
NEEDS_AGENCY = frozenset({Role.DEPARTMENT_STAFF, Role.PROGRAMME_OFFICE})
AREA_LEVEL = {
    Role.WARD_OFFICER: "ward",
    Role.WARD_LEADER: "ward",
    Role.DISTRICT_OFFICER: "district",
    Role.PROGRAMME_OFFICE: "city",
}


def allows(role: str, action: May) -> bool:
    """False for an unknown or empty role: nothing is allowed that is not written above."""
    return action in ROLES.get(role, frozenset())


def rights_of(role: str) -> list[str]:
    """The role's rights in words, in the order of `May`."""
    return [RIGHT_LABELS[right] for right in May if allows(role, right)]
