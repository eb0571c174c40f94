"""`hol up`, `status`, `open` and `init`: what the verbs do that make a lab and look at it."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hol.cli import receipt
from hol.cli.options import Options, locale_language
from hol.cli.project import LocalNotRunning, Project, connected, load_project
from hol.cli.terminal import Ui
from hol.config import files as configuration
from hol.config.disk import failure
from hol.engine import runner
from hol.engine.events import Event, Message, Output
from hol.engine.lab import Lab
from hol.engine.run import Run, blank
from hol.engine.step import Step, discover, sections
from hol.operate import cleanup
from hol.words.commands import command, same, shell
from hol.words.errors import ConfigError, Exit, HolError
from hol.words.text import Language, Text, t


def up(options: Options, dry_run: bool, yes: bool, no_check: bool) -> Exit:
    """Provision everything, check it (unless told not to), and say where it is."""
    project = load_project(options)
    run = connected(project, dry=dry_run)
    if dry_run:
        project.ui.answer()
    if not dry_run and project.config.target == "aws":
        _before_up(project, run)
    if not dry_run and project.config.target == "aws" and not yes:
        confirm(project, t("create or change the lab in this account?"))
    runner.up(run, project.steps)
    if dry_run:
        project.ui.hint(t("this was a dry-run: nothing was changed; to do it: {}", command("up")))
    else:
        if not no_check:
            _check(project, run, project.steps)
        _addresses(project, run)
        if any(step.does("page") for step in project.steps):
            project.ui.hint(t("next: {}", command("open")))
        project.ui.hint(t("when you are done: {}", command("down")))
    project.ui.done()
    return Exit.DONE


def _before_up(project: Project, run: Run) -> None:
    from hol.cli.operating import before_up

    before_up(project, run)


def _check(project: Project, run: Run, steps: Sequence[Step]) -> None:
    project.ui.shown = ""
    if any(step.does("check") for step in steps):
        project.ui.say(t("checks"), "#")
    runner.check(run, steps)


def _addresses(project: Project, run: Run) -> None:
    """What a person wants to open."""
    for step in project.steps:
        if step.does("result"):
            project.ui.show(step.module.result(Lab(run, step.name)))
    project.ui.show_results()
    for step in project.steps if project.config.target == "local" else ():
        if step.does("website"):
            website = step.module.website(Lab(run, step.name))
            project.ui.say(t("if your browser does not find it (Safari): {}", _path_style(run, website)))


def _path_style(run: Run, website: str) -> str:
    bucket = website.partition("//")[2].partition(".s3-website")[0]
    return f"{run.cloud.place.endpoint}/_hol/website/{bucket}/"


def status(options: Options) -> Exit:
    """What is there: a dry-run, told as a state."""
    project = load_project(options)
    project.ui.answer()
    seen: list[Message] = []
    try:
        run = connected(project, start=False, dry=True)
    except LocalNotRunning as error:
        project.ui.say(error.what)
        project.ui.hint(t("next: {}", command("up")))
        project.ui.done(Exit.DIFFERS)
        return Exit.DIFFERS
    run.emit = seen.append
    errors = runner.survey(run, project.steps)
    others = cleanup.others(run)
    nothing = _in_an_empty_account(run, project.steps)
    there = [
        one.name
        for one in project.steps
        if _state(project, one, seen, nothing, errors.get(one.number), one.name in run.skipped)
    ]
    for said in seen:
        if isinstance(said, Output) and said.step in there:
            project.ui.show(said)
    _tell_others(project, run, others)
    differs = bool(errors or run.left) or any(
        isinstance(said, Event) and said.mark in "+~-" for said in [*seen, *others]
    )
    _billing(project, run)
    project.ui.hint(t("next: {}", command("up") if differs else command("check")))
    project.ui.done(Exit.DIFFERS if differs else Exit.DONE)
    return Exit.DIFFERS if differs else Exit.DONE


def _tell_others(project: Project, run: Run, others: Sequence[Event]) -> None:
    """What is this lab's though the configuration does not name it (any longer)."""
    why = t("this lab's, under another name or setting than the configuration's; to delete it: {}", command("down"))
    for event in others:
        project.ui.show(replace(event, mark="!", why=why) if event.mark == "-" else event)
    receipt.show_left(project.ui, run.left)
    receipt.say_unseen(project.ui, run.unseen)


def _in_an_empty_account(run: Run, steps: Sequence[Step]) -> list[Message]:
    """What `hol up` would tell if nothing of the lab were there."""
    seen: list[Message] = []
    runner.survey(replace(blank(run), emit=seen.append), steps)
    return seen


def _billing(project: Project, run: Run) -> None:
    from hol.cli.operating import say_billing

    say_billing(project, run)


