"""Households and people that may be entered twice."""

from django.urls import path

from households.views import duplicates

urlpatterns = [
    path("", duplicates.duplicate_list, name="duplicate_list"),
    path("tim/", duplicates.duplicate_find, name="duplicate_find"),
    path("lien-phuong/", duplicates.duplicate_across, name="duplicate_across"),
    path("lien-phuong/<int:pk>/", duplicates.duplicate_across_answer, name="duplicate_across_answer"),
    path("<int:pk>/", duplicates.duplicate_answer, name="duplicate_answer"),
]
