"""Write the lock files from pyproject.toml: exact versions with hashes, and nothing of the machine that made them."""

import os
import subprocess
import sys

from tools.setup import ROOT


def main() -> int:
    """Compile both lock files; the second is held to the versions of the first."""
    # Only the public index decides: a mirror or a folder of wheels on this machine must not leave its hashes behind.
    env = {name: value for name, value in os.environ.items() if name not in LOCAL_SOURCES}
    env |= {"PIP_CONFIG_FILE": os.devnull, "CUSTOM_COMPILE_COMMAND": "make lock"}
    compile_ = [sys.executable, "-m", "piptools", "compile", "--quiet", "pyproject.toml", *sys.argv[1:]]
    for extra in (["--output-file=requirements.txt"], DEV):
        subprocess.run([*compile_, *extra], cwd=ROOT, env=env, check=True)
    return 0


LOCAL_SOURCES = {"PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_CONSTRAINT"}
DEV = ["--extra=dev", "--constraint=requirements.txt", "--output-file=requirements-dev.txt"]

if __name__ == "__main__":
    sys.exit(main())
