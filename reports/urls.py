from django.urls import path

from reports.views import city, duties, letters, units

# The day is read by the views, so that a day that is none gets a page that says which days there are.
urlpatterns = [
    path("", city.report_list, name="report_list"),
    path("kiem-tra/", city.findings, name="findings"),
    path("tien-do/", duties.board, name="duty_board"),
    path("tien-do/xuat/", duties.export, name="duty_export"),
    path("tien-do/<int:pk>/", duties.gathered, name="duty_compiled"),
    path("tien-do/<int:pk>/xuat/", duties.gathered_export, name="duty_compiled_export"),
    path("tien-do/<int:pk>/nhac/", duties.remind, name="duty_remind"),
    path("dot-xuat/moi/", duties.ask, name="duty_ask"),
    path("don-vi/lam-sach/", units.clean_pasted, name="clean_pasted"),
    path("don-vi/<int:pk>/", units.unit_report, name="unit_report"),
    path("don-vi/<int:pk>/phan/<str:part>/", units.part_draft, name="part_draft"),
    path("don-vi/<int:pk>/so-lieu/", units.figure, name="unit_figure"),
    path("van-ban/<int:pk>/", letters.letter, name="letter"),
    path("van-ban/<int:pk>/mo/", letters.letter_open, name="letter_open"),
    path("van-ban/<int:pk>/the-thuc/", letters.letter_head, name="letter_head"),
    path("van-ban/<int:pk>/phan/<slug:key>/", letters.letter_section, name="letter_section"),
    path("van-ban/<int:pk>/phan/<slug:key>/nhap/", letters.letter_typed, name="letter_typed"),
    path("van-ban/<int:pk>/lap-tep/", letters.letter_render, name="letter_render"),
    path("van-ban/<int:pk>/ban-hanh/", letters.letter_issue, name="letter_issue"),
    path("van-ban/<int:pk>/ban-ky/", letters.letter_upload, name="letter_upload"),
    path("van-ban/<int:pk>/da-gui/", letters.letter_sent, name="letter_sent"),
    path("van-ban/<int:pk>/khac/<int:version>/", letters.letter_differences, name="letter_differences"),
    path("<str:day>/", city.report_detail, name="report_detail"),
    path("<str:day>/lap/", city.report_make, name="report_make"),
    path("<str:day>/<str:format>/", city.report_document, name="report_document"),
]
