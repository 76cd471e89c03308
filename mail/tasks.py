"""What is done after the click: sending a letter, and trying again later."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from mail.delivery import deliver


@task
def send(letter_id: int) -> None:
    """Send a letter; when that failed, come back to it in its time."""
    next_at = deliver(letter_id, now=timezone.now())
    if next_at is not None and send.get_backend().supports_defer:
        hand_over(letter_id, at=next_at)


def hand_over(letter_id: int, *, at: datetime | None = None) -> None:
    """Have a letter sent, now or at a time, by whatever does the tasks here."""
    send.using(run_after=at).enqueue(letter_id)
