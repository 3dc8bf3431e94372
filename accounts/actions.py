"""What the log's actions are called on screen. Pure: every floor names its own actions, the words stand together here."""

LABELS = {
    # accounts
    "agency.loaded": "Nạp cơ quan",
    "password.changed": "Đổi mật khẩu",
    "sign_in.unlocked": "Mở khóa đăng nhập",
    "token.issued": "Cấp khóa API",
    "token.revoked": "Thu hồi khóa API",
    "user.changed": "Sửa tài khoản",
    "user.created": "Tạo tài khoản",
    # the admin
    "row.added": "Thêm",
    "row.changed": "Sửa",
    "row.imported": "Nạp từ tệp",
    # households
    "exit_plan.action_added": "Thêm việc vào kế hoạch thoát nghèo",
    "exit_plan.action_done": "Xong việc trong kế hoạch thoát nghèo",
    "exit_plan.action_dropped": "Bỏ việc trong kế hoạch thoát nghèo",
    "exit_plan.closed": "Kết thúc kế hoạch thoát nghèo",
    "exit_plan.dialogue": "Ghi đối thoại với hộ",
    "exit_plan.helper": "Phân công giúp đỡ hộ",
    "exit_plan.opened": "Lập kế hoạch thoát nghèo",
    "exit_plan.visited": "Ghi lần thăm hộ",
    "complaint.answered": "Trả lời đơn",
    "complaint.assigned": "Giao xử lý đơn",
    "complaint.recheck": "Phúc tra theo đơn",
    "complaint.registered": "Nhận đơn",
    "complaint.withdrawn": "Ghi nhận rút đơn",
    "household.registered": "Lập hồ sơ hộ",
    "household.changed": "Ghi biến động của hộ",
    "household.edited": "Sửa hồ sơ hộ",
    "household.import_undone": "Hoàn tác hộ nhập từ tệp",
    "import.applied": "Ghi danh sách hộ vào sổ",
    "import.approved": "Duyệt danh sách hộ nhập từ tệp",
    "import.cancelled": "Hủy lần nhập danh sách hộ",
    "import.checked": "Kiểm tra danh sách hộ nhập từ tệp",
    "import.undone": "Hoàn tác lần nhập danh sách hộ",
    "import.uploaded": "Tải lên danh sách hộ",
    "household.undone": "Hoàn tác biến động của hộ",
    "policy.loaded": "Nạp chính sách",
    "review.decided": "Quyết định phiếu rà soát",
    "review.edited": "Sửa phiếu rà soát",
    "review.entered": "Nhập phiếu rà soát",
    "review.returned": "Trả lại phiếu rà soát",
    "rounds.opened": "Mở đợt rà soát",
    "standard.confirmed": "Xác nhận chuẩn nghèo",
    "standard.loaded": "Nạp chuẩn nghèo",
    "support.recorded": "Ghi hỗ trợ",
    # targets
    "demo.loaded": "Nạp dữ liệu minh họa",
    "figure.entered": "Nhập số liệu",
    "plan.loaded": "Nạp kế hoạch",
    # reports
    "period.opened": "Mở kỳ báo cáo",
    "report.downloaded": "Tải báo cáo",
    "report.frozen": "Chốt số liệu báo cáo",
    "report.rendered": "Lập văn bản báo cáo",
}


def label_of(action: str) -> str:
    return LABELS.get(action, action)
