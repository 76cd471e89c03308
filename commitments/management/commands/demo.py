"""`manage.py demo`."""

import ipaddress
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments import demo


class Command(BaseCommand):
    """Add a fictional history and people to sign in as; what is there already stays."""

    help = "Adds a fictional history, marked as such, and prints the sign-ins by which every role can be tried."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do so where others can sign in."""
        parser.add_argument("--force", action="store_true", help="even where the site can be reached by others")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say who can sign in."""
        if not options["force"] and (hosts := public_hosts()):
            raise CommandError(
                f"This site answers to {', '.join(hosts)}, and the demo's password is public: whoever knows it could"
                " sign in. Run the demo on 127.0.0.1, or add --force."
            )
        is_new = demo.load(now=timezone.now())
        self.stdout.write("The demo was loaded." if is_new else "The demo is there already; nothing was changed.")
        self.stdout.write(f"Sign in with the password {demo.PASSWORD} as:")
        width = max(len(each.email) for each in demo.SIGN_INS)
        for each in demo.SIGN_INS:
            self.stdout.write(f"  {each.email:<{width}}  {each.part}")
        self.stdout.write("Moderator, administrator and auditor need a code too: `python manage.py demo_code` says it.")


def public_hosts() -> list[str]:
    """The hosts under which others could reach this site."""
    hosts = [*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""]
    return [host for host in dict.fromkeys(hosts) if not is_loopback(host)]


def is_loopback(host: str) -> bool:
    """Whether the name leads to this machine alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
