"""Sheets of households, from the file to the register."""

from django.urls import path

from households.views import imports

urlpatterns = [
    path("", imports.import_list, name="import_list"),
    path("moi/", imports.import_new, name="import_new"),
    path("mau/", imports.import_template, name="import_template"),
    path("<int:pk>/", imports.import_detail, name="import_detail"),
]
