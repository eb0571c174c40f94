"""Reads that lag two seconds behind writes: `up` and `down` converge in one run, and say nothing false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from comparing import anonymous
from fault_proxy import Proxy
from harness import STEPS, Recorded, World
from lagging import Lag
from sampling import some

from hol.cloud.clock import JumpingClock
from hol.engine import runner
from hol.operate import cleanup


@dataclass
class Flowing(JumpingClock):
    """Each look at it takes a moment, so that time passes while nobody waits."""

    def now(self) -> float:
        self.at += 0.002
        return self.at


SERVICES = ["apigateway", "iam", "lambda", "s3", "sagemaker", "logs", "scheduler", ".*"]


@pytest.mark.parametrize("services", some(SERVICES, 7))
def test_up_and_down_converge_in_one_run_while_reads_lag(
    services: str, front: Proxy, new_world: Callable[..., World], clean: str
) -> None:
    world = new_world(front.url)
    before = world.listing()
    clock = Flowing(real=0.01)
    lag = Lag(world.account, services, lambda: clock.at)
    lag.stand_before(front)
    settings = {"target": "aws", "endpoint__create": "true"} | (
        {"endpoint__ttl": "1h"} if services == "scheduler" else {}
    )
    runner.up(world.run(clock=clock, **settings), STEPS)
    if len(settings) == 2:
        assert anonymous(world) == clean
    run = world.run(Recorded(), clock=clock, **settings)
    still = cleanup.clean_up(run, STEPS)
    assert [str(event.what) for event in still] == []
    assert run.left == []
    assert lag.lagged
    front.rules.clear()
    assert world.listing() == before
    assert not any(world.home.iterdir())


@pytest.mark.parametrize("services", ["apigateway", ".*"])
def test_changed_settings_converge_in_one_run_while_reads_lag(
    services: str, front: Proxy, new_world: Callable[..., World], clean: str
) -> None:
    """From the guide's plain errors to mapped ones and back: what is read late must not hide what was just written."""
    world = new_world(front.url)
    clock = Flowing(real=0.01)
    World(world.port, world.account, world.home).up(api__errors="guide")
    Lag(world.account, services, lambda: clock.at).stand_before(front)
    runner.up(world.run(clock=clock), STEPS)
    recorded = Recorded()
    direct = World(world.port, world.account, world.home)
    runner.up(direct.run(recorded, clock=clock), STEPS)
    assert [line for line in recorded.lines if " = " not in line] == []
