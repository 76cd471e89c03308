"""Putting letters into the outbox, and what is done about those that are still there."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from mail.delivery import deliver, due, give_lost_ones_up
from mail.line import line
from mail.models import Letter, Said
from mail.tasks import hand_over
from mail.writing import Words, one_line, written

State = Letter.State

# Names that lead nowhere by definition (RFC 6761), as those of the demo's people: no mail server is asked for them.
NOWHERE = (".example", ".invalid", ".test")
# With workers, a letter whose time came so long ago has lost its task, and is given another.
LEFT_BEHIND_AFTER = timedelta(minutes=15)
# So many letters in a row without success, and the mail server is left alone until the next time.
FAILURES_IN_A_ROW = 3

_is_closed: ContextVar[bool] = ContextVar("is_closed", default=False)


def queue(*, keys: Collection[str], to: str, language: str, words: Words, now: datetime) -> Letter | None:
    """Put a letter into the outbox, within the caller's transaction; it is sent once that is committed.

    Each of the `keys` names one thing that it says to this person, and is used once for good: None when one of them was
    used before. None also while the outbox is closed, and for an address that leads nowhere.
    """
    if _is_closed.get() or _leads_nowhere(to):
        return None
    words = replace(words, subject=one_line(words.subject))
    text, html = written(words, language)
    try:
        with transaction.atomic():
            letter = Letter.objects.create(
                to=to, language=language, subject=words.subject, text=text, html=html,
                queued_at=now, not_before=now,
            )  # fmt: skip
            Said.objects.bulk_create([Said(key=key, letter=letter) for key in keys])
    except IntegrityError:
        if said(keys):
            return None
        raise
    # Robust: the click has been heard by now, and is not to fail because of a letter, which `sweep` finds again.
    transaction.on_commit(partial(hand_over, letter.pk), robust=True)
    return letter


def said(keys: Collection[str]) -> set[str]:
    """Which of the keys were used."""
    return set(Said.objects.filter(key__in=keys).values_list("key", flat=True))


def folder() -> str | None:
    """The folder into which mails are written, where no mail server is set."""
    if settings.EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend":
        return str(getattr(settings, "EMAIL_FILE_PATH", ""))
    return None


def _leads_nowhere(to: str) -> bool:
    return settings.EMAIL_BACKEND == "mail.smtp.Backend" and to.endswith(NOWHERE)


@contextmanager
def closed() -> Iterator[None]:
    """While a history is told that happened long ago, nobody is written to about it."""
    token = _is_closed.set(True)
    try:
        yield
    finally:
        _is_closed.reset(token)


def sweep(now: datetime) -> None:
    """See to what was left behind: letters that wait though their time has come, and those lost while being sent.

    With workers the first are handed to them again; without, they are sent here and now.
    """
    give_lost_ones_up(now)
    if settings.TASKS_BACKEND == "database":
        for pk in due(now - LEFT_BEHIND_AFTER):
            hand_over(pk)
        return
    line.end()
    failures = 0
    for pk in due(now):
        failures = failures + 1 if deliver(pk, now=now) else 0
        if failures == FAILURES_IN_A_ROW:
            return


def send_again(letters: QuerySet[Letter], *, now: datetime) -> int:
    """Send letters again that were given up or are unclear, as somebody decided; how many that are."""
    with transaction.atomic():
        mine = letters.filter(state__in=(State.GIVEN_UP, State.UNCLEAR)).select_for_update()
        pks = list(mine.values_list("pk", flat=True))
        Letter.objects.filter(pk__in=pks).update(state=State.WAITING, attempts=0, not_before=now, last_error="")
        for pk in pks:
            transaction.on_commit(partial(hand_over, pk), robust=True)
    return len(pks)


def counts() -> Counter[str]:
    """How many letters there are in each state."""
    return Counter(dict(Letter.objects.order_by().values_list("state").annotate(Count("pk"))))
