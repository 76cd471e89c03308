"""`manage.py load_record FILE…`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.record_schema import BadRecord
from commitments.records import load


class Command(BaseCommand):
    """Load records as published meetings; loading one again changes nothing."""

    help = "Publishes meeting records from files of JSON (seeds/SCHEMA.md), all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load them and say what became of each, or every error of every file."""
        try:
            reports = load(options["files"], now=timezone.now())
        except BadRecord as bad:
            raise CommandError(f"Nothing was loaded.\n{bad}") from bad
        for report in reports:
            self.stdout.write(report)
