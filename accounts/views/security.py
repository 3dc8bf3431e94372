"""The second step of signing in, and where one is signed in: everybody's own, so no right is asked."""

import segno
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import second_factor as rules
from accounts import second_factor_services as services
from accounts import session_services
from accounts.devices import words
from accounts.forms import CheckForm, CodeForm
from accounts.sealed import vault
from accounts.second_factor_services import Verdict
from accounts.sessions import sessions_of

DRAFT = "second_step_key"  # of the session: a key that no code has proved yet, sealed
REFUSALS = {
    Verdict.WRONG: "Mã chưa đúng hoặc đã dùng. Chờ mã mới rồi gõ lại; kiểm tra đồng hồ của điện thoại.",
    Verdict.LOCKED: "Gõ sai quá nhiều lần. Thử lại sau 15 phút.",
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor_check(request):
    """Between the password and the first page."""
    goal = _next(request)
    if request.session.get("second_step") or not request.user.second_factor_on:
        return redirect(goal)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and _is_right(request, form):
        request.session.cycle_key()
        request.session["second_step"] = True
        return redirect(goal)
    return render(request, "accounts/second_factor_check.html", {"form": form, "next": goal})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor_new(request):
    """A key as QR code, on once a first code proves that the app has it; then the recovery codes, this once."""
    if request.user.second_factor_on:
        return redirect("second_factor")
    key = _draft(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        codes = services.turn_on(user=request.user, key=key, code=code, at=timezone.now())
        if codes:
            request.session.cycle_key()
            request.session["second_step"] = True
            del request.session[DRAFT]
            context = {"codes": codes, "next": _next(request)}
            return render(request, "accounts/second_factor_codes.html", context)
        form.add_error("code", "Mã chưa đúng. Gõ 6 chữ số đang hiện trên ứng dụng; kiểm tra đồng hồ của điện thoại.")
    drawn = segno.make(rules.address(key, request.user.get_username()), micro=False).svg_inline(
        scale=5, border=4, omitsize=True, dark="#000", light="#fff"
    )
    context = {
        "form": form,
        "qr": mark_safe(drawn),  # drawn here, of letters and digits of ours
        "key": [key[at : at + 4] for at in range(0, len(key), 4)],
        "next": _next(request),
        "required": services.is_required(request.user),
    }
    return render(request, "accounts/second_factor_new.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request):
    """What stands: since when, codes left; new codes or off, for a code."""
    user = request.user
    if not user.second_factor_on:
        return redirect("second_factor_new")
    form = CheckForm(request.POST or None)
    required = services.is_required(user)
    if request.method == "POST" and _is_right(request, form):
        if request.POST.get("do") == "off" and not required:
            services.turn_off(user=user)
            request.session.pop("second_step", None)
            messages.success(request, "Đã tắt xác thực hai bước.")
            return redirect("account")
        if request.POST.get("do") == "codes":
            codes = services.renew_codes(user=user)
            return render(request, "accounts/second_factor_codes.html", {"codes": codes, "next": ""})
    factor = user.second_factor
    context = {
        "form": form,
        "factor": factor,
        "left": factor.recovery_codes.filter(used_at=None).count(),
        "required": required,
    }
    return render(request, "accounts/second_factor.html", context)


@never_cache
@require_GET
def sessions(request):
    here = request.session.session_key
    rows = [(_name(row), row, words(row.device), row.session_key == here) for row in sessions_of(request.user)]
    return render(request, "accounts/sessions.html", {"rows": rows, "others": sum(not own for *_, own in rows)})


@require_POST
def session_end(request):
    """One of the others, or all of them; this one is ended by the button in the header."""
    others = sessions_of(request.user).exclude(session_key=request.session.session_key)
    asked = request.POST.get("phien", "")
    keys = [row.session_key for row in others if asked in ("tat-ca", _name(row))]
    if not keys and asked != "tat-ca":
        messages.info(request, "Phiên này đã kết thúc từ trước.")
        return redirect("sessions")
    count = session_services.end_sessions(user=request.user, keys=keys, by=request.user)
    messages.success(request, f"Đã đăng xuất {count} phiên khác.")
    return redirect("sessions")


def _name(row) -> str:
    """A session as the page names it: its key itself opens it, so the page must not hold it."""
    return vault().fingerprint(f"session:{row.session_key}")[:20]


def _is_right(request, form) -> bool:
    if not form.is_valid():
        return False
    verdict = services.check(user=request.user, code=form.cleaned_data["code"], at=timezone.now())
    if verdict is not Verdict.GOOD:
        form.add_error("code", REFUSALS[verdict])
    return verdict is Verdict.GOOD


def _draft(request) -> str:
    """The same key until it is proved, so that a page opened twice shows the code that the app has."""
    if DRAFT not in request.session:
        request.session[DRAFT] = vault().seal(rules.new_key())
    return vault().open(request.session[DRAFT])


def _next(request) -> str:
    goal = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return goal if safe and goal.startswith("/") else "/"  # a bare word would be taken for the name of a page
