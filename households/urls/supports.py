"""Support policies, the support ledger and the households' exit plans."""

urlpatterns = []
