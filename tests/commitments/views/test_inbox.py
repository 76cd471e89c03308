"""The agency's inbox: what waits, taking note of several at once, and the record of what was answered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from commitments.handover import answer_offer, offer
from commitments.models import Pledge
from commitments.speaking import answer
from ledger.models import Entry
from tests.cast import Cast
from tests.commitments.views.test_agency import INBOX, at, official, pledge, promised, said
from tests.desk import form_in, signed_in
from tests.reading import links, words

__all__ = ["official", "pledge"]
pytestmark = pytest.mark.usefixtures("english")
ACKNOWLEDGE, RECORD = f"{INBOX}acknowledge/", f"{INBOX}record/"


def test_the_inbox_says_why_each_pledge_waits(cast: Cast, official: Client) -> None:
    promised(cast, timing="by_date", due_on=timezone.localdate() - timedelta(days=1), title="lamps")
    done = promised(cast, title="a checkpoint")
    Pledge.objects.filter(pk=done.pk).update(status="acknowledged", wording="agreed")
    promised(cast, title="of others", responsible=cast.other_agency)
    page = words(official.get(INBOX))
    assert "1 pledge, the most urgent first. Its date passed 1 day ago. lamps" in page
    assert "a checkpoint" not in page
    assert "of others" not in page


def test_an_empty_inbox_says_why(official: Client) -> None:
    assert "Nothing waits for you." in words(official.get(INBOX))


def test_a_new_pledge_is_acknowledged_by_one_press(official: Client, pledge: Pledge) -> None:
    sent = form_in(official.get(INBOX), at(pledge, "status/"))
    response: Any = official.post(at(pledge, "status/"), sent, follow=True)
    assert response.redirect_chain == [(INBOX, 302)]
    assert "Your answer is published." in words(response)
    pledge.refresh_from_db()
    assert (pledge.status, said(pledge)) == ("acknowledged", [("status", "district")])
    assert at(pledge, "status/") not in official.get(INBOX).content.decode()


def test_the_parent_acknowledges_with_its_own_voice(cast: Cast, pledge: Pledge) -> None:
    parent = signed_in(cast.headquarters_official)
    parent.post(at(pledge, "status/"), form_in(parent.get(INBOX), at(pledge, "status/")))
    assert said(pledge) == [("status", "headquarters")]


def press(client: Client, pledge: Pledge, hour: str, outcome: str, text: str = "") -> None:
    """One of the buttons of an occurrence of today."""
    sent = form_in(client.get(INBOX), at(pledge, "occurrence/"))
    changes = {"occurrence-window": hour, "occurrence-outcome": outcome, "occurrence-text": text}
    assert client.post(at(pledge, "occurrence/"), sent | changes).status_code == 302


def test_todays_occurrences_are_logged_by_one_press_each(
    cast: Cast, official: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = timezone.localtime().replace(hour=12, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    pledge = promised(
        cast,
        timing="recurring",
        rule="FREQ=DAILY",
        windows=[["08:00", "09:00"], ["12:00", "18:30"], ["20:00", "23:30"]],
        starts_on=date(2019, 1, 9),
    )
    page = words(official.get(INBOX))
    assert "Carried out today, 08:00 Not carried out, 08:00" in page
    assert "Carried out today, 12:00 Not carried out, 12:00" in page
    press(official, pledge, "08:00", "carried_out")
    press(official, pledge, "12:00", "not_carried_out", text="a storm")
    told = Entry.objects.filter(stream=pledge.stream, kind="occurrence", day=timezone.localdate())
    assert [entry.fields for entry in told] == [
        {"outcome": "carried_out", "window": "08:00", "text": ""},
        {"outcome": "not_carried_out", "window": "12:00", "text": "a storm"},
    ]
    assert "Carried out today" not in words(official.get(INBOX))


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_the_database_as_often_for_three_as_for_one(
    cast: Cast, official: Client, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        promised(cast)
        done = promised(cast)
        Pledge.objects.filter(pk=done.pk).update(status="acknowledged", wording="agreed")
    with django_assert_num_queries(24):
        official.get(INBOX)


# Narrowing


def test_the_list_is_narrowed_by_reason_and_by_words(cast: Cast, official: Client) -> None:
    promised(cast, timing="by_date", due_on=timezone.localdate() - timedelta(days=1), title="lamps")
    promised(cast, title="أعمدة ليلية")
    promised(cast, title="a checkpoint")
    page = official.get(INBOX)
    assert links(page)["overdue 1"] == "?why=overdue"
    assert links(page)["new 2"] == "?why=new"
    assert listed(official, "?why=overdue") == ["lamps"]
    assert listed(official, "?q=اعمده") == ["أعمدة ليلية"]
    assert listed(official, "?q=nowhere") == []
    assert "Nothing that waits is like this." in words(official.get(f"{INBOX}?q=nowhere"))
    assert sorted(listed(official, "?why=nonsense&agency=nobody")) == ["a checkpoint", "lamps", "أعمدة ليلية"]


def listed(client: Client, query: str = "") -> list[str]:
    response: Any = client.get(INBOX, QueryDict(query.removeprefix("?")))
    return [row.pledge.title for row in response.context["rows"]]


def test_a_parent_narrows_the_list_to_one_of_its_agencies(cast: Cast) -> None:
    promised(cast, title="of the district")
    promised(cast, title="its own", responsible=cast.headquarters)
    parent = signed_in(cast.headquarters_official)
    assert sorted(listed(parent)) == ["its own", "of the district"]
    assert listed(parent, "?agency=district") == ["of the district"]
    assert "All agencies" in words(parent.get(INBOX))


# Several at once


def test_several_are_acknowledged_by_one_press(cast: Cast, official: Client) -> None:
    pledges = [promised(cast, title=title) for title in ("lamps", "a patrol", "a checkpoint")]
    assert "We have taken note of those ticked" in words(official.get(INBOX))
    ticked = {"chosen": [f"{each.pk}-1" for each in pledges[:2]]}
    response: Any = official.post(ACKNOWLEDGE, ticked, follow=True)
    assert "You have taken note of 2 pledges; it is published." in words(response)
    assert [said(each) for each in pledges] == [[("status", "district")], [("status", "district")], []]


def test_what_somebody_spoke_of_meanwhile_is_not_acknowledged(cast: Cast, official: Client) -> None:
    first, second = promised(cast), promised(cast)
    overtaken: dict[str, Any] = {
        "by": cast.headquarters_official,
        "organisation": cast.headquarters,
        "now": timezone.now(),
    }
    answer(first, status=Pledge.Status.IN_PROGRESS, **overtaken)
    response = official.post(ACKNOWLEDGE, {"chosen": [f"{first.pk}-1", f"{second.pk}-1"]}, follow=True)
    page = words(response)
    assert "You have taken note of 1 pledge; it is published." in page
    assert "1 pledge was left as it is: somebody spoke of it meanwhile." in page
    assert (said(first), said(second)) == ([("status", "headquarters")], [("status", "district")])


def test_what_was_withdrawn_meanwhile_leaves_the_others_acknowledged(cast: Cast, official: Client) -> None:
    withdrawn, other = promised(cast), promised(cast)
    Pledge.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    response = official.post(ACKNOWLEDGE, {"chosen": [f"{withdrawn.pk}-1", f"{other.pk}-1"]}, follow=True)
    assert "1 pledge was left as it is" in words(response)
    assert (said(withdrawn), said(other)) == ([], [("status", "district")])


def test_what_is_offered_to_an_agency_is_not_its_to_report_on(cast: Cast) -> None:
    recurring = promised(cast, timing="recurring", rule="FREQ=DAILY")
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    offer(recurring, to=cast.other_agency, text="theirs", **told)
    assert "Fill in a week" not in words(signed_in(cast.other_official).get(INBOX))


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999-1"], ["1-1; drop"], ["9" * 30 + "-1"]])
def test_ticking_nothing_that_exists_says_so_and_changes_nothing(
    official: Client, pledge: Pledge, chosen: list[str]
) -> None:
    response = official.post(ACKNOWLEDGE, {"chosen": chosen}, follow=True)
    assert ("Tick at least one pledge." in words(response)) or ("was left as it is" in words(response))
    assert said(pledge) == []


def test_nobody_acknowledges_for_another_agency(cast: Cast, pledge: Pledge) -> None:
    for part in (cast.other_official, cast.manager):
        signed_in(part).post(ACKNOWLEDGE, {"chosen": [f"{pledge.pk}-1"]})
    assert signed_in(cast.administrator).post(ACKNOWLEDGE, {"chosen": [f"{pledge.pk}-1"]}).status_code == 403
    assert said(pledge) == []


# Offered


def test_what_is_offered_waits_for_who_was_named_and_comes_back_when_declined(
    cast: Cast, official: Client, pledge: Pledge
) -> None:
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    offer(pledge, to=cast.other_agency, text="they light streets", **told)
    commune = signed_in(cast.other_official)
    page = words(commune.get(INBOX))
    assert "says that you should answer for it. Accept, or decline and say why." in page
    assert "We have taken note" not in page
    answer_offer(
        pledge, is_accepted=False, text="no", by=cast.other_official, organisation=cast.other_agency,
        now=timezone.now(),
    )  # fmt: skip
    assert listed(commune) == []
    assert "Who you named does not take it over" in words(official.get(INBOX))


# The record


def test_the_record_holds_what_was_answered_between_two_days(cast: Cast, official: Client, pledge: Pledge) -> None:
    promised(cast, title="never answered")
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    answer(pledge, status=Pledge.Status.KEPT, text="lit", **told)
    page = words(official.get(RECORD))
    assert "1 pledge on which the last word fell between" in page
    assert "2 pledges wait for your answer." in page
    assert ("a patrol" in page, "never answered" in page) == (True, False)
    earlier = timezone.localdate() - timedelta(days=1)
    assert "Nothing was answered in these days." in words(official.get(f"{RECORD}?until={earlier:%d/%m/%Y}"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=soon", "We cannot read this date."),
        ("since=3/3/2026&until=2/3/2026", "This day is before the first one."),
    ],
)
def test_days_that_cannot_be_read_are_said(official: Client, query: str, sentence: str) -> None:
    response = official.get(f"{RECORD}?{query}")
    assert (response.status_code, sentence in words(response)) == (422, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_asks_the_database_as_often_for_three_as_for_one(
    cast: Cast, official: Client, count: int, django_assert_num_queries: Any
) -> None:
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    for _each in range(count):
        answer(promised(cast), status=Pledge.Status.ACKNOWLEDGED, **told)
    with django_assert_num_queries(29):
        official.get(RECORD)
