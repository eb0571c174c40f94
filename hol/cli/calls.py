"""What a step does, as calls that can be pasted: `--cli` and `--boto3` of `hol step` and `hol down`."""

from __future__ import annotations

from collections.abc import Sequence

from hol.cli.project import Project
from hol.engine.events import Event, Output
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.engine.step import Step
from hol.teach import awscli, python
from hol.words.commands import joined

_TOKEN = "AWS_SESSION_TOKEN"


def print_calls(project: Project, run: Run, chosen: Step, events: Sequence[Event], cli: bool, boto3: bool) -> None:
    """The step's calls as `aws` commands, as Python, or both."""
    if cli:
        _print(project, chosen, [*environment(project, run), *awscli.script(Lab(run, chosen.name), events)])
    if boto3:
        _print(project, chosen, [*python_environment(project, run), *python.script(Lab(run, chosen.name), events)])


def _print(project: Project, chosen: Step, commands: Sequence[str]) -> None:
    heading = f"# {chosen.number} · {chosen.title(project.language)}"
    if project.ui.as_json:
        for command in commands:
            project.ui.show(Output(chosen.name, "command", command))
        return
    project.ui.write("\n".join([heading, *commands]))


def environment(project: Project, run: Run) -> list[str]:
    """What tells the AWS CLI where to go."""
    given, hidden = _variables(project, run)
    exported = joined(["export", *(f"{name}={value}" for name, value in given.items())])
    return [joined(["unset", *hidden]), exported] if hidden else [exported]


def python_environment(project: Project, run: Run) -> list[str]:
    """The same for boto3."""
    given, hidden = _variables(project, run)
    removed = [f"for name in {hidden!r}:\n    os.environ.pop(name, None)"] if hidden else []
    return ["import os\n", *removed, f"os.environ.update({given!r})\n"]


def _variables(project: Project, run: Run) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the environment must say, and which of its variables would say something else."""
    region = {"AWS_DEFAULT_REGION": run.cloud.region, "AWS_REGION": run.cloud.region}
    if project.config.target == "local":
        key, secret = run.cloud.place.credentials or ("", "")
        there = {"AWS_ENDPOINT_URL": str(run.cloud.place.endpoint)}
        return {**there, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, **region}, ("AWS_PROFILE", _TOKEN)
    if not project.config.profile:
        return region, ()
    return {**region, "AWS_PROFILE": project.config.profile}, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", _TOKEN)
