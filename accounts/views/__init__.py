from accounts.views.account import (
    account,
    job_detail,
    job_file,
    locked_out,
    login,
    logout,
    notice_list,
    own_looks,
    password_change,
    token_list,
)
from accounts.views.security import second_factor, second_factor_check, second_factor_new, session_end, sessions

__all__ = [
    "account",
    "job_detail",
    "job_file",
    "locked_out",
    "login",
    "logout",
    "notice_list",
    "own_looks",
    "password_change",
    "second_factor",
    "second_factor_check",
    "second_factor_new",
    "session_end",
    "sessions",
    "token_list",
]
