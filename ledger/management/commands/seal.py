"""manage.py seal: extend the public log by what was said since the last checkpoint."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ledger.sealing import seal


class Command(BaseCommand):
    help = "Give new entries of the ledger their positions and seal them by a checkpoint. Run it every ten minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and print the checkpoint."""
        checkpoint = seal(timezone.now())
        if checkpoint is None:
            self.stdout.write("Nothing was said since the last checkpoint.")
        else:
            self.stdout.write(checkpoint.text, ending="")
