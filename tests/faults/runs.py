"""What the fault tests share: runs whose clock and events can be looked at, and what a good error looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fault_proxy import Request
from harness import STEPS, Recorded, World

from hol.cloud.clock import JumpingClock
from hol.engine import runner
from hol.engine.events import Progress
from hol.engine.run import Left, Run
from hol.operate import cleanup
from hol.words.errors import Exit, HolError


@dataclass
class Runs:
    """Runs in one account, all on one clock."""

    world: World
    clock: JumpingClock = field(default_factory=lambda: JumpingClock(real=0.02))

    def up(self, **settings: Any) -> tuple[Run, Recorded]:
        """`hol up`; returns the run and what it told."""
        recorded = Recorded()
        run = self.world.run(recorded, clock=self.clock, **settings)
        runner.up(run, STEPS)
        return run, recorded

    def down(self, **settings: Any) -> tuple[Run, Recorded]:
        """`hol down --yes`: what had to stay, or is still there, is in `run.left`."""
        recorded = Recorded()
        run = self.world.run(recorded, clock=self.clock, **settings)
        for event in cleanup.clean_up(run, STEPS):
            run.left.append(Left(event.what, event.what, event.what))
        return run, recorded

    def within(self, seconds: float) -> Callable[[Request], bool]:
        """A `when` that is true for so many seconds of the clock from its first look."""
        began: list[float] = []

        def look(request: Request) -> bool:
            began.append(self.clock.now())
            return self.clock.now() < began[0] + seconds

        return look


def waits(recorded: Recorded) -> set[str]:
    """What the run was seen to wait for."""
    return {str(said.what) for said in recorded.all if isinstance(said, Progress)}


def refused(do: Callable[[], Any], code: Exit, *words: str) -> HolError:
    """`do` ends with an expected error: its exit code, what, why and fix are there, and the words are in them."""
    with pytest.raises(HolError) as raised:
        do()
    error = raised.value
    assert error.code == code, error
    assert error.what and error.why and error.fix, (error.what, error.why, error.fix)
    text = f"{error.what}\n{error.why}\n{error.fix}"
    for word in words:
        assert word in text, text
    return error


def as_json(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    """A change of a JSON body, for `fault_proxy.changed`."""

    def act(body: bytes) -> bytes:
        data = json.loads(body)
        change(data)
        return json.dumps(data).encode()

    return act
