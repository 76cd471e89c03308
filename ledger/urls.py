"""The ledger's addresses, below `ledger/`."""

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.home, name="home"),
    path("entries.ndjson", views.entries, name="entries"),
    path("checkpoints.txt", views.checkpoints, name="checkpoints"),
    path("streams/<path:name>.ndjson", views.stream, name="stream"),
    path("verify.py", views.document, {"name": "verify.py"}, name="script"),
    path("format.txt", views.document, {"name": "ledger.md"}, name="format"),
]
