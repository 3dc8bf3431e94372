"""Targeted lists and exports."""

urlpatterns = []
