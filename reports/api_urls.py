from django.urls import path

from reports import api

urlpatterns = [
    path("duties/", api.Duties.as_view(), name="api_duties"),
    path("reports/", api.Reports.as_view(), name="api_reports"),
    path("reports/<int:key>/lines/", api.ReportLines.as_view(), name="api_report_lines"),
    path("reports/<int:key>/documents/<slug:kind>/", api.ReportDocument.as_view(), name="api_report_document"),
]
