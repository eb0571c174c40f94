"""`hol export`: the lab in another tool's words, as files that nobody has yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hol.cli.calls import environment
from hol.cli.exporting.folder import written
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project, unconnected
from hol.engine.events import Event, Output
from hol.engine.run import Run
from hol.export import cloudformation, script, terraform
from hol.export.files import Export
from hol.export.live import live
from hol.words.commands import command, shell
from hol.words.errors import ConfigError, Exit
from hol.words.shown import hidden_signs, short
from hol.words.text import Text, t


@dataclass(frozen=True)
class Made:
    """The files for a folder, what is not in them, and how they are used."""

    files: Mapping[str, bytes]
    notes: Sequence[tuple[Text, Text]]
    uses: Sequence[Text]


def export(options: Options, form: str, output: str | None, with_import: bool) -> Exit:
    """Write the files, name what is not in them, and say how they are used."""
    if output is not None and (not output or hidden_signs().search(output)):
        raise ConfigError(t("--output {}: this is not a path", short(output)))
    if with_import and form != "terraform":
        raise ConfigError(t("only Terraform takes over what is there: {}", command("export", "terraform", "--import")))
    project = load_project(options)
    usual = f"hol-{form}"
    folder = output or usual
    run = connected(project, start=False, dry=True) if with_import else _nowhere(project, form)
    made = _FORMS[form](project, run, folder) if not with_import else _importing(project, run, folder)
    for what, why in made.notes:
        project.ui.show(Event("", "!", what, why))
    project.ui.show(Output("", "export", str(written(folder, made.files, usual))))
    for use in made.uses:
        project.ui.hint(use)
    project.ui.done()
    return Exit.DONE


def _nowhere(project: Project, form: str) -> Run:
    """A run of no account; but a script is for one, since its names hold the account's number."""
    return connected(project, dry=True) if form == "sh" and project.config.target == "aws" else unconnected(project)


def _terraform(project: Project, run: Run, folder: str) -> Made:
    return _deployed(project, run, folder, terraform.export(run, project.steps, project.language, folder))


def _importing(project: Project, run: Run, folder: str) -> Made:
    """The state of what is there is Terraform's after one apply, which changes nothing."""
    made = terraform.export(run, project.steps, project.language, folder, live(run, project.steps))
    there = f"-chdir={folder}"
    plan = shell("terraform", there, "init"), shell("terraform", there, "plan")
    return Made(made.files, made.plan.notes, [*_place(project, run), t("next: {}", f"{plan[0]} && {plan[1]}")])


def _cloudformation(project: Project, run: Run, folder: str) -> Made:
    return _deployed(project, run, folder, cloudformation.export(run, project.steps, project.language, folder))


def _deployed(project: Project, run: Run, folder: str, made: Export) -> Made:
    """What needs more than its tool: the script beside it ends with what no tool makes."""
    lines = [line for _, after in made.plan.afters for line in after.lines if "\n" not in line]
    ends = [t("it ends with: {}", line) for line in lines]
    return Made(
        made.files,
        made.plan.notes,
        [*_place(project, run), t("next: {}", shell("bash", f"{folder}/deploy.sh")), *ends],
    )


def _script(project: Project, run: Run, folder: str) -> Made:
    files, notes = script.script(run, project.steps, project.language)
    return Made(
        files,
        notes,
        [*_place(project, run), t("next: {}", shell("bash", f"{folder}/{script.NAME}"))],
    )


_FORMS: Mapping[str, Callable[[Project, Run, str], Made]] = {
    "terraform": _terraform,
    "cfn": _cloudformation,
    "sh": _script,
}


def _place(project: Project, run: Run) -> list[Text]:
    """What leads these tools to the local AWS; nothing of it stands in a file."""
    return [t("run first: {}", line) for line in environment(project, run)] if project.config.target == "local" else []
