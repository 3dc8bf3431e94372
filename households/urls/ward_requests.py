"""Questions between wards about a person whose number another ward holds."""

from django.urls import path

from households.views import ward_requests

urlpatterns = [
    path("", ward_requests.ward_request_list, name="ward_request_list"),
    path("da-hoi/", ward_requests.ward_request_asked, name="ward_request_asked"),
    path("<int:pk>/", ward_requests.ward_request_detail, name="ward_request_detail"),
]
