"""PDF documents: what must be there, and what must not (decision 0009).

A PDF is kept as it came, so that its hash is that of the paper somebody holds. It is never shown inside a page of the
site, only downloaded; what is refused here protects whoever opens it afterwards.
"""

import re
import zlib
from collections.abc import Iterator

STARTS = b"%PDF-"
ENDS = b"%%EOF"
TAIL = 2048  # bytes at the end in which the end has to stand
# Names of what runs, hides another file, sends a form away, or keeps everybody from reading it.
REFUSED = frozenset(
    {
        b"JavaScript",
        b"JS",
        b"Launch",
        b"EmbeddedFile",
        b"EmbeddedFiles",
        b"RichMedia",
        b"XFA",
        b"SubmitForm",
        b"ImportData",
        b"Encrypt",
    }
)
INFLATED = 16 * 1024 * 1024  # of all packed objects together

_OPENS = re.compile(rb"(?<!end)stream\r?\n")
_CLOSES = b"endstream"
_NAME = re.compile(rb"/([^\s\0()<>\[\]{}/%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


class NotADocument(Exception):
    """The bytes begin like a PDF, but are cut short or broken."""


class ActiveDocument(Exception):
    """The PDF holds a program, another file, a form that is sent away, or is locked."""


def check(content: bytes) -> None:
    """Raise NotADocument or ActiveDocument for a PDF that is not to be kept."""
    tail = content[-TAIL:]
    if not content.startswith(STARTS) or ENDS not in tail or b"startxref" not in tail:
        raise NotADocument
    if REFUSED & _names(content):
        raise ActiveDocument


def _names(content: bytes) -> set[bytes]:
    """The names in the document's objects, those packed into object streams among them; not in its pictures."""
    found, left = set[bytes](), INFLATED
    for plain, stream in _parts(content):
        found |= _names_in(plain)
        if b"ObjStm" in _names_in(plain[plain.rfind(b"obj") :]):
            packed = _inflated(stream, left)
            left -= len(packed)
            found |= _names_in(packed)
    return found


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands before each stream, and the stream; last what stands after all of them. Every byte is read once."""
    at = 0
    while opening := _OPENS.search(content, at):
        end = content.find(_CLOSES, opening.end())
        if end < 0:
            raise NotADocument
        yield content[at : opening.start()], content[opening.end() : end]
        at = end + len(_CLOSES)
    yield content[at:], b""


def _names_in(text: bytes) -> set[bytes]:
    return {_ESCAPED.sub(_byte, name) for name in _NAME.findall(text)}


def _inflated(stream: bytes, limit: int) -> bytes:
    """The objects of an object stream; raises NotADocument where they cannot be read or unpack to too much."""
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(stream, limit + 1)
    except zlib.error as error:
        raise NotADocument from error
    if len(objects) > limit:
        raise NotADocument
    return objects


def _byte(escaped: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escaped[1].decode())
