"""PDF documents: what must be there, and what must not (decision 0009).

A PDF is kept as it came, so that its hash is that of the paper somebody holds. It is never shown inside a page of the
site, only downloaded; what is refused here protects whoever opens it afterwards.
"""

import re
import zlib

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

_STREAM = re.compile(rb"obj\b([^\0]{0,600}?)\bstream\r?\n(.*?)endstream", re.DOTALL)
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
    left, packed = INFLATED, []
    for dictionary, stream in _STREAM.findall(content):
        if b"/ObjStm" in dictionary:
            packed.append(_inflated(stream, left))
            left -= len(packed[-1])
    plain = _STREAM.sub(rb"\1 ", content)
    return {_ESCAPED.sub(_byte, name) for text in (plain, *packed) for name in _NAME.findall(text)}


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
