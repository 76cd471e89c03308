"""Which address leads where; every page stands at the same address in each language (DESIGN section 7)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("", include("commitments.urls")),
    path("", include("commitments.desk_urls")),
    path("ledger/", include("ledger.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
