"""Signing in, one's own account and jobs: the only pages that need no right."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import job_kinds, jobs, lockout, log_queries, notices, services, tokens
from accounts.access import allow, client_address
from accounts.fields import refuse
from accounts.forms import TokenForm
from accounts.log import events_by, looks_by
from accounts.models import Job
from accounts.problems import CONTENT_TYPE, body
from accounts.roles import May, rights_of
from accounts.sessions import begin, sessions_of


class Door(LoginView):
    redirect_authenticated_user = True

    def form_valid(self, form):
        answer = super().form_valid(form)
        device = self.request.headers.get("User-Agent", "")
        begin(self.request.session, address=client_address(self.request), device=device, at=timezone.now())
        lockout.remember(answer, form.get_user())
        return answer


login = Door.as_view()
logout = LogoutView.as_view()
NOTICES_A_PAGE = 30
LOOKS = 5


@require_GET
def account(request):
    """Who one is here, what one may do, and the last things one did."""
    return render(
        request,
        "accounts/account.html",
        {
            "rights": rights_of(request.user.role),
            "api": request.user.may(May.USE_API),
            "events": events_by(request.user)[:10],
            "looks": looks_by(request.user)[:LOOKS],
            "sessions_count": sessions_of(request.user).count(),
        },
    )


@never_cache
@require_GET
def own_looks(request):
    """Whose data one looked at, as the log of looks has it: one's own lines and nobody else's."""
    page = log_queries.page_of(looks_by(request.user), request.GET.get("truoc", ""))
    return render(request, "accounts/looks.html", {"rows": page.rows, "older": page.older})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request):
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password, here = form.cleaned_data["new_password1"], request.session.session_key
        services.change_password(user=request.user, password=password, by=request.user, here=here)
        update_session_auth_hash(request, request.user)  # one stays signed in here; every other session ends
        messages.success(request, "Đã đổi mật khẩu.")
        return redirect("account")
    return render(request, "registration/password_change_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def notice_list(request):
    """What one was told, newest first; the button marks all of it as read."""
    if request.method == "POST":
        notices.mark_read(by=request.user, at=timezone.now())
        return redirect("notice_list")
    page = Paginator(notices.notices_of(request.user), NOTICES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/notices.html", {"page": page})


@never_cache
@require_http_methods(["GET", "POST"])
def job_detail(request, pk):
    """How far a job is. Posted to, it is cancelled or done again."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("by"), pk=pk)
    if request.method == "POST":
        steps = {"cancel": (jobs.cancel, "Đã hủy."), "retry": (jobs.retry, "Đã cho chạy lại.")}
        if request.POST.get("do") not in steps:
            return HttpResponseBadRequest()
        step, told = steps[request.POST["do"]]
        try:
            step(job=job, by=request.user, at=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, told)
        return redirect("job_detail", pk=pk)
    file = None
    if job.by_id == request.user.pk and job.state == Job.State.DONE:
        file = jobs.JobFile.objects.filter(job=job).defer("content").first()
    context = {"job": job, "seen": jobs.seen(job), "file": file, "kept": job_kinds.FILE_KEPT.days}
    return render(request, "accounts/job.html", context | {"mine": job.by_id == request.user.pk})


@never_cache
@require_GET
def job_file(request, pk):
    """What the job made; to the one who asked for it and nobody else."""
    job = get_object_or_404(Job.objects.filter(by=request.user), pk=pk)
    file = jobs.take(job=job, by=request.user)
    if file is None:
        raise Http404
    answer = HttpResponse(bytes(file.content), content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.USE_API)
def token_list(request):
    """One's own keys of the API: made here, shown once, revoked here."""
    form, made = TokenForm(user=request.user), None
    if request.method == "POST" and "revoke" in request.POST:
        token = tokens.tokens_of(request.user).filter(pk=_key(request.POST["revoke"])).first()
        if token is not None:  # somebody who presses twice has what was wanted
            tokens.revoke_token(token=token, by=request.user)
            messages.success(request, f"Đã thu hồi khóa {token.name}.")
        return redirect("token_list")
    if request.method == "POST":
        form = TokenForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                _, made = tokens.issue_token(user=request.user, by=request.user, make_room=False, **form.cleaned_data)
                form = TokenForm(user=request.user)
            except ValidationError as refused:
                refuse(form, refused)
    context = {"form": form, "made": made, "tokens": tokens.tokens_of(request.user), "most": tokens.MOST}
    return render(request, "accounts/tokens.html", context)


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def locked_out(request, response, credentials):
    """What axes shows after too many wrong passwords: a page to people, JSON to programs."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    if request.path.startswith("/api/"):
        detail = f"Too many wrong passwords for this user name. Try again in {seconds // 60} minutes."
        answer = JsonResponse(body(429, "locked_out", detail), status=429, content_type=CONTENT_TYPE)
    else:
        answer = render(request, "accounts/locked_out.html", {"minutes": seconds // 60}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
