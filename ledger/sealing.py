"""Giving entries their places in the one public log, and sealing it."""

from datetime import datetime
from itertools import count

from django.conf import settings
from django.db import connection, transaction

from ledger.merkle import Frontier
from ledger.models import Checkpoint, Position, Waiting

BATCH = 2000


def seal(now: datetime) -> Checkpoint | None:
    """Give every waiting entry the next position and seal the log; None when nothing was waiting.

    One at a time: whoever comes second waits. Costs in proportion to the entries that were waiting.
    """
    with transaction.atomic():
        _lock()
        last = Checkpoint.objects.order_by("size").last()
        tree = last.tree if last else Frontier()
        start = tree.size
        while _seal_batch(tree):
            pass
        if tree.size == start:
            return None
        return Checkpoint.objects.create(
            size=tree.size,
            root=tree.root().hex(),
            sealed_at=now,
            origin=settings.LEDGER_ORIGIN,
            frontier=" ".join(node.hex() for node in tree.subtrees),
        )


def _lock() -> None:
    """Wait until nobody else is sealing. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.seal'))")


def _seal_batch(tree: Frontier) -> int:
    """Give some waiting entries the next positions, in the order of their ids; how many there were."""
    waiting = list(Waiting.objects.order_by("entry").values_list("entry", "entry__hash")[:BATCH])
    positions = zip(count(tree.size), waiting, strict=False)
    Position.objects.bulk_create(Position(entry_id=entry, position=position) for position, (entry, _hash) in positions)
    for _entry, entry_hash in waiting:
        tree.add(bytes.fromhex(entry_hash))
    Waiting.objects.filter(entry__in=[entry for entry, _hash in waiting]).delete()
    return len(waiting)
