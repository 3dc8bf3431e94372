"""Complaints and requests."""

from django.urls import path

from households.views import complaints

urlpatterns = [
    path("", complaints.complaint_list, name="complaint_list"),
    path("moi/", complaints.complaint_new, name="complaint_new"),
    path("tai/<slug:format>/", complaints.complaint_export, name="complaint_export"),
    path("<int:pk>/", complaints.complaint_detail, name="complaint_detail"),
]
