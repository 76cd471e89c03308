"""Which address leads where; every page stands at the same address in each language (DESIGN section 7)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy

from commitments.views import health

admin.site.site_header = admin.site.site_title = gettext_lazy("Iltizam")

urlpatterns: list[URLPattern | URLResolver] = [
    # What has no language: answers to machines, and files.
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("files/", include("attachments.urls")),
]
urlpatterns += i18n_patterns(
    path("", include("commitments.urls")),
    path("", include("commitments.desk_urls")),
    path("ledger/", include("ledger.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
