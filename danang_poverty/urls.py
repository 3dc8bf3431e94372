from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from danang_poverty import history, home, my_jobs, views
from reports.views.dashboard import dashboard_work

handler400 = "danang_poverty.views.unreadable"
handler404 = "danang_poverty.views.not_found"
handler500 = "danang_poverty.views.broken"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path("viec/", my_jobs.my_jobs, name="my_jobs"),
    path("", include("accounts.urls")),
    path("nhat-ky/", history.event_log, name="event_log"),
    path("nhat-ky/luot-xem/", history.look_log, name="look_log"),
    path("nhat-ky/<str:kind>/<str:pk>/", history.history, name="history"),
    path("ho/", include("households.urls.register")),
    path("trung-ho/", include("households.urls.duplicates")),
    path("doi-chieu/", include("households.urls.ward_requests")),
    path("danh-sach/", include("households.urls.lists")),
    path("ra-soat/", include("households.urls.reviews")),
    path("ra-soat/ho-so/", include("households.urls.dossiers")),
    path("in/", include("households.urls.papers")),
    path("bieu-tong-hop/", include("households.urls.forms")),
    path("ho-tro/", include("households.urls.supports")),
    path("de-nghi/", include("households.urls.requests")),
    path("don-thu/", include("households.urls.complaints")),
    path("nhap/", include("households.urls.imports")),
    # A part of the dashboards that a floor above targets knows; before targets, whose areas have any code.
    path("tong-quan/dieu-hanh/", dashboard_work, name="dashboard_work"),
    path("", include("targets.urls")),
    path("bao-cao/", include("reports.urls")),
    path("tep/", include("danang_poverty.file_urls")),
    path("api/", include("danang_poverty.api")),
    path("quan-tri/", admin.site.urls),
]

if settings.DEBUG:
    from danang_poverty.gallery import gallery

    urlpatterns.append(path("mau/", gallery, name="gallery"))
