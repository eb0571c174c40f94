"""Many seeded runs of `up` and `down` while AWS throttles, fails, loses answers and forgets who is asking.

After each the account holds what it held before, or hol says that it does not, and names all that is left. The
default run takes some seeds, HOL_FULL=1 two hundred.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from fault_proxy import Answer, Proxy, Request, Rule, error, lose, reset
from harness import STEPS, World
from sampling import FULL

from hol.cloud.clock import JumpingClock
from hol.engine import runner
from hol.engine.run import Left, Run
from hol.operate import cleanup
from hol.words.errors import CredentialsError, HolError

SEEDS, BLOCK = (200, 20) if FULL else (2, 2)
GROUP = "/aws/lambda/myTextClassificationInference"
ROLE = "myTextClassificationLambdaRole-hol"
_MAY_MAKE_GROUPS = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"*"}]}'
)
_THROTTLES = {
    "iam": error("Throttling", "Rate exceeded"),
    "s3": error("SlowDown", "Please reduce your request rate.", 503),
    "apigateway": error("TooManyRequestsException", "Too Many Requests", 429),
    "lambda": error("TooManyRequestsException", "Rate exceeded", 429),
}
_THROTTLED = error("ThrottlingException", "Rate exceeded")
_BROKEN = error("InternalFailure", "We encountered an internal error. Please try again.", 500)


@dataclass
class LateClock(JumpingClock):
    """A jumping clock on which things happen: `due` holds (time, what to do)."""

    real: float = 0.01
    due: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        super().sleep(seconds, stop)
        for item in [item for item in self.due if item[0] <= self.at]:
            self.due.remove(item)
            item[1]()


@dataclass
class Weather:
    """What goes wrong, decided by seed, call and how often the call was seen: the same whichever thread is first."""

    seed: int
    expires: int | None
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def act(self, request: Request) -> Answer | None:
        """The fate of one request."""
        self.counts[request.name] += 1
        if self.expires is not None and self.counts.total() > self.expires:
            self.faults["expired"] += 1
            return error("ExpiredTokenException", "The security token included in the request is expired", 403)(request)
        drawn = random.Random(f"{self.seed} {request.name} {self.counts[request.name]}").random()
        for kind, below, act in (
            ("throttled", 0.30, _THROTTLES.get(request.name.split(".")[0], _THROTTLED)),
            ("failed", 0.33, _BROKEN),
            ("reset", 0.36, reset),
            ("lost", 0.40, lose),
        ):
            if drawn < below and not request.name.startswith("sts."):
                self.faults[kind] += 1
                return act(request)
        return request.forward()


@pytest.mark.timeout(3600 if FULL else 120)
@pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
def test_up_and_down_in_bad_weather(
    first: int, front: Proxy, new_world: Callable[..., World], record_property: Callable[[str, str], None]
) -> None:
    """A "clean" is never false: listing before = listing after, or what is left is named."""
    outcomes: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    problems = []
    for seed in range(first, first + BLOCK):
        outcome, seen, problem = _one(seed, front, new_world(front.url))
        outcomes[outcome] += 1
        faults += seen
        if problem:
            problems.append(f"seed {seed}: {problem}")
    record_property("counted", f"random faults, seeds {first} to {first + BLOCK - 1}: {dict(outcomes)}; {dict(faults)}")
    assert problems == []
    assert outcomes["false clean"] == 0
    assert outcomes.total() == BLOCK
    assert min(faults[kind] for kind in ("throttled", "failed", "reset", "lost")) > 0


def _one(seed: int, front: Proxy, world: World) -> tuple[str, Counter[str], str]:
    """(outcome of the first `down` that came to its end, the faults, what is wrong)."""
    drawn = random.Random(seed)
    weather = Weather(seed, drawn.randrange(20, 300) if drawn.random() < 0.4 else None)
    clock = LateClock()
    before = world.listing()
    front.rules.clear()
    front.add(".*", weather.act, times=10**9, when=lambda request: request.key == world.account)
    _patiently(lambda: runner.up(world.run(clock=clock), STEPS), weather)
    if seed % 3 == 0:
        _let_the_log_group_return(world, front, clock, weather)
    run = _signed_in(world, clock, weather)
    said = _patiently(lambda: [*map(str, (e.what for e in cleanup.clean_up(run, STEPS))), *_named(run.left)], weather)
    front.rules.clear()
    clock.at += 60
    clock.sleep(0, threading.Event())
    after = world.listing()
    left = [
        name for kind, names in after.items() for name in names if name not in before[kind] and "theirs" not in name
    ]
    left += [path.name for path in world.home.iterdir()]
    outcome = "clean" if not said and not left else "named" if said else "false clean"
    problem = "; ".join(name for name in left if not any(name.rsplit("/", 1)[-1] in words for words in said or []))
    again = world.run(clock=clock)
    rest = cleanup.clean_up(again, STEPS)
    if rest or again.left or any(world.home.iterdir()) or _strange(world.listing(), before):
        problem += f" a second down does not complete: {[str(e.what) for e in rest]} {_named(again.left)}"
    return outcome, weather.faults, problem


def _signed_in(world: World, clock: LateClock, weather: Weather) -> Run:
    """The run of `down`; the session may have expired just before it."""
    try:
        return world.run(clock=clock)
    except CredentialsError:
        weather.expires = None
        return world.run(clock=clock)


def _named(left: list[Left]) -> list[str]:
    return [f"{one.what}: {one.why}" for one in left]


def _strange(after: dict[str, list[str]], before: dict[str, list[str]]) -> bool:
    return {k: [n for n in v if "theirs" not in n] for k, v in after.items()} != before


def _patiently(do: Callable[[], list[str] | None], weather: Weather) -> list[str]:
    """Do it as a person does: after an error in words, again; after an expired session, sign in first."""
    for _ in range(6):
        try:
            return do() or []
        except CredentialsError:
            weather.expires = None
        except HolError as failure:
            assert failure.what, failure
    return ["gave up"]


def _let_the_log_group_return(world: World, front: Proxy, clock: LateClock, weather: Weather) -> None:
    """Somebody let the function make log groups, and it does: five seconds after its group was deleted."""
    iam, logs = world.client("iam"), world.client("logs")
    if ROLE not in world.listing()["roles"]:
        return
    arn = iam.create_policy(PolicyName="theirs", PolicyDocument=_MAY_MAKE_GROUPS)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)

    def come_back() -> None:
        logs.create_log_group(logGroupName=GROUP)
        weather.faults["log group came back"] += 1

    def later(request: Request) -> Answer:
        answer = request.forward()
        if answer.status == 200:
            clock.due.append((clock.now() + 5, come_back))
        return answer

    with front.lock:
        front.rules.insert(0, Rule("logs.DeleteLogGroup", later))
