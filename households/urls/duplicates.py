"""Households and people that may be entered twice."""

urlpatterns = []
