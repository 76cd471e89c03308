"""A real mail server on loopback, to send to and to break, and workers as processes of their own."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connection

from tools.setup import ROOT

SECONDS = 30


class MailServer:
    """Takes every letter, unless it is told to refuse, to hold on to it, or to break the line."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses_address = self.refuses_text = ""
        self.drops = False
        self.holds = threading.Event()
        self.has_text = threading.Event()
        self.port = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Whether mail for this address is taken."""
        if self.refuses_address:
            return self.refuses_address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """What is done with a letter that has come in whole."""
        if self.refuses_text:
            return self.refuses_text
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(message)
        self.has_text.set()
        while self.holds.is_set():
            await asyncio.sleep(0.01)
        if self.drops:
            server.transport.abort()
            return "451 nobody hears this"
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextlib.contextmanager
def listening() -> Iterator[MailServer]:
    """A server for the length of the block."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        server.holds.clear()
        controller.stop()


@contextlib.contextmanager
def worker(server: MailServer, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py db_worker` on the suite's database, sending to this server; killed at the end of the block."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": server.url,
        "TASKS_BACKEND": "database",
    }
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval=0.05", "--no-reload"]
    process = subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment, stderr=subprocess.PIPE)  # noqa: S603  # our own
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def database_url() -> str:
    """Where the suite's database is, for another process."""
    its: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    return f"postgresql://{its['USER']}@/{its['NAME']}?host={its['OPTIONS'].get('host') or its['HOST']}"


def wait_until(holds: Callable[[], bool]) -> None:
    """Return as soon as something holds; fail when it does not come to that."""
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
