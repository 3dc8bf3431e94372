"""What is typed about the plan, a file a subject."""

from targets.forms.figures import CountField, FigureForm, OpenFiguresForm

__all__ = ["CountField", "FigureForm", "OpenFiguresForm"]
