"""The outbox: each thing is said once, and no text becomes a header."""

import re
import unicodedata
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mail import outbox
from mail.delivery import BACKOFF, deliver
from mail.models import Letter, Said
from mail.writing import END, ISOLATE, Item, isolated, one_line, written
from tests.at_once import at_once
from tests.mail.conftest import Write, words

# What people may type, and what would end a line somewhere: in mail, in Python, in a browser.
TYPED = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u200f\u061c\u202e:")
    ),
    max_size=300,
)


def only_letter() -> Letter:
    return Letter.objects.get()


def test_what_was_said_once_is_not_said_again(write: Write) -> None:
    first = write(keys=["overdue/1/1", "overdue/1/2"])
    told: dict[str, Any] = {"to": "a@example.org", "language": "fr", "words": words(), "now": timezone.now()}
    again = outbox.queue(keys=["overdue/1/2", "overdue/1/3"], **told)

    assert again is None
    assert [letter.pk for letter in Letter.objects.all()] == [first.pk]
    assert outbox.said(["overdue/1/1", "overdue/1/2", "overdue/1/3"]) == {"overdue/1/1", "overdue/1/2"}


def test_of_many_who_say_the_same_at_once_one_does(flushable: None, settings: Any) -> None:
    def put(_index: int) -> bool:
        letter = outbox.queue(keys=["same"], to="a@example.org", language="ar", words=words(), now=timezone.now())
        return letter is not None

    assert sorted(at_once(5, put)) == [False] * 4 + [True]
    assert (Letter.objects.count(), Said.objects.count(), len(mail.outbox)) == (1, 1, 1)


def test_of_many_who_send_the_same_letter_at_once_one_does(flushable: None, write: Write) -> None:
    later = timezone.now() + timedelta(minutes=2)
    letter = write(now=later)
    at_once(8, lambda _index: deliver(letter.pk, now=later))
    assert len(mail.outbox) == 1


def test_a_letter_leaves_with_what_it_tells_and_not_when_that_is_undone(flushable: None, write: Write) -> None:
    with transaction.atomic():
        write(keys=["undone"])
        transaction.set_rollback(True)
    assert (Letter.objects.count(), mail.outbox) == (0, [])
    with transaction.atomic():
        write(keys=["done"])
        assert mail.outbox == []
    assert [message.to for message in mail.outbox] == [["official@example.org"]]
    assert only_letter().state == "sent"


def test_nobody_is_written_to_while_the_outbox_is_closed(db: None) -> None:
    with outbox.closed():
        assert outbox.queue(keys=["a"], to="a@example.org", language="ar", words=words(), now=timezone.now()) is None
    assert outbox.said(["a"]) == set()


@pytest.mark.parametrize(("backend", "is_written"), [("mail.smtp.Backend", False), ("filebased", True)])
def test_the_demos_people_are_written_to_in_files_and_by_no_mail_server(
    db: None, settings: Any, backend: str, is_written: bool
) -> None:
    settings.EMAIL_BACKEND = backend
    letter = outbox.queue(keys=["a"], to="official@demo.example", language="ar", words=words(), now=timezone.now())
    assert (letter is not None) == is_written


# Headers


def parsed(letter: Letter) -> Any:
    """The letter as it travels, read again."""
    deliver(letter.pk, now=timezone.now())
    return message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)


HEADERS = "auto-submitted content-language content-type date from message-id mime-version subject to"


@given(TYPED)
def test_no_title_ends_a_line(typed: str) -> None:
    line = one_line(f"x{typed}")
    assert len(line) <= 200
    assert len(line.splitlines()) == 1
    assert not {unicodedata.category(each) for each in line} & {"Cc", "Cs", "Zl", "Zp"}


@given(subject=TYPED, name=TYPED)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_title_and_no_name_becomes_a_header(write: Write, subject: str, name: str) -> None:
    message = parsed(write(words=words(subject=f"Pledge: {isolated(subject)} {name}", why=isolated(name))))
    assert " ".join(sorted(each.lower() for each in message)) == HEADERS
    assert message["To"] == "official@example.org"
    assert message["From"] == "iltizam@localhost"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
