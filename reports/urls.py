from django.urls import path

from reports.views import city, duties, units

# The day is read by the views, so that a day that is none gets a page that says which days there are.
urlpatterns = [
    path("", city.report_list, name="report_list"),
    path("kiem-tra/", city.findings, name="findings"),
    path("tien-do/", duties.board, name="duty_board"),
    path("tien-do/xuat/", duties.export, name="duty_export"),
    path("tien-do/<int:pk>/nhac/", duties.remind, name="duty_remind"),
    path("dot-xuat/moi/", duties.ask, name="duty_ask"),
    path("don-vi/lam-sach/", units.clean_pasted, name="clean_pasted"),
    path("don-vi/<int:pk>/", units.unit_report, name="unit_report"),
    path("don-vi/<int:pk>/phan/<str:part>/", units.part_draft, name="part_draft"),
    path("don-vi/<int:pk>/so-lieu/", units.figure, name="unit_figure"),
    path("don-vi/<int:pk>/tep/<int:file>/", units.figure_file, name="figure_file"),
    path("<str:day>/", city.report_detail, name="report_detail"),
    path("<str:day>/lap/", city.report_make, name="report_make"),
    path("<str:day>/<str:format>/", city.report_document, name="report_document"),
]
