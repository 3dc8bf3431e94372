from django.urls import path

from targets.views import plan as views

urlpatterns = [
    path("tong-quan/", views.dashboard, name="dashboard"),
    path("tong-quan/<str:code>/", views.dashboard_area, name="dashboard_area"),
    path("ke-hoach/", views.plan, name="plan"),
    path("ke-hoach/phu-luc/", views.plan_appendix, name="plan_appendix"),
    path("ke-hoach/nhiem-vu/", views.plan_tasks, name="plan_tasks"),
    path("ke-hoach/so-lieu/", views.plan_figures, name="plan_figures"),
]
