"""A fictional history to try the site with: what never happened, in a region that does not exist."""

from commitments.demo.loading import load
from commitments.demo.people import PASSWORD, SECRET, SIGN_INS

__all__ = ["PASSWORD", "SECRET", "SIGN_INS", "load"]
