"""The page that explains the others."""

import pytest
from django.test import Client
from django.utils import translation

from commitments.models import Pledge
from tests.reading import links, words

HERE = "/en/about/"


def test_it_says_plainly_when_nobody_has_said_who_runs_the_site(client: Client, db: None) -> None:
    page = words(client.get(HERE))
    assert "Whoever installed this site has not said yet who runs it." in page
    assert "No address has been given at which they can be reached." in page


def test_it_names_who_runs_the_site_and_how_to_reach_them(
    client: Client, db: None, settings: pytest.FixtureRequest
) -> None:
    settings.OPERATOR_NAME, settings.OPERATOR_CONTACT = "جمعية", "bureau@example.org"  # type: ignore[attr-defined]
    page = words(client.get(HERE))
    assert "This site is run by جمعية." in page
    assert "To reach them: bureau@example.org" in page


@pytest.mark.parametrize("axis", [Pledge.Status, Pledge.Wording, Pledge.Assessment, Pledge.Standing])
def test_every_word_that_a_page_may_show_is_explained(client: Client, db: None, axis: type[Pledge.Status]) -> None:
    page = words(client.get(HERE))
    with translation.override("en"):
        assert [str(value.label) for value in axis if str(value.label) not in page] == []


def test_it_says_what_a_clock_is_and_that_a_silence_breaks_no_law(client: Client, db: None) -> None:
    page = words(client.get(HERE))
    assert "said nothing of the pledge for 20 working days. After 60 working days" in page
    assert "A silence here breaks no law" in page
    assert "run from a formal request to the agency" in page


def test_it_says_that_the_clock_of_silence_starts_with_the_publication_here(client: Client, db: None) -> None:
    page = words(client.get(HERE))
    assert "This clock starts on the day on which the pledge is published here, or on which the agency last" in page


def test_it_credits_the_source_of_the_territories_and_leads_to_the_ledger(client: Client, db: None) -> None:
    page = client.get(HERE)
    assert "Haut-Commissariat au Plan of Morocco, under the licence CC BY 4.0." in words(page)
    assert links(page)["How to check the ledger"] == "/en/ledger/"
