"""Files that prove figures, updates of tasks and activities: to who may open each, as an attachment."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.handing_out import hands_out
from accounts.roles import May
from targets import activity_services, figure_services, task_services
from targets.models import ActivityFile, Evidence, FigureFile


@require_GET
@hands_out(FigureFile, look="Tệp minh chứng của số liệu")
@allow(May.ENTER_FIGURES)
def figure_file(request, pk):
    rows = FigureFile.objects.visible_to(request.user).select_related("figure__indicator", "figure__area")
    file = get_object_or_404(rows, figure=pk)
    return file.name, figure_services.download(file=file, by=request.user)


@require_GET
@hands_out(Evidence, look="Tệp minh chứng của nhiệm vụ")
@allow(May.SEE_FIGURES)
def task_file(request, pk, file):
    rows = Evidence.objects.visible_to(request.user).filter(update__assignment=pk)
    evidence = get_object_or_404(rows, pk=file)
    return evidence.name, task_services.download(evidence=evidence, by=request.user)


@require_GET
@hands_out(ActivityFile, look="Tệp minh chứng của hoạt động")
@allow(May.ENTER_ACTIVITIES)
def activity_file(request, pk, file):
    rows = ActivityFile.objects.visible_to(request.user).filter(activity=pk).select_related("activity__area")
    row = get_object_or_404(rows, pk=file)
    return row.name, activity_services.download_file(file=row, by=request.user)
