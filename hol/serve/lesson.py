"""The guide of a lab while somebody works through it: its texts, how each step stands, and the three buttons.

AWS is the state: nothing is remembered here that a look at the account would not say again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict

from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.run import Run, blank, fresh
from hol.engine.step import Step
from hol.serve import shown
from hol.serve.stream import Stream
from hol.serve.wire import Answer, Refused, Request
from hol.teach import adopt, awscli, guide, markdown, python, views
from hol.teach.grade.check import findings, lenient, look, standing
from hol.teach.grade.finding import Finding
from hol.words.commands import command
from hol.words.errors import HolError
from hol.words.text import Language, t

LANGUAGES: tuple[Language, ...] = ("ko", "en")
_VERBS = {"_do": "step", "_undo": "down"}


class State(TypedDict):
    """How a step stands: `state` is right, wrong, absent or unknown."""

    number: int
    name: str
    state: str
    findings: list[dict[str, object]]


@dataclass
class Lesson:
    """A lab, a run to copy for each thing that is done, and who listens.

    `practice`: whether everything in the account is the learner's own (the local AWS). Then a button also takes over what
    was made by hand, which elsewhere only `hol adopt` may do.
    """

    run: Run
    steps: Sequence[Step]
    stream: Stream
    practice: bool
    environment: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # what a shell, or Python, says before the calls
    states: dict[str, State] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None
    links: Callable[[str], dict[str, dict[str, object]]] = (
        lambda html: {}
    )  # addresses in a text that lead to a screen here
    at_work: threading.Lock = field(default_factory=threading.Lock)

    def answers(self) -> dict[str, Callable[[Request], Answer]]:
        """What a page may ask for."""
        return {
            "GET /api/lab": lambda request: Answer.of_json(self.lab()),
            "GET /api/guide": lambda request: Answer.of_json(self.text(self.step(request))),
            "POST /api/check": lambda request: self._work(request, self._check),
            "POST /api/do": lambda request: self._work(request, self._do),
            "POST /api/undo": lambda request: self._work(request, self._undo),
        }

    def lab(self) -> dict[str, object]:
        """What the lab is, and its steps."""
        steps = [
            {"number": one.number, "name": one.name, "title": {said: one.title(said) for said in LANGUAGES}}
            for one in self.steps
        ]
        where = {"account": self.run.cloud.account, "region": self.run.cloud.region}
        return {"steps": steps, "practice": self.practice, **where}

    def step(self, request: Request) -> Step:
        """The step whose number the request names. Raises `Refused`."""
        number = request.query.get("step", "")
        found = next((one for one in self.steps if str(one.number) == number), None)
        if found is None:
            raise Refused(404, t("there is no such step"))
        return found

    def known(self) -> dict[str, str]:
        """What the texts' placeholders stand for, just now."""
        return guide.values(self.run.config, self.run.cloud, views.api_id(fresh(self.run)))

    def text(self, step: Step) -> dict[str, object]:
        """The step's guide text as HTML, and the same by CLI and in Python."""
        known, empty = self.known(), blank(self.run)
        texts = {said: guide.text(step, said, known).partition("\n")[2] for said in LANGUAGES}
        events = [event for event in views.would(empty, self.steps, step) if event.mark in "+~-"]
        lab = Lab(empty, step.name)
        written: dict[str, str] = {said: markdown.to_html(text) for said, text in texts.items()}
        return {
            "number": step.number,
            **written,
            "aws": "\n".join([*self.environment.get("aws", ()), *awscli.script(lab, events)]),
            "boto3": "\n".join([*self.environment.get("boto3", ()), *python.script(lab, events)]),
            "links": self.links("".join(written.values())) if self.practice else {},
        }

    def state(self, step: Step, found: Sequence[Finding]) -> State:
        """How the step stands by these findings."""
        listed = [shown.finding(one) for one in found]
        return {"number": step.number, "name": step.name, "state": standing(found), "findings": listed}

    def look_at_all(self) -> None:
        """Look at every step, and tell those that stand otherwise than before.

        What is wrong is told as soon as it is seen; that a step is right, when the guide's own tests have passed too.
        """
        run = lenient(fresh(replace(self.run, emit=lambda said: None)))
        for step in self.steps:
            seen = findings(run, step)
            if any(not (one.right or one.doubtful) for one in seen):
                self._now(self.state(step, seen))
        report = look(lenient(run), self.steps, self.steps)
        for step in self.steps:
            self._now(self.state(step, report.found.get(step.name, [])))

    def at(self) -> Step:
        """The step that somebody is at: the first that is not right; what has not been looked at yet is looked at now."""
        if any(step.name not in self.states for step in self.steps):
            self.look_at_all()
        return next((one for one in self.steps if self.states[one.name]["state"] != "right"), self.steps[-1])

    def _now(self, state: State) -> None:
        if self.states.get(state["name"]) != state:
            self.states[state["name"]] = state
            self.stream.emit("state", state=state)

    def beginning(self) -> list[dict[str, object]]:
        """What a page hears first."""
        return [{"type": "state", "state": state} for state in self.states.values()]

    def emit(self, said: Message) -> None:
        """A line of what hol does, to all who listen."""
        self.stream.emit("told", keep=True, line=shown.told(said))

    def _work(self, request: Request, do: Callable[[Step, Run], None]) -> Answer:
        """One button at a time; what it does is told as it happens."""
        step = self.step(request)
        if not self.practice and do != self._check:
            raise HolError(
                t("in an AWS account hol asks before it changes anything"),
                fix=t("run: {}", command(_VERBS[do.__name__], step.number)),
            )
        with self.at_work:
            try:
                do(step, fresh(replace(self.run, emit=self.emit, made=set(), deleted=[], transcript=[])))
            finally:
                self.changed()
        return Answer.of_json({})

    def _check(self, step: Step, run: Run) -> None:
        """`hol check N`: what is wrong, and what the guide's own test saw; the test is made, also where nothing is changed."""
        report = look(lenient(replace(run, dry=False)), self.steps, [step])
        for one in report.found.get(step.name, []):
            if not one.right:
                said = t("{}: {}", one.what, one.wrong) if one.wrong else t("{}: {}", one.what, one.mend)
                self.emit(Event(step.name, "!", said, key=one.key))
        for passed in report.passed.get(step.name, []):
            self.emit(passed)

    def _do(self, step: Step, run: Run) -> None:
        """`hol step N`, after taking over what is there from hand."""
        if self.practice:
            adopt.take(run, [step], dry=False)
        runner.up(run, [step])

    def _undo(self, step: Step, run: Run) -> None:
        """`hol down N`, likewise."""
        if self.practice:
            adopt.take(run, [step], dry=False)
        for found in runner.undo(run, [step]):
            raise found
