"""`make test`: every part runs, whatever failed before it, and the last one ends with pytest's summary."""

import os
import subprocess
import sys
import time

from tools import browser
from tools.setup import ROOT, say

PY = sys.executable
WORKERS = f"--numprocesses={os.environ.get('TEST_WORKERS', 'auto')}"
SUITE = [PY, "-m", "pytest", WORKERS, "-q", "-m", "not browser"]
PARTS = {
    "Checks": [PY, "-m", "tools.check"],
    "The suite on SQLite": SUITE,
    "The suite on PostgreSQL": [PY, "tests/postgres.py", "--", *SUITE],
    "The stories in Chromium": [PY, "-m", "pytest", WORKERS, "-q", "-m", "browser"],
}


def passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one part with its output streamed."""
    say(f"\n=== {name} ===")
    start = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        say(f"=== {name}: failed after {time.monotonic() - start:.0f} s ===")
    return result.returncode == 0


def main() -> int:
    """Run all parts; name those that failed, if any."""
    chromium = browser.ensure()
    # The suite is the same wherever it runs: no setting of this machine takes part.
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"CHROMIUM": chromium}
    failed = [name for name, command in PARTS.items() if not passes(name, command, env)]
    if failed:
        say(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
