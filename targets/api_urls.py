from django.urls import path

from targets import api, api_figures, api_money, api_tasks

urlpatterns = [
    path("districts/", api.Districts.as_view(), name="api_districts"),
    path("districts/<code>/indicators/", api_figures.DistrictIndicators.as_view(), name="api_district_indicators"),
    path("wards/", api.Wards.as_view(), name="api_wards"),
    path("indicators/", api.IndicatorCatalogue.as_view(), name="api_indicators"),
    path("plans/", api.Plans.as_view(), name="api_plans"),
    path("plan/", api.PlanDetail.as_view(), name="api_plan"),
    path("clauses/", api.Clauses.as_view(), name="api_clauses"),
    path("targets/", api.Targets.as_view(), name="api_targets"),
    path("actuals/", api_figures.Actuals.as_view(), name="api_actuals"),
    path("series/", api_figures.Series.as_view(), name="api_series"),
    path("ledger/", api_figures.LedgerLines.as_view(), name="api_ledger"),
    path("figures/", api_figures.TypedFigures.as_view(), name="api_figures"),
    path("budget/", api_money.Budget.as_view(), name="api_budget"),
    path("tasks/", api_tasks.Tasks.as_view(), name="api_tasks"),
    path("tasks/<int:key>/updates/", api_tasks.TaskUpdates.as_view(), name="api_task_updates"),
]
