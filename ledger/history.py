"""The only ways into the ledger: `append` adds an entry, `redact` takes the words of an earlier one away."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import cast
from unicodedata import normalize

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ledger.canonical import Value, decode, encode
from ledger.hashing import FIRST_PREVIOUS, VERSION, entry_hash, salted
from ledger.models import Checkpoint, Entry, Stream, Waiting

REDACTED = "redacted"
STREAM_NAME = re.compile(r"[A-Za-z0-9._/-]{1,200}")
KIND = re.compile(r"[a-z][a-z_]{0,39}")
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")


class Stale(Exception):
    """Someone spoke in between: the stream is not where the writer believed it to be."""

    def __init__(self, missed: list[Entry]) -> None:
        super().__init__("Someone has spoken since this was opened.")
        self.missed = missed


def open_stream(name: str) -> Stream:
    """The stream of this name, made when it is first asked for; names are ASCII, such as "pledge/12"."""
    if not STREAM_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a stream")
    stream, _created = Stream.objects.get_or_create(name=name)
    return stream


def last_number(stream: Stream) -> int:
    """The number of the stream's last entry, 0 when it has none."""
    return stream.entries.order_by("-number").values_list("number", flat=True).first() or 0


def append(  # noqa: PLR0913 - one keyword for each part of an entry
    stream: Stream,
    *,
    kind: str,
    speaker: str,
    day: date,
    fields: Mapping[str, Value],
    author: AbstractBaseUser | None = None,
    now: datetime,
    expected: int | None = None,
    sealed: Mapping[str, str | None] | None = None,
) -> Entry:
    """Add the next entry to a stream, which stays locked until the end of the transaction.

    `expected` is the number of the last entry that the writer knew of. `sealed` names fields that are not public:
    until a day ("2026-05-31", the first on which they are) or for good (None). Texts are stored in NFC.
    Raises Stale when `expected` is not the last number, ValueError for what the format has no place for
    (`canonical`): NUL, halves of surrogate pairs, fractions, integers beyond 2^53 - 1, keys outside ASCII.
    """
    if kind == REDACTED:
        raise ValueError("redact() writes redactions")
    extra: dict[str, Value] = {"sealed": _checked_seals(sealed, fields)} if sealed else {}
    with transaction.atomic():
        stream = _locked(stream)
        if expected is not None and expected != last_number(stream):
            raise Stale(list(stream.entries.filter(number__gt=expected)))
        return _add(stream, kind=kind, speaker=speaker, day=day, fields=fields, author=author, now=now, extra=extra)


def redact(
    entry: Entry,
    *,
    fields: Collection[str],
    reason: str,
    speaker: str = "site",
    author: AbstractBaseUser | None = None,
    now: datetime,
) -> Entry:
    """Take fields of an entry away; a new entry of the same stream says which, who and why, for everybody to see.

    Raises ValueError unless `fields` names fields that are still there.
    """
    with transaction.atomic():
        stream = _locked(entry.stream)
        entry.refresh_from_db(fields=["content"])
        content = cast("dict[str, Value]", decode(entry.content))
        if not fields or not set(fields) <= set(content):
            raise ValueError(f"{sorted(fields)} are not fields that are still there")
        redacts: Value = {"number": entry.number, "fields": list[Value](sorted(set(fields)))}
        redaction = _add(
            stream,
            kind=REDACTED,
            speaker=speaker,
            day=timezone.localdate(now),
            fields={"reason": reason},
            author=author,
            now=now,
            extra={"redacts": redacts},
        )
        entry.content = encode({name: field for name, field in content.items() if name not in fields})
        entry.save(update_fields=["content"])
    return redaction


def _locked(stream: Stream) -> Stream:
    """The stream, which nobody else appends to until the transaction ends (SQLite has one writer at a time anyway)."""
    return Stream.objects.select_for_update(no_key=True).get(pk=stream.pk)


def _add(
    stream: Stream,
    *,
    kind: str,
    speaker: str,
    day: date,
    fields: Mapping[str, Value],
    author: AbstractBaseUser | None,
    now: datetime,
    extra: Mapping[str, Value],
) -> Entry:
    """Write the next entry of a locked stream, and put it in the queue for a position."""
    _check_words(kind, speaker, fields)
    head = stream.entries.order_by("number").last()
    content, commitments = salted(fields)
    entry = Entry(
        stream=stream,
        number=head.number + 1 if head else 1,
        kind=kind,
        speaker=normalize("NFC", speaker),
        day=day,
        recorded_at=now,
        content=content,
        previous=head.hash if head else FIRST_PREVIOUS,
        author_id=author.pk if author else None,
    )
    entry.header = _header(entry, commitments, extra)
    entry.hash = entry_hash(entry.header)
    entry.save(force_insert=True)
    Waiting.objects.create(entry=entry)
    return entry


def _header(entry: Entry, commitments: Mapping[str, str], extra: Mapping[str, Value]) -> str:
    """The header of an entry that is about to be written: what is hashed, as canonical text."""
    seal = Checkpoint.objects.order_by("size").last()
    return encode(
        {
            "version": VERSION,
            "stream": entry.stream.name,
            "number": entry.number,
            "kind": entry.kind,
            "speaker": entry.speaker,
            "day": entry.day.isoformat(),
            "recorded_at": utc_text(entry.recorded_at),
            "checkpoint": {"size": seal.size, "root": seal.root} if seal else None,
            "commitments": dict(commitments),
            "previous": entry.previous,
            **extra,
        }
    )


def utc_text(moment: datetime) -> str:
    """A moment as headers write it: UTC, to the microsecond, such as "2026-05-31T08:00:00.000000Z"."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _check_words(kind: str, speaker: str, fields: Collection[str]) -> None:
    """Raise ValueError for words that the format has no place for."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of entry")
    if not 0 < len(speaker) <= 200:
        raise ValueError("a speaker's name has 1 to 200 characters")
    for name in fields:
        if not FIELD_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a field")


def _checked_seals(sealed: Mapping[str, str | None], fields: Collection[str]) -> dict[str, Value]:
    """The seals as the header holds them; raises ValueError unless each names a field and a day or None."""
    for name, opens_on in sealed.items():
        if name not in fields:
            raise ValueError(f"{name!r} is sealed but not among the fields")
        if opens_on is not None and date.fromisoformat(opens_on).isoformat() != opens_on:
            raise ValueError(f"{opens_on!r} is not a day")
    return dict(sealed)
