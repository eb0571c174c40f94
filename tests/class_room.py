"""A class for tests: in an account of the local AWS, behind API Gateway's quotas, on a clock that all its threads share."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from botocore import xform_name
from fault_proxy import Answer, Proxy, Request, error
from harness import STEPS, World

from hol.cloud.clock import Clock, SystemClock
from hol.config import files as configuration
from hol.engine.lab import Lab
from hol.engine.step import sections
from hol.group import teardown, work
from hol.group.engine import orders
from hol.group.engine.orders import Order, Watch
from hol.group.engine.package import Source
from hol.group.handout import ways_in
from hol.group.handout.ways_in import Handed
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.settings import SECTION, Settings
from hol.group.teardown import Ended
from hol.group.work import Outcome
from hol.local.quotas import Enforcement


def named(number: int) -> Attendee:
    return Attendee(f"a{number}", f"a{number}")


def group(
    world: World,
    attendees: int | list[Attendee],
    clock: Clock | None = None,
    only: tuple[str, ...] = (),
    **settings: str,
) -> Group:
    """A class of so many in that account; of a lab of `only` these steps, where the others take time and say nothing more."""
    people = [named(number) for number in range(attendees)] if isinstance(attendees, int) else attendees
    found = configuration.Folder(configuration.packaged(), world.home, configuration.packaged() / "config.yaml")
    overrides = [f"{key.replace('__', '.')}={value}" for key, value in settings.items()]
    config = configuration.load(found, [f"local.port={world.port}", *overrides], {**sections(STEPS), SECTION: Settings})
    cloud = world.cloud()
    return Group(
        config,
        [step for step in STEPS if step.name in only] if only else STEPS,
        people,
        configuration.packaged(),
        world.home,
        lambda number: cloud if not number else World(world.port, number, world.home).cloud(),
        paced=clock is not None,
        clock=clock or SystemClock(),
    )


def up(of: Group) -> dict[str, Outcome]:
    return {one.attendee.id: one for one in work.up(of, lambda outcome: None)}


def down(of: Group) -> Ended:
    return teardown.down(of, teardown.plan(of)[0], lambda outcome: None, lambda seconds: None)


def handed(of: Group) -> dict[str, Handed]:
    """Everybody's way in; nobody's may fail."""
    outcomes, found = ways_in.hand_out(of, lambda outcome: None)
    assert failures(outcomes) == {}
    return {one.attendee.id: one for one in found}


@dataclass
class SharedClock:
    """One time for many threads: it jumps to the next that a thread waits for once nothing has happened for a moment.

    A thread that works while it jumps finds itself late, never early: what is measured with it is the time at most.
    """

    quiet: float = 0.02
    at: float = 1000.0
    busy: int = 0
    touched: float = field(default_factory=time.monotonic)
    waiting: list[float] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    ended: threading.Event = field(default_factory=threading.Event)

    def now(self) -> float:
        self.touched = time.monotonic()
        return self.at

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        with self.changed:
            until = self.at + seconds
            self.waiting.append(until)
            self.touched = time.monotonic()
            while self.at < until and not stop.is_set():
                self.changed.wait(0.1)
            self.waiting.remove(until)
            self.touched = time.monotonic()

    def run(self) -> None:
        """Jump, until it has ended."""
        while not self.ended.wait(0.003):
            with self.changed:
                still = [until for until in self.waiting if until > self.at]
                if still and not self.busy and time.monotonic() - self.touched > self.quiet:
                    self.at = min(still)
                    self.touched = time.monotonic()
                    self.changed.notify_all()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Somebody is being answered: time stands still."""
        with self.changed:
            self.busy += 1
        try:
            yield
        finally:
            with self.changed:
                self.busy -= 1
                self.touched = time.monotonic()


@dataclass
class Limited:
    """An AWS with API Gateway's quotas, and the clock that they go by."""

    clock: SharedClock
    enforcement: Enforcement
    front: Proxy

    def calls(self, name: str) -> int:
        return self.front.seen.count(name)


@contextlib.contextmanager
def limited(front: Proxy) -> Iterator[Limited]:
    """The proxy refuses what is beyond the quotas, by a clock that jumps."""
    clock = SharedClock()
    enforcement = Enforcement(lambda: clock.at)

    def act(request: Request) -> Answer | None:
        with clock.working():
            service, _, name = request.name.partition(".")
            operation = f"{service}.{xform_name(name)}"
            if service == "apigateway" and not enforcement.allows(request.key, "us-east-1", operation):
                return error("TooManyRequestsException", "Too Many Requests", 429)(request)
            return request.forward()

    front.add(".*", act, times=float("inf"))
    ticking = threading.Thread(target=clock.run, daemon=True)
    ticking.start()
    try:
        yield Limited(clock, enforcement, front)
    finally:
        clock.ended.set()
        ticking.join()


def failures(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """Whose lab is not as it should be, and why."""
    return {
        one.attendee.id: [
            *(f"{error.what} ({error.why})" for error in one.errors),
            *(f"left {left.what} ({left.why})" for left in one.left),
            *(f"still {event.what}" for event in one.still),
        ]
        for one in outcomes
        if one.failed
    }


# --- the engine ---


class ClientGone(Exception):
    """Whoever watched has gone."""


def engine(of: Group) -> Lab:
    """What the engine of that class is made with."""
    return Lab(of.run(of.everybody(""), lambda said: None), "")


def source(of: Group) -> Source:
    """The lab as it is packed."""
    folder = configuration.Folder(configuration.packaged(), of.home, configuration.packaged() / "config.yaml")
    name, create = of.settings.name, str(of.config.creates_endpoint).lower()
    return Source(folder, [f"class.name={name}", f"endpoint.create={create}"], of.config)


def up_by_engine(of: Group, watch: Watch = lambda counts: None) -> dict[str, Outcome]:
    made = orders.up(of, engine(of), source(of), "en", watch, lambda outcome: None)
    return {one.attendee.id: one for one in made}


def down_by_engine(of: Group, watch: Watch = lambda counts: None) -> Ended:
    def labs(attendees: list[Attendee]) -> list[Outcome]:
        done = orders.carried_out(of, engine(of), source(of), Order("down", attendees, "en"), watch)
        return done + orders.taken_away(of)

    return teardown.down_elsewhere(of, teardown.plan(of)[0], lambda outcome: None, labs)
