"""How everybody of a class stands: at which step, what fails there and why.

A look is `hol check` without its tests, which would ask every function: reads alone, and of API Gateway, whose calls are
scarce, two for a lab whose API is there. What the labs of an account have in common is read once for all of them: the
list of APIs, and the steps that are done once for everybody.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from hol.aws.gateway import apis
from hol.cloud.answers import Structure
from hol.engine.facts import Answers
from hol.engine.lab import Lab
from hol.engine.run import SWEEP, Run
from hol.engine.step import Step, resting_on
from hol.group import calls_for_help
from hol.group.calls_for_help import Asked
from hol.group.labs import Group
from hol.group.names import Names, Place, may_change, names
from hol.group.roster import Attendee
from hol.teach.grade.check import State, findings, lenient, standing
from hol.teach.grade.finding import Finding
from hol.words.errors import HolError
from hol.words.text import Text, t


@dataclass(frozen=True)
class Standing:
    """How an attendee stands; `at`: the first step that is not right, None when all are. `seen`: by the class's clock."""

    attendee: Attendee
    states: Mapping[str, State] = field(default_factory=dict)
    at: Step | None = None
    fails: Step | None = None
    why: Text | None = None
    error: Text | None = None
    asked: Asked | None = None
    seen: float | None = None

    @property
    def done(self) -> bool:
        """Whether every step is right."""
        return bool(self.states) and self.at is None and self.error is None


@dataclass
class _Common:
    """What all labs of an account have in common, as it was seen last."""

    apis: list[Structure]
    findings: Mapping[str, Sequence[Finding]]


@dataclass
class Board:
    """The attendees in the roster's order, and how each stood when he was last looked at."""

    group: Group
    standings: dict[Place, Standing] = field(default_factory=dict)
    common: dict[str, _Common] = field(default_factory=dict)
    answers: dict[Place, Answers] = field(default_factory=lambda: defaultdict(Answers))
    listed: bool = False  # whether what the labs have in common was looked at
    own_names: Names = field(default_factory=lambda: Names({}))
    names: Names = field(default_factory=lambda: Names({}))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.standings = {one.place: Standing(one) for one in self.group.attendees}

    def look_at_accounts(self) -> None:
        """What the labs of each account have in common. Of an account out of reach, nothing."""
        for number in self.group.numbers:
            try:
                self.common[number] = self._common(number)
            except HolError:
                self.common.pop(number, None)
        listed = [(str(one["id"]), str(one["name"])) for here in self.common.values() for one in here.apis]
        if not self.own_names.of or len(self.common) < len(self.group.numbers):
            self.own_names = names(self.group)
        self.names = self.own_names.also(listed)
        self.listed = True

    def look_for_calls(self) -> list[Place]:
        """Who asks for help; returns those of whom that is new."""
        found: dict[Place, Asked] = {}
        for number in self.group.numbers:
            try:
                found |= calls_for_help.asked(self.group, number, self.names)
            except HolError:
                found |= {place: one.asked for place, one in self.standings.items() if one.asked and place[1] == number}
        with self.lock:
            new = [place for place, one in self.standings.items() if one.asked != found.get(place)]
            for place in new:
                self.standings[place] = replace(self.standings[place], asked=found.get(place))
        return new

    def _common(self, number: str) -> _Common:
        first = next(one for one in self.group.attendees if one.account == number)
        run = self._run(first)
        run.quotas = run.quotas.ahead()
        return _Common(apis.listed(Lab(run, SWEEP)), {step.name: findings(run, step) for step in self.group.common})

    def _run(self, attendee: Attendee) -> Run:
        return replace(lenient(self.group.run(attendee, lambda said: None, dry=True)), brief=True)

    def touched(self, texts: Sequence[str | None]) -> dict[Place, None]:
        """Who was touched by requests that were about this, None: who knows what; what was read of it is forgotten."""
        found: dict[Place, None] = {}
        for text in texts:
            whose = self.standings if text is None else self.names.whose(text)
            found |= dict.fromkeys(whose)
            for place in whose or self.standings:
                self.answers[place] = self.answers[place].without(partial(may_change, text))
        return found

    def look(self, attendee: Attendee, ahead: bool = False) -> Standing:
        """How he stands now; `ahead` of the others, whose calls wait for a quota, and only as far as he was touched."""
        if not ahead:
            self.answers[attendee.place] = Answers()
        try:
            seen = self._seen(attendee, ahead)
        except HolError as error:
            seen = Standing(attendee, error=error.what)
        with self.lock:
            before = self.standings[attendee.place]
            states = seen.states or before.states
            found = replace(seen, states=states, asked=before.asked, seen=self.group.clock.now())
            self.standings[attendee.place] = found
        return found

    def _seen(self, attendee: Attendee, ahead: bool) -> Standing:
        run, common = self._run(attendee), self.common.get(attendee.account)
        run.answers = self.answers[attendee.place]
        run.quotas = run.quotas.ahead() if ahead else run.quotas
        if common:
            apis.already_listed(Lab(run, SWEEP), common.apis)
        known = common.findings if common else {}
        found = {step.name: _sure(known.get(step.name) or findings(run, step)) for step in self.group.steps}
        return _standing(attendee, self.group.steps, found)


def _sure(found: Sequence[Finding]) -> list[Finding]:
    """What may be right all the same, only a test would say: nobody is called wrong for it."""
    return [one.after_all if one.doubtful and one.wrong else one for one in found]


def _standing(attendee: Attendee, steps: Sequence[Step], found: Mapping[str, Sequence[Finding]]) -> Standing:
    states = {step.name: standing(found[step.name]) for step in steps}
    error = next((one.wrong for step in steps for one in found[step.name] if one.facet == "error"), None)
    open_ = [step for step in steps if states[step.name] != "right" and not _is_elsewhere(steps, step, states)]
    fails = next((step for step in open_ if _is_wrong(steps, step, states)), None)
    why = _why(found[fails.name]) if fails else None
    return Standing(attendee, states, next(iter(open_), None), fails, why, error)


def _is_wrong(steps: Sequence[Step], step: Step, states: Mapping[str, State]) -> bool:
    """Whether something is wrong there; what is missing below something that stands is, too."""
    above = any(states[one.name] in ("right", "wrong") for one in resting_on(steps, step))
    return states[step.name] == "wrong" or (states[step.name] == "absent" and above)


def _is_elsewhere(steps: Sequence[Step], step: Step, states: Mapping[str, State]) -> bool:
    """Whether it was done on a machine where nobody else can look: what rests on it is right."""
    there = any(states[one.name] == "right" for one in resting_on(steps, step))
    return states[step.name] == "absent" and there and bool(step.facet("ON_THIS_MACHINE", "grade"))


def _why(found: Sequence[Finding]) -> Text | None:
    wrong = next((one for one in found if one.wrong), None)
    return t("{}: {}", wrong.what, wrong.wrong or "") if wrong else None
