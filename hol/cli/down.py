"""`hol down`: everything, or what one step did, is shown, asked about, deleted, and listed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hol.cli import receipt, teaching
from hol.cli.lab import confirm
from hol.cli.options import Options
from hol.cli.project import LocalNotRunning, Project, connected, looking, project, unconnected
from hol.engine.events import Event
from hol.engine.run import Run
from hol.engine.step import Step, resting_on
from hol.operate import cleanup
from hol.words.again import command, same
from hol.words.errors import ConfigError, Exit
from hol.words.text import t


@dataclass(frozen=True)
class Doomed:
    """What is to be taken back: all steps, or one and, when asked for, those that rest on it."""

    steps: Sequence[Step]
    take: cleanup.Take
    one: Step | None = None
    later: Sequence[Step] = ()  # rest on it, and are left standing

    def remaining(self, lab: Project, run: Run) -> list[Event]:
        """Show what would be deleted."""
        return cleanup.remaining(run, self.steps, lab.ui.tell, self.take)


def down(
    options: Options, number: int | None, dry_run: bool, yes: bool, with_later: bool, cli: bool, boto3: bool
) -> Exit:
    """Take everything down, or what one step did: show, ask, delete, list again."""
    lab = project(options)
    doomed = _doomed(lab, number, with_later)
    if cli or boto3:
        return _print(lab, doomed, cli, boto3)
    if dry_run:
        lab.ui.answer()
    try:
        run = connected(lab, start=False)
    except LocalNotRunning:
        lab.ui.say(t("the local AWS does not run; what was in it went with it"))
        run = _on_this_machine(lab)
    shown: list[Event] = []
    if dry_run or not yes:
        shown = doomed.remaining(lab, run)
        receipt.show_left(lab.ui, run.left)
        receipt.say_unseen(lab.ui, run.unseen)
    _name_later(lab, run, doomed)
    if dry_run:
        code = Exit.LEFT_BEHIND if run.left else Exit.DONE
        lab.ui.hint(t("this was a dry-run: nothing was changed; to do it: {}", same()))
    else:
        _ask(lab, run, shown, yes)
        code = _delete(lab, run, doomed, shown)
    lab.ui.done(code)
    return code


def _doomed(lab: Project, number: int | None, with_later: bool) -> Doomed:
    if number is None:
        if with_later:
            known = t("for example: {}", command("down", lab.steps[-1].number, "--with-later"))
            raise ConfigError(t("whose later steps? the number of a step is missing"), fix=known)
        return Doomed(lab.steps, cleanup.down)
    chosen = lab.step(number)
    later = resting_on(lab.steps, chosen)
    if with_later:
        return Doomed([chosen, *later], cleanup.undo, chosen)
    return Doomed([chosen], cleanup.undo, chosen, later)


def _name_later(lab: Project, run: Run, doomed: Doomed) -> None:
    """Which later steps rest on what goes, as far as it and they still stand."""
    if doomed.one is None or not doomed.later:
        return
    looked = cleanup.remaining(replace(run, left=[]), [doomed.one, *doomed.later], take=cleanup.undo)
    there = {event.step for event in looked}
    standing = [f"{one.number} · {one.title(lab.language)}" for one in doomed.later if one.name in there]
    if standing and doomed.one.name in there:
        lab.ui.say(
            t(
                "later steps rest on this one and still stand; what of them is inside goes with it, the rest stays: {}",
                ", ".join(standing),
            ),
            "!",
        )
        lab.ui.hint(t("to take them back too, the latest first: {}", same("--with-later")))


def _print(lab: Project, doomed: Doomed, cli: bool, boto3: bool) -> Exit:
    """The calls, the latest step's first, as one after the other can make them; nothing is done."""
    lab.ui.answer()
    run = looking(lab)
    events = cleanup.remaining(run, doomed.steps, take=cleanup.undo)
    for step in reversed(doomed.steps):
        if own := [event for event in events if event.step == step.name]:
            teaching.print_calls(lab, run, step, own, cli, boto3)
    if not events:
        _say_nothing(lab, doomed)
    lab.ui.done()
    return Exit.DONE


def _ask(lab: Project, run: Run, shown: Sequence[Event], yes: bool) -> None:
    """Nothing is deleted without a yes, nor what could not be read: it may be more than what was shown."""
    things = sum(event.things for event in shown)
    if yes or not (shown or run.left):
        return
    if run.left:
        confirm(
            lab, t("delete these {} things, and what else is found of the {} that stand above?", things, len(run.left))
        )
    else:
        confirm(lab, t("delete these {} things?", things))
    lab.ui.shown = ""


def _on_this_machine(lab: Project) -> Run:
    """A run that finds nothing in any account; the site folder may still be here."""
    return replace(unconnected(lab), dry=False, blank=True)


def _delete(lab: Project, run: Run, doomed: Doomed, shown: list[Event]) -> Exit:
    """Delete, list again, and print the receipt for what was shown before and what was deleted."""
    times: dict[str, str] = {}
    deleted: list[Event] = []
    run.tell = receipt.listening(lab.ui.tell, times, deleted)
    still = cleanup.clean_up(run, doomed.steps, doomed.take)
    lab.ui.answer()
    if not (shown or deleted or run.left):
        _say_nothing(lab, doomed)
        receipt.say_unseen(lab.ui, run.unseen)
        _stop_unused(lab, run, doomed)
        return Exit.DONE
    code = receipt.show(lab.ui, receipt.lines([*shown, *deleted], still, times), run.left, run.unseen)
    if code == Exit.DONE:
        _stop_unused(lab, run, doomed)
    return code


def _say_nothing(lab: Project, doomed: Doomed) -> None:
    if doomed.one is None:
        lab.ui.say(t("nothing of this lab is here"))
    else:
        lab.ui.say(t("nothing of step {} is here", doomed.one.number))


def _stop_unused(lab: Project, run: Run, doomed: Doomed) -> None:
    """A local AWS that `hol up` started, and in which nothing is left, has no reason to run on."""
    if doomed.one is not None:
        return
    from hol.cli.local import stop_unused

    if lab.config.target == "local" and not run.blank and (said := stop_unused(run)):
        lab.ui.hint(said)
