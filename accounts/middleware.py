"""Between the password and the pages: the second step of signing in, and where a session was last used."""

from urllib.parse import urlencode

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import client_address
from accounts.problems import CONTENT_TYPE, body
from accounts.second_factor_services import is_missing
from accounts.sessions import go_on

OPEN = {"second_factor_check", "second_factor_new", "logout", "healthz"}


class SecondStep:
    """A session without its second step opens nothing but the page that asks for it, and the way out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        go_on(request.session, address=client_address(request), at=timezone.now())
        if request.resolver_match.view_name in OPEN or not is_missing(user, request.session):
            return None
        if request.path.startswith("/api/"):
            told = body(403, "second_factor", "This session has not passed its second step. Sign in again.")
            return JsonResponse(told, status=403, content_type=CONTENT_TYPE)
        page = reverse("second_factor_check" if user.second_factor_on else "second_factor_new")
        return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else page)
