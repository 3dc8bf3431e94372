"""The whole API on one page: its reference, its schema, and version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from danang_poverty.views import ApiReference, ApiSchema, api_start

urlpatterns = [
    path("", login_required(ApiReference.as_view(url_name="api_schema")), name="api_reference"),
    path("bat-dau/", api_start, name="api_start"),
    path("schema/", ApiSchema.as_view(), name="api_schema"),
    path("v1/", include("accounts.api_urls")),
    path("v1/", include("targets.api_urls")),
    path("v1/", include("reports.api_urls")),
]
