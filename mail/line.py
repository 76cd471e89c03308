"""Tasks in this process, after the click: the default, which needs no worker (decision 0008)."""

import atexit
import heapq
import threading
import time
from collections.abc import Callable
from itertools import count

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult


class Line:
    """Work for one thread, each piece not before its time.

    What is still in line at the end is forgotten here; it stands in the outbox, where `manage.py remind` finds it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._work: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._thread: threading.Thread | None = None
        self._ends = False

    def add(self, work: Callable[[], None], *, delay: float = 0) -> None:
        """Put `work` in line, to be done after `delay` seconds at the earliest; at the end it is forgotten."""
        with self._changed:
            if self._ends:
                return
            heapq.heappush(self._work, (time.monotonic() + delay, next(self._order), work))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        """Let what is being done come to its end, which the mail server's timeout bounds, and forget the rest."""
        with self._changed:
            thread, self._thread, self._ends = self._thread, None, True
            self._work.clear()
            self._changed.notify()
        if thread is not None:
            thread.join(timeout=4 * settings.EMAIL_TIMEOUT)
        with self._changed:
            self._ends = False

    def _run(self) -> None:
        while work := self._next():
            try:
                work()
            finally:
                connections.close_all()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while self._thread is threading.current_thread():
                wait = self._work[0][0] - time.monotonic() if self._work else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._work)[2]
                self._changed.wait(wait)
        return None


line = Line()
atexit.register(line.end)


class InThisProcess(ImmediateBackend):
    """Django's immediate backend on a thread of its own: no click waits for a task, and a task may have its time."""

    supports_defer = True

    def _execute_task(self, task_result: TaskResult) -> None:  # type: ignore[type-arg]  # as django_tasks writes it
        run_after = task_result.task.run_after
        delay = (run_after - timezone.now()).total_seconds() if run_after else 0
        execute = super()._execute_task
        line.add(lambda: execute(task_result), delay=delay)
