"""`manage.py load_territories [CSV]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meetings.territories import BadTerritories, load, morocco, read_csv


class Command(BaseCommand):
    """Load the tree of territories; loading it again changes nothing."""

    help = "Loads Morocco's regions, provinces, communes and arrondissements, or those of a CSV of the same shape."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, if it is not Morocco."""
        parser.add_argument(
            "csv", nargs="?", type=Path, help="columns: code, level, parent, name_ar, name_fr, population"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many units were added and changed."""
        try:
            added, changed = load(read_csv(options["csv"]) if options["csv"] else morocco())
        except BadTerritories as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Territories: {added} added, {changed} changed.")
