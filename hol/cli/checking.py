"""`hol check` on the screen: what a look at each step finds, then the steps' own tests."""

from __future__ import annotations

from collections.abc import Sequence

from hol.cli.project import Project
from hol.engine import runner
from hol.engine.events import Checked, Event
from hol.engine.run import Run
from hol.engine.step import Step
from hol.teach.grade.check import findings, lenient
from hol.teach.grade.finding import Finding
from hol.words.commands import command, in_turn
from hol.words.errors import CheckFailed, Exit
from hol.words.text import t


def check(project: Project, run: Run, steps: Sequence[Step], every: bool) -> Exit:
    """Show the findings of the steps, all of them or only the wrong ones, then run the steps' own tests.

    The first finding is whether what the step makes is there: without it there is nothing to test.
    """
    run, wrong, tested = lenient(run), list[int](), list[Step]()
    for step in steps:
        found = findings(run, step)
        _show(project, step, found, every)
        wrong += [step.number for finding in found if not finding.right]
        tested += [step] if not found or found[0].right else []
    code = _tests(project, run, tested)
    if wrong:
        mending = in_turn(*(command("step", number) for number in dict.fromkeys(wrong)))
        project.ui.say(t("wrong: {}; to let hol mend it: {}", len(wrong), mending))
    return code if code and not wrong else Exit.CHECK_FAILED if wrong else Exit.DONE


def _show(project: Project, step: Step, found: Sequence[Finding], every: bool) -> None:
    right = [finding for finding in found if finding.right]
    for finding in found:
        if finding.right and every:
            project.ui.show(Checked(step.name, finding.what, t("right")))
        elif not finding.right:
            project.ui.show(Event(step.name, "!", t("{}: {}", finding.what, finding.wrong)))
            if finding.mend:
                project.ui.say(t("    to mend it: {}", finding.mend))
    if right and not every:
        project.ui.show(Checked(step.name, t("as in the guide"), t("{} of {} things", len(right), len(found))))


def _tests(project: Project, run: Run, steps: Sequence[Step]) -> Exit:
    """The steps' own tests; a failure has been shown when this returns its code."""
    try:
        runner.check(run, steps)
    except CheckFailed as error:
        project.ui.fail(error)
        return error.code
    return Exit.DONE
