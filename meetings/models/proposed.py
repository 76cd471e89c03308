"""What an association wrote into the register itself, to be looked at by those who run the site."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Proposed(models.Model):
    """May have been proposed: by whom, for which association and when; empty for what the site entered itself."""

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_for = models.ForeignKey(
        "meetings.Organisation",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed for"),
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, editable=False)

    class Meta:
        abstract = True


def proposed_whole(name: str) -> models.CheckConstraint:
    """The constraint that whoever proposed something did so for an association and at some time."""
    nobody = Q(proposed_by__isnull=True, proposed_for__isnull=True, proposed_at__isnull=True)
    somebody = Q(proposed_by__isnull=False, proposed_for__isnull=False, proposed_at__isnull=False)
    return models.CheckConstraint(
        condition=nobody | somebody,
        name=name,
        violation_error_message=_("What was proposed was proposed by somebody, for an association, at some time."),
    )
