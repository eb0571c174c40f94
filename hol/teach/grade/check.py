"""`hol check`: a look at what was made, by hand or by hol, in the words of the console.

A step's look (`grade`) lists its facets, right or wrong, with what mends it. Names and what works count: tags do not,
nor whatever is as right as the guide's way. Then the steps' own tests (`check` in a step) show that the whole works; one
that fails is folded into the finding that explains it, or the step's `explain` says what it means. What a test rests on,
beside NEEDS, a step says in TESTED_WITH. No test of what rests on a failed one is made: it would only fail as well.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hol.engine.events import Checked, Message
from hol.engine.lab import Lab
from hol.engine.ordered_output import in_parallel
from hol.engine.run import Run, fresh
from hol.engine.step import Step
from hol.teach.grade.finding import Finding, Grader
from hol.words.commands import command
from hol.words.errors import CheckFailed, HolError
from hol.words.text import Text, t

State = Literal["unknown", "absent", "wrong", "right"]
WHOLE, LEAST = 13.0, 6.0  # seconds: for the look and all tests together, and what each test has in any case


@dataclass
class Report:
    """What was found, by step, and which tests passed."""

    steps: list[Step]
    found: dict[str, list[Finding]] = field(default_factory=dict)
    passed: dict[str, list[Checked]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    def wrong(self, step: str) -> list[Finding]:
        return [finding for finding in self.found.get(step, []) if finding.wrong is not None]

    def waits(self, step: str) -> str:
        """The step for which this one waits."""
        return next((finding.waits for finding in self.found.get(step, []) if finding.waits), "")

    def is_right(self, step: str) -> bool:
        """Whether nothing is wrong with it; a test that fails because of another step is that step's."""
        return not (self.wrong(step) or self.waits(step))

    @property
    def all_wrong(self) -> list[Finding]:
        """The wrong ones, in the order of the steps."""
        return [finding for step in self.found for finding in self.wrong(step)]

    def put(self, finding: Finding) -> None:
        """One more, in its step."""
        self.found.setdefault(finding.step, []).append(finding)


def lenient(run: Run) -> Run:
    """A run that looks at untagged resources with our names as well, and changes nothing."""
    return fresh(replace(run, lenient=True))


def findings(run: Run, step: Step) -> list[Finding]:
    """What a look at that step finds; an error on the way is a finding too, and ends the look."""
    grade: Grader | None = step.facet("grade")
    found: list[Finding] = []
    try:
        for one in grade(Lab(run, step.name)) if grade else ():
            found.append(replace(one, step=one.step or step.name))
    except HolError as error:
        found.append(Finding("error", error.what, error.why or error.what, error.fix, step=step.name))
    return found


def standing(found: Sequence[Finding]) -> State:
    """How a step stands by what was found: its first finding is whether what it makes is there at all."""
    wrong = [one for one in found if not one.right]
    return "unknown" if not found else "right" if not wrong else "absent" if found[0] is wrong[0] else "wrong"


def look(run: Run, steps: Sequence[Step], chosen: Sequence[Step]) -> Report:
    """The findings of the chosen steps and of what they rest on, and their tests; `steps` are all that there are.

    A step's fault may show in another's test only (TESTED_WITH): of such a test what it finds in the asked steps is kept.
    """
    tests = [*chosen, *(step for step in steps if step not in chosen and _tested_with(step, chosen))]
    around = [step for step in steps if any(step is one or step.name in rests_on(steps, one) for one in tests)]
    report = Report(list(chosen))
    found = in_parallel(around, lambda step: findings(run, step), run.config.jobs, run.emit)
    report.found = {step.name: listed for step, listed in zip(around, found, strict=True)}
    for step in around:
        report.found[step.name] = [_sent_on(steps, report, step, one) for one in report.found[step.name]]
    for step in tests:
        _test(run, steps, step, report)
    asked = {step.name for step in chosen}.union(*(rests_on(steps, step) for step in chosen))
    report.found = {name: listed for name, listed in report.found.items() if name in asked}
    report.passed = {name: told for name, told in report.passed.items() if name in asked}
    return report


def _tested_with(step: Step, chosen: Sequence[Step]) -> bool:
    return not {one.name for one in chosen}.isdisjoint(step.facet("TESTED_WITH", "grade") or ())


def where_next(steps: Sequence[Step], report: Report) -> tuple[Step, Step] | None:
    """The asked step that is not right, or not sure of what it rests on, and the step to go on with."""
    unsound = next((step for step in report.steps if not report.is_right(step.name)), None)
    if unsound:
        return unsound, cause(steps, report, unsound)
    below = next((step for step in steps if report.wrong(step.name)), None)
    return (report.steps[0], below) if below else None


