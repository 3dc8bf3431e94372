"""What an API token may be used for: a part of what its owner may do. Pure."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from accounts.roles import May


class Scope(StrEnum):
    READ_FIGURES = "read:figures"
    READ_TASKS = "read:tasks"
    READ_REPORTS = "read:reports"
    WRITE_FIGURES = "write:figures"
    WRITE_TASKS = "write:tasks"


LABELS = {
    Scope.READ_FIGURES: "Đọc số liệu, kế hoạch, chỉ tiêu",
    Scope.READ_TASKS: "Đọc nhiệm vụ",
    Scope.READ_REPORTS: "Đọc báo cáo và văn bản",
    Scope.WRITE_FIGURES: "Ghi số liệu nhập",
    Scope.WRITE_TASKS: "Cập nhật nhiệm vụ của đơn vị",
}
NEEDS = {
    Scope.READ_FIGURES: May.SEE_FIGURES,
    Scope.READ_TASKS: May.SEE_FIGURES,
    Scope.READ_REPORTS: May.SEE_FIGURES,
    Scope.WRITE_FIGURES: May.ENTER_FIGURES,
    Scope.WRITE_TASKS: May.UPDATE_TASKS,
}
READING = (Scope.READ_FIGURES, Scope.READ_TASKS, Scope.READ_REPORTS)


def offered(may: Callable[[May], bool]) -> list[Scope]:
    """Scopes that somebody with these rights can give to a token."""
    return [scope for scope in Scope if may(NEEDS[scope])]


def missing(asked: Iterable[str], may: Callable[[May], bool]) -> list[str]:
    """Of the scopes asked for, those that do not exist or that the owner may not use."""
    allowed = set(offered(may))
    return [scope for scope in asked if scope not in allowed]
