"""The letters of this app, each in the language of whoever gets it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Invitation


def send_invitation(invitation: Invitation, token: str) -> None:
    """The link by which one address joins an organisation."""
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "link": settings.SITE_URL + reverse("invitation", args=[token]),
            "days": settings.INVITATION_DAYS,
            "site_url": settings.SITE_URL,
        }
        subject = _("Invitation to join %(organisation)s on Iltizam") % {"organisation": invitation.organisation.name}
        text = render_to_string("account/letters/invitation.txt", context)
    # A name may hold line breaks, which would end the header.
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
