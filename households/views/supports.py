from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.roles import May


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_HOUSEHOLDS)
def support_new(request, code):
    return HttpResponse()
