"""The page that every other page is measured against: what a plain Django page over the same data costs.

Session login, a count of all households, 25 rows with two joins, a plain template. Nothing is cached.
"""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_access import TokenAuthentication
from areas.models import Area
from households.models import Household

PAGE = engines["django"].from_string(
    """<!doctype html>
<html lang="vi">
<head><meta charset="utf-8"><title>Reference</title></head>
<body>
<h1>{{ user.full_name }}: {{ total }}</h1>
<table>
<tr><th>Code</th><th>Ward</th><th>District</th><th>Group</th><th>Address</th></tr>
{% for household in households %}<tr>
<td>{{ household.code }}</td><td>{{ household.ward.full_name }}</td><td>{{ household.ward.parent.full_name }}</td>
<td>{{ household.group }}</td><td>{{ household.address }}</td>
</tr>{% endfor %}
</table>
</body>
</html>"""
)


def page(request):
    households = Household.objects.select_related("ward__parent")
    context = {"user": request.user, "total": households.count(), "households": households.order_by("code")[:25]}
    return HttpResponse(PAGE.render(context, request))


class OneRow(APIView):
    """What the API is measured against: the same token, one row, nothing else."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    def get(self, request):
        return Response(Area.objects.filter(code="492").values("code", "full_name", "kind").first())


urlpatterns = [
    path("bench/reference/", page),
    path("bench/one-row/", OneRow.as_view()),
    path("", include("danang_poverty.urls")),
]
