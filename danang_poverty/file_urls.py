"""All that people uploaded, below one path, so that the proxy and whoever looks for leaks have one place to watch.

What the portal makes itself (reports, lists, papers) is an attachment at its own page.
"""

from django.urls import path

from households.views import imports
from reports.views import files as report_files
from targets.views import files as target_files

urlpatterns = [
    path("nhap/<int:pk>/", imports.import_error_sheet, name="import_error_sheet"),
    path("so-lieu/<int:pk>/", target_files.figure_file, name="figure_file"),
    path("nhiem-vu/<int:pk>/<int:file>/", target_files.task_file, name="task_file"),
    path("hoat-dong/<int:pk>/<int:file>/", target_files.activity_file, name="activity_file"),
    path("bao-cao/<int:pk>/<int:file>/", report_files.unit_figure_file, name="unit_figure_file"),
    path("ban-ky/<int:pk>/<int:copy>/", report_files.letter_signed, name="letter_signed"),
]
