"""Evidence of a unit's figures and the signed copies of the city's letter: to who may open each, as an attachment."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.handing_out import hands_out
from accounts.roles import May
from reports import letter_services, unit_services
from reports.models import FigureFile, SignedCopy


@require_GET
@hands_out(FigureFile, look="Tệp minh chứng của báo cáo")
@allow(May.SEE_FIGURES)
def unit_figure_file(request, pk, file):
    rows = FigureFile.objects.visible_to(request.user).filter(figure__duty=pk)
    found = get_object_or_404(rows, pk=file)
    return found.name, unit_services.download(file=found, by=request.user)


@require_GET
@hands_out(SignedCopy, look="")  # the city's figures, which whoever sees figures may read; it names nobody
@allow(May.SEE_FIGURES)
def letter_signed(request, pk, copy):
    rows = SignedCopy.objects.visible_to(request.user).filter(letter__report=pk).select_related("letter__report")
    row = get_object_or_404(rows, pk=copy)
    return row.name, letter_services.download_signed(copy=row, by=request.user)
