"""Steps side by side: each starts when those that it comes after have passed, at most `jobs` at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from hol.config import disk as files
from hol.engine.lab import Lab
from hol.engine.ordered_output import OrderedOutput, emitter
from hol.engine.overlap import RunningStep, Skipped
from hol.engine.run import Interrupted, Run
from hol.engine.step import Step
from hol.words.errors import HolError, ManagedElsewhere
from hol.words.text import t


@dataclass
class Schedule:
    """The steps of a run, each called with `verb`; `after`: step → those that must have passed before it starts.

    With `keep_going` a failed step counts as passed, else nothing more starts after a failure.
    """

    run: Run
    steps: Sequence[Step]
    after: Mapping[str, Sequence[str]]
    verb: str
    keep_going: bool
    waiting: list[Step] = field(default_factory=list)
    running: dict[Future[None], Step] = field(default_factory=dict)
    errors: dict[int, HolError] = field(default_factory=dict)

    def go(self) -> dict[int, HolError]:
        """Run all of them; returns the errors by the steps' numbers, or raises the first unless `keep_going`."""
        output = OrderedOutput([step.name for step in self.steps], self.run.emit)
        self.run.running_steps = {step.name: RunningStep() for step in self.steps}
        self.waiting = list(self.steps)
        with ThreadPoolExecutor(len(self.steps)) as pool:
            try:
                while self.waiting or self.running:
                    self._start(pool, output)
                    if not self.running:
                        break
                    self._collect_next()
            except BaseException:
                self.run.stop.set()
                raise
            finally:
                self._abandon()
                wait(self.running)
                output.flush()
                self.run.running_steps = {}
        if self.errors and not self.keep_going:
            raise self.errors[min(self.errors)]
        return dict(sorted(self.errors.items()))

    def _start(self, pool: ThreadPoolExecutor, output: OrderedOutput) -> None:
        for step in self._startable() if self.keep_going or not self.errors else []:
            self.waiting.remove(step)
            self.running[pool.submit(_collected, self.run, step, self.verb, output)] = step

    def _startable(self) -> list[Step]:
        """The steps that may start now, in order.

        A step that must still wait for others itself never takes the last place, so that those others can run.
        """
        found = list[Step]()
        for step in self.waiting:
            missing = {need for need in self.after[step.name] if not self._has_passed(need)}
            free = self.run.config.jobs - len(self.running) - len(found)
            if free > 0 and (not missing or (free > 1 and missing <= set(step.awaits))):
                found.append(step)
        return found

    def _has_passed(self, name: str) -> bool:
        return self.run.running_steps[name].has_passed(self.keep_going)

    def _collect_next(self) -> None:
        """Wait until a step has passed or ended, and take the results of those that have ended."""
        passing = [self.run.running_steps[step.name].passed for step in self.running.values()]
        wait([*self.running, *(one for one in passing if not one.done())], return_when=FIRST_COMPLETED)
        for future in [one for one in self.running if one.done()]:
            self._collect(future, self.running.pop(future))
        if self.errors and not self.keep_going:
            self._abandon()

    def _collect(self, future: Future[None], step: Step) -> None:
        try:
            future.result()
        except HolError as error:
            self.errors[step.number] = error
        except Skipped:
            self.run.skipped.add(step.name)
        except Interrupted:
            raise KeyboardInterrupt from None

    def _abandon(self) -> None:
        """What still waits will not start; whoever waits for it need not any longer."""
        for step in self.waiting:
            self.run.running_steps[step.name].let_pass(Skipped())


def _collected(run: Run, step: Step, verb: str, output: OrderedOutput) -> None:
    output.collect(step.name, lambda: _do(run, step, verb))


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
