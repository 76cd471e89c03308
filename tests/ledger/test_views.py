"""The ledger's public addresses: the same for everybody, and only what is public."""

import json
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from ledger import exporting, views
from ledger.history import open_stream, redact
from ledger.models import Checkpoint, Position, Stream
from ledger.sealing import seal
from tests.ledger.saying import DAY, NOW, say

ADDRESSES = ["home", "entries", "checkpoints", "script", "format"]


def body(response: HttpResponseBase) -> str:
    assert response.status_code == 200
    return b"".join(response).decode()


def lines(client: Client, address: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body(client.get(address)).splitlines()]


def places(found: list[dict[str, Any]]) -> list[tuple[str, int, int | None]]:
    headers = [(json.loads(line["header"]), line["position"]) for line in found]
    return [(header["stream"], header["number"], position) for header, position in headers]


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_answers_everybody_the_same(log: Stream, client: Client, name: str) -> None:
    response = client.get(reverse(f"ledger:{name}"))
    assert body(response)
    assert "max-age=60" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_read_only(log: Stream, client: Client, name: str) -> None:
    assert client.head(reverse(f"ledger:{name}")).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(reverse(f"ledger:{name}")).status_code == 405


@pytest.mark.parametrize("name", ["entries", "checkpoints"])
def test_an_empty_ledger_gives_empty_downloads(db: None, client: Client, name: str) -> None:
    assert body(client.get(reverse(f"ledger:{name}"))) == ""


def test_the_page_of_an_empty_ledger_says_so(db: None, client: Client) -> None:
    assert "Nothing has been sealed yet." in body(client.get("/en/ledger/"))


def test_the_page_shows_what_is_sealed(log: Stream, client: Client) -> None:
    page = body(client.get("/en/ledger/"))
    assert "5 entries are sealed." in page
    assert "One newer entry waits for the next checkpoint." in page
    for checkpoint in Checkpoint.objects.all():
        assert checkpoint.root in page


def test_the_page_shows_the_latest_checkpoints_only(
    stream: Stream, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SHOWN", 2)
    for _ in range(3):
        say(stream)
        seal(NOW)
    first, second, third = Checkpoint.objects.all()
    page = body(client.get("/en/ledger/"))
    assert first.root not in page
    assert page.index(third.root) < page.index(second.root)


def test_the_page_costs_the_same_however_long_the_log(
    log: Stream, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        with django_assert_num_queries(2):
            client.get(reverse("ledger:home"))
        say(log)
        seal(NOW)


def test_entries_come_in_the_order_of_their_positions_and_then_those_without(log: Stream, client: Client) -> None:
    found = lines(client, reverse("ledger:entries"))
    assert places(found) == [
        ("pledge/12", 1, 0),
        ("pledge/12", 2, 1),
        ("meeting/3", 1, 2),
        ("pledge/12", 3, 3),
        ("pledge/12", 4, 4),
        ("meeting/3", 2, None),
    ]
    assert all(set(line) == {"content", "hash", "header", "position"} for line in found)
    assert [line["header"] for line in found[:5]] == list(
        Position.objects.order_by("position").values_list("entry__header", flat=True)
    )


def test_sealed_and_redacted_words_are_in_no_download(log: Stream, client: Client) -> None:
    for address in (reverse("ledger:entries"), reverse("ledger:stream", args=["pledge/12"])):
        text = body(client.get(address))
        assert "on Mondays" in text
        assert "the square" not in text
        assert "a name" not in text
        assert "someone@example.org" not in text
        second = lines(client, address)[1]
        assert set(second["content"]) == {"text"}
        assert set(json.loads(second["header"])["commitments"]) == {"text", "place"}
    assert log.entries.get(number=2).fields["place"] == "the square"


def test_words_sealed_until_a_day_are_in_the_downloads_from_then_on(stream: Stream) -> None:
    say(stream, {"text": "x", "place": "y"}, sealed={"place": "2026-06-30"})
    for day, names in (("2026-06-29", {"text"}), ("2026-06-30", {"text", "place"})):
        [line] = exporting.all_lines(DAY.fromisoformat(day))
        assert set(json.loads(line)["content"]) == names


def test_lines_are_canonical(log: Stream, client: Client) -> None:
    for line in body(client.get(reverse("ledger:entries"))).splitlines():
        assert line == json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_stream_comes_alone(log: Stream, client: Client) -> None:
    found = lines(client, reverse("ledger:stream", args=["meeting/3"]))
    assert places(found) == [("meeting/3", 1, 2), ("meeting/3", 2, None)]


@pytest.mark.parametrize("name", ["pledge/13", "meeting/3\0", "لقاء"])
def test_there_is_no_stream_of_another_name(log: Stream, client: Client, name: str) -> None:
    assert client.get(reverse("ledger:stream", args=[name])).status_code == 404


def test_checkpoints_come_in_the_c2sp_format(log: Stream, client: Client) -> None:
    text = body(client.get(reverse("ledger:checkpoints")))
    assert text == "".join(f"{checkpoint.text}\n" for checkpoint in Checkpoint.objects.all())
    assert client.get(reverse("ledger:checkpoints"))["Content-Type"] == "text/plain; charset=utf-8"


def test_a_download_takes_several_batches(log: Stream, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = body(client.get(reverse("ledger:entries")))
    monkeypatch.setattr(exporting, "BATCH", 2)
    assert body(client.get(reverse("ledger:entries"))) == whole
    assert len(whole.splitlines()) == 6


def test_what_is_sealed_during_a_download_is_in_it_once(log: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone seals between the last position that was read and the look at what waits."""
    waiting, sealed = exporting._waiting, list[Checkpoint | None]()

    def sealed_meanwhile() -> Any:
        sealed.append(seal(NOW))
        return waiting()

    monkeypatch.setattr(exporting, "_waiting", sealed_meanwhile)
    found = [json.loads(line) for line in exporting.all_lines(DAY)]
    assert [line["position"] for line in found] == [0, 1, 2, 3, 4, 5]
    assert [each and each.size for each in sealed] == [6, None]


def test_a_download_asks_the_database_once_for_each_batch(
    log: Stream, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        with django_assert_num_queries(4):
            list(exporting.all_lines(DAY))
        redact(say(open_stream("pledge/14")), fields=["text"], reason="x", now=NOW)


def test_the_script_that_is_offered_is_the_one_that_is_tested(client: Client) -> None:
    assert body(client.get(reverse("ledger:script"))).startswith("#!/usr/bin/env python3\n")
    assert body(client.get(reverse("ledger:format"))).startswith("# The ledger")
