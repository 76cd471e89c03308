"""SMTP that knows when a letter was out of its hands: after that, a broken line must not mean a second copy."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class NobodyKnows(Exception):
    """The line broke after the letter was handed over and before the server said whether it took it."""


class _Session(smtplib.SMTP):
    _is_text_out = False

    def send(self, s: Any) -> None:
        """Send a command, which is text, or the letter, which is bytes."""
        self._is_text_out = isinstance(s, bytes)
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the letter over. Raises NobodyKnows when the line broke after it had begun to go out."""
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except OSError as error:
            if not self._is_text_out:
                raise
            raise NobodyKnows(f"{type(error).__name__}: {error}") from error


class _SessionOverTLS(_Session, smtplib.SMTP_SSL):
    """The same on a line that is encrypted from its first byte (`smtp+ssl`)."""


class Backend(smtp.EmailBackend):
    """Django's, but for what it does not tell: whether a letter of a broken line may have arrived."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The session that Django opens."""
        return _SessionOverTLS if self.use_ssl else _Session
