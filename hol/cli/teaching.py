"""The verbs with which hol teaches: step, guide, check and adopt."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from hol.cli import checking
from hol.cli.lab import confirm
from hol.cli.options import Options
from hol.cli.project import Project, connected, looking, project
from hol.config.disk import write
from hol.config.files import here
from hol.engine import runner
from hol.engine.events import Event, Output, Told
from hol.engine.lab import Lab
from hol.engine.run import Run, blank
from hol.engine.step import Step
from hol.teach import adopt as adopting
from hol.teach import awscli, console, document, guide, markdown, python, since, views
from hol.teach.grade import check as grade
from hol.words.again import command, joined, same
from hol.words.errors import ConfigError, Exit
from hol.words.shown import HIDDEN, short
from hol.words.text import Text, t

_TOKEN = "AWS_SESSION_TOKEN"


def step(options: Options, number: int, explain: bool, cli: bool, boto3: bool, text: bool | None) -> Exit:
    """One step of the guide: its text, what is done and where to see it; or, on request, only shown."""
    lab = project(options)
    chosen = lab.step(number)
    if explain or cli or boto3:
        lab.ui.answer()
        _show(lab, chosen, explain, cli, boto3)
        lab.ui.done()
        return Exit.DONE
    run = connected(lab)
    if text or (text is None and lab.ui.fancy):
        _text(lab, run, chosen)
        _link_changes(lab, run)
    runner.up(run, [chosen])
    lab.ui.quiet()
    if chosen.does("check"):
        lab.ui.hint(t("to check it: {}", command("check", number)))
    later = [one for one in lab.steps if one.number > number]
    last = command("open") if any(one.does("page") for one in lab.steps) else command("check")
    lab.ui.hint(t("next: {}", command("step", later[0].number) if later else last))
    lab.ui.done()
    return Exit.DONE


def _text(lab: Project, run: Run, chosen: Step) -> None:
    """The step's guide text on the terminal."""
    known = guide.values(run.config, run.cloud, views.api_id(run))
    written = guide.text(chosen, lab.language, known)
    if lab.ui.as_json:
        lab.ui.record("message", text=written)
        return
    for line in markdown.to_lines(markdown.parse(written), _columns()):
        lab.ui.say(t("{}", line.text), "#" if line.strong else "")
    lab.ui.say(t("{}", ""))


def _columns() -> int:
    return max(40, min(shutil.get_terminal_size().columns - 1, 100))


def _link_changes(lab: Project, run: Run) -> None:
    """From here on every change is followed by its page in the console."""
    if lab.config.target == "local":
        lab.ui.say(t("the links lead to the console of an AWS account; the local AWS has none"))
    tell = run.tell

    def linking(said: Told) -> None:
        tell(said)
        if isinstance(said, Event):
            _link(lab, run, said)

    run.tell = linking


def _link(lab: Project, run: Run, event: Event) -> None:
    own = next((step.facet("CONSOLE") for step in lab.steps if step.name == event.step), None)
    url = console.link(run.cloud, event, own) if event.mark in "+~-" else None
    if url:
        lab.ui.say(t("    -> {}", url))


def _show(lab: Project, chosen: Step, explain: bool, cli: bool, boto3: bool) -> None:
    """The text, what would be done, and its calls; nothing is done."""
    run = looking(lab)
    if explain:
        _text(lab, run, chosen)
        for event in views.would(run, lab.steps, chosen):
            lab.ui.tell(event)
            _link(lab, run, event)
    if cli or boto3:
        print_calls(lab, run, chosen, views.changes(run, lab.steps, chosen), cli, boto3)


def print_calls(lab: Project, run: Run, chosen: Step, events: Sequence[Event], cli: bool, boto3: bool) -> None:
    """The step's calls as `aws` commands, as Python, or both."""
    if cli:
        _print(lab, chosen, [*environment(lab, run), *awscli.script(Lab(run, chosen.name), events)])
    if boto3:
        _print(lab, chosen, [*python_environment(lab, run), *python.script(Lab(run, chosen.name), events)])


def _print(lab: Project, chosen: Step, commands: Sequence[str]) -> None:
    heading = f"# {chosen.number} · {chosen.title(lab.language)}"
    if lab.ui.as_json:
        for command in commands:
            lab.ui.tell(Output(chosen.name, "command", command))
        return
    lab.ui.write("\n".join([heading, *commands]))


def environment(lab: Project, run: Run) -> list[str]:
    """What tells the AWS CLI where to go."""
    given, hidden = _variables(lab, run)
    exported = joined(["export", *(f"{name}={value}" for name, value in given.items())])
    return [joined(["unset", *hidden]), exported] if hidden else [exported]


def python_environment(lab: Project, run: Run) -> list[str]:
    """The same for boto3."""
    given, hidden = _variables(lab, run)
    removed = [f"for name in {hidden!r}:\n    os.environ.pop(name, None)"] if hidden else []
    return ["import os\n", *removed, f"os.environ.update({given!r})\n"]


