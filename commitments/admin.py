"""The administration of pledges: their kinds, the published ones to look at, and what residents saw."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import ByRule
from commitments.models import MailTurnedOff, Observation, Pledge, PledgeKind
from meetings.admin import READS, WRITES, FoldedSearch
from meetings.models import Meeting


@admin.register(PledgeKind)
class PledgeKindAdmin(ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """What sorts of things are promised."""

    reads, writes, settled = READS, WRITES, ("slug",)
    list_display = ("name_ar", "name_fr", "slug", "order")
    search_fields = ("folded",)


@admin.register(Pledge)
class PledgeAdmin(ByRule, FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Published pledges, to look at."""

    reads = READS
    list_display = ("id", "title", "responsible", "standing", "made_on", "state")
    list_filter = ("state", "standing", "timing")
    list_select_related = ("responsible",)
    search_fields = ("folded",)
    date_hierarchy = "made_on"
    readonly_fields = ("corrections",)

    @admin.display(description=_("corrections"))
    def corrections(self, pledge: Pledge) -> str:
        """Where it is corrected or withdrawn, for what the site itself entered (decision 0006)."""
        if pledge.meeting.logged_by_id is not None:
            return gettext("Only the organisation that logged it corrects it.")
        names = ("workspace_pledge_correct", "workspace_pledge_withdraw")
        correct, withdraw = (reverse(name, args=[pledge.pk]) for name in names)
        links = [(correct, gettext("Correct the record")), (withdraw, gettext("Withdraw this pledge"))]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        """Those that everybody may read."""
        return super().get_queryset(request).exclude(state=Meeting.State.DRAFT)


@admin.register(MailTurnedOff)
class MailTurnedOffAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Why somebody gets no mail of a sort; they alone choose that."""

    reads = "accounts.read_people"
    list_display = ("user", "sort")
    list_filter = ("sort",)
    list_select_related = ("user",)


@admin.register(Observation)
class ObservationAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """What residents saw; a moderator shows or withholds it, and changes no word of it."""

    reads, writes = "commitments.read_observations", "commitments.moderate"
    list_display = ("day", "pledge", "was_seen", "text", "state")
    list_filter = ("state", "was_seen")
    list_select_related = ("pledge",)
    fields = ("pledge", "day", "was_seen", "text", "made_at", "state")
    readonly_fields = ("pledge", "day", "was_seen", "text", "made_at")
    actions = ("show", "withhold")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Residents make them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is not shown is withheld."""
        return False

    @admin.action(description=_("Show the selected observations"), permissions=["change"])
    def show(self, _request: HttpRequest, observations: QuerySet[Observation]) -> None:
        """Show them beside their pledges."""
        observations.update(state=Observation.State.SHOWN)

    @admin.action(description=_("Withhold the selected observations"), permissions=["change"])
    def withhold(self, _request: HttpRequest, observations: QuerySet[Observation]) -> None:
        """Show them nowhere."""
        observations.update(state=Observation.State.WITHHELD)
