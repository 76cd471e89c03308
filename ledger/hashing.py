"""What is hashed, and how: commitments to fields, hashes of entries. `docs/ledger.md` states the format."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from ledger.canonical import Value, encode, normalise

VERSION = "iltizam-ledger/1"
FIRST_PREVIOUS = "0" * 64
SALT_BYTES = 16


def commitment(salt: str, value_text: str) -> str:
    """The hex HMAC-SHA-256 that binds a field to its value and, thanks to the salt (hex), tells nothing about it."""
    return hmac.digest(bytes.fromhex(salt), value_text.encode(), "sha256").hex()


def entry_hash(header_text: str) -> str:
    """The hex SHA-256 of an entry: of the version, a line feed, and the header's bytes as they are stored."""
    return hashlib.sha256(f"{VERSION}\n{header_text}".encode()).hexdigest()


def salted(fields: Mapping[str, Value]) -> tuple[str, dict[str, str]]:
    """An entry's content, as canonical text, and the commitments to its fields; each field gets a fresh salt."""
    content: dict[str, Value] = {}
    commitments: dict[str, str] = {}
    for name, value in fields.items():
        salt, text = secrets.token_hex(SALT_BYTES), encode(normalise(value))
        content[name] = {"salt": salt, "value": text}
        commitments[name] = commitment(salt, text)
    return encode(content), commitments
