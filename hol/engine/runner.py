"""Runs the steps of a lab: up side by side as NEEDS allow, down the other way round.

Whatever the steps do at once, what they emit comes out in step order: the lowest unfinished step first, the others in
their turn.
"""

from __future__ import annotations

from collections.abc import Iterable

from hol.engine.events import Event
from hol.engine.facts import Facts
from hol.engine.lab import Lab
from hol.engine.ordered_output import emitter, in_parallel
from hol.engine.run import Run
from hol.engine.schedule import Schedule
from hol.engine.step import Step
from hol.words.errors import CheckFailed, CredentialsError, HolError

# How often `up` begins again because another run was quicker.
_AGAIN = 3


def up(run: Run, steps: Iterable[Step]) -> None:
    """Ensure every step. The first failure lets running calls finish, starts nothing new, and is raised.

    What another run has replaced under this one's hands is looked for anew, and the steps begin again.
    """
    steps = list(steps)
    within = {step.name for step in steps}
    after = {step.name: [need for need in step.needs if need in within] for step in steps}
    for left in reversed(range(_AGAIN + 1)):
        try:
            Schedule(run, steps, after, "up", keep_going=False).go()
            return
        except HolError:
            if run.dry or not left or not _replaced(run):
                raise
            run.facts = Facts()


def _replaced(run: Run) -> bool:
    """Whether a step says so: `replaced(lab)` is True when what it made or found is gone, and another run's stands for it."""
    asked = [(step, step.facet("replaced")) for step in run.steps.values()]
    try:
        return any(replaced(Lab(run, step.name)) for step, replaced in asked if replaced)
    except HolError:  # the failure that led here says more
        return False


def survey(run: Run, steps: Iterable[Step]) -> dict[int, HolError]:
    """Look at every step, in a dry-run, also past those that cannot be done here; returns what stands in whose way.

    Raises `CredentialsError` when nobody may look at all.
    """
    steps = list(steps)
    errors = Schedule(run, steps, {step.name: list(step.needs) for step in steps}, "up", keep_going=True).go()
    for error in errors.values():
        if isinstance(error, CredentialsError):
            raise error
    return errors


def check(run: Run, steps: Iterable[Step]) -> None:
    """Every step's own test, side by side. Raises the first `CheckFailed` after all have been tried."""
    tested = [step for step in steps if step.does("check")]
    failures = in_parallel(tested, lambda step: _failure(run, step), run.config.jobs, run.emit)
    for failure in failures:
        if failure:
            raise failure


def _failure(run: Run, step: Step) -> CheckFailed | None:
    """What the step's test found wrong."""
    try:
        step.module.check(Lab(run, step.name))
    except HolError as error:
        if not isinstance(error, CheckFailed):
            error = CheckFailed(error.what, error.why, error.fix, error.code if error.code > 3 else None)
        emitter(run.emit)(Event(step.name, "!", error.what, error.why))
        return error
    return None


def down(run: Run, steps: Iterable[Step]) -> list[HolError]:
    """Take these steps down, what bills first, and go on past a failure; returns what went wrong.

    Raises `CredentialsError` when nobody may look at all.
    """
    steps = list(steps)
    return _taken_back(run, steps, {step.name: _down_before(step, steps) for step in steps}, "down")


def undo(run: Run, steps: Iterable[Step]) -> list[HolError]:
    """Take back what these steps alone did, the latest first; otherwise as `down`.

    A step may define `undo(lab)`, where that is another thing than its part of the whole clean-up: `down`.
    """
    steps = sorted(steps, key=lambda step: step.number, reverse=True)
    return _taken_back(run, steps, {step.name: _resting_on(step, steps) for step in steps}, "undo")


def _taken_back(run: Run, steps: list[Step], after: dict[str, list[str]], verb: str) -> list[HolError]:
    errors = list(Schedule(run, steps, after, verb, keep_going=True).go().values())
    for error in errors:
        if isinstance(error, CredentialsError):
            raise error
    return errors


def _resting_on(step: Step, steps: list[Step]) -> list[str]:
    return [one.name for one in steps if step.name in one.needs]


def _down_before(step: Step, steps: list[Step]) -> list[str]:
    """The steps that must be down before this one."""
    if step.down_after is not None:
        return [one.name for one in steps if one.name in step.down_after]
    return _resting_on(step, steps)
