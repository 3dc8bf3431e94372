"""The ledger of movements and the aggregate forms."""

from django.urls import path

from households.views import forms as views

urlpatterns = [
    path("so-bien-dong/", views.movement_ledger, name="movement_ledger"),
    path("so-bien-dong.xlsx", views.ledger_sheet, name="ledger_sheet"),
    path("tat-ca.xlsx", views.aggregate_book, name="aggregate_book"),
    path("<int:number>/", views.aggregate_form, name="aggregate_form"),
]
