"""`hol step`: what the step is for, what is done, what it came to and what comes next; without a number, all steps."""

from __future__ import annotations

from hol.cli.calls import print_calls
from hol.cli.checking import show_remaining
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project, looking
from hol.cli.states import show, survey
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.run import Run
from hol.engine.step import Step
from hol.teach import console, guide, lines, markdown, views
from hol.words.commands import command
from hol.words.errors import Exit
from hol.words.text import t


def step(options: Options, number: int | None, explain: bool, cli: bool, boto3: bool, text: bool | None) -> Exit:
    """One step of the guide: in short or in full, done or, on request, only shown; all of them without a number."""
    project = load_project(options)
    if number is None:
        return _overview(project)
    chosen = project.step(number)
    if explain or cli or boto3:
        return _show(project, chosen, explain, cli, boto3)
    run = connected(project)
    _introduce(project, run, chosen, text)
    _link_changes(project, run)
    project.ui.begin()
    runner.up(run, [chosen])
    project.ui.summarize(project.ui.tally.done())
    show_remaining(project, run, chosen)
    _go_on(project, chosen, text)
    project.ui.done()
    return Exit.DONE


def _overview(project: Project) -> Exit:
    """The steps, how they stand, and which to do next."""
    project.ui.answer()
    found = survey(project, looking(project))
    for state in found.states:
        show(project, state)
    undone = next((state.step.number for state in found.states if state.mark != "="), None)
    following = command("check") if undone is None else command("step", undone)
    project.ui.hint(t("next: {}", following), key="next")
    project.ui.done()
    return Exit.DONE


def _introduce(project: Project, run: Run, chosen: Step, text: bool | None) -> None:
    """The step's title and what it is for: the whole text on request, nothing where none is wanted."""
    if text:
        _text(project, run, chosen)
    elif text is None and not project.ui.as_json:
        _title(project, chosen)
        written = guide.text(chosen, project.language, guide.values(run.config, run.cloud, None))
        project.ui.lay(lines.brief(markdown.parse(written), _columns(project)))


def _title(project: Project, chosen: Step) -> None:
    """The title, and how far along the way it is."""
    place = project.steps.index(chosen) + 1
    project.ui.say(t("{} · {} ({}/{})", chosen.number, chosen.title(project.language), place, len(project.steps)), "#")
    project.ui.shown = chosen.name


def _text(project: Project, run: Run, chosen: Step) -> None:
    """The step's whole guide text."""
    known = guide.values(run.config, run.cloud, views.api_id(run))
    written = guide.text(chosen, project.language, known)
    if project.ui.as_json:
        project.ui.record("message", key="guide", text=written)
        return
    _title(project, chosen)
    heading, *rest = markdown.parse(written)
    project.ui.lay([()])
    project.ui.lay(
        lines.lines(rest if heading.kind == "heading" else [heading, *rest], _columns(project), _links(project))
    )
    project.ui.lay([()])


def _columns(project: Project) -> int:
    """Prose is read best in lines that are not too long."""
    return min(project.ui.columns, 100)


def _links(project: Project) -> lines.Links:
    """Links lead to the console of an AWS account; without one there is nowhere to go."""
    if project.config.target == "local":
        return "none"
    return "here" if project.ui.links else "below"


def _link_changes(project: Project, run: Run) -> None:
    """From here on every change is followed by its page in the console, where there is one."""
    emit = run.emit

    def linking(said: Message) -> None:
        emit(said)
        if isinstance(said, Event):
            _link(project, run, said)

    run.emit = linking


def _link(project: Project, run: Run, event: Event) -> None:
    if project.config.target == "local" or event.mark not in "+~-":
        return
    own = next((step.facet("CONSOLE") for step in project.steps if step.name == event.step), None)
    if url := console.link(run.cloud, event, own):
        project.ui.say(t("    -> {}", url), key=event.key)


def _show(project: Project, chosen: Step, explain: bool, cli: bool, boto3: bool) -> Exit:
    """The text, what would be done, and its calls; nothing is done."""
    project.ui.answer()
    run = looking(project)
    if explain:
        _text(project, run, chosen)
        for event in views.would(run, project.steps, chosen):
            project.ui.show(event)
            _link(project, run, event)
        project.ui.summarize(project.ui.tally.planned())
    if cli or boto3:
        print_calls(project, run, chosen, views.changes(run, project.steps, chosen), cli, boto3)
    project.ui.done()
    return Exit.DONE


def _go_on(project: Project, chosen: Step, text: bool | None) -> None:
    """The commands that come next."""
    ui, later = project.ui, [one for one in project.steps if one.number > chosen.number]
    if not text:
        ui.hint(t("to read more: {}", command("step", chosen.number, "--explain")), key="read-more")
    if chosen.does("check") or chosen.facet("grade"):
        ui.hint(t("to check it: {}", command("check", chosen.number)), key="check")
    last = command("open") if any(one.does("page") for one in project.steps) else command("check")
    ui.hint(t("next: {}", command("step", later[0].number) if later else last), key="next")