def _state(
    project: Project,
    step: Step,
    seen: Sequence[Message],
    nothing: Sequence[Message],
    error: HolError | None,
    skipped: bool,
) -> bool:
    """Tell how that step stands; returns whether anything of it is there."""
    events = [said for said in seen if isinstance(said, Event) and said.step == step.name]
    made = [said for said in nothing if isinstance(said, Event) and said.step == step.name]
    differing = [event.what.render(project.language) for event in events if event.mark in "+~-"]
    there = bool(events and not (differing or error)) or _decided(events) != _decided(made)
    if error:
        mark, state, words = "!", "in the way", error.what
    elif skipped or not events:
        mark, state, words = "?", "unknown", t("cannot tell: what it rests on is in the way")
    elif not differing:
        mark, state, words = "=", "in place", t("in place")
    elif there:
        mark, state, words = "~", "differs", t("differs: {}", "; ".join(differing))
    else:
        mark, state, words = "+", "not there", t("not there")
    if project.ui.as_json:
        why = error and error.what
        project.ui.record("state", step=step.name, number=step.number, state=state, differing=differing, error=why)
    else:
        project.ui.say(t("{} {} · {}: {}", mark, step.number, step.title(project.language), words), mark)
    return there


def _decided(events: Sequence[Event]) -> list[tuple[str, str]]:
    """What was decided, whatever the words."""
    return [(event.mark, event.key) for event in events]


def open_page(options: Options) -> Exit:
    """Open the page in the browser, and print where it is."""
    project = load_project(options)
    run = connected(project, start=False)
    step = next((step for step in project.steps if step.does("page")), None)
    if step is None:
        raise ConfigError(t("this lab has no page to open"))
    url = step.module.page(Lab(run, step.name))
    project.ui.show(Output("", "website_url", url))
    shown = _path_style(run, url) if project.config.target == "local" else url
    if not webbrowser.open(shown):
        project.ui.say(t("there is no browser to open here; open it yourself: {}", shown))
    project.ui.done()
    return Exit.DONE


def confirm(project: Project, question: Text) -> None:
    """Go on only after a yes. Raises `ConfigError` for anything else, and without a terminal."""
    if not sys.stdin.isatty() or project.ui.as_json:
        raise ConfigError(t("there is no terminal to ask on"), fix=t("if you are sure: {}", same("--yes")))
    project.ui.end_progress()
    print(f"{question.render(project.language)} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "예", "네", "ㅇ"):
        raise ConfigError(t("nothing was changed"), code=Exit.FAILED)


def init(options: Options, full: bool) -> Exit:
    """Write config.yaml, and on request everything that makes a lab of one's own."""
    ui = Ui(options.lang or locale_language())
    here, packaged = configuration.here(), configuration.packaged()
    commented = "config.ko.yaml" if ui.language == "ko" else "config.yaml"
    sources: dict[str, Path | str] = {"config.yaml": _commented(packaged / commented, here / "steps", ui.language)}
    sources |= {name: packaged / name for name in ("steps", "assets")} if full else {}
    there = [name for name in sources if os.path.lexists(here / name)]
    if there:
        raise ConfigError(
            t("{} is already here, and hol does not overwrite it", ", ".join(there)),
            fix=t("make a lab of its own in a new folder: {}", _elsewhere(here, full)),
        )
    try:
        _put(here, sources)
    except OSError as error:
        raise failure(error, here / configuration.FILE_NAME) from error
    for name in sources:
        ui.say(t("+ {}", name), "+")
    ui.hint(t("next: {}", command("up")))
    return Exit.DONE


def _commented(file: Path, steps: Path, language: Language) -> str:
    """The packaged config.yaml, with the sections that the folder's own steps bring, if there are any."""
    own = sections(discover(steps)) if steps.is_dir() else {}
    return file.read_text(encoding="utf-8") + configuration.commented(own, language)


def _put(here: Path, sources: Mapping[str, Path | str]) -> None:
    """Copies of the sources in the folder: all of them, or none."""
    with tempfile.TemporaryDirectory(prefix=".hol-init-", dir=here) as staging:
        for name, source in sources.items():
            _copy(source, Path(staging, name))
        done: list[Path] = []
        try:
            for name in sources:
                Path(staging, name).rename(here / name)
                done.append(here / name)
        except BaseException:
            for path in reversed(done):
                path.rename(Path(staging, path.name))
            raise


def _copy(source: Path | str, to: Path) -> None:
    """A text, a file, or a folder without what Python keeps in it."""
    if isinstance(source, str):
        to.write_text(source, encoding="utf-8", newline="\n")
    elif not source.is_dir():
        to.write_bytes(source.read_bytes())
    else:
        to.mkdir()
        for path in sorted(source.iterdir()):
            if path.name != "__pycache__":
                _copy(path, to / path.name)


def _elsewhere(here: Path, full: bool) -> str:
    names = ("hol-lab", *(f"hol-lab-{number}" for number in range(2, 100)))
    free = next(name for name in names if not (here / name).exists())
    return f"{shell('mkdir', free)} && {shell('cd', free)} && {command('init', *(['--full'] if full else []))}"
