"""A ward's dossier of a round: its list, steps, meetings, posting and decision."""

urlpatterns = []