def _variables(lab: Project, run: Run) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the environment must say, and which of its variables would say something else."""
    region = {"AWS_DEFAULT_REGION": run.cloud.region, "AWS_REGION": run.cloud.region}
    if lab.config.target == "local":
        key, secret = run.cloud.place.credentials or ("", "")
        there = {"AWS_ENDPOINT_URL": str(run.cloud.place.endpoint)}
        return {**there, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, **region}, ("AWS_PROFILE", _TOKEN)
    if not lab.config.profile:
        return region, ()
    return {**region, "AWS_PROFILE": lab.config.profile}, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", _TOKEN)


def write_guide(options: Options, form: str, output: str | None, since_2019: bool) -> Exit:
    """The whole lab as one document, or what has changed since the guide was written."""
    if output is not None and (not output or HIDDEN.search(output)):
        raise ConfigError(t("--output {}: this is not a path", short(output)))
    lab = project(options)
    if since_2019:
        _since(lab)
        lab.ui.done()
        return Exit.DONE
    run = looking(lab)
    known = guide.values(run.config, run.cloud, views.api_id(run))
    chapters = [_chapter(lab, run, one, known) for one in lab.steps]
    own = "" if (lab.folder.root / f"{guide.CLEANUP}.{lab.language}.md").is_file() else run.config.lab
    if not own:
        chapters.append(document.Chapter(None, *guide.cleanup(Lab(run, ""), lab.language, known)))
    write = document.as_html if form == "html" else document.as_markdown
    made = write(chapters, known, lab.language, own)
    if output == "-":
        lab.ui.write(made.removesuffix("\n"))
    else:
        lab.ui.tell(Output("", "guide", str(_write(lab, Path(output or f"hol-guide.{lab.language}.{form}"), made))))
    lab.ui.done()
    return Exit.DONE


def _chapter(lab: Project, run: Run, step: Step, known: dict[str, str]) -> document.Chapter:
    empty = blank(run)
    events = [event for event in views.would(empty, lab.steps, step) if event.mark in "+~-"]
    commands = awscli.script(Lab(empty, step.name), events)
    return document.Chapter(step.number, guide.text(step, lab.language, known), tuple(commands))


def _write(lab: Project, file: Path, made: str) -> Path:
    """The document in its file. Raises `ConfigError` rather than overwrite what `hol guide` has not written."""
    path = Path(os.path.realpath(here() / file))
    if not path.parent.is_dir():
        raise ConfigError(t("there is no folder {}", str(file.parent)), fix=_another(Path(file.name)))
    if path.exists() and not _is_a_guide(path):
        raise ConfigError(t("{} is already here, and hol does not overwrite it", str(file)), fix=_another(file))
    write(path, made.encode("utf-8"))
    return path


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
    return next(new for new in (path, *numbered) if not new.exists())


def _since(lab: Project) -> None:
    found = since.entries(Lab(looking(lab), "").asset(since.FILE))
    if lab.ui.as_json:
        for entry in found:
            lab.ui.say(
                t("{}", f"{entry.instruction[lab.language]} {entry.why[lab.language]} {entry.hol[lab.language]}")
            )
        return
    lab.ui.write("\n".join(since.lines(found, lab.language, _columns())))


def check(options: Options, number: int | None) -> Exit:
    """A look at every facet, then the guide's own tests; of one step all findings are shown, of all only the wrong."""
    lab = project(options)
    lab.ui.answer()
    chosen = lab.steps if number is None else [lab.step(number)]
    run = connected(lab, start=False)
    if number is not None and not chosen[0].does("check"):
        lab.ui.say(t("step {} has no test of its own in the guide", number))
    code = checking.check(lab, run, chosen, every=number is not None)
    lab.ui.done(code)
    return code


def adopt(options: Options, number: int | None, yes: bool) -> Exit:
    """Take over what was rightly made by hand: show, ask, tag."""
    lab = project(options)
    lab.ui.answer()
    chosen = lab.steps if number is None else [lab.step(number)]
    run = connected(lab, start=False)
    chosen = [one for one in chosen if one.facet("adopt")]
    right = [one for one in chosen if one.does("ADOPTED_WRONG_TOO") or _is_right(lab, run, one)]
    code = Exit.DONE if len(right) == len(chosen) else Exit.DIFFERS
    if not adopting.take(run, right, dry=True):
        lab.ui.say(t("there is nothing to take over"))
    else:
        if not yes:
            confirm(lab, t("take these over, so that the clean-up deletes them too?"))
        lab.ui.shown = ""
        adopting.take(run, right, dry=False)
        lab.ui.hint(t("next: {}", command("up")))
        lab.ui.hint(t("when you are done: {}", command("down")))
    lab.ui.done(code)
    return code


def _is_right(lab: Project, run: Run, step: Step) -> bool:
    """Whether nothing is wrong with what is there for that step; else it is said."""
    wrong = [f for f in grade.findings(grade.lenient(run), step) if not (f.right or f.live)]
    for finding in wrong:
        lab.ui.tell(Event(step.name, "!", t("{}: {}", finding.what, finding.wrong), t("not taken over")))
    return not wrong
