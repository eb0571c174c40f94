"""`hol check` on the screen: a line a step, what is wrong with it and how to mend that, and the verdict last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hol.cli.project import Project
from hol.engine import runner
from hol.engine.events import Checked, Event, Message
from hol.engine.run import Run, fresh
from hol.engine.step import Step
from hol.teach.grade.check import Report, findings, lenient, look, where_next
from hol.teach.grade.finding import Finding
from hol.words.commands import Command, command, in_turn
from hol.words.errors import Exit, ForeignError, HolError
from hol.words.text import Text, counted, t


def check(project: Project, run: Run, steps: Sequence[Step], every: bool) -> Exit:
    """Look at the steps, show every finding or only what is not as in the guide, and say the verdict."""
    report = look(lenient(run), project.steps, steps)
    for step in project.steps:
        _show(project, step, report, every)
    wrong = report.all_wrong or any(not report.is_right(step.name) for step in steps)
    _verdict(project, run, report)
    return Exit.CHECK_FAILED if wrong else Exit.DONE


def show_remaining(project: Project, run: Run, step: Step) -> None:
    """What is wrong with the step though hol has done it: what is not hol's to change, and how to change it."""
    quiet = replace(run, emit=lambda message: None)
    wrong = [one for one in findings(lenient(quiet), step) if one.wrong is not None and not one.doubtful]
    if wrong:
        project.ui.say(t("hol does not change these; mend them by hand:"), key="remaining")
    for finding in wrong:
        _show_wrong(project, finding)


def _show(project: Project, step: Step, report: Report, every: bool) -> None:
    """What there is to say about one step; of a step that was not asked for only what is wrong."""
    asked = step in report.steps
    for finding in report.found.get(step.name, []) if asked or report.wrong(step.name) else ():
        if finding.wrong is not None:
            _show_wrong(project, finding)
        elif asked and (finding.other or finding.waits or every):
            _show_rest(project, finding)
    if asked and not every and report.is_right(step.name):
        seen = len(report.found[step.name])
        said = counted(seen, t("1 thing"), t("{} things", seen))
        project.ui.show(Checked(step.name, t("as in the guide"), said, step.name))
    for passed in report.passed.get(step.name, []):
        project.ui.show(passed)


def _show_wrong(project: Project, finding: Finding) -> None:
    project.ui.show(Event(finding.step, "!", t("{}: {}", finding.what, finding.wrong), key=finding.key))
    if finding.mend:
        project.ui.say(t("    to mend it: {}", finding.mend), key=finding.key)
    for failure in finding.failures:
        project.ui.say(t("    therefore: {}", failure), key=finding.key)


def _show_rest(project: Project, finding: Finding) -> None:
    """What is right, or waits for an earlier step."""
    if finding.waits:
        project.ui.show(Event(finding.step, "!", finding.what, key=finding.key))
        project.ui.say(t("    {}", finding.mend), key=finding.key)
        return
    detail: Text = t("right")
    if finding.other:
        detail = t("other than the guide, works: {}", finding.other)
    project.ui.show(Checked(finding.step, finding.what, detail, finding.key))


def _verdict(project: Project, run: Run, report: Report) -> None:
    """How many steps are right, and where to go on."""
    right = [step for step in report.steps if report.is_right(step.name)]
    project.ui.record("summary", **project.ui.tally.facts())
    count = t("{} of {} right in {} s", len(right), len(report.steps), project.ui.tally.seconds)
    found = where_next(project.steps, report)
    if found is None:
        project.ui.say(t("{}.", count), key="verdict")
        return
    asked, first = found
    if first not in report.steps:
        count = t("{}. Step {} rests on step {}, which is not right", count, asked.number, first.number)
    title = first.title(project.language)
    project.ui.say(t("{}. Next: step {}: {}", count, first.number, title), key="verdict")
    project.ui.hint(t("to look at it alone: {}", command("check", first.number)), key="check")
    wrong = report.wrong(first.name)
    theirs = bool(wrong) and all(one.theirs for one in wrong)
    if not theirs and (by_hol := _by_hol(run, first)):
        project.ui.hint(t("to let hol put it right: {}", by_hol), key="mend")


def _by_hol(run: Run, step: Step) -> Command | None:
    """What lets hol put the step right; None where it would change nothing, or not get so far."""
    changes = list[Message]()
    dry = replace(fresh(run), dry=True, emit=changes.append)
    try:
        runner.up(dry, [step])
    except ForeignError:
        return in_turn(command("adopt", step.number, "--wrong-too"), command("step", step.number))
    except HolError:
        return None
    changed = any(isinstance(one, Event) and one.mark in "+~-" for one in changes)
    return command("step", step.number) if changed else None
