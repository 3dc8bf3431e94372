from django.urls import path

from households.views import reviews, supports

urlpatterns = [
    path("", reviews.review_list, name="review_list"),
    path("ho/<slug:code>/phieu-b/", reviews.review_new, name="review_new"),
    path("ho/<slug:code>/nhap/", reviews.review_draft, name="review_draft"),
    path("ho/<slug:code>/ho-tro/", supports.support_new, name="support_new"),
    path("phieu/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("phieu/<int:pk>/sua/", reviews.review_edit, name="review_edit"),
    path("phieu/<int:pk>/quyet-dinh/", reviews.review_decide, name="review_decide"),
    path("phieu/<int:pk>/tra-lai/", reviews.review_return, name="review_return"),
]
