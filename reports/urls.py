from django.urls import path

from reports import views

# The day is read by the views, so that a day that is none gets a page that says which days there are.
urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("kiem-tra/", views.findings, name="findings"),
    path("<str:day>/", views.report_detail, name="report_detail"),
    path("<str:day>/lap/", views.report_make, name="report_make"),
    path("<str:day>/<str:format>/", views.report_document, name="report_document"),
]
