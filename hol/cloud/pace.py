"""How long to wait before a call is made, or made again: the pace of its service, and the attempts so far.

How fast a service takes calls just now is known by all threads that call it, so that none of them waits alone.

A throttled call is made again after a delay that doubles only while the service lets no call at all pass; as soon as
one does, the next delays are short again. Meanwhile calls keep a distance that grows with every throttle and shrinks
with every call that passes.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from random import Random

from hol.cloud.clock import Clock
from hol.cloud.retry import Rule, rule_for
from hol.words.errors import Failure
from hol.words.text import Text

_LEAST, _MOST = 0.05, 1.0


@dataclass
class Pace:
    """One service's pace; times are the run's clock, in seconds."""

    gap: float = 0.0
    streak: int = 0
    free: float = 0.0
    settled: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, now: float) -> float:
        """Take the next turn; how long it is until then."""
        with self.lock:
            turn = max(now, self.free)
            self.free = turn + self.gap
            return turn - now

    def passed(self) -> None:
        """A call was answered."""
        with self.lock:
            self.streak = 0
            self.gap = self.gap * 0.7 if self.gap > _LEAST else 0.0

    def throttled(self, now: float, first: float, longest: float) -> float:
        """A call was refused; how long until it is made again. Refusals during one delay count once."""
        with self.lock:
            if now >= self.settled:
                self.streak += 1
                self.gap = min(max(self.gap * 1.5, _LEAST), _MOST)
            delay: float = min(first * 2 ** (max(self.streak, 1) - 1), longest)
            self.settled = max(self.settled, now + delay)
            return delay


@dataclass
class Attempts:
    """One call's attempts so far: since when, and under which rule the next one waits; `most` seconds at the longest."""

    operation: str
    clock: Clock
    random: Random
    made: Collection[str]
    pace: Pace
    most: float = float("inf")
    rule: Rule | None = None
    delays: Iterator[float] = field(default_factory=lambda: iter(()))
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    def next_wait(self, failure: Failure, error: Exception) -> tuple[Text, float, float, float]:
        """(what for, how long, waited already, at most) to wait before the next attempt. Raises the error after that."""
        waited = self.clock.now() - self.began
        rule = rule_for(self.operation, failure, self.made)
        if rule is None or waited >= min(rule.time_limit(self.made), self.most):
            raise error
        if rule is not self.rule:
            self.rule, self.delays = rule, rule.delays(self.random)
        delay = next(self.delays)
        if rule.shared:
            delay = self.pace.throttled(self.clock.now(), rule.first, rule.longest) * self.random.uniform(0.75, 1.0)
        return rule.what, delay, waited, min(rule.time_limit(self.made), self.most)
