"""Several writers at the same moment, as production's processes are."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(count: int, work: Callable[[int], Result]) -> list[Result]:
    """What the work returns for 0, 1, 2 …, each in a thread and on a connection of its own, all started together."""
    start, results = Barrier(count), list[Result]()

    def run(index: int) -> None:
        try:
            start.wait()
            results.append(work(index))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
