"""The menu: an entry is shown to those who may open it. Pure."""

from accounts.roles import May

ENTRIES = [
    # label, path, rights of which one is enough, further paths whose pages belong to it
    ("Hôm nay", "/", {May.ENTER_REVIEWS, May.DECIDE_REVIEWS, May.GIVE_OPINION, May.UPDATE_TASKS}),
    ("Tổng quan", "/tong-quan/", {May.SEE_FIGURES}),
    ("Kế hoạch", "/ke-hoach/", {May.SEE_FIGURES}),
    ("Hộ", "/ho/", {May.SEE_HOUSEHOLDS}, "/danh-sach/", "/nhap/", "/trung-ho/", "/doi-chieu/"),
    ("Rà soát", "/ra-soat/", {May.SEE_HOUSEHOLDS}, "/de-nghi/", "/don-thu/", "/in/", "/bieu-tong-hop/"),
    ("Hỗ trợ", "/ho-tro/", {May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT}),
    ("Báo cáo", "/bao-cao/", {May.SEE_FIGURES}),
    ("API", "/api/", {May.USE_API}),
    ("Nhật ký", "/nhat-ky/", {May.MANAGE_ACCOUNTS}),
    ("Quản trị", "/quan-tri/", {May.USE_ADMIN}),
]


def menu_for(user, path: str) -> list[dict]:
    return [
        {"label": label, "url": url, "current": path == url or (url != "/" and path.startswith((url, *further)))}
        for label, url, rights, *further in ENTRIES
        if any(user.may(right) for right in rights)
    ]
