from django.urls import path

from accounts.api import TokenView

urlpatterns = [path("token/", TokenView.as_view(), name="api_token")]
