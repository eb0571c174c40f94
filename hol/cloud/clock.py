"""Time, injected: a run waits on a `Clock`, so that no test ever sleeps."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """Seconds that only go forward, and a wait that `stop` ends early."""

    def now(self) -> float: ...
    def sleep(self, seconds: float, stop: threading.Event) -> None: ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        stop.wait(seconds)


@dataclass
class JumpingClock:
    """A clock for tests: each wait jumps forward, and yields for `real` seconds so that a server can go on."""

    real: float = 0.0
    at: float = field(default_factory=time.monotonic)
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        self.waits.append(seconds)
        self.at += seconds
        stop.wait(self.real)
