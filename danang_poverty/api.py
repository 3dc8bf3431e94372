# TEMPORARY while the apps are being written: includes what exists.
from importlib.util import find_spec

from django.urls import include, path

from danang_poverty.views import ApiReference, ApiSchema

urlpatterns = [
    path("", ApiReference.as_view(url_name="api_schema"), name="api_reference"),
    path("schema/", ApiSchema.as_view(), name="api_schema"),
]
for module in ("accounts.api_urls", "targets.api_urls"):
    if find_spec(module):
        urlpatterns.append(path("v1/", include(module)))
