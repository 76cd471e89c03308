"""A row of the draft told back: in words, with its days, what is open and what could show it; nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from commitments.forms.told import QUESTIONS
from commitments.kinds import KINDS, SIGNS
from commitments.models import Pledge, PledgeKind
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import MeetingFactory, PledgeFactory
from tests.reading import words

ADDRESS = "/en/workspace/pledge-in-words/"


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


def asked(client: Client, number: int = 0, **fields: Any) -> Any:
    """What the row says with these fields."""
    sent = {f"pledges-{number}-{name}": value for name, value in fields.items() if name not in {"held_on", "language"}}
    shared = {name: fields[name] for name in ("held_on", "language") if name in fields}
    return client.post(ADDRESS, {"timing": "x"} | sent | shared, headers={"HX-Trigger": f"pledges-{number}-in-words"})


def test_a_rule_is_told_with_its_next_and_last_days(secretary: Client) -> None:
    today = timezone.localdate()
    page = words(
        asked(
            secretary, number=7, timing="recurring", repeats="daily", opens_1="08:00", closes_1="09:00",
            starts_on=f"{today - timedelta(days=2):%d/%m/%Y}", ends_on=f"{today + timedelta(days=3):%d/%m/%Y}",
        )
    )  # fmt: skip
    assert "Understood: Every day · from 08:00 to 09:00" in page
    assert "6 occurrences in all until the last day." in page
    coming, past = page.split("Next days:")[1].split("Last days:")
    assert (coming.count("·"), past.split("6 occ")[0].count("·")) == (3, 1)


def test_only_the_row_that_asks_is_read(secretary: Client) -> None:
    sent = {"pledges-0-timing": "recurring", "pledges-0-repeats": "daily"}
    sent |= {"pledges-1-timing": "recurring", "pledges-1-repeats": "monthly_last"}
    response = secretary.post(ADDRESS, sent | {"held_on": "1/11/2026"}, headers={"HX-Trigger": "pledges-1-in-words"})
    assert "The last day of each month" in words(response)
    assert "Every day" not in words(response)


def test_what_is_wrong_is_told_at_once(secretary: Client) -> None:
    page = words(asked(secretary, timing="recurring", repeats="weekly"))
    assert "Tick at least one day." in page
    assert "Understood" not in page


def test_what_is_open_shrinks_as_it_is_filled_in(cast: Cast, secretary: Client) -> None:
    given: dict[str, Any] = {
        "responsible": "1",
        "said_by": "1",
        "title": "lamps",
        "place": "here",
        "timing": "ongoing",
        "sign": "lit",
    }
    opened = dict(zip(QUESTIONS, given, strict=False))
    for question, field in opened.items():
        page = words(asked(secretary, **given | {field: "not_stated" if field == "timing" else ""}))
        with override("en"):
            assert f"Still open: {QUESTIONS[question]}." in page, question
    assert "Still open" not in words(asked(secretary, **given))
    assert "too vague to measure" in words(asked(secretary, **given | {"timing": "not_stated", "sign": ""}))


def test_signs_are_proposed_for_each_kind_in_the_language_of_the_record(secretary: Client) -> None:
    assert set(SIGNS) == {slug for slug, *_names in KINDS}
    kind = PledgeKind.objects.get(slug="lighting")
    page = asked(secretary, timing="ongoing", kind=kind.pk, language="fr")
    assert page.content.decode().count("data-sign=") == 2
    assert "Les lampadaires des rues citées sont allumés la nuit." in words(page)
    assert "data-sign" not in asked(secretary, timing="ongoing", kind=kind.pk, sign="lit").content.decode()
    own = PledgeKind.objects.create(slug="own", name_ar="x", name_fr="x", name_en="x")
    assert asked(secretary, timing="ongoing", kind=own.pk).content.decode().count("data-sign=") == 1


@pytest.mark.parametrize("row", ["", "abc", "99999999999", "9" * 9])
def test_a_forged_row_is_told_as_a_new_one(secretary: Client, row: str) -> None:
    assert "Every day" in words(asked(secretary, timing="recurring", repeats="daily", row=row))


def test_the_rule_of_another_association_is_not_given_away(cast: Cast, secretary: Client) -> None:
    theirs = PledgeFactory.create(
        meeting=MeetingFactory.create(logged_by=cast.other_association),
        timing="recurring",
        rule="FREQ=DAILY;INTERVAL=3",
    )
    assert "Every 3 days" not in words(asked(secretary, timing="recurring", repeats="kept", row=theirs.pk))
    own = PledgeFactory.create(
        meeting=MeetingFactory.create(logged_by=cast.association), timing="recurring", rule="FREQ=DAILY;INTERVAL=3"
    )
    assert "Every 3 days" in words(asked(secretary, timing="recurring", repeats="kept", row=own.pk))
    assert Pledge.objects.get(pk=own.pk).rule == "FREQ=DAILY;INTERVAL=3"


def test_a_far_last_day_is_told_without_counting_to_it(secretary: Client) -> None:
    page = words(asked(secretary, timing="recurring", repeats="daily", starts_on="1/1/2026", ends_on="31/12/9998"))
    assert "Next days:" in page
    assert "in all" not in page
