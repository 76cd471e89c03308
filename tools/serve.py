"""`make run`, second half, in .venv: key, catalogues, database, record, demo; then this process becomes gunicorn."""

import hashlib
import io
import os
import secrets
import subprocess
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from tools import messages
from tools.setup import ROOT, say

VAR = ROOT / "var"
WORKERS, THREADS, SECONDS_TO_FINISH = 2, 4, 10
SECONDS_BETWEEN_SEALS = 600


def keep_secret_key(path: Path) -> str:
    """The key in this file, made on the first run and readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def set_defaults(port: int) -> None:
    """What the environment leaves open: the key and the address."""
    VAR.mkdir(exist_ok=True)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = keep_secret_key(VAR / "secret_key")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def prepare() -> str:
    """Bring the database and the static files up to date; return the demo's sign-ins. Every step may be repeated."""
    say("Bringing the database up to date …")
    call_command("migrate", verbosity=0, interactive=False)
    say("Loading the territories …")
    quietly("load_territories")
    records = sorted(str(path) for path in (ROOT / "seeds").glob("*.json"))
    if records:
        say("Loading the record …")
        quietly("load_record", *records)
    say("Loading the demo …")
    sign_ins = quietly("demo")
    say("Sealing the ledger …")
    quietly("seal")
    collect_static()
    connections.close_all()
    return sign_ins


def collect_static() -> None:
    """Collect and compress the static files, unless that has been done for just these."""
    files = [Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([])]
    facts = sorted(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    now = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.is_file() and stamp.read_text() == now:
        return
    say("Collecting and compressing static files …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def quietly(command: str, *arguments: str) -> str:
    """Run a management command and return what it printed."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().strip()


def gunicorn(port: int) -> list[str]:
    """The server's command line: SIGTERM lets running requests finish, a worker that hangs is replaced."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}"),
        *(f"--workers={WORKERS}", f"--threads={THREADS}", f"--graceful-timeout={SECONDS_TO_FINISH}"),
        *("--no-control-socket", "--log-level=warning"),
    ]


def keep_sealing() -> None:
    """Seal the ledger every ten minutes while the server runs; a deployment has a scheduler for that."""
    command = [sys.executable, str(ROOT / "manage.py"), "seal", "--every", str(SECONDS_BETWEEN_SEALS)]
    subprocess.Popen(command, stdout=subprocess.DEVNULL)


def main(port: int) -> None:
    """Prepare, say where it runs and who can sign in, and become the server."""
    set_defaults(port)
    say("Compiling the message catalogues …")
    messages.compile_catalogues()
    django.setup()
    from mail import outbox  # noqa: PLC0415  # needs the apps

    try:
        sign_ins = prepare()
    except (CommandError, DatabaseError) as error:
        sys.exit(f"It stopped here: {error}")
    if folder := outbox.folder():
        say(f"Without EMAIL_URL, mails are written to {folder}")
    say(f"\n{sign_ins}\n\nIltizam is at http://127.0.0.1:{port}/ (Ctrl-C stops it)")
    keep_sealing()
    command = gunicorn(port)
    os.execve(command[0], command, os.environ)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
