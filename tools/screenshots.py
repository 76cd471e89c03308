"""`make screenshots`: every public page in each language, on a phone and a desk, light and dark, into screenshots/.

The pages are those of a site of its own: a database that is thrown away, with the record and the demo in it.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tools import browser
from tools.setup import ROOT, say

FOLDER = ROOT / "screenshots"
LANGUAGES = {"ar": "", "fr": "/fr", "en": "/en"}
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
SECONDS_TO_START = 300

PAGES = {
    "overview": "/",
    "neighbourhoods": "/neighbourhoods/",
    "azrou": "/neighbourhoods/azrou/",
    "meetings": "/meetings/",
    "requests": "/requests/",
    "pledges": "/pledges/",
    "pledges-filtered": "/pledges/?clock=disputed",
    "pledges-mistyped": "/pledges/?kind=nothing&since=tomorrow",
    "organisations": "/organisations/",
    "ledger": "/ledger/",
    "about": "/about/",
}
# Pages with a number or a name of their own: the first that a list links to.
FIRST_OF = {
    "pledge": ("/pledges/?clock=disputed", r"/pledges/\d+/"),
    "pledge-recurring": ("/pledges/?timing=recurring&status=kept", r"/pledges/\d+/"),
    "meeting": ("/meetings/", r"/meetings/\d+/"),
    "neighbourhood": ("/neighbourhoods/", r"/neighbourhoods/[\w-]+/"),
    "agency": ("/organisations/", r"/organisations/[\w-]+/"),
}


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site() -> Iterator[str]:
    """The address of a site that runs until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
        server = subprocess.Popen([sys.executable, "-m", "tools.serve", str(port)], cwd=ROOT, env=env)
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until this address answers; leave with a sentence when it never will."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=10):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.5)
    sys.exit("The site did not start.")


def addresses(base: str) -> dict[str, str]:
    """The pages to photograph, by name."""
    found = dict(PAGES)
    for name, (listing, pattern) in FIRST_OF.items():
        with urlopen(base + listing, timeout=30) as response:  # noqa: S310 - our own server
            if match := re.search(f'href="({pattern})"', response.read().decode()):
                found[name] = match[1]
    return found


def photograph(chromium: Browser, base: str, pages: dict[str, str]) -> int:
    """Take every picture; return how many."""
    taken = 0
    for width, scheme in product(WIDTHS, SCHEMES):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            timezone_id="Africa/Casablanca",
        )
        page = context.new_page()
        for (name, address), (language, prefix) in product(pages.items(), LANGUAGES.items()):
            page.goto(base + prefix + address)
            page.screenshot(path=FOLDER / f"{name}-{language}-{width}-{scheme}.png", full_page=True)
            taken += 1
        context.close()
    return taken


def main() -> None:
    """Start a site, photograph it, stop it."""
    executable = browser.ensure()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with site() as base, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        taken = photograph(chromium, base, addresses(base))
        chromium.close()
    say(f"{taken} pictures are in {FOLDER.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
