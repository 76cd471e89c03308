"""The ledger in Django's admin: administrators and auditors may look; nobody may do anything."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ledger.canonical import Value
from ledger.models import Checkpoint, Entry, Position, Stream

READERS = {"administrator", "auditor"}


class FiltersAsOffered:
    """An administration that filters by nothing but what its page offers; any other filter tells what is hidden."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what `list_filter` and `date_hierarchy` name: a hidden column is told by what a filter on it finds."""
        offered = {str(each) for each in (*self.list_filter, self.date_hierarchy) if each}  # type: ignore[attr-defined]  # mixed into an admin
        return any(lookup == each or lookup.startswith(f"{each}__") for each in offered)


class ReadOnlyAdmin(FiltersAsOffered, admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may look at the rows sees that there are any."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The site's role is all that counts here; the ledger knows users by the setting alone."""
        return request.user.is_active and getattr(request.user, "site_role", "") in READERS

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Entries come from `ledger.history`, seals from `ledger.sealing`."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing here ever changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing here is ever deleted."""
        return False


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["stream", "number", "kind", "speaker", "day", "recorded_at"]
    list_filter = ["kind"]
    list_select_related = ["stream"]
    search_fields = ["stream__name", "hash"]
    ordering = ["-id"]
    fields = [
        "stream",
        "number",
        "kind",
        "speaker",
        "day",
        "recorded_at",
        "author",
        "public_content",
        "header",
        "previous",
        "hash",
    ]

    @admin.display(description=_("content"))
    def public_content(self, entry: Entry) -> dict[str, Value]:
        """What anybody may read; sealed fields stay sealed here too."""
        return entry.public_fields


@admin.register(Position)
class PositionAdmin(ReadOnlyAdmin):
    list_display = ["position", "entry"]
    list_select_related = ["entry__stream"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ["size", "root", "sealed_at"]
    ordering = ["-size"]
