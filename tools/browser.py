"""A Chromium for the stories: one that is installed, or one that this installs. `python -m tools.browser` tells it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.setup import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium's sandbox refuses root, and the stories visit no site but ours.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
ADVICE = (
    "No Chromium was found, and none could be installed. Install one (on Debian or Ubuntu: apt-get install chromium),"
    " or name one: CHROMIUM=/path/to/chromium make test"
)


def candidates() -> Iterator[str]:
    """Where a Chromium may be: named by CHROMIUM, on PATH, or Playwright's own download."""
    if os.environ.get("CHROMIUM"):
        yield os.environ["CHROMIUM"]
    yield from filter(None, map(shutil.which, NAMES))
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    if Path(answer.stdout.strip()).is_file():
        yield answer.stdout.strip()


def starts(path: str) -> bool:
    """Whether this program opens a page; a download without its libraries does not."""
    command = [path, "--headless", *FLAGS, "--dump-dom", "about:blank"]
    try:
        result = subprocess.run(command, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0 and b"<html" in result.stdout


def find() -> str | None:
    """The first that starts."""
    return next(filter(starts, candidates()), None)


def ways_to_install() -> Iterator[list[list[str]]]:
    """Playwright's build, with its libraries where that is allowed; else the distribution's package."""
    can_install = os.geteuid() == 0 and shutil.which("apt-get")
    playwright = [sys.executable, "-m", "playwright", "install"]
    yield [[*playwright, "--with-deps", "chromium"] if can_install else [*playwright, "chromium"]]
    if can_install:
        yield [["apt-get", "update", "-q"], ["apt-get", "install", "-yq", "--no-install-recommends", "chromium"]]


def ensure() -> str:
    """A Chromium that starts. Leaves with a sentence when there is none to be had: the stories are never skipped."""
    found = find()
    if found:
        return found
    say("Installing Chromium for the browser tests (a few minutes, only the first time) …")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for commands in ways_to_install():
        for command in commands:
            if subprocess.run(command, env=env, stdin=subprocess.DEVNULL, check=False).returncode:
                break
        found = find()
        if found:
            return found
    sys.exit(ADVICE)


if __name__ == "__main__":
    print(ensure())
