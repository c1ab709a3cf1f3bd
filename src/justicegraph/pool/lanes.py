"""Questions to workers: small ones at once, slow ones apart, so that no small one ever waits for a slow one.

A question first goes to one of a few quick workers. Where it outlasts the quick limit, its worker goes on as a slow
one, which runs only when no other wants to, and the supervisor gives a fresh one in its place. Where all places for
slow ones are taken, it gives its worker back and waits in line. A question that was slow once begins in line.
"""

import queue
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from justicegraph.errors import LimitReached
from justicegraph.evaluate import Answer, Question
from justicegraph.pool.dataset import Dataset
from justicegraph.pool.hands import Answered, Worker, WorkerLost
from justicegraph.pool.keeper import Keeper
from justicegraph.pool.limits import Limits
from justicegraph.pool.places import RETRY, Places

GRACE = 2.0
"""Seconds beyond the limit after which a worker that the kernel has not ended is ended by us."""

KEPT = 2
"""Slow workers that are kept when they have answered: their memory is warm."""

REMEMBERED = 10_000
"""Questions that are known to be slow; the oldest is forgotten first."""

LINGER = 5.0
"""Seconds that a pool outlives the one in its place: a page asks several questions, one after the other."""

TICK = 0.5
"""Seconds between two looks at whether questions are under way."""

TRIES = 5
"""How often a question is asked that loses its worker to something else."""

Report = Callable[[str, Mapping[str, Any]], None]
"""Takes note of an event: its name, and what there is to say of it."""


class Pool:
    """The workers that answer questions on one dataset; to be closed."""

    def __init__(self, dataset: Dataset, limits: Limits, report: Report = lambda _name, _said: None) -> None:
        self.limits = limits
        self.places = Places(limits)
        self._report = report
        self._quick: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._rested: deque[Worker] = deque()
        self._known: dict[int, None] = {}
        self._asked: set[object] = set()
        self._keeper = Keeper(dataset, limits, self._quick.put, report)

    def start(self) -> None:
        """Load the dataset; raise BrokenFile where that cannot be done."""
        self._keeper.start()

    def close(self) -> None:
        """End all workers, whatever they do."""
        self._keeper.close()

    def close_when_done(self) -> None:
        """End all workers once no question is under way, and those who have just begun to ask have asked all."""
        time.sleep(LINGER)
        while self._asked:
            time.sleep(TICK)
        self.close()

    @property
    def idle(self) -> int:
        """How many quick workers wait for a question."""
        return self._quick.qsize()

    def ask(self, question: Question) -> Answer:
        """Return the answer; raise what `evaluate` raises, or LimitReached."""
        ticket = object()
        self._asked.add(ticket)
        try:
            return self._ask(question)
        except LimitReached as reached:
            self._report("limit", {"limit": reached.limit})
            raise
        finally:
            self._asked.discard(ticket)

    def _ask(self, question: Question) -> Answer:
        for _ in range(TRIES):
            try:
                key = hash((question.query, question.default_graphs, question.named_graphs))
                run = self._run_slow if key in self._known else self._run_quick
                return run(question, key).result(self.limits)
            except WorkerLost:
                self._report("worker lost", {})
        raise LimitReached("engine", "The workers that were asked ended one after the other: ask again later.", RETRY)

    def _run_quick(self, question: Question, key: int) -> Answered:
        worker = self._fresh()
        worker.ask(question)
        answered = worker.reply(self.limits.quick, self.limits)
        while answered is None and (left := self.limits.quick - worker.used()) > 0 and left < self.limits.quick:
            answered = worker.reply(left + 0.001, self.limits)
        if answered is not None:
            self._give_back(worker)
            return answered
        self._remember(key)
        if not self.places.take(question.client):
            self._keeper.end(worker)
            return self._run_slow(question, key)
        try:
            return self._finish(worker, key)
        finally:
            self.places.leave(question.client)

    def _run_slow(self, question: Question, key: int) -> Answered:
        with self.places.kept(question.client):
            worker = self._rested.pop() if self._rested else self._fresh()
            worker.ask(question)
            return self._finish(worker, key)

    def _finish(self, worker: Worker, key: int) -> Answered:
        """Wait for the answer of a worker that is slow from now on."""
        self._keeper.slow_down(worker)
        answered = worker.reply(self.limits.time + GRACE, self.limits)
        if answered is None:
            self._keeper.end(worker)
            raise LimitReached("time", f"The query ran longer than {self.limits.time:g} s: ask for less.")
        if answered.seconds < self.limits.quick:
            self._known.pop(key, None)
        if len(self._rested) < KEPT and not worker.is_last:
            self._rested.append(worker)
        else:
            worker.close()
        return answered

    def _fresh(self) -> Worker:
        try:
            return self._quick.get(timeout=self.limits.time)
        except queue.Empty as error:
            raise LimitReached("busy", "All workers are busy: ask again later.", RETRY) from error

    def _give_back(self, worker: Worker) -> None:
        if worker.is_last:
            worker.close()
        else:
            self._quick.put(worker)

    def _remember(self, key: int) -> None:
        self._known[key] = None
        while len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)), None)
