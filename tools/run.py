"""`make run`, first half, by any Python: refuse early what cannot work, install what is missing, start tools.serve."""

import errno
import os
import socket
import sys

from tools import setup


def chosen_port() -> int:
    """PORT from the environment, 8000 without one."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT must be a number from 1 to 65535, and is {text!r}.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Leave with a sentence when nobody could listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(
                    f"Port {port} is taken: something else answers there, perhaps an earlier `make run`."
                    f" Stop it, or choose another port: make run PORT={port + 1 if port < 65535 else 8000}"
                )
            sys.exit(f"Port {port} cannot be used: {error.strerror}. Choose another port: make run PORT=8000")


def main() -> None:
    """Everything up to the moment at which the project's own libraries are there."""
    port = chosen_port()
    refuse_taken(port)
    setup.ensure("runtime")
    os.chdir(setup.ROOT)
    os.execve(setup.PYTHON, [str(setup.PYTHON), "-m", "tools.serve", str(port)], os.environ)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
