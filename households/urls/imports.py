"""Sheets of households, from the file to the register."""

urlpatterns = []
