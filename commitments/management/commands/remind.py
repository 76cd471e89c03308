"""`manage.py remind`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments.reminders import remind
from mail import outbox
from mail.models import Letter

State = Letter.State


class Command(BaseCommand):
    """Write the day's reminders, and see to what is still in the outbox."""

    help = "Writes what people are reminded of, each thing once, and sends what is left in the outbox. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, send, and say how many; how often it runs makes no difference."""
        now = timezone.now()
        written = remind(on=timezone.localdate(now), now=now)
        outbox.sweep(timezone.now())
        self.stdout.write(
            f"Letters written: {written.total()} (due soon {written['due_soon']}, overdue {written['overdue']},"
            f" silent {written['silent']}, silent below {written['silent_below']}, weekly {written['weekly']})."
        )
        states = outbox.counts()
        self.stdout.write(
            f"In the outbox: {states[State.WAITING]} waiting, {states[State.SENDING]} being sent,"
            f" {states[State.GIVEN_UP]} given up, {states[State.UNCLEAR]} unclear (see /admin/mail/letter/)."
        )
        if folder := outbox.folder():
            self.stdout.write(f"Without EMAIL_URL, mails are written to {folder}.")
