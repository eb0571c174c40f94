"""How each step of the lab stands: what is there, beside what the configuration says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hol.cli.project import Project
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.run import Run, blank
from hol.engine.step import Step
from hol.words.errors import HolError
from hol.words.text import Text, t


@dataclass(frozen=True)
class State:
    """A step's state: its sign, its name for a program, the words, what differs, and whether anything is there."""

    step: Step
    mark: str
    name: str
    words: Text
    differing: tuple[Text, ...] = ()
    there: bool = False
    error: Text | None = None


@dataclass(frozen=True)
class Survey:
    """Every step's state, and all that a dry-run told."""

    states: list[State]
    seen: list[Message]

    @property
    def differs(self) -> bool:
        """Whether `hol up` would change anything, or cannot tell."""
        changes = any(isinstance(said, Event) and said.mark in "+~-" for said in self.seen)
        return changes or any(state.error for state in self.states)


def survey(project: Project, run: Run) -> Survey:
    """Look at every step, in a dry-run."""
    seen: list[Message] = []
    run.emit = seen.append
    errors = runner.survey(run, project.steps)
    nothing = _in_an_empty_account(run, project.steps)
    states = [_state(one, seen, nothing, errors.get(one.number), one.name in run.skipped) for one in project.steps]
    return Survey(states, seen)


def show(project: Project, state: State) -> None:
    """One step's state: a line, or a record for a program."""
    if project.ui.as_json:
        differing = [text.render(project.language) for text in state.differing]
        facts = {"step": state.step.name, "number": state.step.number, "state": state.name}
        project.ui.record("state", **facts, differing=differing, error=state.error)
        return
    title = state.step.title(project.language)
    project.ui.say(t("{} {} · {}: {}", state.mark, state.step.number, title, state.words), state.mark)


def _in_an_empty_account(run: Run, steps: Sequence[Step]) -> list[Message]:
    """What `hol up` would tell if nothing of the lab were there."""
    seen: list[Message] = []
    runner.survey(replace(blank(run), emit=seen.append), steps)
    return seen


def _state(
    step: Step, seen: Sequence[Message], nothing: Sequence[Message], error: HolError | None, skipped: bool
) -> State:
    events = [said for said in seen if isinstance(said, Event) and said.step == step.name]
    made = [said for said in nothing if isinstance(said, Event) and said.step == step.name]
    differing = tuple(event.what for event in events if event.mark in "+~-")
    there = bool(events and not (differing or error)) or _decided(events) != _decided(made)
    if error:
        return State(step, "!", "in the way", error.what, differing, there, error.what)
    if skipped or not events:
        return State(step, "?", "unknown", t("cannot tell: what it rests on is in the way"), differing, there)
    if not differing:
        return State(step, "=", "in place", t("in place"), differing, there)
    if there:
        listed = Text("; ".join(["{}"] * len(differing)), differing)
        return State(step, "~", "differs", t("differs: {}", listed), differing, there)
    return State(step, "+", "not there", t("not there"), differing, there)


def _decided(events: Sequence[Event]) -> list[tuple[str, str]]:
    """What was decided, whatever the words."""
    return [(event.mark, event.key) for event in events]
