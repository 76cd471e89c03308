"""`manage.py rebuild [--check]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.rebuilding import rebuild


class Command(BaseCommand):
    """Compare the columns of what is published with the ledger, and bring them back to what it says."""

    help = "Recomputes what columns repeat from the ledger; reports and repairs whatever has drifted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to repair."""
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something has drifted")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each drift, and whether all is well now."""
        found = left = 0
        for drift in rebuild(repair=not options["check"]):
            found += 1
            left += options["check"] or not drift.is_repairable
            self.stdout.write(str(drift))
        if left:
            raise CommandError(f"{left} of the columns above do not hold what the ledger says.")
        self.stdout.write(f"{found} columns repaired." if found else "Every column holds what the ledger says.")
