"""One run: what its steps share.

The settings, the cloud, the clock, who listens, and what has become known so far. The kernel (`hol/engine/lab.py`) works
on it; the runner makes it.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hol.cloud.actions import Call
from hol.cloud.clock import Clock, SystemClock
from hol.cloud.pace import Pace
from hol.cloud.quotas import Quotas
from hol.cloud.session import Cloud
from hol.config.settings import Config
from hol.engine.events import Message
from hol.engine.facts import Answers, Facts
from hol.engine.overlap import RunningStep
from hol.engine.step import Step
from hol.words.text import Text

SWEEP = "sweep"  # the step under which `hol/operate/sweep.py` reports what it finds


class Interrupted(Exception):
    """The run was asked to stop; raised before the next call to AWS."""


@dataclass(frozen=True)
class Left:
    """Something that a clean-up could not remove, why, and what to do; `about` is the key of the event that failed."""

    what: Text
    why: Text
    fix: Text
    about: str = ""


@dataclass
class Run:
    """What the steps of one run share."""

    config: Config
    cloud: Cloud
    root: Path
    home: Path
    emit: Callable[[Message], None]
    steps: Mapping[str, Step] = field(default_factory=dict)
    dry: bool = False
    lenient: bool = False  # untagged resources with our names count as ours: for looking only, nothing is changed
    brief: bool = False  # one of many looks: nothing is read that only explains what is wrong
    others: frozenset[str] = frozenset()  # names of things of others in the same class: nobody meant them to be his
    blank: bool = False  # reads find nothing: what would be done in an empty account
    clock: Clock = field(default_factory=SystemClock)
    stop: threading.Event = field(default_factory=threading.Event)
    random: random.Random = field(default_factory=random.Random)
    made: set[str] = field(default_factory=set)
    deleted: list[Call] = field(default_factory=list)  # what AWS has said is gone, whatever its lists say
    left: list[Left] = field(default_factory=list)
    unseen: list[Text] = field(default_factory=list)  # what kept a clean-up from looking by tag
    transcript: list[Call] = field(default_factory=list)
    running_steps: dict[str, RunningStep] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)  # steps that could not be looked at to their end
    facts: Facts = field(default_factory=Facts)
    answers: Answers | None = None  # of looks before this one, as far as nobody has changed anything since
    lock: threading.Lock = field(default_factory=threading.Lock)
    paces: dict[str, Pace] = field(default_factory=dict)
    quotas: Quotas = field(
        default_factory=lambda: Quotas({})
    )  # what the account lets through, where several runs share it

    def number(self, step: str) -> int | str:
        """The step's number, by which people call it; a name that is none stays."""
        return self.steps[step].number if step in self.steps else step

    def pace_of(self, service: str) -> Pace:
        """The pace that all calls to that service keep."""
        with self.lock:
            return self.paces.setdefault(service, Pace())


def blank(run: Run) -> Run:
    """The same lab in an empty account and an empty folder: every read finds nothing."""
    nowhere = run.home / ".hol-nowhere"
    return fresh(replace(run, root=run.home, home=nowhere, dry=True, blank=True))


def fresh(run: Run) -> Run:
    """The run with nothing known yet."""
    return replace(run, facts=Facts(), left=[], unseen=[], running_steps={})
