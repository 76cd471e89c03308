"""The letters of this app, each in the language of whoever gets it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation
from mail import outbox
from mail.writing import Link, Words, isolated


def write_invitation(invitation: Invitation, token: str, *, now: datetime) -> None:
    """Put the link by which one address joins an organisation into the outbox."""
    with translation.override(invitation.language):
        words = _invitation(invitation, token)
    outbox.queue(
        keys=[f"invitation/{invitation.pk}"], to=invitation.email, language=invitation.language, words=words, now=now
    )


def _invitation(invitation: Invitation, token: str) -> Words:
    names = {
        "name": isolated(invitation.invited_by),
        "organisation": isolated(invitation.organisation.name),
    }
    opening = _(
        "%(name)s invites you to join %(organisation)s on Iltizam, where what was promised at public meetings is"
        " written down and followed up."
    )
    once = ngettext(
        "The link works once, for %(days)d day. It is meant for you alone: do not pass it on.",
        "The link works once, for %(days)d days. It is meant for you alone: do not pass it on.",
        settings.INVITATION_DAYS,
    )
    return Words(
        subject=_("Invitation to join %(organisation)s on Iltizam") % names,
        opening=opening % names,
        action=Link(_("See the invitation, and accept it"), settings.SITE_URL + reverse("invitation", args=[token])),
        closing=(once % {"days": settings.INVITATION_DAYS},),
        why=_("You did not expect this? Then delete this letter; nothing happens."),
    )
