"""Workers as processes of their own, and what a click sees of a mail server that hangs."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mail import outbox
from mail.line import line
from mail.models import Letter
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import MeetingFactory, PledgeFactory
from tests.mail.conftest import Write
from tests.mail.servers import MailServer, wait_until, worker


def states() -> Counter[str]:
    return outbox.counts()


def test_two_workers_send_each_letter_once(flushable: None, server: MailServer, workers: None, write: Write) -> None:
    letters = [write() for _number in range(24)]
    assert (states(), server.taken) == ({"waiting": 24}, [])
    with worker(server, "--batch") as one, worker(server, "--batch") as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    assert states() == {"sent": 24}
    assert Counter(taken["Message-ID"].split("-")[1] for taken in server.taken) == {
        str(letter.pk): 1 for letter in letters
    }


def test_a_worker_killed_in_the_middle_leaves_a_letter_of_which_nobody_knows(
    flushable: None, server: MailServer, workers: None, write: Write
) -> None:
    letter = write()
    server.holds.set()
    with worker(server) as killed:
        wait_until(server.has_text.is_set)
        killed.kill()
        killed.wait()
    server.holds.clear()
    assert (states(), len(server.taken)) == ({"sending": 1}, 1)  # it was taken, and nobody was there to hear it

    outbox.sweep(timezone.now() + timedelta(minutes=16))
    outbox.sweep(timezone.now() + timedelta(days=2))
    with worker(server, "--batch") as next_one:
        assert next_one.wait(60) == 0
    assert (states(), len(server.taken)) == ({"unclear": 1}, 1)

    outbox.send_again(Letter.objects.filter(pk=letter.pk), now=timezone.now())
    with worker(server, "--batch") as next_one:
        assert next_one.wait(60) == 0
    assert states() == {"sent": 1}
    assert len({taken["Message-ID"] for taken in server.taken}) == 1


def test_a_worker_comes_back_to_what_was_refused(
    flushable: None, server: MailServer, workers: None, write: Write
) -> None:
    server.refuses_text = "451 come back later"
    letter = write()
    with worker(server, "--batch") as first:
        assert first.wait(60) == 0
    letter.refresh_from_db()
    again = DBTaskResult.objects.ready() | DBTaskResult.objects.filter(status="READY")
    assert (letter.state, [task.run_after for task in again]) == ("waiting", [letter.not_before])


def test_a_letter_whose_task_was_lost_gets_another(
    flushable: None, server: MailServer, workers: None, write: Write
) -> None:
    write()
    DBTaskResult.objects.all().delete()
    outbox.sweep(timezone.now() + timedelta(minutes=16))
    with worker(server, "--batch") as process:
        assert process.wait(60) == 0
    assert (states(), len(server.taken)) == ({"sent": 1}, 1)


# Without workers


@pytest.fixture
def in_this_process(settings: Any) -> Iterator[None]:
    """The default: a thread of the process that serves the pages."""
    settings.TASKS_BACKEND = "thread"
    settings.TASKS = {"default": {"BACKEND": "mail.line.InThisProcess"}}
    yield
    line.end()


@pytest.mark.parametrize("tasks", ["in_this_process", "workers"])
def test_a_mail_server_that_hangs_delays_nobodys_click(
    flushable: None, cast: Cast, server: MailServer, request: pytest.FixtureRequest, tasks: str
) -> None:
    request.getfixturevalue(tasks)
    server.holds.set()
    draft = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    PledgeFactory.create(meeting=draft)
    client = signed_in(cast.manager)
    sent = {"version": draft.version, "has_read": "on"}
    response = client.post(reverse("workspace_publish", args=[draft.pk]), sent)
    draft.refresh_from_db()
    assert (response.status_code, draft.state, states()["sent"]) == (302, "published", 0)
    server.holds.clear()
    if tasks == "workers":
        with worker(server, "--batch") as process:
            process.wait(60)
    wait_until(lambda: states() == {"sent": 1})
    assert [taken["To"] for taken in server.taken] == ["official@example.org"]


def test_the_command_waits_for_what_is_being_sent(
    flushable: None, cast: Cast, server: MailServer, in_this_process: None, write: Write
) -> None:
    for _number in range(5):
        write()
    call_command("remind", stdout=StringIO())
    assert states() == {"sent": 5}
    assert len({taken["Message-ID"] for taken in server.taken}) == len(server.taken) == 5
