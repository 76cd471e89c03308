"""Sending letters: each is claimed, handed to the mail server, and what became of it is written down.

The three are steps of their own. Whoever is killed between them leaves a letter that is being sent; nobody knows then
whether it was, so it is never sent again by itself, and an administrator sees it.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet

from mail.models import Letter
from mail.smtp import NobodyKnows

State = Letter.State

logger = logging.getLogger(__name__)

# How long after each failure the next attempt comes; about four days in all, as mail servers do.
BACKOFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=1),
]
# A letter that has been "being sent" for so long has lost whoever was sending it.
LOST_AFTER = timedelta(minutes=15)


def deliver(letter_id: int, *, now: datetime) -> datetime | None:
    """Send a letter whose time has come, once; the time of the next attempt when this one failed and another follows.

    Does nothing to a letter that somebody else is sending, or that no longer waits.
    """
    if not _claim(letter_id, now):
        return None
    letter = Letter.objects.get(pk=letter_id)
    try:
        _message(letter).send()
    except NobodyKnows as error:
        _leave(letter, State.UNCLEAR, error)
    except OSError as error:  # no server, no answer, or a refusal: smtplib's errors are OSErrors
        return _try_again(letter, error, now)
    except Exception as error:  # an address or a text of which no mail can be made will be none tomorrow either
        logger.exception("Letter %s cannot be sent.", letter.pk)
        _leave(letter, State.GIVEN_UP, error)
    else:
        # What it said is its reader's now: it may have held a link by which one joins an organisation.
        _mine(letter).update(state=State.SENT, sent_at=now, last_error="", text="", html="")
    return None


def _claim(letter_id: int, now: datetime) -> bool:
    """Whether the letter is ours to send: of several that try at the same moment, one changes the row."""
    due = Letter.objects.filter(pk=letter_id, state=State.WAITING, not_before__lte=now)
    return bool(due.update(state=State.SENDING, attempts=F("attempts") + 1, started_at=now))


def _mine(letter: Letter) -> QuerySet[Letter]:
    """The letter, as long as nobody has taken it for lost since it was claimed."""
    claim = {"attempts": letter.attempts, "started_at": letter.started_at}
    return Letter.objects.filter(pk=letter.pk, state=State.SENDING, **claim)


def _message(letter: Letter) -> EmailMultiAlternatives:
    """The letter as a mail. It has the same Message-ID at every attempt, by which a reader's server knows a copy."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<letter-{letter.pk}-{letter.queued_at.timestamp():.0f}@{host}>",
        "Content-Language": letter.language,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answer to it is expected from a machine
    }
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to], headers=headers)
    message.attach_alternative(letter.html, "text/html")
    return message


def _leave(letter: Letter, state: str, error: Exception, **also: Any) -> None:
    words = " ".join(f"{type(error).__name__}: {error}".split())
    _mine(letter).update(state=state, last_error=words[:500], **also)


def _try_again(letter: Letter, error: OSError, now: datetime) -> datetime | None:
    if _is_final(error) or letter.attempts > len(BACKOFF):
        _leave(letter, State.GIVEN_UP, error)
        return None
    next_at = now + BACKOFF[letter.attempts - 1]
    _leave(letter, State.WAITING, error, not_before=next_at)
    return next_at


def _is_final(error: OSError) -> bool:
    """Whether the server refused this letter for good (RFC 5321: 5xx to its address or its text)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def give_lost_ones_up(now: datetime) -> int:
    """Mark as unclear what has been "being sent" for too long: whoever sent it was killed. How many that were."""
    lost = Letter.objects.filter(state=State.SENDING, started_at__lt=now - LOST_AFTER)
    return lost.update(state=State.UNCLEAR, last_error="The process that was sending it ended in the middle.")


def due(now: datetime) -> list[int]:
    """The letters whose time has come, the oldest first."""
    waiting = Letter.objects.filter(state=State.WAITING, not_before__lte=now).order_by("not_before", "pk")
    return list(waiting.values_list("pk", flat=True))
