import pytest
from django.contrib.auth import get_user_model

from ledger.history import open_stream, redact
from ledger.models import Stream
from ledger.sealing import seal
from tests.ledger.saying import NOW, say


@pytest.fixture
def stream(db: None) -> Stream:
    """A stream with nothing in it."""
    return open_stream("pledge/12")


@pytest.fixture
def log(stream: Stream) -> Stream:
    """A small ledger; this is its first stream.

    pledge/12: 1 (text, status, note), 2 (text, place sealed for good), 3 redacts note of 1, 4 (text).
    meeting/3: 1 (text), 2 (text), which still waits for its position.
    Checkpoints of sizes 2, 4 and 5; positions 0 to 4 are pledge/12 1, 2, meeting/3 1, pledge/12 3, 4.
    """
    author = get_user_model().objects.create(email="someone@example.org")
    other = open_stream("meeting/3")
    first = say(stream, {"text": "بدأ الإصلاح", "status": "kept", "note": "a name"}, author=author)
    say(stream, {"text": "on Mondays", "place": "the square"}, sealed={"place": None})
    seal(NOW)
    say(other, {"text": "published"})
    redact(first, fields=["note"], reason="Names a person.", now=NOW)
    seal(NOW)
    say(stream)
    seal(NOW)
    say(other)
    return stream
