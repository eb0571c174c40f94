"""`hol up`, `status`, `open` and `init`: what the verbs do that make a lab and look at it."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hol.cli.options import Options, locale_language
from hol.cli.project import LocalNotRunning, Project, connected, load_project
from hol.cli.screen import receipt
from hol.cli.screen.summary import Folding
from hol.cli.states import show, survey
from hol.cli.terminal import Ui
from hol.config import files as configuration
from hol.config.disk import failure
from hol.engine import runner
from hol.engine.events import Checked, Event, Output
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.engine.step import Step, discover, sections
from hol.operate import cleanup
from hol.words.commands import command, same, shell
from hol.words.errors import ConfigError, Exit
from hol.words.text import Language, Text, counted, t


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
    project.ui.begin()
    project.ui.folding = Folding()
    addresses = _holding_back(run) if dry_run else []
    runner.up(run, project.steps)
    if dry_run:
        _planned(project, addresses)
    else:
        project.ui.summarize(project.ui.tally.done())
        if not no_check:
            _check(project, run, project.steps)
        _addresses(project, run)
        if any(step.does("page") for step in project.steps):
            project.ui.hint(t("next: {}", command("open")), key="next")
        project.ui.hint(t("when you are done: {}", command("down")), key="when-done")
    project.ui.done()
    return Exit.DONE


def _holding_back(run: Run) -> list[Output]:
    """The addresses that a dry-run tells, which may not exist."""
    held: list[Output] = []
    emit = run.emit
    run.emit = lambda said: held.append(said) if isinstance(said, Output) else emit(said)
    return held


def _planned(project: Project, addresses: Sequence[Output]) -> None:
    """What it would come to; addresses only where everything is there."""
    project.ui.summarize(project.ui.tally.planned())
    for said in addresses if not project.ui.tally.changes else ():
        project.ui.show(said)
    text = t("this was a dry-run: nothing was changed; to do it: {}", command("up"))
    project.ui.hint(text, key="dry-run")


def _before_up(project: Project, run: Run) -> None:
    from hol.cli.operating import before_up

    before_up(project, run)


def _check(project: Project, run: Run, steps: Sequence[Step]) -> None:
    """The guide's own tests: each of them after a change, otherwise how many there were."""
    ui = project.ui
    if not any(step.does("check") for step in steps):
        return
    changed = ui.tally.changes
    ui.begin()
    ui.shown, ui.titled = "", False
    emit = run.emit
    if not (changed or ui.verbose or ui.as_json):
        run.emit = lambda said: ui.tally.count(said) if isinstance(said, Checked) else emit(said)
    runner.check(run, steps)
    run.emit = emit
    passed, seconds = ui.tally.counts["✓"], ui.tally.seconds
    ui.summarize(counted(passed, t("1 check passed, {} s", seconds), t("{} checks passed, {} s", passed, seconds)))


def _addresses(project: Project, run: Run) -> None:
    """What a person wants to open."""
    for step in project.steps:
        if step.does("result"):
            project.ui.show(step.module.result(Lab(run, step.name)))
    project.ui.show_results()
    for step in project.steps if project.config.target == "local" and sys.platform == "darwin" else ():
        if step.does("website"):
            website = step.module.website(Lab(run, step.name))
            text = t("if your browser does not find it (Safari): {}", _path_style(run, website))
            project.ui.say(text, key="path-style")


def _path_style(run: Run, website: str) -> str:
    bucket = website.partition("//")[2].partition(".s3-website")[0]
    return f"{run.cloud.place.endpoint}/_hol/website/{bucket}/"


def status(options: Options) -> Exit:
    """What is there: a dry-run, told as a state."""
    project = load_project(options)
    project.ui.answer()
    try:
        run = connected(project, start=False, dry=True)
    except LocalNotRunning as error:
        project.ui.say(error.what, key="local-not-running")
        project.ui.hint(t("next: {}", command("up")), key="next")
        project.ui.done(Exit.DIFFERS)
        return Exit.DIFFERS
    found = survey(project, run)
    others = cleanup.others(run)
    for state in found.states:
        show(project, state)
    there = [state.step.name for state in found.states if state.there]
    for said in found.seen:
        if isinstance(said, Output) and said.step in there:
            project.ui.show(said)
    _show_others(project, run, others)
    differs = found.differs or bool(run.left) or any(event.mark in "+~-" for event in others)
    _billing(project, run)
    project.ui.hint(t("next: {}", command("up") if differs else command("check")), key="next")
    project.ui.done(Exit.DIFFERS if differs else Exit.DONE)
    return Exit.DIFFERS if differs else Exit.DONE


def _show_others(project: Project, run: Run, others: Sequence[Event]) -> None:
    """What is this lab's though the configuration does not name it (any longer)."""
    why = t("this lab's, under another name or setting than the configuration's; to delete it: {}", command("down"))
    for event in others:
        project.ui.show(replace(event, mark="!", why=why) if event.mark == "-" else event)
    receipt.show_left(project.ui, run.left)
    receipt.say_unseen(project.ui, run.unseen)


def _billing(project: Project, run: Run) -> None:
    from hol.cli.operating import say_billing

    say_billing(project, run)


def open_page(options: Options) -> Exit:
    """Open the page in the browser, and print where it is."""
    project = load_project(options)
    run = connected(project, start=False)
    step = next((step for step in project.steps if step.does("page")), None)
    if step is None:
        raise ConfigError(t("this lab has no page to open"))
    url = step.module.page(Lab(run, step.name))
    shown = _path_style(run, url) if project.config.target == "local" else url
    project.ui.show(Output("", "website_url", shown))
    if not webbrowser.open(shown):
        project.ui.hint(t("there is no browser to open here; open it yourself"), key="no-browser")
    project.ui.done()
    return Exit.DONE


def confirm(project: Project, question: Text) -> None:
    """Go on only after a yes. Raises `ConfigError` for anything else, and without a terminal."""
    if not sys.stdin.isatty() or project.ui.as_json:
        raise ConfigError(t("there is no terminal to ask on"), fix=t("if you are sure: {}", same("--yes")))
    if project.ui.ask(question).lower() not in ("y", "yes", "예", "네", "ㅇ"):
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
        ui.say(t("+ {}", name), "+", key="written")
    ui.hint(t("next: {}", command("up")), key="next")
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
