"""Letters and a real mail server, whole and broken: nothing is lost, nothing is sent twice."""

import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mail.delivery import deliver
from mail.models import Letter
from mail.writing import Item
from tests.mail.conftest import Write, words
from tests.mail.servers import MailServer


def attempt(letter: Letter, **later: float) -> Letter:
    """Try to send it, now or later."""
    deliver(letter.pk, now=timezone.now() + timedelta(**later))
    return Letter.objects.get(pk=letter.pk)


def test_a_letter_arrives_with_its_words_in_both_forms(server: MailServer, write: Write) -> None:
    item = Item("دورية ليلية", "ar", "http://127.0.0.1:8000/inbox/pledges/1/", "أجله اليوم.")
    letter = attempt(write(language="ar", words=words(subject="تعهّد ينتظر جوابكم", items=(item,))))
    (taken,) = server.taken
    text, html = (part.get_content() for part in taken.iter_parts())
    assert letter.state == "sent"
    assert (taken["Subject"], taken["To"]) == ("تعهّد ينتظر جوابكم", "official@example.org")
    assert "دورية ليلية" in text
    assert 'dir="rtl"' in html


@pytest.mark.parametrize("refused", ["refuses_address", "refuses_text"])
def test_what_is_refused_for_now_is_tried_again(server: MailServer, write: Write, refused: str) -> None:
    setattr(server, refused, "451 come back later")
    letter = attempt(write())
    assert (letter.state, "come back later" in letter.last_error) == ("waiting", True)
    setattr(server, refused, "")
    assert attempt(letter).state == "waiting"  # its time has not come
    assert attempt(letter, minutes=2).state == "sent"
    assert len(server.taken) == 1


@pytest.mark.parametrize("refused", ["refuses_address", "refuses_text"])
def test_what_is_refused_for_good_is_given_up(server: MailServer, write: Write, refused: str) -> None:
    setattr(server, refused, "550 no such person")
    letter = attempt(write())
    assert (letter.state, "no such person" in letter.last_error) == ("given_up", True)


def test_when_the_line_breaks_after_the_text_nobody_knows(server: MailServer, write: Write) -> None:
    server.drops = True
    letter = attempt(write())
    assert (letter.state, letter.last_error.split(":")[0]) == ("unclear", "NobodyKnows")
    server.drops = False
    assert attempt(letter, days=9).state == "unclear"
    assert len(server.taken) == 1


def test_when_the_line_breaks_before_the_text_it_is_tried_again(write: Write, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.smtp.Backend"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        hanging_up = threading.Thread(target=hang_up_on_data, args=[server])
        hanging_up.start()
        letter = attempt(write())
        hanging_up.join()
    assert (letter.state, letter.attempts) == ("waiting", 1)


def hang_up_on_data(server: socket.socket) -> None:
    """Speak SMTP until a letter is about to come."""
    line, _address = server.accept()
    with line, line.makefile("rwb") as said:
        said.write(b"220 here\r\n")
        said.flush()
        while not said.readline().upper().startswith(b"DATA"):
            said.write(b"250 well\r\n")
            said.flush()


def test_a_server_that_takes_the_line_and_says_nothing_is_tried_again(write: Write, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "mail.smtp.Backend", 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        letter = attempt(write())
    assert (letter.state, letter.attempts) == ("waiting", 1)


def test_a_copy_of_an_unclear_letter_can_be_told_by_its_number(server: MailServer, write: Write) -> None:
    letter = attempt(write())
    Letter.objects.update(state="waiting", sent_at=None)
    attempt(letter)
    first, second = (taken["Message-ID"] for taken in server.taken)
    assert first == second
