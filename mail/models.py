"""The outbox: every letter that was written, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A letter to one person. `delivery` alone moves it from one state to the next."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")
        UNCLEAR = "unclear", _("nobody knows whether it was sent")

    to = models.CharField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("the same as HTML"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("written at"))
    not_before = models.DateTimeField(_("next attempt not before"))
    started_at = models.DateTimeField(_("last attempt at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("what went wrong"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(fields=["not_before"], name="letter_waiting", condition=Q(state="waiting")),
            models.Index(fields=["started_at"], name="letter_sending", condition=Q(state="sending")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "given_up", "unclear"]),
                name="letter_state_known",
                violation_error_message=_("A letter waits, is being sent, was sent, was given up or is unclear."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="letter_sent_at_iff_sent",
                violation_error_message=_("A letter that was sent has the time at which it was, and no other has one."),
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(started_at__isnull=False),
                name="letter_sending_since",
                violation_error_message=_("A letter that is being sent says since when."),
            ),
            models.CheckConstraint(
                condition=~Q(subject__contains="\n") & ~Q(subject__contains="\r"),
                name="letter_subject_is_one_line",
                violation_error_message=_("The subject of a letter is one line: a second one would be a header."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Said(models.Model):
    """One thing that a letter said to one person; the key makes that it is never said again."""

    key = models.CharField(max_length=200, unique=True)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="said")

    class Meta:
        verbose_name = _("thing said in a letter")
        verbose_name_plural = _("things said in letters")

    def __str__(self) -> str:
        return self.key
