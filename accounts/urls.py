from django.urls import path

from accounts import views

urlpatterns = [
    path("dang-nhap/", views.login, name="login"),
    path("dang-xuat/", views.logout, name="logout"),
    path("doi-mat-khau/", views.password_change, name="password_change"),
    path("toi/", views.account, name="account"),
    path("toi/khoa-api/", views.token_list, name="token_list"),
    path("toi/thong-bao/", views.notice_list, name="notice_list"),
    path("viec/<int:pk>/", views.job_detail, name="job_detail"),
    path("viec/<int:pk>/tep/", views.job_file, name="job_file"),
]
