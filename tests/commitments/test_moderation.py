"""Taking words away: they go everywhere, that they went stays, and everything else still holds."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.correcting import correct_pledge
from commitments.models import Pledge
from commitments.moderation import redact, redactable_fields
from commitments.publishing import publish
from commitments.speaking import answer
from ledger.models import Entry
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
    published_meeting,
)

pytestmark = pytest.mark.usefixtures("english")
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
SECRET = "the name of a suspect"


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    told = {"title": SECRET, "details": "more", "responsible": cast.agency}
    meeting = published_meeting(host=cast.agency, logged_by=cast.association, by=cast.manager, pledges=[told])
    return meeting.pledges.get()


def entry(subject: Pledge | Meeting, number: int = 1) -> Entry:
    return Entry.objects.get(stream=subject.stream, number=number)


def is_written_anywhere(words: str) -> bool:
    """Whether any column of the record or of the ledger still holds the words."""
    columns = [
        *Entry.objects.values_list("content", flat=True),
        *Entry.objects.values_list("header", flat=True),
        *(str(row) for row in Pledge.objects.values_list()),
        *(str(row) for row in Meeting.objects.values_list()),
    ]
    return any(words in column for column in columns)


def test_words_go_from_the_entry_the_record_and_the_search(cast: Cast, pledge: Pledge) -> None:
    redact(entry(pledge), fields=["title"], reason="names a suspect", by=cast.moderator, now=NOW)
    pledge.refresh_from_db()
    assert (pledge.title, pledge.details, is_written_anywhere(SECRET)) == ("", "more", False)
    assert not Pledge.objects.matching("suspect").exists()
    assert entry(pledge).redacted == {"title"}


def test_who_did_it_and_why_stays(cast: Cast, pledge: Pledge) -> None:
    redaction = redact(entry(pledge), fields=["title"], reason="names a suspect", by=cast.moderator, now=NOW)
    assert (redaction.speaker, redaction.fields, redaction.redacts, redaction.author) == (
        "site",
        {"reason": "names a suspect"},
        (1, ["title"]),
        cast.moderator,
    )


def test_a_status_stays_when_its_words_go(cast: Cast, pledge: Pledge) -> None:
    kept = Pledge.Status.KEPT
    answer(pledge, status=kept, by=cast.official, organisation=cast.agency, text=SECRET, now=NOW)
    redact(entry(pledge, 2), fields=["text"], reason="names a suspect", by=cast.moderator, now=NOW)
    pledge.refresh_from_db()
    assert (pledge.status, entry(pledge, 2).fields) == (kept, {"status": "kept"})


def test_a_corrected_word_goes_from_both_sides_of_the_correction(cast: Cast, pledge: Pledge) -> None:
    changes = {"title": "somebody"}
    correct_pledge(pledge, changes=changes, reason="it named someone", by=cast.manager, now=NOW)
    assert set(redactable_fields(entry(pledge, 2))) == {"old_title", "new_title", "reason"}
    redact(entry(pledge, 1), fields=["title"], reason="why", by=cast.moderator, now=NOW)
    redact(entry(pledge, 2), fields=["old_title"], reason="why", by=cast.moderator, now=NOW)
    pledge.refresh_from_db()
    assert (pledge.title, is_written_anywhere(SECRET)) == ("somebody", False)


def test_a_participant_a_concern_and_a_source_are_emptied(cast: Cast) -> None:
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association)
    ParticipantFactory.create(meeting=meeting, name=SECRET, naming="agreed")
    ConcernFactory.create(meeting=meeting, text=SECRET)
    SourceFactory.create(meeting=meeting, title=SECRET)
    PledgeFactory.create(meeting=meeting)
    publish(meeting, by=cast.manager, now=NOW)
    parts = ["participant_1", "concern_1", "source_1"]
    redact(entry(meeting), fields=parts, reason="why", by=cast.moderator, now=NOW)
    participant, concern, source = meeting.participants.get(), meeting.concerns.get(), meeting.sources.get()
    assert (participant.name, concern.text, source.title) == ("", "", "")
    assert (participant.is_redacted, concern.is_redacted, source.is_redacted) == (True, True, True)
    assert not is_written_anywhere(SECRET)


def test_facts_that_the_state_rests_on_are_not_words(cast: Cast, pledge: Pledge) -> None:
    assert set(redactable_fields(entry(pledge))) == {"title", "details"}
    with pytest.raises(ValidationError):
        redact(entry(pledge), fields=["responsible"], reason="why", by=cast.moderator, now=NOW)


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        (["title"], " ", "reason"),
        ([], "why", "fields"),
        (["nothing"], "why", "fields"),
        (["title"], "\u202e", "reason"),
    ],
)
def test_a_redaction_names_words_and_a_reason(
    cast: Cast, pledge: Pledge, fields: list[str], reason: str, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        redact(entry(pledge), fields=fields, reason=reason, by=cast.moderator, now=NOW)
    assert list(caught.value.message_dict) == [field]
    assert is_written_anywhere(SECRET)


def test_words_are_taken_away_once(cast: Cast, pledge: Pledge) -> None:
    redact(entry(pledge), fields=["title"], reason="why", by=cast.moderator, now=NOW)
    with pytest.raises(ValidationError):
        redact(entry(pledge), fields=["title"], reason="why", by=cast.moderator, now=NOW)


def test_only_moderators_take_words_away(cast: Cast, pledge: Pledge) -> None:
    for stranger in (cast.administrator, cast.auditor, cast.manager, cast.official, cast.stranger):
        with pytest.raises(PermissionDenied):
            redact(entry(pledge), fields=["title"], reason="why", by=stranger, now=NOW)
    assert is_written_anywhere(SECRET)
