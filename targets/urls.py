from django.urls import path

from targets.views import plan, task, tasks

urlpatterns = [
    path("tong-quan/", plan.dashboard, name="dashboard"),
    path("tong-quan/<str:code>/", plan.dashboard_area, name="dashboard_area"),
    path("ke-hoach/", plan.plan, name="plan"),
    path("ke-hoach/phu-luc/", plan.plan_appendix, name="plan_appendix"),
    path("ke-hoach/so-lieu/", plan.plan_figures, name="plan_figures"),
    path("ke-hoach/nhiem-vu/", tasks.plan_tasks, name="plan_tasks"),
    path("ke-hoach/nhiem-vu/bang/", tasks.task_board, name="task_board"),
    path("ke-hoach/nhiem-vu/lich/", tasks.task_calendar, name="task_calendar"),
    path("ke-hoach/nhiem-vu/ma-tran/", tasks.task_matrix, name="task_matrix"),
    path("ke-hoach/nhiem-vu/xuat/", tasks.task_export, name="task_export"),
    path("ke-hoach/nhiem-vu/hang-loat/", task.task_bulk, name="task_bulk"),
    path("ke-hoach/nhiem-vu/<int:pk>/", task.task, name="task"),
    path("ke-hoach/nhiem-vu/<int:pk>/tep/<int:file>/", task.task_file, name="task_file"),
    path("ke-hoach/co-quan/<str:code>/", tasks.task_agency, name="task_agency"),
]
