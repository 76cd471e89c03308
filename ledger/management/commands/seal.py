"""manage.py seal: extend the public log by what was said since the last checkpoint."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from ledger.sealing import seal


class Command(BaseCommand):
    help = "Give new entries of the ledger their positions and seal them by a checkpoint. Run it every ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often, where no scheduler does it."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on sealing until the process that started this one ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and print the checkpoint; again and again where it was asked for."""
        parent = os.getppid()
        self._seal()
        while options["every"] and self._waited(options["every"], parent):
            try:
                self._seal()
            except DatabaseError as error:  # the database may be back next time
                self.stderr.write(str(error))
            finally:
                connection.close()

    def _seal(self) -> None:
        checkpoint = seal(timezone.now())
        if checkpoint is None:
            self.stdout.write("Nothing was said since the last checkpoint.")
        else:
            self.stdout.write(checkpoint.text, ending="")

    def _waited(self, seconds: int, parent: int) -> bool:
        """Whether the time has passed and whoever started this is still there."""
        for _second in range(seconds):
            if os.getppid() != parent:
                return False
            time.sleep(1)
        return os.getppid() == parent
