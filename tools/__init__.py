"""What the Makefile runs: Python of the standard library, so that it works before anything is installed."""
