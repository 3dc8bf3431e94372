"""Requests by Form 01 and Form 04."""

from django.urls import path

from households.views import requests

urlpatterns = [
    path("", requests.request_list, name="request_list"),
    path("ho/<str:code>/moi/", requests.request_new, name="request_new"),
    path("tai/<slug:format>/", requests.request_export, name="request_export"),
    path("<int:pk>/", requests.request_detail, name="request_detail"),
]
