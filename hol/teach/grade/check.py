"""`hol check`: a look at what was made, by hand or by hol, in the words of the console.

A step's look lists its facets, right or wrong, with what mends it. Names and what works count: tags do not, nor
whatever is as right as the guide's way. The steps' own tests (`check` in a step) come afterwards and show that the
whole works. Steps of a lab of one's own that are not listed here have only their own tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hol.cli.project import Project
from hol.engine import runner
from hol.engine.events import Checked, Event
from hol.engine.lab import Lab
from hol.engine.run import Run, fresh
from hol.engine.step import Step
from hol.teach.grade import access, api, cors, function, site
from hol.teach.grade.finding import Finding, Grader
from hol.words.again import command, in_turn
from hol.words.errors import CheckFailed, Exit, HolError
from hol.words.text import t

GRADERS: Mapping[str, Grader] = {
    "endpoint": access.endpoint,
    "role": access.role,
    "policy": access.policy,
    "function": function.function,
    "api": api.api,
    "cors": cors.cors,
    "stage": cors.stage,
    "sdk": site.sdk,
    "bucket": site.bucket,
    "upload": site.upload,
    "public": site.public,
}


def lenient(run: Run) -> Run:
    """A run that looks at untagged resources with our names as well, and changes nothing."""
    return fresh(replace(run, lenient=True))


def findings(run: Run, step: Step) -> list[Finding]:
    """What a look at that step finds; an error on the way is a finding too, and ends the look."""
    if step.name not in GRADERS:
        return []
    found: list[Finding] = []
    try:
        found += GRADERS[step.name](Lab(run, step.name))
    except HolError as error:
        found.append(Finding("error", error.what, error.why or error.what, error.fix))
    return found


def check(lab: Project, run: Run, steps: Sequence[Step], every: bool) -> Exit:
    """Show the findings of the steps, all of them or only the wrong ones, then run the steps' own tests.

    The first finding is whether what the step makes is there: without it there is nothing to test.
    """
    run, wrong, tested = lenient(run), list[int](), list[Step]()
    for step in steps:
        found = findings(run, step)
        _show(lab, step, found, every)
        wrong += [step.number for finding in found if not finding.right]
        tested += [step] if not found or found[0].right else []
    code = _tests(lab, run, tested)
    if wrong:
        mending = in_turn(*(command("step", number) for number in dict.fromkeys(wrong)))
        lab.ui.say(t("wrong: {}; to let hol mend it: {}", len(wrong), mending))
    return code if code and not wrong else Exit.CHECK_FAILED if wrong else Exit.DONE


def _show(lab: Project, step: Step, found: Sequence[Finding], every: bool) -> None:
    right = [finding for finding in found if finding.right]
    for finding in found:
        if finding.right and every:
            lab.ui.tell(Checked(step.name, finding.what, t("right")))
        elif not finding.right:
            lab.ui.tell(Event(step.name, "!", t("{}: {}", finding.what, finding.wrong)))
            if finding.mend:
                lab.ui.say(t("    to mend it: {}", finding.mend))
    if right and not every:
        lab.ui.tell(Checked(step.name, t("as in the guide"), t("{} of {} things", len(right), len(found))))


def _tests(lab: Project, run: Run, steps: Sequence[Step]) -> Exit:
    """The steps' own tests; a failure has been shown when this returns its code."""
    try:
        runner.check(run, steps)
    except CheckFailed as error:
        lab.ui.fail(error)
        return error.code
    return Exit.DONE
