"""Support policies, the support ledger and the households' exit plans."""

from django.urls import path

from households.views import houses, plans, support_ledger

urlpatterns = [
    path("", support_ledger.support_list, name="support_list"),
    path("ghi/", support_ledger.support_give, name="support_give"),
    path("<int:pk>/sua/", support_ledger.support_edit, name="support_edit"),
    path("<int:pk>/du-no/", houses.loan_detail, name="loan_detail"),
    path("nha-o/", houses.house_list, name="house_list"),
    path("nha-o/moi/", houses.house_new, name="house_new"),
    path("nha-o/<int:pk>/", houses.house_detail, name="house_detail"),
    path("chinh-sach/", support_ledger.policy_list, name="policy_list"),
    path("cho-lam/", plans.exit_plan_waiting, name="exit_plan_waiting"),
    path("ke-hoach/<int:pk>/", plans.exit_plan_detail, name="exit_plan_detail"),
    path("ke-hoach/ho/<slug:code>/lap/", plans.exit_plan_new, name="exit_plan_new"),
]
