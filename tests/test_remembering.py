"""What is put back is what the models had made, and each test may do with it what it likes."""

import pytest
from django.db import transaction

from ledger.verifying import verify
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import published_meeting
from tests.remembering import contents, remembered


def test_what_is_put_back_is_row_for_row_what_was_made(cast: Cast) -> None:
    @remembered
    def recorded() -> Meeting:
        return published_meeting(
            host=cast.agency,
            logged_by=cast.association,
            by=cast.manager,
            pledges=[{"windows": [["08:00", "09:00"]], "timing": "recurring", "translations": {"fr": {"title": "x"}}}],
        )

    with transaction.atomic():
        made, rows = recorded(), contents()
        transaction.set_rollback(True)
    made.title = "changed by the first"
    with transaction.atomic():
        again = recorded()
        assert contents() == rows
        assert (again == made, again.title == made.title) == (True, False)
        assert list(verify()) == []
        transaction.set_rollback(True)
    assert not Meeting.objects.exists()


def test_what_changes_rows_that_were_there_cannot_be_remembered(cast: Cast) -> None:
    @remembered
    def renamed() -> None:
        cast.agency.name_fr = "another"
        cast.agency.save()

    with pytest.raises(AssertionError, match="meetings_organisation was changed"):
        renamed()
