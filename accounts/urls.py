from django.urls import path

from accounts import views

urlpatterns = [
    path("dang-nhap/", views.login, name="login"),
    path("dang-nhap/ma/", views.second_factor_check, name="second_factor_check"),
    path("dang-xuat/", views.logout, name="logout"),
    path("doi-mat-khau/", views.password_change, name="password_change"),
    path("toi/", views.account, name="account"),
    path("toi/khoa-api/", views.token_list, name="token_list"),
    path("toi/hai-buoc/", views.second_factor, name="second_factor"),
    path("toi/hai-buoc/bat/", views.second_factor_new, name="second_factor_new"),
    path("toi/luot-xem/", views.own_looks, name="own_looks"),
    path("toi/phien/", views.sessions, name="sessions"),
    path("toi/phien/ket-thuc/", views.session_end, name="session_end"),
    path("toi/thong-bao/", views.notice_list, name="notice_list"),
    path("viec/<int:pk>/", views.job_detail, name="job_detail"),
    path("viec/<int:pk>/tep/", views.job_file, name="job_file"),
]
