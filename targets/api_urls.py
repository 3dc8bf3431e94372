from django.urls import path

from targets import api

urlpatterns = [
    path("districts/", api.Districts.as_view(), name="api_districts"),
    path("districts/<code>/indicators/", api.DistrictIndicators.as_view(), name="api_district_indicators"),
    path("indicators/", api.IndicatorCatalogue.as_view(), name="api_indicators"),
    path("plan/", api.PlanDetail.as_view(), name="api_plan"),
    path("tasks/", api.Tasks.as_view(), name="api_tasks"),
]
