"""`make check`: what can be said about the code without running it. `--fix` repairs what machines can repair."""

import os
import subprocess
import sys
import time

from tools.setup import ROOT, say

PY = [sys.executable, "-m"]
MANAGE = [sys.executable, "-W", "error", "manage.py"]
CHECKS = {
    "lint": [*PY, "ruff", "check", "--output-format=concise", "."],
    "format": [*PY, "ruff", "format", "--check", "."],
    "template lint": [*PY, "djlint", "templates", "--lint", "--quiet"],
    "template format": [*PY, "djlint", "templates", "--check", "--quiet"],
    "types": [*PY, "mypy"],
    "imports": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
FIXES = {
    "lint": [*PY, "ruff", "check", "--fix", "."],
    "format": [*PY, "ruff", "format", "."],
    "template format": [*PY, "djlint", "templates", "--reformat", "--quiet"],
}
# A site as it would be served: https, a key of its own, debugging off.
PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_",
    "SITE_URL": "https://iltizam.example",
    "ALLOWED_HOSTS": "iltizam.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "DEBUG": "off",
}


def holds(name: str, command: list[str]) -> bool:
    """Run one check; what it prints is shown only when it fails."""
    start = time.monotonic()
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    took = f"{time.monotonic() - start:.1f} s"
    say(f"{name:<16} {'ok' if result.returncode == 0 else 'FAILED'}  ({took})")
    if result.returncode:
        say(result.stdout)
    return result.returncode == 0


def main(*, fix: bool) -> int:
    """Run them all, however many fail."""
    results = [holds(name, command) for name, command in (FIXES if fix else CHECKS).items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(fix="--fix" in sys.argv))
