"""What happened, in the order in which it was said: streams of entries, and the seals on them.

Rows are written by `history` and `sealing` alone and never change; triggers in the database hold that (`guards`).
"""

import json
from base64 import b64encode
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ledger.canonical import Value
from ledger.merkle import Frontier


def names_sealed(header: dict[str, Any], day: date) -> frozenset[str]:
    """The names of the fields that a header keeps from the public on a day."""
    opens = header.get("sealed", {})
    return frozenset(name for name, on in opens.items() if on is None or on > day.isoformat())


class Stream(models.Model):
    """The history of one subject, such as one pledge."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = [models.CheckConstraint(condition=Q(id__gte=1), name="stream_id_positive")]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One thing that happened to a subject.

    `header` is the exact text that is hashed; the columns beside it repeat what queries need. `content` holds the
    fields that are still there, each with its salt; the header commits to every field that was ever there.
    """

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="entries", verbose_name=_("stream"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=40)
    speaker = models.CharField(_("speaker"), max_length=200)
    day = models.DateField(_("day it speaks of"))
    recorded_at = models.DateTimeField(_("recorded at"))
    header = models.TextField(_("header"))
    content = models.TextField(_("content"))
    previous = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("author (never public)")
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="entry_number_once_in_its_stream"),
            models.CheckConstraint(condition=Q(id__gte=1), name="entry_id_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.stream.name} {self.number}"

    @cached_property
    def head(self) -> dict[str, Any]:
        """The header, read."""
        return dict(json.loads(self.header))

    @property
    def fields(self) -> dict[str, Value]:
        """The value of every field that is still there, those that are not public among them."""
        return {name: json.loads(field["value"]) for name, field in json.loads(self.content).items()}

    @property
    def public_fields(self) -> dict[str, Value]:
        """The value of every field that anybody may see today."""
        return {name: value for name, value in self.fields.items() if name not in self.sealed}

    @property
    def redacted(self) -> frozenset[str]:
        """The names of the fields that were taken away."""
        return frozenset(self.head["commitments"]) - frozenset(json.loads(self.content))

    @property
    def redacts(self) -> tuple[int, list[str]] | None:
        """The number of the earlier entry from which this one takes fields away, and their names."""
        if redacts := self.head.get("redacts"):
            return redacts["number"], redacts["fields"]
        return None

    @property
    def sealed(self) -> frozenset[str]:
        """The names of the fields that are not public today."""
        return self.sealed_on(timezone.localdate())

    def sealed_on(self, day: date) -> frozenset[str]:
        """The names of the fields that are not public on a day: sealed for good, or to be opened on a later one."""
        return names_sealed(self.head, day)


class Waiting(models.Model):
    """An entry that has no position yet: the queue of `sealing.seal`, which spares it a search through all entries."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="waiting")

    class Meta:
        verbose_name = _("waiting entry")
        verbose_name_plural = _("waiting entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class Position(models.Model):
    """Where an entry stands in the one log of all entries: 0, 1, 2 …, its leaf in the Merkle tree."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="position", verbose_name=_("entry"))
    position = models.PositiveBigIntegerField(_("position"), unique=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=Q(id__gte=1), name="position_id_positive")]

    def __str__(self) -> str:
        return str(self.position)


class Checkpoint(models.Model):
    """A seal on the log: the root of the Merkle tree over its first `size` entries."""

    size = models.PositiveBigIntegerField(_("size"), unique=True)
    root = models.CharField(_("root"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))
    origin = models.CharField(_("origin"), max_length=200)
    frontier = models.TextField(_("frontier"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["size"]
        get_latest_by = "size"
        constraints = [models.CheckConstraint(condition=Q(id__gte=1), name="checkpoint_id_positive")]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"

    @property
    def tree(self) -> Frontier:
        """The tree under this seal, ready to grow."""
        return Frontier(self.size, map(bytes.fromhex, self.frontier.split()))

    @property
    def text(self) -> str:
        """The seal as the C2SP format tlog-checkpoint writes it: origin, size, root in base64, each on its line."""
        return f"{self.origin}\n{self.size}\n{b64encode(bytes.fromhex(self.root)).decode()}\n"
