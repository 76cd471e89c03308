"""The ledger's addresses, below `ledger/`."""

from django.urls import URLPattern

app_name = "ledger"
urlpatterns: list[URLPattern] = []
