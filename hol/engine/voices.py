"""Puts what several threads tell into order: the first unfinished one speaks, the others are kept until their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from hol.engine.events import Progress, Told

T = TypeVar("T")
Tell = Callable[[Told], None]

_THREAD = threading.local()


def current(otherwise: Tell) -> Tell:
    """Where this thread's words go: to its voice, if `Voices.speaking` gave it one."""
    tell: Tell = getattr(_THREAD, "tell", None) or otherwise
    return tell


def apart(do: Callable[[], object], kept: list[Told], tell: Tell) -> None:
    """Call `do` with this thread's words kept in a list; progress is told at once."""
    before = getattr(_THREAD, "tell", None)
    _THREAD.tell = lambda said: tell(said) if isinstance(said, Progress) else kept.append(said)
    try:
        do()
    finally:
        _THREAD.tell = before


class Voices:
    """As many voices as there are names, in their order. Progress is never kept: it is about now."""

    def __init__(self, names: Sequence[object], tell: Tell):
        self._order, self._tell = list(names), tell
        self._kept: dict[object, list[Told]] = {name: [] for name in names}
        self._finished: set[object] = set()
        self._lock = threading.RLock()

    def speaking(self, name: object, do: Callable[[], T]) -> T:
        """Call `do` with that voice as this thread's."""
        before = getattr(_THREAD, "tell", None)
        _THREAD.tell = lambda said: self._said(name, said)
        try:
            return do()
        finally:
            _THREAD.tell = before
            self.finish(name)

    def finish(self, name: object) -> None:
        """It has nothing more to say; whoever is next may."""
        with self._lock:
            self._finished.add(name)
            for one in self._order:
                for said in self._kept[one]:
                    self._tell(said)
                self._kept[one].clear()
                if one not in self._finished:
                    return

    def flush(self) -> None:
        """Everything is over, finished or not."""
        for name in self._order:
            self.finish(name)

    def _said(self, name: object, said: Told) -> None:
        with self._lock:
            first = next((one for one in self._order if one not in self._finished), None)
            if isinstance(said, Progress) or name == first:
                self._tell(said)
            else:
                self._kept[name].append(said)


def side_by_side(items: Sequence[Any], do: Callable[[Any], T], jobs: int, tell: Tell) -> list[T]:
    """`do` for every item, at most `jobs` at a time; the results, and what is told, in the items' order.

    One item's error does not keep the others from being done; the first error is raised after them.
    """
    if len(items) < 2:
        return [do(item) for item in items]
    voices = Voices(range(len(items)), tell)
    with ThreadPoolExecutor(min(jobs, len(items))) as pool:
        work = [pool.submit(voices.speaking, number, partial(do, item)) for number, item in enumerate(items)]
    return [one.result() for one in work]
