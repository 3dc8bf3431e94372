# TEMPORARY while the apps are being written: includes what exists.
from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from danang_poverty import home, views

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
]
for prefix, module in [
    ("", "accounts.urls"),
    ("ho/", "households.urls"),
    ("ra-soat/", "households.review_urls"),
    ("", "targets.urls"),
    ("bao-cao/", "reports.urls"),
]:
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
urlpatterns += [path("api/", include("danang_poverty.api")), path("quan-tri/", admin.site.urls)]
