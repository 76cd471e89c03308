"""What residents saw."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.pledge import Pledge
from meetings.text import Prose


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
