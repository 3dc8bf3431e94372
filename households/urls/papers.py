"""What is printed: requests and certificates."""

from django.urls import path

from households.views import papers

urlpatterns = [
    path("mau-01.pdf", papers.empty, {"form": "01"}, name="paper_form_01_empty"),
    path("mau-04.pdf", papers.empty, {"form": "04"}, name="paper_form_04_empty"),
    path("ho/<str:code>/mau-01.pdf", papers.filled, {"form": "01"}, name="paper_form_01"),
    path("ho/<str:code>/mau-04.pdf", papers.filled, {"form": "04"}, name="paper_form_04"),
    path("ho/<str:code>/giay-chung-nhan.pdf", papers.certificate, name="paper_certificate"),
]
