"""`hol down`: everything, or what one step did, is shown, asked about, deleted, and listed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hol.cli.options import Options
from hol.cli.project import LocalNotRunning, Project, connected, load_project, looking, unconnected
from hol.cli.provisioning import confirm
from hol.cli.screen import receipt
from hol.engine.events import Event
from hol.engine.run import Run
from hol.engine.step import Step, resting_on
from hol.operate import cleanup
from hol.words.commands import command, same
from hol.words.errors import ConfigError, Exit
from hol.words.text import counted, t


@dataclass(frozen=True)
class Teardown:
    """What is to be taken back: all steps, or one and, when asked for, those that rest on it."""

    steps: Sequence[Step]
    take: cleanup.Take
    one: Step | None = None
    later: Sequence[Step] = ()  # rest on it, and are left standing

    def remaining(self, project: Project, run: Run) -> list[Event]:
        """Show what would be deleted."""
        return cleanup.remaining(run, self.steps, project.ui.show, self.take)


def down(
    options: Options, number: int | None, dry_run: bool, yes: bool, with_later: bool, cli: bool, boto3: bool
) -> Exit:
    """Take everything down, or what one step did: show, ask, delete, list again."""
    project = load_project(options)
    teardown = _teardown(project, number, with_later)
    if cli or boto3:
        return _print(project, teardown, cli, boto3)
    if dry_run:
        project.ui.answer()
    run = _connected(project)
    shown: list[Event] = []
    began = project.ui.place
    project.ui.begin()
    if dry_run or not yes:
        shown = teardown.remaining(project, run)
        receipt.show_left(project.ui, run.left)
        receipt.say_unseen(project.ui, run.unseen)
    _name_later(project, run, teardown)
    if dry_run:
        code = Exit.LEFT_BEHIND if run.left else Exit.DONE
        project.ui.summarize(project.ui.tally.planned())
        text = t("this was a dry-run: nothing was changed; to do it: {}", same())
        project.ui.hint(text, key="dry-run")
    else:
        _ask(project, run, shown, yes)
        project.ui.begin()
        code = _delete(project, run, teardown, shown, began)
    project.ui.done(code)
    return code


def _teardown(project: Project, number: int | None, with_later: bool) -> Teardown:
    if number is None:
        if with_later:
            known = t("for example: {}", command("down", project.steps[-1].number, "--with-later"))
            raise ConfigError(t("whose later steps? the number of a step is missing"), fix=known)
        return Teardown(project.steps, cleanup.down)
    chosen = project.step(number)
    later = resting_on(project.steps, chosen)
    if with_later:
        return Teardown([chosen, *later], cleanup.undo, chosen)
    return Teardown([chosen], cleanup.undo, chosen, later)


def _name_later(project: Project, run: Run, teardown: Teardown) -> None:
    """Which later steps rest on what goes, as far as it and they still stand."""
    if teardown.one is None or not teardown.later:
        return
    looked = cleanup.remaining(replace(run, left=[]), [teardown.one, *teardown.later], take=cleanup.undo)
    there = {event.step for event in looked}
    standing = [f"{one.number} · {one.title(project.language)}" for one in teardown.later if one.name in there]
    if standing and teardown.one.name in there:
        project.ui.say(
            t(
                "later steps rest on this one and still stand; what of them is inside goes with it, the rest stays: {}",
                ", ".join(standing),
            ),
            "!",
            key="later-steps",
        )
        project.ui.hint(t("to take them back too, the latest first: {}", same("--with-later")), key="with-later")


def _print(project: Project, teardown: Teardown, cli: bool, boto3: bool) -> Exit:
    """The calls, the latest step's first, as one after the other can make them; nothing is done."""
    from hol.cli.calls import print_calls

    project.ui.answer()
    run = looking(project)
    events = cleanup.remaining(run, teardown.steps, take=cleanup.undo)
    for step in reversed(teardown.steps):
        if own := [event for event in events if event.step == step.name]:
            print_calls(project, run, step, own, cli, boto3)
    if not events:
        _say_nothing(project, teardown)
    project.ui.done()
    return Exit.DONE


def _ask(project: Project, run: Run, shown: Sequence[Event], yes: bool) -> None:
    """Nothing is deleted without a yes, nor what could not be read: it may be more than what was shown."""
    things = sum(event.things for event in shown)
    if yes or not (shown or run.left):
        return
    if run.left:
        more = len(run.left)
        asked = counted(
            things,
            t("delete this one thing, and what else is found where hol could not look ({} above)?", more),
            t("delete these {} things, and what else is found where hol could not look ({} above)?", things, more),
        )
        confirm(project, asked)
    else:
        confirm(project, counted(things, t("delete this one thing?"), t("delete these {} things?", things)))
    project.ui.shown = ""


def _connected(project: Project) -> Run:
    try:
        return connected(project, start=False)
    except LocalNotRunning:
        project.ui.say(t("the local AWS does not run; what was in it went with it"), key="local-not-running")
        return _on_this_machine(project)


def _on_this_machine(project: Project) -> Run:
    """A run that finds nothing in any account; the site folder may still be here."""
    return replace(unconnected(project), dry=False, blank=True)


def _delete(project: Project, run: Run, teardown: Teardown, shown: list[Event], began: int) -> Exit:
    """Delete, list again, and print the receipt, which takes the place of what was shown before from `began` on."""
    times: dict[str, str] = {}
    deleted: list[Event] = []
    run.emit = receipt.listening(project.ui.show, times, deleted, _counting(project))
    still = cleanup.clean_up(run, teardown.steps, teardown.take)
    project.ui.answer()
    if not (shown or deleted or run.left):
        _say_nothing(project, teardown)
        receipt.say_unseen(project.ui, run.unseen)
        _stop_unused(project, run, teardown)
        return Exit.DONE
    project.ui.take_back(began)
    code = receipt.show(project.ui, receipt.lines([*shown, *deleted], still, times), run.left, run.unseen)
    if code == Exit.DONE:
        _stop_unused(project, run, teardown)
    return code


def _counting(project: Project) -> Callable[[Event], None] | None:
    """For a person the receipt alone names what was deleted; until then one line says what goes."""
    if project.ui.as_json or project.ui.verbose:
        return None

    def tell(event: Event) -> None:
        project.ui.tally.count(event)
        project.ui.progress(t("deleting {}", event.what).render(project.language))

    return tell


def _say_nothing(project: Project, teardown: Teardown) -> None:
    if teardown.one is None:
        project.ui.say(t("nothing of this lab is here"), key="nothing-here")
    else:
        project.ui.say(t("nothing of step {} is here", teardown.one.number), key="nothing-here")


def _stop_unused(project: Project, run: Run, teardown: Teardown) -> None:
    """A local AWS that `hol up` started, and in which nothing is left, has no reason to run on."""
    if teardown.one is not None:
        return
    from hol.cli.local.server import stop_unused

    if project.config.target == "local" and not run.blank and (said := stop_unused(run)):
        project.ui.hint(said, key="local-stopped")
