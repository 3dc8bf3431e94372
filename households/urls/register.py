from django.urls import path

from households.views import changes
from households.views import register as views

urlpatterns = [
    path("", views.household_list, name="household_list"),
    path("moi/", views.household_new, name="household_new"),
    path("bien-dong/<int:change>/", changes.household_change, name="household_change"),
    path("bien-dong/<int:change>/hoan-tac/", changes.household_change_undo, name="household_change_undo"),
    path("<slug:code>/bien-dong/<slug:kind>/", changes.household_change_new, name="household_change_new"),
    path("<slug:code>/", views.household_detail, name="household_detail"),
    path("<slug:code>/sua/", views.household_edit, name="household_edit"),
    path("<slug:code>/so-dinh-danh/<int:member>/", views.household_reveal, name="household_reveal"),
    path("<slug:code>/so-dinh-danh/<int:member>/<slug:kind>/", views.household_reveal, name="household_reveal_other"),
]
