"""Puts what several threads emit into order: the first unfinished one is shown, the others are kept until their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from hol.engine.events import Message, Progress

S = TypeVar("S")
T = TypeVar("T")
Emit = Callable[[Message], None]

_THREAD = threading.local()


def emitter(otherwise: Emit) -> Emit:
    """Where this thread's messages go: to its place in the order, if `OrderedOutput.collect` gave it one."""
    emit: Emit = getattr(_THREAD, "emit", None) or otherwise
    return emit


def buffered(do: Callable[[], object], buffer: list[Message], emit: Emit) -> None:
    """Call `do` with this thread's messages kept in the buffer; progress is emitted at once."""
    before = getattr(_THREAD, "emit", None)
    _THREAD.emit = lambda message: emit(message) if isinstance(message, Progress) else buffer.append(message)
    try:
        do()
    finally:
        _THREAD.emit = before


class OrderedOutput:
    """The messages of as many threads as there are names, in the names' order. Progress is never kept: it is about now."""

    def __init__(self, names: Sequence[object], emit: Emit):
        self._order, self._emit = list(names), emit
        self._kept: dict[object, list[Message]] = {name: [] for name in names}
        self._finished: set[object] = set()
        self._lock = threading.RLock()

    def collect(self, name: object, do: Callable[[], T]) -> T:
        """Call `do`; what this thread emits meanwhile is that name's."""
        before = getattr(_THREAD, "emit", None)
        _THREAD.emit = lambda message: self._add(name, message)
        try:
            return do()
        finally:
            _THREAD.emit = before
            self.finish(name)

    def finish(self, name: object) -> None:
        """It has nothing more to say; whoever is next may."""
        with self._lock:
            self._finished.add(name)
            for one in self._order:
                for message in self._kept[one]:
                    self._emit(message)
                self._kept[one].clear()
                if one not in self._finished:
                    return

    def flush(self) -> None:
        """Everything is over, finished or not."""
        for name in self._order:
            self.finish(name)

    def _add(self, name: object, message: Message) -> None:
        with self._lock:
            first = next((one for one in self._order if one not in self._finished), None)
            if isinstance(message, Progress) or name == first:
                self._emit(message)
            else:
                self._kept[name].append(message)


def in_parallel(items: Sequence[S], do: Callable[[S], T], jobs: int, emit: Emit) -> list[T]:
    """`do` for every item, at most `jobs` at a time; the results, and what is emitted, in the items' order.

    One item's error does not keep the others from being done; the first error is raised after them.
    """
    if len(items) < 2:
        return [do(item) for item in items]
    ordered = OrderedOutput(range(len(items)), emit)
    with ThreadPoolExecutor(min(jobs, len(items))) as pool:
        work = [pool.submit(ordered.collect, number, partial(do, item)) for number, item in enumerate(items)]
    return [one.result() for one in work]
