"""What an account lets through in a second, call by call; and the line in which the calls of many runs wait for that.

The quotas of API Gateway hold for an account in a region and cannot be raised:
https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
All runs of an account share one `Quotas`. A call with a quota of its own waits in that quota's line, and is then
counted among all calls of the service; any other waits in the line of all calls. So a scarce call is never late because
of common ones. A call that AWS refuses all the same (somebody else's calls count too) teaches the line: its quota counts
as used up, the next calls keep a little more distance, and the refused call comes first again.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from hol.cloud.clock import Clock


@dataclass(frozen=True)
class Quota:
    """So many calls in so many seconds; `burst` of them at once."""

    name: str
    operations: str
    calls: int
    seconds: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds from one call to the next."""
        return self.seconds / self.calls

    def covers(self, operation: str) -> bool:
        """Whether it counts that operation (`service.snake_case_name`)."""
        return bool(re.fullmatch(self.operations, operation))


# In the order in which they are asked: those of one operation before the one of all.
QUOTAS = (
    Quota("CreateRestApi", r"apigateway\.(create|import)_rest_api", 1, 3, 1),
    Quota("DeleteRestApi", r"apigateway\.delete_rest_api", 1, 30, 1),
    Quota("CreateDeployment", r"apigateway\.create_deployment", 1, 5, 1),
    Quota("CreateResource", r"apigateway\.create_resource", 5, 1, 5),
    Quota("GetResources", r"apigateway\.get_resources", 5, 2, 5),
    Quota("all of API Gateway", r"apigateway\..*", 10, 1, 40),
)
ALL = QUOTAS[-1]
# Whoever only looks leaves the rest of all calls to those whom he looks at.
LOOKING = Quota("looking", ALL.operations, 2, 1, 2)
# How long a call may be on its way before the next one no longer waits for its answer.
_LOST = 70.0
# Of all calls at once, so many are kept for those that wait in lines of their own.
_SPARE = 12
_REFUSAL = "TooManyRequestsException"
_WIDER, _NARROWER, _WIDEST = 1.1, 0.99, 2.0


@dataclass(frozen=True, eq=False)
class Turn:
    """A call's place in a line; `first`: before those that are not."""

    first: bool


@dataclass
class Line:
    """Where calls wait for one quota, first come, first served; times are the clock's, in seconds."""

    quota: Quota
    burst: int
    free: float = 0.0  # when the quota would be whole again
    sent: float | None = None  # of a quota of one call at a time: since when that call has been on its way
    stretch: float = 1.0
    waiting: list[Turn] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def interval(self) -> float:
        return self.quota.interval * self.stretch

    def _on_its_way(self, now: float) -> bool:
        """Whether the last call may not have reached AWS yet: until it has, nobody knows from when the interval counts."""
        return self.sent is not None and now - self.sent < _LOST

    def enter(self, first: bool) -> Turn:
        """A place in the line; at its head for a call that has waited before, but behind those that are there already."""
        place = Turn(first)
        with self.lock:
            before = sum(one.first for one in self.waiting) if first else len(self.waiting)
            self.waiting.insert(before, place)
        return place

    def leave(self, place: Turn) -> None:
        with self.lock:
            if place in self.waiting:
                self.waiting.remove(place)

    def wait(self, place: Turn, now: float) -> float:
        """Seconds until it is worth asking again; 0: it is this place's turn, and the call is counted."""
        with self.lock:
            ahead = self.waiting.index(place)
            wait = max(0.0, self.free - (self.burst - 1) * self.interval - now) + ahead * self.interval
            if ahead == 0 and wait <= 1e-9 and not self._on_its_way(now):
                self.waiting.pop(0)
                self._count(now)
                self.sent = now if self.quota.burst == 1 else None
                return 0.0
            return max(wait, 0.02)

    def count(self, now: float) -> None:
        """A call that does not wait here, but counts."""
        with self.lock:
            self._count(now)

    def _count(self, now: float) -> None:
        self.free = max(self.free, now) + self.interval

    def refused(self, now: float) -> None:
        """AWS says that it is used up."""
        with self.lock:
            self.sent = None
            self.stretch = min(self.stretch * _WIDER, _WIDEST)
            self.free = max(self.free, now + self.burst * self.interval)

    def passed(self, now: float) -> None:
        """A call was answered: AWS has counted it before now."""
        with self.lock:
            if self.sent is not None:
                self.sent, self.free = None, now + self.interval
            self.stretch = max(self.stretch * _NARROWER, 1.0)


def _lines() -> dict[str, Line]:
    kept = {quota.name: quota.burst if quota.burst == 1 else quota.burst - 1 for quota in QUOTAS}
    return {quota.name: Line(quota, kept[quota.name]) for quota in QUOTAS} | {ALL.name: Line(ALL, ALL.burst - _SPARE)}


def for_looking() -> Quotas:
    """The quotas of an account for who looks at it all the time: two calls a second, each counted among the others."""
    return Quotas({LOOKING.name: Line(LOOKING, LOOKING.burst)} | _lines())


@dataclass
class Quotas:
    """The quotas of one account in one region, for all who call it; `refusals` counts what AWS refused."""

    lines: dict[str, Line] = field(default_factory=_lines)
    refusals: int = 0
    first: bool = False  # whoever waits here goes before those who wait already

    def ahead(self) -> Quotas:
        """The same lines, for who goes before the others."""
        return Quotas(self.lines, first=True)

    def wait(self, operation: str, clock: Clock, stop: threading.Event, again: bool = False) -> None:
        """Return when the call may be made, or `stop` is set; `again`: it was refused before."""
        lines = self._of(operation)
        if not lines:
            return
        first, *others = lines
        place = first.enter(again or self.first)
        try:
            while not stop.is_set() and (seconds := first.wait(place, clock.now())):
                clock.sleep(seconds, stop)
        finally:
            first.leave(place)
        for line in others:
            line.count(clock.now())

    def answered(self, operation: str, now: float, code: str = "") -> None:
        """The call was answered, with an error's code or without one."""
        for line in self._of(operation):
            if code != _REFUSAL:
                line.passed(now)
            elif line.quota.name == self._of(operation)[0].quota.name:
                self.refusals += 1
                line.refused(now)

    def waiting(self) -> int:
        """How many calls wait."""
        return sum(len(line.waiting) for line in self.lines.values())

    def _of(self, operation: str) -> list[Line]:
        return [line for line in self.lines.values() if line.quota.covers(operation)]
