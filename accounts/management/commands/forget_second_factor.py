"""`manage.py forget_second_factor EMAIL`."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User


class Command(BaseCommand):
    """Let somebody who lost phone and recovery codes begin anew; whoever holds the server can, staff cannot."""

    help = "Forgets a person's authenticator app, passkeys and recovery codes, and closes nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose it is."""
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget them all: each of them is lost, or would let a finder in."""
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("Nobody signs in with this address.")
        count, _rows = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"{count} forgotten; {user.email} signs in by password or mailed code alone.")
