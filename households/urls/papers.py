"""What is printed: requests and certificates."""

from django.urls import path

from households.views import paper_lists, papers

urlpatterns = [
    path("mau-01.pdf", papers.empty, {"form": "01"}, name="paper_form_01_empty"),
    path("mau-04.pdf", papers.empty, {"form": "04"}, name="paper_form_04_empty"),
    path("ho/<str:code>/mau-01.pdf", papers.filled, {"form": "01"}, name="paper_form_01"),
    path("ho/<str:code>/mau-04.pdf", papers.filled, {"form": "04"}, name="paper_form_04"),
    path("ho/<str:code>/giay-chung-nhan.pdf", papers.certificate, name="paper_certificate"),
    path("don/<int:pk>/tra-loi.pdf", papers.answer, name="paper_answer"),
    path("de-nghi/<int:pk>/tra-loi.pdf", papers.refusal, name="paper_refusal"),
    path("danh-sach/", paper_lists.after_review, name="paper_list"),
    path("ho-so/<int:pk>/can-ra-soat.xlsx", paper_lists.review_list, name="paper_review_list"),
    path("ho-so/<int:pk>/niem-yet.pdf", paper_lists.posting, name="paper_posting"),
    path("ho-so/<int:pk>/niem-yet.xlsx", paper_lists.posting_sheet, name="paper_posting_sheet"),
    path("hop/<int:pk>/bien-ban.pdf", paper_lists.minutes, name="paper_minutes"),
    path("ho-so/<int:pk>/quyet-dinh.pdf", paper_lists.decision, name="paper_decision"),
    path("ho-so/<int:pk>/giay-chung-nhan.pdf", paper_lists.certificates, name="paper_certificates"),
]
