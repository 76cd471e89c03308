"""Make .venv and install a lock file into it, unless that has been done: `python -m tools.setup runtime` or `dev`."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"runtime": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}


def say(text: str) -> None:
    """One line of progress, shown at once even when the output is a file."""
    print(text, flush=True)


def is_installed(kind: str) -> bool:
    """Whether .venv works and holds the lock file as it is now."""
    stamp = stamp_of(kind)
    return stamp.is_file() and stamp.read_text() == fingerprint(kind) and works(PYTHON)


def stamp_of(kind: str) -> Path:
    """The file in .venv that remembers which lock was installed."""
    return VENV / f"installed-{kind}"


def fingerprint(kind: str) -> str:
    """What the stamp must say: the lock's hash and where the environment stands, since scripts in it name that path."""
    return hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest() + f" {VENV}\n"


def works(python: Path) -> bool:
    """Whether this interpreter starts; one whose system Python is gone does not."""
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Create .venv, or leave with a sentence when Python came without the parts for it."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python came without its venv module, so no environment can be made."
            " On Debian or Ubuntu: apt-get install python3-venv"
        )
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(f"Could not make the environment in {VENV}:\n{made.stdout}{made.stderr}")


def install(kind: str) -> None:
    """Install the lock by its hashes, and only then set the stamp."""
    length = {"runtime": "about a minute", "dev": "one to three minutes"}[kind]
    say(f"Installing dependencies from {LOCKS[kind].name} ({length}, only the first time) …")
    if not works(PYTHON):
        make_venv()
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(LOCKS[kind])], check=False).returncode:
        sys.exit("The dependencies could not be installed; pip says above why. Is there a network connection?")
    for done in ("runtime", "dev") if kind == "dev" else ("runtime",):
        stamp_of(done).write_text(fingerprint(done))


def ensure(kind: str) -> None:
    """Leave .venv with this lock installed."""
    if not is_installed(kind):
        install(kind)


if __name__ == "__main__":
    ensure(sys.argv[1])
