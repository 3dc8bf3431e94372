"""The figures that agencies type: their list, the form, the proof, and those that differ from what was counted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from targets import figure_services
from targets.forms import FigureForm, OpenFiguresForm
from targets.measures import percent
from targets.models import Figure, FigureFile, Indicator
from targets.views.plan import frame_of, no_plan

FIGURES_A_PAGE = 30


@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def plan_figures(request):
    """Everybody who sees figures reads the list; only those who may enter them get the form."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    if request.method == "POST":
        return take_figure(request, frame)
    may = request.user.may(May.ENTER_FIGURES)
    asked = Indicator.objects.filter(code=request.GET.get("chi_tieu", "")[:50]).first()
    form = (
        FigureForm(plan=frame.plan, today=frame.today, user=request.user, initial={"indicator": asked}) if may else None
    )
    return draw_figures(request, frame, form, asked=asked)


@allow(May.ENTER_FIGURES)
def take_figure(request, frame):
    form = FigureForm(request.POST, request.FILES, plan=frame.plan, today=frame.today, user=request.user)
    if form.is_valid():
        try:
            figure_services.enter_figure(**form.cleaned_data, plan=frame.plan, today=frame.today, by=request.user)
        except ValidationError as problem:
            refuse(form, problem)
        except PermissionDenied:
            form.add_error("area", "Đơn vị không nhập số liệu này cho địa bàn này.")
        else:
            messages.success(request, "Đã ghi số liệu.")
            return redirect("plan_figures")
    return draw_figures(request, frame, form, status=422)


def draw_figures(request, frame, form, status=200, open_form=None, asked=None):
    figures = Figure.objects.filter(day__year=frame.plan.year)
    apart = figures.apart().count()
    if asked:
        figures = figures.filter(indicator=asked)
    page = Paginator(listed(figures), FIGURES_A_PAGE).get_page(request.GET.get("page"))
    closed = frame.plan.figures_closed_to
    context = {
        "frame": frame,
        "form": form,
        "page": with_rates(page),
        "apart": apart,
        "asked": asked,
        "files": may_open(request.user, page),
        "open_form": (open_form or OpenFiguresForm(prefix="mo"))
        if closed and request.user.may(May.ENTER_ANY_FIGURE)
        else None,
    }
    return render(request, "targets/figures.html", context, status=status)


def listed(figures):
    return figures.select_related("indicator", "area", "agency", "entered_by", "file").defer("file__content")


def with_rates(page):
    for figure in page:
        figure.rate = percent(figure.count, figure.whole)
        figure.computed_rate = percent(figure.computed, figure.computed_whole)
    return page


def may_open(user, page) -> set[int]:
    """Figures of the page whose proof the user may take."""
    return set(FigureFile.objects.visible_to(user).filter(figure__in=list(page)).values_list("figure", flat=True))


@require_GET
@allow(May.SEE_FIGURES)
def figure_gaps(request):
    """The typed figures of the year that differ from the counted ones by more than is allowed, each with its reason."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    figures = listed(Figure.objects.filter(day__year=frame.plan.year).apart())
    page = Paginator(figures, FIGURES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "targets/figure_gaps.html", {"frame": frame, "page": with_rates(page)})


@require_POST
@allow(May.ENTER_ANY_FIGURE)
def figures_open(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    form = OpenFiguresForm(request.POST, prefix="mo")
    if form.is_valid():
        try:
            figure_services.open_figures(plan=frame.plan, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Đã mở lại số liệu.")
            return redirect("plan_figures")
    entry = FigureForm(plan=frame.plan, today=frame.today, user=request.user)
    return draw_figures(request, frame, entry, status=422, open_form=form)
