"""`manage.py demo_code`."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand

from commitments import demo


class Command(BaseCommand):
    """Say what the authenticator app of the demo's staff would show now."""

    help = "Prints the second factor of the demo's moderator, administrator and auditor; a new one every half minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code alone, to be copied."""
        self.stdout.write(format_hotp_value(hotp_value(demo.SECRET, int(time.time()) // app_settings.TOTP_PERIOD)))
