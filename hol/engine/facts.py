"""What a run has found out, each fact asked for once and typed by its kind.

A noun's module declares the kinds that it keeps, `BUCKET = Kind[dict[str, str] | None]("bucket")`, and reads one with
`lab.once(BUCKET(name), read)`. Whoever changes the resource says what a read would now return (`learn`), or that it must be
made again (`forget`).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Fact(Generic[T]):
    """One thing to know, of the type T: its kind, and the names of what it is about."""

    kind: str
    about: tuple[object, ...]


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of fact; `KIND(name, …)` is the fact about that resource."""

    name: str

    def __call__(self, *about: object) -> Fact[T]:
        return Fact(self.name, about)


@dataclass
class Facts:
    """All that a run knows so far; several threads may ask for one fact, and one of them reads."""

    known: dict[Fact[Any], object] = field(default_factory=dict)
    _locks: dict[Fact[Any], threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, fact: Fact[T], read: Callable[[], T]) -> T:
        """The fact, read now unless it is known."""
        with self._lock:
            lock = self._locks.setdefault(fact, threading.Lock())
        with lock:
            if fact not in self.known:
                self.known[fact] = read()
            return cast(T, self.known[fact])

    def get(self, fact: Fact[T]) -> T | None:
        """The fact as far as it is known; None otherwise."""
        return cast("T | None", self.known.get(fact))

    def has(self, fact: Fact[bool]) -> bool:
        """Whether it is known, and so."""
        return bool(self.known.get(fact))

    def learn(self, fact: Fact[T], value: T) -> T:
        """What a read would now return."""
        self.known[fact] = value
        return value

    def forget(self, fact: Fact[T]) -> None:
        """A read must be made again."""
        self.known.pop(fact, None)

    def names(self, kind: str) -> set[str]:
        """The resources of which a fact of that kind is known."""
        return {str(fact.about[0]) for fact in list(self.known) if fact.kind == kind and len(fact.about) == 1}

    def only(self, *kinds: Kind[Any]) -> Facts:
        """New facts, with what is known of these kinds alone."""
        kept = {kind.name for kind in kinds}
        return Facts({fact: value for fact, value in self.known.items() if fact.kind in kept})


@dataclass(frozen=True)
class Answers:
    """What reads were answered, by operation, for whoever looks again and again and hears what was changed meanwhile."""

    known: Mapping[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))

    def once(self, operation: str, asked: str, ask: Callable[[], T]) -> T:
        """The answer, asked for now unless it is known; whoever gets it may change it."""
        found = self.known[operation]
        if asked not in found:
            found[asked] = ask()
        return cast(T, deepcopy(found[asked]))

    def without(self, changed: Callable[[str], bool]) -> Answers:
        """These without those of operations that may answer anew; a look that is under way keeps what it has, and adds nothing."""
        known = dict(self.known)  # in one go: a look may be adding to it
        return Answers(
            defaultdict(dict, {operation: found for operation, found in known.items() if not changed(operation)})
        )
