"""A ward's dossier of a round: its list, steps, meetings, posting and decision."""

from django.urls import path

from households.views import dossiers

urlpatterns = [
    path("", dossiers.dossier_board, name="dossier_board"),
    path("mo-dot/", dossiers.rounds_open, name="rounds_open"),
    path("mo/<int:round>/", dossiers.dossier_open, name="dossier_open"),
    path("<int:pk>/", dossiers.dossier_page, name="dossier"),
    path("<int:pk>/<slug:act>/", dossiers.dossier_act, name="dossier_act"),
]
