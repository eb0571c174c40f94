"""The way to AWS at its worst: many seeded runs of `up` and `down`, each with a fault of its own kind.

Strange answers at every call in turn, lost answers of every write, bodies that break off, throttling, slow answers,
reads that lag, random kills of the process: each run converges or ends with a clear error; "nothing left" is never
false, and nothing that is gone is said to be left. The default run takes some; HOL_FULL=1 two hundred and more.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from comparing import anonymous
from fault_proxy import Answer, Proxy, Request
from harness import STEPS, Recorded, World
from killed import killed_at
from lagging import Lag
from sampling import FULL
from test_answers import STRANGE
from test_lag import Flowing
from test_random_faults import _THROTTLED, _THROTTLES

from hol.cloud.clock import SystemClock
from hol.engine import runner
from hol.operate import cleanup
from hol.words.errors import HolError

KINDS = ["html-200", "html-503", "empty", "json", "cut", "half", "lost", "throttled", "lag", "killed"]
SEEDS = 21 if FULL else 1
_WRITES = ("Create", "Put", "Update", "Delete", "Add", "Attach", "Detach", "Tag", "Remove", "Abort")


@dataclass
class Fault:
    """One fault of a kind: at the `at`-th request, or, for lost answers, at every write's first time."""

    kind: str
    account: str
    at: int
    seed: int
    count: int = 0

    def act(self, request: Request) -> Answer | None:
        self.count += 1
        service, name = request.name.split(".")
        if self.kind == "throttled":
            drawn = random.Random(f"{self.seed} {self.count}").random()
            return _THROTTLES.get(service, _THROTTLED)(request) if drawn < 0.4 else request.forward()
        if self.kind == "lost":
            again = random.Random(f"{self.seed} {request.target} {self.count}").random() < 0.5
            return STRANGE["lost"](request) if name.startswith(_WRITES) and again else request.forward()
        if self.count % 101 == self.at % 101:
            return STRANGE[self.kind](request)
        return request.forward()


@pytest.mark.timeout(3600 if FULL else 120)
@pytest.mark.parametrize("kind", KINDS)
def test_up_and_down_whatever_the_way(
    kind: str,
    front: Proxy,
    new_world: Callable[..., World],
    clean: str,
    record_property: Callable[[str, str], None],
) -> None:
    outcomes: Counter[str] = Counter()
    problems = []
    for seed in range(SEEDS):
        front.rules.clear()
        outcome, problem = _one(kind, seed, front, new_world(front.url), clean)
        outcomes[outcome] += 1
        problems += [f"seed {seed}: {problem}"] if problem else []
    record_property("counted", f"the way to AWS, {kind}: {dict(outcomes)}")
    assert problems == []


def _one(kind: str, seed: int, front: Proxy, world: World, clean: str) -> tuple[str, str]:
    """(outcome, what is wrong)."""
    before, clock = world.listing(), Flowing(real=0.005)
    settings = {"target": "aws", "endpoint__create": "true"}
    drawn = random.Random(f"{kind} {seed}")
    if kind == "killed":
        killed_at(front, world, "up", drawn.randrange(1, 120), drawn.randrange(3))
    elif kind == "lag":
        Lag(world.account, ".*", lambda: clock.at, drawn.uniform(0.5, 4)).stand_before(front)
    else:
        fault = Fault(kind, world.account, 3 + seed * 5, seed)
        front.add(".*", fault.act, times=10**9, when=lambda request: request.key == world.account)
    outcome = "converged"
    try:
        runner.up(world.run(clock=clock, **settings), STEPS)
        if anonymous(World(world.port, world.account, world.home)) != clean:
            return "false", "up ended well and the lab differs"
    except HolError as error:
        outcome = "up ended with words"
        assert error.what and error.fix, error
    try:
        run = world.run(Recorded(), clock=clock, **settings)
        still = cleanup.clean_up(run, STEPS)
        said = [str(event.what) for event in still] + [str(one.what) for one in run.left]
    except HolError as error:
        return "down ended with words", "" if error.what and error.fix else repr(error)
    front.rules.clear()
    left = {kind: names for kind, names in world.listing().items() if names != before[kind]}
    if left and not said:
        return "false clean", str(left)
    if said and not left:
        return "false alarm", str(said)
    return (outcome if not said else "left, and said so"), ""


@pytest.mark.alone
@pytest.mark.timeout(300)
def test_forty_per_cent_throttled_takes_less_than_a_minute(front: Proxy, new_world: Callable[..., World]) -> None:
    """Real time, since the delays are what this is about."""
    world = new_world(front.url)
    fault = Fault("throttled", world.account, 0, 1)
    front.add(".*", fault.act, times=10**9, when=lambda request: request.key == world.account)
    began = time.monotonic()
    runner.up(world.run(clock=SystemClock()), STEPS)
    assert time.monotonic() - began < 60


@pytest.mark.timeout(300)
def test_one_slow_answer_a_service(front: Proxy, new_world: Callable[..., World], clean: str) -> None:
    """Ten seconds, once each: everything is waited for and nothing is made twice."""
    world, seen = new_world(front.url), set[str]()

    def slow(request: Request) -> Answer:
        service = request.name.split(".")[0]
        first, _ = service not in seen, seen.add(service)
        if first:
            time.sleep(10 if FULL else 1)
        return request.forward()

    front.add(".*", slow, times=10**9, when=lambda request: request.key == world.account)
    runner.up(world.run(clock=SystemClock()), STEPS)
    assert anonymous(world) == clean
