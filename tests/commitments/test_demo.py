"""The fictional history: it shows every state, it is marked, and the real record is none of its business."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import Membership, User
from commitments import demo
from commitments.heatmap import STATES, heatmap
from commitments.kinds import KINDS
from commitments.models import Observation, Pledge
from commitments.progress import moved, unanswered_requests
from commitments.rebuilding import rebuild
from commitments.records import load as load_records
from commitments.speaking import history
from commitments.state import fold
from ledger.models import Entry
from meetings.models import Meeting, Neighbourhood, Organisation
from meetings.territories import load as load_territories
from meetings.territories import morocco
from tools.setup import ROOT

AZROU = ROOT / "seeds" / "azrou-2019-01-09.json"


class Told(NamedTuple):
    """The day on which the demo was loaded, and what the command printed."""

    day: date
    printed: str


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """The real record and the demo, loaded once for this module."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        load_territories(unit for unit in morocco() if "09.273.01.05".startswith(unit.code))
        load_records([AZROU], now=now)
        with override_settings(ALLOWED_HOSTS=["127.0.0.1", "localhost", "[::1]"]):
            printed = said()
        yield Told(timezone.localdate(now), printed)
        transaction.set_rollback(True)


def said(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def loaded(told: Told, db: None) -> date:
    """As `told`; what a test changes is undone after it."""
    return told.day


def fictional() -> Any:
    """The published pledges of the demo."""
    return Pledge.objects.published().filter(meeting__is_fictional=True)


def values(name: str) -> set[str]:
    """The values of a field among them."""
    return set(fictional().values_list(name, flat=True))


def test_the_demo_shows_every_state_that_there_is(loaded: date) -> None:
    assert values("standing") == set(Pledge.Standing.values)
    assert values("status") == set(Pledge.Status.values)
    assert values("wording") == set(Pledge.Wording.values)
    assert values("assessment") == set(Pledge.Assessment.values)
    assert values("timing") == set(Pledge.Timing.values)
    assert values("kind__slug") == {kind[0] for kind in KINDS}
    assert set(Meeting.objects.filter(is_fictional=True).values_list("state", flat=True)) == set(Meeting.State.values)
    assert set(Observation.objects.values_list("state", "was_seen")) >= {
        *(("shown", True), ("shown", False), ("waiting", True), ("waiting", False), ("withheld", False))
    }
    entries = Entry.objects.exclude(stream__meeting__is_fictional=False)
    kinds = {"published", "recorded", "wording", "status", "occurrence", "assessment", "corrected", "withdrawn"}
    assert set(entries.values_list("kind", flat=True)) == {*kinds, "redacted"}
    assert {entry.kind for entry in entries if entry.redacted} == {"status"}
    _check_clocks(loaded)
    _check_calendars(loaded)
    _check_voices()


def _check_clocks(on: date) -> None:
    pledges = fictional()
    counts = [pledges.overdue(on), pledges.silent(on), pledges.long_silent(on), pledges.lapsed(on)]
    assert all(each.exists() for each in counts)
    assert pledges.silent(on).count() > pledges.long_silent(on).count()
    assert pledges.overdue(on).exclude(pk__in=pledges.silent(on)).exists()
    assert pledges.filter(holds_until__gte=on).exists()
    assert pledges.filter(is_vague=True).exists()
    assert pledges.filter(is_place_restricted=True, is_time_restricted=True).exists()
    assert pledges.exclude(pauses=[]).exists()
    assert Pledge.objects.filter(state="withdrawn", meeting__state="published").exists()
    assert unanswered_requests().filter(meeting__is_fictional=True).exists()
    movement = moved(pledges, on)
    assert movement.up
    assert movement.down


def _check_calendars(on: date) -> None:
    states = [fold(history(pledge)) for pledge in fictional()]
    calendars = [heatmap(pledge, state, on=on) for pledge, state in zip(fictional(), states, strict=True)]
    shown = {cell.state for each in calendars if each for week in each.weeks for cell in week}
    assert shown == set(STATES)
    assert any(told.is_late for state in states for told in state.occurrences.values())
    assert any(len({each.verdict for each in state.assessments.values()}) > 1 for state in states)


def _check_voices() -> None:
    entries = Entry.objects.filter(stream__pledge__isnull=False).exclude(kind="recorded")
    parents_word = entries.filter(speaker="demo-prefecture-police", stream__pledge__responsible__slug="demo-district")
    associations = Organisation.objects.associations()
    assert parents_word.exists()
    assert fictional().filter(responsible__in=associations).exists()
    assert {each.number for each in Meeting.objects.get(reference="demo-palms-1").participants.exclude(name="")} == {
        1,
        2,
    }
    assert Meeting.objects.filter(is_fictional=True, follows_up__isnull=False, series__isnull=False).exists()


def test_the_demo_reaches_eighteen_months_back_and_not_into_the_future(loaded: date) -> None:
    published = Meeting.objects.public().filter(is_fictional=True)
    assert published.published().count() == 8
    assert published.filter(held_on__lt=loaded - timedelta(days=500)).exists()
    now = timezone.now()
    told = Entry.objects.exclude(speaker="site", kind__in=["published", "recorded"])
    assert not told.filter(recorded_at__gt=now).exists()
    for pledge in fictional():
        moments = [entry.recorded_at for entry in history(pledge)]
        assert moments == sorted(moments)


def test_all_that_is_fictional_is_marked_and_says_so_in_its_name(loaded: date) -> None:
    organisations = Organisation.objects.filter(slug__startswith="demo-")
    neighbourhoods = Neighbourhood.objects.filter(slug__startswith="demo-")
    for each in (*organisations, *neighbourhoods):
        assert each.is_fictional
        assert ("خيالي" in each.name_ar, "ficti" in each.name_fr, "fictional" in each.name_en) == (True, True, True)
    territories = {each.territory.ancestry[0].code for each in neighbourhoods}
    assert territories == {"99"}
    assert not Meeting.objects.filter(is_fictional=False, neighbourhoods__in=neighbourhoods).exists()
    assert (
        not Meeting.objects.filter(is_fictional=True)
        .exclude(neighbourhoods__is_fictional=True)
        .exclude(neighbourhoods=None)
        .exists()
    )


def test_the_demo_says_nothing_of_the_real_record_and_nobody_of_it_may(loaded: date) -> None:
    azrou = Meeting.objects.get(is_fictional=False)
    assert list(Entry.objects.filter(stream__meeting=azrou).values_list("kind", "speaker")) == [("published", "site")]
    said = Entry.objects.filter(stream__pledge__meeting=azrou).values_list("kind", "speaker")
    assert list(said) == [("recorded", "site")] * 5
    assert not Observation.objects.filter(pledge__meeting=azrou).exists()
    assert not Membership.objects.filter(organisation__is_fictional=False).exists()
    for user in User.objects.all():
        for pledge in azrou.pledges.all():
            assert not user.has_perm("commitments.answer_pledge", pledge)
            assert not user.has_perm("commitments.assess_pledge", pledge)


def test_the_demos_secretary_has_a_draft_that_is_ready_and_one_just_begun(loaded: date) -> None:
    drafts = Meeting.objects.drafts().filter(logged_by__slug="demo-palms", created_by__email="secretary@demo.example")
    assert sorted(each.held_on is None for each in drafts) == [False, True]


def test_every_column_holds_what_the_ledger_says_of_the_demo_and_the_real_record(loaded: date) -> None:
    assert list(rebuild(repair=False)) == []


def test_loading_the_demo_again_changes_nothing(loaded: date) -> None:
    def everything() -> list[Any]:
        models = (User, Membership, Organisation, Neighbourhood, Meeting, Pledge, Observation, Entry)
        return [list(model._default_manager.order_by("pk").values()) for model in models]

    User.objects.filter(email="official@demo.example").update(password="changed")
    before = everything()
    assert not demo.load(now=timezone.now() + timedelta(days=40))
    assert everything() == before


def test_the_demos_staff_signs_in_with_the_code_that_a_command_prints(loaded: date) -> None:
    out, client = StringIO(), Client(SERVER_NAME="localhost")
    client.post("/accounts/login/", {"login": "moderator@demo.example", "password": demo.PASSWORD})
    call_command("demo_code", stdout=out)
    client.post("/accounts/2fa/authenticate/", {"code": out.getvalue().strip()})
    assert client.get("/moderation/").status_code == 200


def test_the_command_prints_the_sign_ins_every_time(told: Told, loaded: date, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    second = said()
    assert told.printed.splitlines()[0] == "The demo was loaded."
    assert second.splitlines()[0] == "The demo is there already; nothing was changed."
    assert told.printed.splitlines()[1:] == second.splitlines()[1:]
    for each in demo.SIGN_INS:
        assert each.email in second
        assert Client().login(email=each.email, password=demo.PASSWORD)
    assert demo.PASSWORD in second
    settings.SITE_URL = "https://iltizam.example"
    assert said("--force") == second
