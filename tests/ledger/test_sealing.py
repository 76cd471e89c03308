"""Sealing: every entry gets one position, and each checkpoint vouches for all before it."""

from base64 import b64decode

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from ledger import sealing
from ledger.history import open_stream
from ledger.models import Checkpoint, Entry, Position, Stream, Waiting
from ledger.sealing import seal
from tests.at_once import at_once
from tests.ledger.saying import NOW, root_of, say


def leaves() -> list[bytes]:
    hashes = Position.objects.order_by("position").values_list("entry__hash", flat=True)
    return [bytes.fromhex(each) for each in hashes]


def test_an_empty_ledger_is_not_sealed(db: None) -> None:
    assert seal(NOW) is None
    assert not Checkpoint.objects.exists()


def test_entries_take_positions_in_the_order_of_their_ids(stream: Stream) -> None:
    other = open_stream("meeting/3")
    said = [say(stream), say(other), say(stream), say(other)]
    checkpoint = seal(NOW)
    assert checkpoint is not None
    assert list(Position.objects.values_list("position", "entry")) == [(n, entry.pk) for n, entry in enumerate(said)]
    assert (checkpoint.size, checkpoint.sealed_at) == (4, NOW)
    assert checkpoint.root == root_of([bytes.fromhex(entry.hash) for entry in said]).hex()
    assert not Waiting.objects.exists()


def test_what_is_sealed_is_not_sealed_again(stream: Stream) -> None:
    say(stream)
    assert seal(NOW) is not None
    assert seal(NOW) is None


def test_each_checkpoint_extends_the_one_before(stream: Stream) -> None:
    for count in (1, 2, 3, 1, 5):
        for _ in range(count):
            say(stream)
        seal(NOW)
    sizes = [1, 3, 6, 7, 12]
    assert list(Checkpoint.objects.values_list("size", flat=True)) == sizes
    assert [each.root for each in Checkpoint.objects.all()] == [root_of(leaves()[:size]).hex() for size in sizes]
    assert all(each.tree.root().hex() == each.root for each in Checkpoint.objects.all())


def test_many_entries_are_sealed_batch_by_batch(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    for _ in range(7):
        say(stream)
    checkpoint = seal(NOW)
    assert checkpoint is not None
    assert checkpoint.root == root_of(leaves()).hex()
    assert list(Position.objects.values_list("position", flat=True)) == list(range(7))


def test_sealing_costs_the_same_however_long_the_log(
    log: Stream, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8 if connection.vendor == "sqlite" else 9):
        seal(NOW)
    for _ in range(3):
        say(log)
    with django_assert_num_queries(8 if connection.vendor == "sqlite" else 9):
        seal(NOW)


def test_the_text_of_a_checkpoint_is_that_of_c2sp(log: Stream, settings: Settings) -> None:
    settings.LEDGER_ORIGIN = "example.org/ledger"
    checkpoint = seal(NOW)
    assert checkpoint is not None
    origin, size, root, end = checkpoint.text.split("\n")
    assert (origin, size, end) == ("example.org/ledger", "6", "")
    assert b64decode(root).hex() == checkpoint.root


def test_a_checkpoint_keeps_the_origin_that_it_was_sealed_under(log: Stream, settings: Settings) -> None:
    before = Checkpoint.objects.latest().text
    settings.LEDGER_ORIGIN = "moved.example.org/ledger"
    assert Checkpoint.objects.latest().text == before


@pytest.mark.usefixtures("flushable")
def test_two_at_once_seal_one_after_the_other() -> None:
    stream = open_stream("pledge/12")
    for _ in range(30):
        say(stream)
    sealed = at_once(5, lambda _index: seal(NOW))
    assert sorted(each.size if each else 0 for each in sealed) == [0, 0, 0, 0, 30]
    assert Position.objects.count() == Entry.objects.count() == 30


def test_the_command_prints_the_checkpoint(stream: Stream, capsys: pytest.CaptureFixture[str]) -> None:
    say(stream)
    call_command("seal")
    assert capsys.readouterr().out == Checkpoint.objects.get().text
    call_command("seal")
    assert capsys.readouterr().out == "Nothing was said since the last checkpoint.\n"


def test_the_command_goes_on_until_whoever_started_it_ends(
    stream: Stream, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is ours: something is said in the first pause, and the parent is gone in the second."""
    pauses: list[int] = []

    def pause(seconds: float) -> None:
        pauses.append(1)
        say(stream)

    monkeypatch.setattr("time.sleep", pause)
    monkeypatch.setattr("os.getppid", lambda: 10 if len(pauses) < 4 else 1)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction lives on it
    say(stream)
    call_command("seal", "--every", "3")
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 4]
    capsys.readouterr()