def test_a_header_in_a_title_stays_in_the_subject(write: Write, break_: str) -> None:
    message = parsed(write(words=words(subject=f"Patrol{break_}Bcc: everybody@example.org")))
    assert message["Subject"] == "Patrol Bcc: everybody@example.org"
    assert message["Bcc"] is None


def test_a_header_in_an_address_is_sent_to_nobody(write: Write) -> None:
    letter = write(to="a@example.org\nBcc: b@example.org")
    deliver(letter.pk, now=timezone.now())
    letter.refresh_from_db()
    assert (letter.state, mail.outbox) == ("given_up", [])
    assert letter.last_error.startswith("BadHeaderError")


def test_the_database_takes_no_subject_of_two_lines(write: Write) -> None:
    letter = write()
    with pytest.raises(IntegrityError, match="letter_subject_is_one_line"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(subject="one\ntwo")


# Text and HTML


def test_titles_are_kept_apart_from_the_sentence_around_them() -> None:
    item = Item("دورية <b>ليلية</b> & more", "ar", "http://127.0.0.1:8000/pledges/1/", "It is due today.")
    text, html = written(words(items=(item,)), "ar")
    assert f"* {ISOLATE}دورية <b>ليلية</b> & more{END}\n  It is due today.\n  http://127.0.0.1:8000/pledges/1/" in text
    assert "دورية &lt;b&gt;ليلية&lt;/b&gt; &amp; more</bdi>" in html
    assert re.search(r'<bdi lang="ar"\s+dir="auto">', html)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_html_runs_in_the_direction_of_its_language(language: str, direction: str) -> None:
    _text, html = written(words(), language)
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert f'<body dir="{direction}"' in html


def test_a_letter_holds_both_and_says_that_a_machine_wrote_it(write: Write) -> None:
    message = parsed(write())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "en")


# Trying again


def test_after_four_days_of_failures_a_letter_is_given_up_and_can_be_sent_again(write: Write, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT, settings.EMAIL_HOST = "mail.smtp.Backend", 1, "127.0.0.1"
    letter = write()
    now, pauses = timezone.now(), []
    while (next_at := deliver(letter.pk, now=now)) is not None:
        assert deliver(letter.pk, now=next_at - timedelta(seconds=1)) is None
        pauses.append(next_at - now)
        now = next_at
    letter.refresh_from_db()
    assert pauses == BACKOFF
    assert (letter.state, letter.attempts) == ("given_up", len(BACKOFF) + 1)
    assert letter.last_error.startswith("ConnectionRefusedError")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send_again(Letter.objects.all(), now=now) == 1
    deliver(letter.pk, now=now)
    assert (only_letter().state, len(mail.outbox)) == ("sent", 1)


def test_a_sweep_sends_what_was_left_behind(write: Write) -> None:
    write()
    outbox.sweep(timezone.now())
    assert (only_letter().state, len(mail.outbox)) == ("sent", 1)


def test_a_sweep_leaves_a_broken_server_alone_after_three_failures(write: Write, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT, settings.EMAIL_HOST = "mail.smtp.Backend", 1, "127.0.0.1"
    for _number in range(5):
        write()
    outbox.sweep(timezone.now())
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1, 1]
    assert outbox.counts() == {"waiting": 5}


def test_a_letter_that_was_lost_while_it_was_sent_is_never_sent_by_itself(write: Write) -> None:
    letter, now = write(), timezone.now()
    Letter.objects.update(state="sending", started_at=now, attempts=1)
    outbox.sweep(now + timedelta(minutes=14))
    assert only_letter().state == "sending"
    outbox.sweep(now + timedelta(minutes=16))
    outbox.sweep(now + timedelta(days=9))
    deliver(letter.pk, now=now + timedelta(days=9))
    assert (only_letter().state, mail.outbox) == ("unclear", [])
