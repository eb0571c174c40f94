"""The verbs with which hol teaches, but for `step`: guide, check and adopt; and a step's calls, to be made by hand."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path

from hol.cli import checking
from hol.cli.options import Options
from hol.cli.project import Project, account_number, connected, load_project, looking
from hol.cli.provisioning import confirm
from hol.config.disk import write
from hol.config.files import here
from hol.engine.events import Event, Output
from hol.engine.lab import Lab
from hol.engine.run import Run, blank
from hol.engine.step import Step
from hol.teach import adopt as adopting
from hol.teach import awscli, document, guide, since, views
from hol.teach.grade import check as grade
from hol.words.commands import command, in_turn, same
from hol.words.errors import ConfigError, Exit, HolError
from hol.words.shown import hidden_signs, short
from hol.words.text import Text, t

_IN_A_FILE = 100  # columns


def write_guide(options: Options, form: str | None, output: str | None, since_2019: bool, account: str | None) -> Exit:
    """The whole lab as one document, or what has changed since the guide was written."""
    if output is not None and (not output or hidden_signs().search(output)):
        raise ConfigError(t("--output {}: this is not a path", short(output)))
    project = load_project(options)
    if since_2019:
        _since(project, form, output)
        project.ui.done()
        return Exit.DONE
    run = looking(project, account_number(account))
    known = guide.values(run.config, run.cloud, views.api_id(run))
    chapters = [_chapter(project, run, one, known) for one in project.steps]
    own = "" if (project.folder.root / f"{guide.CLEANUP}.{project.language}.md").is_file() else run.config.lab
    if not own:
        chapters.append(
            document.Chapter(None, *guide.cleanup(Lab(run, ""), project.language, known), guide.CLEANUP_MINUTES)
        )
    write = document.as_markdown if form == "md" else document.as_html
    made = write(chapters, known, project.language, own)
    _hand_out(project, output, f"hol-guide.{project.language}.{form or 'html'}", made)
    project.ui.done()
    return Exit.DONE


def _chapter(project: Project, run: Run, step: Step, known: dict[str, str]) -> document.Chapter:
    empty = blank(run)
    try:
        events = [event for event in views.would(empty, project.steps, step) if event.mark in "+~-"]
    except HolError:  # it uses what somebody else makes, and there is nothing to run
        events = []
    commands = awscli.script(Lab(empty, step.name), events)
    text = guide.text(step, project.language, known)
    return document.Chapter(step.number, text, tuple(commands), step.facet("MINUTES") or 0)


def _hand_out(project: Project, output: str | None, usual: str, made: str) -> None:
    """The document, on stdout or in its file."""
    if output == "-":
        project.ui.write(made.removesuffix("\n"))
    else:
        project.ui.show(Output("", "guide", str(_write(Path(output or usual), usual, made.encode("utf-8")))))


def _write(file: Path, usual: str, made: bytes) -> Path:
    """The document in its file. Raises `ConfigError` rather than overwrite what `hol guide` has not written."""
    path = Path(os.path.realpath(here() / file))
    if not path.parent.is_dir():
        raise ConfigError(t("there is no folder {}", str(file.parent)), fix=_another(Path(file.name)))
    if path.is_dir():
        raise ConfigError(t("{} is a folder", str(file)), fix=_another(file / usual))
    if path.exists() and not (_is_a_guide(path) or _holds(path, made)):
        raise ConfigError(t("{} is already here, and hol does not overwrite it", str(file)), fix=_another(file))
    write(path, made)
    return path


def _holds(path: Path, made: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(made) and path.read_bytes() == made


def _another(file: Path) -> Text:
    return t("choose another file: {}", same("--output", str(_free_name(here() / file))))


def _is_a_guide(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return document.MADE in file.read(200)


def _free_name(path: Path) -> Path:
    """The path, or with the first number that makes it a new file's."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 10**6))
    return next(new for new in chain((path,), numbered) if not new.exists())


def _since(project: Project, form: str | None, output: str | None) -> None:
    """What has changed since 2019: on the screen or in a file; with a format it is a document, as the guide is one."""
    found = since.entries(Lab(looking(project), "").asset(since.FILE))
    if form:
        write = document.list_as_html if form == "html" else document.list_as_markdown
        made = write(since.TITLE, since.as_markdown(found, project.language), project.language)
        _hand_out(project, output, f"hol-since-2019.{project.language}.{form}", made)
        return
    if output not in (None, "-"):
        lines = since.lines(found, project.language, _IN_A_FILE)
        _hand_out(project, output, f"hol-since-2019.{project.language}.txt", "\n".join([*lines, ""]))
        return
    if project.ui.as_json:
        for entry in found:
            said = {"instruction": entry.instruction, "why": entry.why, "hol": entry.hol}
            project.ui.record("since", step=entry.step, **{name: one[project.language] for name, one in said.items()})
        return
    project.ui.write("\n".join(since.lines(found, project.language, project.ui.columns)))


def check(options: Options, number: int | None) -> Exit:
    """A look at every facet, then the guide's own tests; of one step all findings are shown, of all only the wrong."""
    project = load_project(options)
    project.ui.answer()
    chosen = project.steps if number is None else [project.step(number)]
    run = connected(project, start=False)
    if number is not None and not chosen[0].does("check"):
        project.ui.say(t("step {} has no test of its own in the guide", number), key="no-test")
    code = checking.check(project, run, chosen, every=number is not None)
    project.ui.done(code)
    return code


def adopt(options: Options, number: int | None, yes: bool, wrong_too: bool) -> Exit:
    """Take over what was rightly made by hand, or all of it: show, ask, tag."""
    project = load_project(options)
    project.ui.answer()
    chosen = project.steps if number is None else [project.step(number)]
    run = connected(project, start=False)
    chosen = [one for one in chosen if one.facet("adopt")]
    right = [one for one in chosen if wrong_too or one.does("ADOPTED_WRONG_TOO") or _is_right(project, run, one)]
    code = Exit.DONE if len(right) == len(chosen) else Exit.DIFFERS
    if not adopting.take(run, right, dry=True):
        project.ui.say(t("there is nothing to take over"), key="nothing-here")
    else:
        if not yes:
            confirm(project, t("take these over, so that the clean-up deletes them too?"))
        project.ui.shown = ""
        adopting.take(run, right, dry=False)
        project.ui.hint(t("next: {}", command("up")), key="next")
        project.ui.hint(t("when you are done: {}", command("down")), key="when-done")
    project.ui.done(code)
    return code


def _is_right(project: Project, run: Run, step: Step) -> bool:
    """Whether nothing is wrong with what is there for that step; else it is said."""
    wrong = [f for f in grade.findings(grade.lenient(run), step) if not (f.right or f.live)]
    for finding in wrong:
        what = t("{}: {}", finding.what, finding.wrong) if finding.wrong else finding.what
        project.ui.show(Event(step.name, "!", what, t("not taken over"), key=finding.key))
    if wrong:
        taking = in_turn(command("adopt", step.number, "--wrong-too"), command("step", step.number))
        project.ui.hint(t("to mend it yourself: {}", command("check", step.number)), key="check")
        project.ui.hint(t("to let hol put it right: {}", taking), key="mend")
    return not wrong