def cause(steps: Sequence[Step], report: Report, step: Step) -> Step:
    """The step because of which that one cannot be right: the first that is missing of those that it is made on, or itself."""
    made_on = _closure(steps, step, lambda one: one.needs)
    missing = next((one for one in steps if one.name in made_on and not _is_there(report, one)), None)
    return missing or next((one for one in steps if one.name == report.waits(step.name)), step)


def _sent_on(steps: Sequence[Step], report: Report, step: Step, finding: Finding) -> Finding:
    """What waits for a step that waits itself is sent to where it begins."""
    if not finding.waits:
        return finding
    return replace(finding, mend=t("first: {}", command("step", cause(steps, report, step).number)))


def rests_on(steps: Sequence[Step], step: Step) -> dict[str, int]:
    """The steps without which its test cannot pass, each with how far away it is."""
    return _closure(steps, step, lambda one: (*one.needs, *(one.facet("TESTED_WITH", "grade") or ())))


def _closure(steps: Sequence[Step], step: Step, below: Callable[[Step], Sequence[str]]) -> dict[str, int]:
    """All steps below that one, directly or not, each with how far away it is."""
    by_name = {one.name: one for one in steps}
    distance, edge = dict[str, int](), [step]
    for far in range(1, len(steps) + 1):
        near = [need for one in edge for need in below(one)]
        edge = [by_name[name] for name in dict.fromkeys(near) if name not in distance and name != step.name]
        distance.update({one.name: far for one in edge})
    return distance


def _test(run: Run, steps: Sequence[Step], step: Step, report: Report) -> None:
    """The step's own test, unless there is nothing to test or it is known to fail."""
    distance = {step.name: 0, **rests_on(steps, step)}
    around = [f for name in sorted(distance, key=distance.__getitem__) for f in report.wrong(name)]
    if not step.does("check") or not _is_there(report, step) or report.waits(step.name):
        return
    nothing = any(not _is_there(report, one) for one in steps if one.name in distance)
    if nothing or any(name in report.failed for name in distance) or any(finding.untested for finding in around):
        report.failed.add(step.name)
        return
    error = _failure(run, step, report)
    if error is None:
        _passed(report, step)
    else:
        report.failed.add(step.name)
        _explain(run, step, report, around, error)


def _is_there(report: Report, step: Step) -> bool:
    """The first finding is whether what the step makes is there: without it there is nothing to test."""
    found = report.found.get(step.name, [])
    return not found or found[0].right


def _failure(run: Run, step: Step, report: Report) -> CheckFailed | None:
    """Why the test failed; what it told is kept. It is not waited for when its time is over."""
    told, ended = list[Message](), list[CheckFailed | None]()

    def test() -> None:
        try:
            step.module.check(Lab(replace(run, emit=told.append), step.name))
            ended.append(None)
        except HolError as error:
            ended.append(error if isinstance(error, CheckFailed) else CheckFailed(error.what, error.why, error.fix))

    thread = threading.Thread(target=test, daemon=True)
    thread.start()
    limit = max(LEAST, WHOLE - (time.monotonic() - report.began))
    thread.join(limit)
    report.passed[step.name] = [one for one in told if isinstance(one, Checked)]
    return ended[0] if ended else CheckFailed(t("there is no answer within {} seconds", round(limit)))


def _passed(report: Report, step: Step) -> None:
    """What was doubtful is right after all."""
    for name, found in report.found.items():
        if name == step.name:
            report.found[name] = [one.after_all if one.doubtful and one.wrong else one for one in found]


def _explain(run: Run, step: Step, report: Report, around: list[Finding], error: CheckFailed) -> None:
    """Fold the failure into what explains it: the finding that the step names, or the nearest that breaks things."""
    said = _said(error)
    explain = step.facet("explain", "grade")
    meant: Finding | None = explain(Lab(run, step.name), error) if explain else None
    meant = replace(meant, step=meant.step or step.name) if meant else None
    known = next((one for one in around if meant and one.key == meant.key), None)
    known = known or next((one for one in around if not one.harmless), None)
    if known:
        found = report.found[known.step]
        found[found.index(known)] = replace(known, failures=(*known.failures, said))
        return
    plain = Finding("test", error.what, error.why or error.what, error.fix, live=True, step=step.name)
    report.put(replace(meant, failures=(said,)) if meant else plain)


def _said(error: CheckFailed) -> Text:
    return t("{}: {}", error.what, error.why) if error.why else error.what
