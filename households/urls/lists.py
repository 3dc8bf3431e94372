"""Targeted lists and exports."""

from django.urls import path

from households.views import list_exports, lists

urlpatterns = [
    path("", lists.targeted_lists, name="targeted_lists"),
    path("xuat/<slug:what>/<slug:format>/", list_exports.list_export, name="list_export"),
    path("ket-qua-tim/<slug:format>/", lists.household_export, name="household_export"),
    path("<slug:key>/", lists.targeted_list, name="targeted_list"),
    path("<slug:key>/tai/<slug:format>/", lists.targeted_export, name="targeted_export"),
]
