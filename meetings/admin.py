"""The administration of the register (places, organisations), and the published record to look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import ByRule
from ledger.models import Entry
from meetings.models import (
    Concern,
    Meeting,
    MeetingSeries,
    Neighbourhood,
    Organisation,
    Participant,
    Source,
    Territory,
)
from meetings.search import fold_text

READS, WRITES = "meetings.read_register", "meetings.manage_register"


class FoldedSearch:
    """Finds names as the public search does, whatever the spelling."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Those that hold every word, folded."""
        return super().get_search_results(request, queryset, fold_text(search_term))  # type: ignore[misc, no-any-return]  # mixed into an admin


PROPOSED = ("proposed_by", "proposed_for", "proposed_at")


class Verifying:
    """What associations added waits in its list, filtered by “verified”, to be looked at and verified."""

    @admin.action(description=_("Verify what is ticked"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Say of each that somebody who runs the site has checked it, what it covers included."""
        count = queryset.filter(is_verified=False).update(is_verified=True)
        sentence = ngettext("%(count)d is verified now.", "%(count)d are verified now.", count)
        self.message_user(request, sentence % {"count": count})  # type: ignore[attr-defined]  # mixed into an admin


@admin.register(Territory)
class TerritoryAdmin(ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """The official tree."""

    reads, writes, settled = READS, WRITES, ("code", "level")
    list_display = ("code", "name_ar", "name_fr", "level", "population")
    list_filter = ("level",)
    search_fields = ("folded", "code")
    autocomplete_fields = ("parent",)


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(Verifying, ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """The places that people name."""

    reads, writes, settled = READS, WRITES, ("slug", "is_fictional")
    list_display = ("name_ar", "name_fr", "slug", "kind", "territory", "is_verified", "proposed_for")
    list_filter = ("kind", "is_verified", "is_fictional")
    list_select_related = ("territory", "proposed_for")
    readonly_fields = PROPOSED
    actions = ("verify",)
    search_fields = ("folded",)
    autocomplete_fields = ("territory",)


@admin.register(Organisation)
class OrganisationAdmin(Verifying, ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Associations and agencies; verifying one is done here."""

    reads, writes, settled = READS, WRITES, ("slug", "is_fictional")
    list_display = ("name_ar", "name_fr", "slug", "kind", "parent", "is_verified", "proposed_for")
    list_filter = ("kind", "is_verified", "is_fictional")
    list_select_related = ("parent", "proposed_for")
    search_fields = ("folded",)
    autocomplete_fields = ("parent", "territories", "neighbourhoods")
    readonly_fields = ("members", *PROPOSED)
    actions = ("verify",)

    @admin.display(description=_("members"))
    def members(self, organisation: Organisation) -> str:
        """Where its first manager is invited."""
        if not organisation.slug:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("members", args=[organisation.slug]), gettext("Members"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nor one that has spoken: the ledger names it by its address for good."""
        return super().has_delete_permission(request, obj) and not Entry.objects.filter(speaker=obj.slug).exists()


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Meetings that belong together."""

    reads, writes = READS, WRITES
    list_display = ("name_ar", "name_fr")
    search_fields = ("folded",)


class ParticipantInline(ByRule, admin.TabularInline):  # type: ignore[type-arg]  # takes no parameter at run time
    """Who took part."""

    model, reads = Participant, READS
    exclude = ("translations",)


class ConcernInline(ByRule, admin.TabularInline):  # type: ignore[type-arg]  # takes no parameter at run time
    """What was raised."""

    model, reads = Concern, READS
    exclude = ("translations",)


class SourceInline(ByRule, admin.TabularInline):  # type: ignore[type-arg]  # takes no parameter at run time
    """Where it is written."""

    model, reads = Source, READS
    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Meeting)
class MeetingAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Published meetings, to look at; a draft exists for nobody but who logs it."""

    reads = READS
    list_display = ("id", "title", "held_on", "host", "logged_by", "state")
    list_filter = ("state", "is_fictional")
    list_select_related = ("host", "logged_by")
    search_fields = ("title",)
    date_hierarchy = "held_on"
    inlines = (ParticipantInline, ConcernInline, SourceInline)
    readonly_fields = ("corrections",)

    @admin.display(description=_("corrections"))
    def corrections(self, meeting: Meeting) -> str:
        """Where it is corrected or withdrawn, for what the site itself entered (decision 0006)."""
        if meeting.logged_by_id is not None:
            return gettext("Only the organisation that logged it corrects it.")
        correct, withdraw = (reverse(name, args=[meeting.pk]) for name in ("workspace_correct", "workspace_withdraw"))
        links = [(correct, gettext("Correct the meeting")), (withdraw, gettext("Withdraw the meeting"))]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        """Those that everybody may read."""
        return super().get_queryset(request).exclude(state=Meeting.State.DRAFT)
