"""The clean-up: everything of the lab taken down, and the account listed again until nothing of it is there.

The steps take down what the configuration names; the sweep what bears the lab's tag under other names. What had to stay
is in `run.left`, what could not be looked at in `run.unseen`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Protocol, TypeVar

from hol.aws.logs import DELETED, LATE, LATE_SECONDS
from hol.engine import runner
from hol.engine.events import Event, Message, Progress
from hol.engine.facts import Facts
from hol.engine.run import Left, Run
from hol.engine.step import Step
from hol.operate import sweep
from hol.words.commands import cleaning
from hol.words.errors import HolError
from hol.words.text import Text, t

# How long a list may lag behind a change.
LAG_SECONDS = 3.0

AThing = TypeVar("AThing", bound="Thing")
Take = Callable[[Run, Iterable[Step]], None]


def undo(run: Run, steps: Iterable[Step]) -> None:
    """Take back what these steps alone did, the latest first; goes on past a failure. What has to stay is in `run.left`."""
    leave(run, runner.undo(run, steps))


def by_name(run: Run, steps: Iterable[Step]) -> None:
    """Take every step down under the names of the configuration, what bills first; goes on past a failure."""
    leave(run, runner.down(run, steps))


def down(run: Run, steps: Iterable[Step]) -> None:
    """Take every step down, what bills first; goes on past a failure. With the whole lab goes what is ours under other
    names.

    What has to stay is in `run.left`. Raises `CredentialsError` when nobody may look at all.
    """
    steps = list(steps)
    whole = {step.name for step in steps}.issuperset(run.steps)
    with sweep.begun(run) if whole else nullcontext() as listing:
        by_name(run, steps)
        if listing:
            leave(run, sweep.remove(run, listing))


def clean_up(run: Run, steps: Iterable[Step], take: Take = down) -> list[Event]:
    """Take everything down and list the account again; what came back or failed is tried once more, and once again when
    only then a log group went or was seen to be one that may come back.

    Returns what would still have to be deleted; what had to stay is in `run.left`.
    """
    steps = list(steps)
    still: list[Event] = []
    # AWS's lists may not show yet what another run has just made: the last of them is not made too early.
    began, lags = run.clock.now(), run.config.target == "aws" and not run.blank
    tries, again = 2, False
    while tries:
        tries -= 1
        run.left.clear()
        run.unseen.clear()
        run.facts = _remembered(run)
        known = _come_back(run)
        take(run, steps)
        failed = list(run.left)
        if not run.made and not failed and (again or not lags):
            break  # nothing was there
        if run.facts.has(LATE()) and (not again or _come_back(run) != known):
            tries = 1
            _wait_for_what_comes_back(run)
        if lags:
            run.clock.sleep(max(0.0, began + LAG_SECONDS - run.clock.now()), run.stop)
        still = _settled(run, steps, take)
        if not still and not failed:
            break
        again = True
    return still


def _come_back(run: Run) -> tuple[bool, set[str]]:
    """Whether log groups may come back, and which were deleted."""
    return run.facts.has(LATE()), run.facts.names(DELETED.name)


def _wait_for_what_comes_back(run: Run) -> None:
    run.emit(Progress("", t("log groups that come back late"), 0, LATE_SECONDS))
    run.clock.sleep(LATE_SECONDS, run.stop)


def _settled(run: Run, steps: list[Step], take: Take) -> list[Event]:
    """What would still have to be deleted, once AWS no longer lists what it has deleted, or after half a minute."""
    began, left = run.clock.now(), list(run.left)
    while True:
        still = remaining(run, steps, take=take)
        lags = any(call in run.deleted for event in still for call in event.calls)
        if not lags or run.clock.now() - began > 10 * LAG_SECONDS:
            return still
        run.left[:] = left
        run.clock.sleep(LAG_SECONDS, run.stop)


def _remembered(run: Run) -> Facts:
    """What a new look at the account must not forget: what this run has deleted, and what may come back."""
    return run.facts.only(LATE, DELETED)


def remaining(
    run: Run, steps: Iterable[Step], emit: Callable[[Message], None] = lambda said: None, take: Take = down
) -> list[Event]:
    """What a clean-up would still delete: the account is listed anew, and nothing is changed."""
    seen: list[Message] = []

    def listen(said: Message) -> None:
        seen.append(said)
        emit(said)

    listing = replace(run, dry=True, facts=_remembered(run), left=[], emit=listen)
    take(listing, steps)
    run.left += [left for left in listing.left if left not in run.left]
    return [said for said in seen if isinstance(said, Event) and said.mark == "-"]


def others(run: Run) -> list[Event]:
    """What bears this lab's tag and no step of this run has looked at: under another name, or another setting."""
    seen: list[Message] = []
    listing = replace(run, dry=True, emit=seen.append)
    with sweep.begun(listing) as found:
        leave(run, sweep.remove(listing, found))
    return [said for said in seen if isinstance(said, Event)]


def leave(run: Run, errors: Iterable[HolError]) -> None:
    """What went wrong is left behind, each thing once."""
    for error in errors:
        left = Left(error.what, error.why or Text("-"), error.fix or t("run: {}", cleaning()), error.about)
        if left not in run.left:
            run.left.append(left)


class Thing(Protocol):
    """What is still there, under its event's key: an event, a line of the receipt."""

    @property
    def key(self) -> str: ...
    @property
    def things(self) -> int: ...


def left_behind(still: Sequence[Thing], left: Sequence[Left]) -> int:
    """How many things stay: what a clean-up would still delete, and what had to stay besides; each counts once."""
    there = {one.key for one in still}
    return sum(one.things for one in still) + sum(one.about not in there for one in left)


def unexplained(still: Iterable[AThing], left: Sequence[Left]) -> list[AThing]:
    """What is still there and of which `left` does not say why."""
    said = {one.about for one in left}
    return [one for one in still if one.key not in said]
