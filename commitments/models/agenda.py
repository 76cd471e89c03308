"""The agenda of a meeting that is being prepared: one row for each earlier pledge, open request or new point."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.pledge import Pledge
from meetings.models import Concern, Meeting, Organisation
from meetings.text import TEXT_LIMIT, Line, Prose


class Outcome(models.TextChoices):
    """What a later meeting states became of a pledge."""

    CARRIED_OUT = "carried_out", _("carried out")
    PARTLY = "partly", _("partly carried out")
    STILL_TO_DO = "still_to_do", _("still to be done")
    GIVEN_UP = "given_up", _("no longer pursued")
    NOT_DISCUSSED = "not_discussed", _("not discussed")


class AgendaItem(models.Model):
    """One item of a meeting's agenda, kept or dropped; a pledge bears what the meeting stated of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("number"))
    pledge = models.ForeignKey(
        Pledge, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("pledge")
    )
    concern = models.ForeignKey(
        Concern, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("request")
    )
    text = Line(_("new point"), max_length=300, blank=True)
    is_kept = models.BooleanField(_("on the agenda"), default=True)
    outcome = models.CharField(_("what was stated"), max_length=20, choices=Outcome, blank=True)
    due_on = models.DateField(_("new date"), null=True, blank=True)
    remark = Prose(_("in the words of the minutes"), max_length=TEXT_LIMIT, blank=True)
    agreed_with = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stated together with")
    )
    is_theirs_alone = models.BooleanField(_("stated by that organisation alone"), default=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_unique"),
            models.UniqueConstraint(fields=["meeting", "pledge"], name="agenda_pledge_once"),
            models.UniqueConstraint(fields=["meeting", "concern"], name="agenda_concern_once"),
            models.CheckConstraint(
                condition=Q(pledge__isnull=False, concern__isnull=True, text="")
                | Q(pledge__isnull=True, concern__isnull=False, text="")
                | Q(pledge__isnull=True, concern__isnull=True) & ~Q(text=""),
                name="agenda_one_subject",
                violation_error_message=_("An item of the agenda is a pledge, a request or a new point."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", due_on__isnull=True, remark="") | Q(pledge__isnull=False),
                name="agenda_outcome_of_pledge",
                violation_error_message=_("Only a pledge has an outcome."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(outcome="still_to_do"),
                name="agenda_date_if_still_to_do",
                violation_error_message=_("A new date is for what is still to be done."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_with__isnull=True) | ~Q(outcome__in=["", "not_discussed"]),
                name="agenda_agreed_if_stated",
                violation_error_message=_("What was not discussed was stated by nobody."),
            ),
            models.CheckConstraint(
                condition=Q(is_theirs_alone=False) | Q(agreed_with__isnull=False),
                name="agenda_alone_if_named",
                violation_error_message=_("Say which organisation stated it."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pledge or self.concern or self.text)
