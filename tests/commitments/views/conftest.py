"""What several faces are tried with."""

import pytest

from meetings.models import Meeting
from tests.cast import Cast
from tests.following import published_earlier
from tests.remembering import remembered


@pytest.fixture
@remembered
def earlier(cast: Cast) -> Meeting:
    """A published meeting whose pledges the next one speaks of."""
    return published_earlier(cast)
