"""manage.py verify_ledger: check the ledger's tables from the bytes up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.models import Checkpoint
from ledger.verifying import verify


class Command(BaseCommand):
    help = "Check every entry, stream, position and checkpoint of the ledger. Exits 1 when something is not as written."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a sentence for each thing that is wrong, or that all is well."""
        count = 0
        for finding in verify():
            self.stderr.write(str(finding))
            count += 1
        if count:
            raise CommandError(f"The ledger is not as it was written: {count} findings.", returncode=1)
        seal = Checkpoint.objects.order_by("size").last()
        self.stdout.write(f"The ledger is as it was written. Last checkpoint: {seal or 'none yet'}.")
