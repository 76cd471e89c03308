"""`manage.py discard_uploads`."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from attachments.keeping import discard_unused

KEPT_FOR = timedelta(days=1)


class Command(BaseCommand):
    """Let go of the files that were added to a form which was never sent; for a scheduler, every night."""

    help = "Deletes uploaded files that no entry of the ledger has named within a day and no draft holds."

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell how many there were."""
        count = discard_unused(timezone.now() - KEPT_FOR)
        self.stdout.write(f"{count} unused uploads discarded.")
