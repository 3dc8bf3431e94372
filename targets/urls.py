from django.urls import path

from targets.views import figures, indicators, plan, plans, task, tasks
from targets.views import targets as target_views

urlpatterns = [
    path("tong-quan/", plan.dashboard, name="dashboard"),
    path("tong-quan/<str:code>/", plan.dashboard_area, name="dashboard_area"),
    path("ke-hoach/", plan.plan, name="plan"),
    path("ke-hoach/phu-luc/", plan.plan_appendix, name="plan_appendix"),
    path("ke-hoach/chi-tieu/", indicators.indicator_list, name="indicator_list"),
    path("ke-hoach/chi-tieu/<slug:code>/", indicators.indicator, name="indicator"),
    path("ke-hoach/so-lieu/", figures.plan_figures, name="plan_figures"),
    path("ke-hoach/so-lieu/mo-lai/", figures.figures_open, name="figures_open"),
    path("ke-hoach/so-lieu/chenh-lech/", figures.figure_gaps, name="figure_gaps"),
    path("ke-hoach/so-lieu/<int:pk>/tep/", figures.figure_file, name="figure_file"),
    path("ke-hoach/nhiem-vu/", tasks.plan_tasks, name="plan_tasks"),
    path("ke-hoach/nhiem-vu/bang/", tasks.task_board, name="task_board"),
    path("ke-hoach/nhiem-vu/lich/", tasks.task_calendar, name="task_calendar"),
    path("ke-hoach/nhiem-vu/ma-tran/", tasks.task_matrix, name="task_matrix"),
    path("ke-hoach/nhiem-vu/xuat/", tasks.task_export, name="task_export"),
    path("ke-hoach/nhiem-vu/hang-loat/", task.task_bulk, name="task_bulk"),
    path("ke-hoach/nhiem-vu/<int:pk>/", task.task, name="task"),
    path("ke-hoach/nhiem-vu/<int:pk>/tep/<int:file>/", task.task_file, name="task_file"),
    path("ke-hoach/co-quan/<str:code>/", tasks.task_agency, name="task_agency"),
    path("ke-hoach/<int:year>/giao-chi-tieu/<str:code>/", target_views.target_sheet, name="target_sheet"),
    path("ke-hoach/cac-nam/", plans.plan_list, name="plan_list"),
    path("ke-hoach/cac-nam/mo/", plans.plan_open, name="plan_open"),
    path("ke-hoach/<int:year>/du-thao/", plans.plan_draft, name="plan_draft"),
    path("ke-hoach/<int:year>/them-muc/", plans.plan_add, name="plan_add"),
    path("ke-hoach/<int:year>/ban-hanh/", plans.plan_issue, name="plan_issue"),
    path("ke-hoach/<int:year>/ket-thuc/", plans.plan_close, name="plan_close"),
    path("ke-hoach/<int:year>/gop-y/", plans.plan_comments, name="plan_comments"),
    path("ke-hoach/gop-y/<int:pk>/", plans.comment_answer, name="comment_answer"),
    path("ke-hoach/muc/<int:pk>/sua/", plans.clause_edit, name="clause_edit"),
    path("ke-hoach/muc/<int:pk>/bo/", plans.clause_drop, name="clause_drop"),
]
