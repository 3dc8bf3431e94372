from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.http import Http404
from django.utils import translation

from accounts.handing_out import POLICY
from danang_poverty.views import unreadable

# Nothing here needs a camera, a place or a payment; no other site reads what is here or frames it.
HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
LARGEST = 2**63 - 1  # whole number of either database


def guard(get_response):
    """What every answer says to browsers. A file that is handed out runs nothing, even if a browser opens it."""

    def middleware(request):
        answer = get_response(request)
        for name, value in HEADERS.items():
            answer.setdefault(name, value)
        if answer.get("Content-Disposition", "").startswith("attachment"):
            answer["Content-Security-Policy"] = POLICY
        return answer

    return middleware


class UnreadableNumbers:
    """What no number, key or text of the database can be is the asker's mistake, wherever it is read.

    Forms say so at their field. This is the net below them, for addresses that no page makes: Python refuses to read
    4,300 digits, SQLite and PostgreSQL to compare 23 of them or a character of no text.
    """

    SAID = ("Exceeds the limit", "NUL", "0x00", "null character")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any(isinstance(value, int) and value > LARGEST for value in kwargs.values()):
            raise Http404

    def process_exception(self, request, exception):
        too_large = isinstance(exception, OverflowError | DataError | IncorrectLookupParameters)
        if too_large or (isinstance(exception, ValueError) and any(said in str(exception) for said in self.SAID)):
            return unreadable(request, exception)
        return None


def speak_english_to_machines(get_response):
    """Pages speak Vietnamese; the API's messages are for developers and stay English."""

    def middleware(request):
        if not request.path.startswith("/api/v1/"):
            return get_response(request)
        with translation.override("en"):
            return get_response(request)

    return middleware
