"""Runs the steps of a lab: up side by side as NEEDS allow, down the other way round.

Whatever the steps do at once, what they emit comes out in step order: the lowest unfinished step first, the others in
their turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from hol.config import disk as files
from hol.engine.events import Event
from hol.engine.facts import Facts
from hol.engine.lab import Lab
from hol.engine.ordered_output import OrderedOutput, emitter, in_parallel
from hol.engine.overlap import RunningStep, Skipped
from hol.engine.run import Interrupted, Run
from hol.engine.step import Step
from hol.words.errors import CheckFailed, CredentialsError, HolError, ManagedElsewhere
from hol.words.text import t

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
            _schedule(run, steps, after, "up", keep_going=False)
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
    errors = _schedule(run, steps, {step.name: list(step.needs) for step in steps}, "up", keep_going=True)
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
    errors = list(_schedule(run, steps, after, verb, keep_going=True).values())
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


def _schedule(
    run: Run, steps: list[Step], after: dict[str, list[str]], verb: str, keep_going: bool
) -> dict[int, HolError]:
    """Run the steps as their predecessors pass; returns the errors by step, or raises the first unless `keep_going`."""
    ordered_output = OrderedOutput([step.name for step in steps], run.emit)
    errors: dict[int, HolError] = {}
    run.running_steps = {step.name: RunningStep() for step in steps}
    waiting, running = list(steps), dict[Future[None], Step]()
    with ThreadPoolExecutor(len(steps)) as pool:
        try:
            while waiting or running:
                for step in (
                    _startable(run, waiting, len(running), after, keep_going) if keep_going or not errors else []
                ):
                    waiting.remove(step)
                    running[pool.submit(_one, run, step, verb, ordered_output)] = step
                if not running:
                    break
                _wait(run, running)
                for future in [one for one in running if one.done()]:
                    _collect(run, future, running.pop(future), errors)
                if errors and not keep_going:
                    _abandon(run, waiting)
        except BaseException:
            run.stop.set()
            raise
        finally:
            _abandon(run, waiting)
            wait(running)
            ordered_output.flush()
            run.running_steps = {}
    if errors and not keep_going:
        raise errors[min(errors)]
    return {number: errors[number] for number in sorted(errors)}


def _startable(
    run: Run, waiting: list[Step], running: int, after: dict[str, list[str]], keep_going: bool
) -> list[Step]:
    """The steps that may start now, in order.

    A step that must still wait for others itself never takes the last place, so that those others can run.
    """
    found = list[Step]()
    for step in waiting:
        missing = {need for need in after[step.name] if not run.running_steps[need].has_passed(keep_going)}
        free = run.config.jobs - running - len(found)
        if free > 0 and (not missing or (free > 1 and missing <= set(step.awaits))):
            found.append(step)
    return found


def _wait(run: Run, running: dict[Future[None], Step]) -> None:
    """Until a step has passed or ended."""
    passing = [run.running_steps[step.name].passed for step in running.values()]
    wait([*running, *(one for one in passing if not one.done())], return_when=FIRST_COMPLETED)


def _abandon(run: Run, waiting: list[Step]) -> None:
    """These steps will not start; whoever waits for them need not any longer."""
    for step in waiting:
        run.running_steps[step.name].let_pass(Skipped())


def _one(run: Run, step: Step, verb: str, ordered_output: OrderedOutput) -> None:
    ordered_output.collect(step.name, lambda: _do(run, step, verb))


def _do(run: Run, step: Step, verb: str) -> None:
    """One step, until everything that it does in the background has ended as well."""
    running = run.running_steps[step.name]
    verb = "down" if verb == "undo" and not step.does("undo") else verb
    try:
        if step.does(verb):
            _call(run, step, verb)
    except BaseException as error:
        running.let_pass(error)
        raise
    else:
        running.let_pass()
    finally:
        running.end(emitter(run.emit))


def _call(run: Run, step: Step, verb: str) -> None:
    try:
        getattr(step.module, verb)(Lab(run, step.name))
    except ManagedElsewhere as error:
        if verb == "up":
            raise
        Lab(run, step.name).note(error.what, error.why or error.what)  # nothing of ours is left behind
    except OSError as error:
        if not error.filename:
            raise
        found = files.failure(error)
        if files.remedy(error) is None:
            found.fix = t("if another hol runs in this folder, let it end; then run the same command again")
        raise found from error


def _collect(run: Run, future: Future[None], step: Step, errors: dict[int, HolError]) -> None:
    try:
        future.result()
    except HolError as error:
        errors[step.number] = error
    except Skipped:
        run.skipped.add(step.name)
    except Interrupted:
        raise KeyboardInterrupt from None
