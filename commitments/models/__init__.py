"""The promises: pledges, their kinds, and what residents saw (DESIGN section 3)."""

from commitments.models.agenda import AgendaItem
from commitments.models.mail import MailTurnedOff
from commitments.models.observation import Observation
from commitments.models.pledge import Pledge, PledgeKind, PledgeQuerySet

__all__ = ["AgendaItem", "MailTurnedOff", "Observation", "Pledge", "PledgeKind", "PledgeQuerySet"]
