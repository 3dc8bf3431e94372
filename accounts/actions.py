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
    "household.registered": "Lập hồ sơ hộ",
    "household.edited": "Sửa hồ sơ hộ",
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
