"""What residents saw."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from commitments.models.pledge import Pledge, PledgeQuerySet
from meetings.text import Prose

COUNTED_FOR_DAYS = 30


class Observation(models.Model):
    """A resident saw, or did not see, on a day, what was promised; nobody is asked who they are."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        SHOWN = "shown", _("shown")
        WITHHELD = "withheld", _("withheld")

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="observations")
    day = models.DateField(_("day"))
    was_seen = models.BooleanField(_("seen"))
    text = Prose(_("what was seen"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        indexes = [models.Index(fields=["pledge", "state", "day"], name="observation_by_pledge_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "shown", "withheld"]), name="observation_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.pledge_id}"


class Observed(NamedTuple):
    """How often residents saw what was promised lately, and how often they looked and did not."""

    seen: int
    not_seen: int


def observed_of(pledges: Iterable[int], on: date) -> dict[int, Observed]:
    """What was observed of these pledges, by their keys; one query."""
    counted: Any = with_observed(Pledge.objects.filter(pk__in=pledges), on)
    return {pk: Observed(*counts) for pk, *counts in counted.values_list("pk", "seen", "not_seen")}


def with_observed(pledges: PledgeQuerySet, on: date) -> PledgeQuerySet:
    """Each with how often residents saw it, and did not, in the last days up to `on`: `seen` and `not_seen`."""
    lately = Q(observations__state=Observation.State.SHOWN, observations__day__gt=on - timedelta(days=COUNTED_FOR_DAYS))
    return pledges.annotate(
        seen=Count("observations", filter=lately & Q(observations__was_seen=True)),
        not_seen=Count("observations", filter=lately & Q(observations__was_seen=False)),
    )
