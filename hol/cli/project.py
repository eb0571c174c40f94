"""A lab put together: configuration, steps, the cloud, and whoever watches.

The only module besides the configuration and the verbs that knows of the local AWS: it chooses the place, and from
there on nobody can tell the difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hol.cli import signals
from hol.cli.options import LANGUAGES, Options, locale_language
from hol.cli.terminal import Ui
from hol.config import files as configuration
from hol.config.settings import Config
from hol.engine.run import SWEEP, Run, blank
from hol.engine.step import Step, discover, sections
from hol.group.settings import SECTION, Settings
from hol.words import commands
from hol.words.catalogue import set_language
from hol.words.commands import making, same
from hol.words.errors import ConfigError, CredentialsError, HolError
from hol.words.shown import short
from hol.words.text import Language, t

if TYPE_CHECKING:
    from hol.cloud.record import Recorder
    from hol.cloud.session import Cloud

EXAMPLE_ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Project:
    """A lab on disk with its settings, its steps and its listener; not connected to any AWS yet."""

    folder: configuration.Folder
    config: Config
    steps: list[Step]
    ui: Ui
    record: str | None = None  # the file into which every call is written

    @property
    def language(self) -> Language:
        return self.ui.language

    def step(self, number: int) -> Step:
        """The step of that number. Raises `ConfigError` when there is none."""
        for step in self.steps:
            if step.number == number:
                return step
        raise ConfigError(
            t("there is no step {}", number),
            fix=t("the steps are {} to {}", self.steps[0].number, self.steps[-1].number),
        )


def known_sections(steps: Sequence[Step]) -> dict[str, type]:
    """The sections of config.yaml beside hol's own: those of these steps, and a class's."""
    return {**sections(steps), SECTION: Settings}


def load_project(options: Options) -> Project:
    """Read the configuration and find the steps."""
    folder = configuration.locate(options.file)
    steps = discover(folder.root / "steps")
    config = configuration.load(folder, options.settings(), known_sections(steps))
    language = next((one for one in LANGUAGES if one == config.language), None) or locale_language()
    set_language(language)
    commands.reads(config.region, config.profile, _local(config) if config.target == "local" else None)
    titles = {step.name: f"{step.number} · {step.title(language)}" for step in steps}
    titles[SWEEP] = t("this lab's, under other names or settings").render(language)
    return Project(folder, config, steps, Ui(language, options.as_json, titles, options.verbose), options.record)


def _local(config: Config) -> tuple[str, tuple[str, str]]:
    from hol.local.life.place import place

    there = place(config.local.port)
    assert there.endpoint and there.credentials
    return there.endpoint, (there.credentials[0], there.credentials[1])


def connected(project: Project, start: bool = True, dry: bool = False) -> Run:
    """The run: the account is known, its placeholders are in the names. Raises `LocalNotRunning` unless `start`."""
    from hol.cloud.session import AWS, connect

    place = AWS
    if project.config.target == "local":
        from hol.local.life import place as local_place

        _ensure_local(project, start)
        _ensure_quotas(project)
        place = local_place.place(project.config.local.port)
    cloud = connect(project.config, place, recorder=_recorder(project.record))
    if project.config.target == "aws":
        text = t("AWS account {}, region {}, as {}", cloud.account, cloud.region, cloud.identity)
        project.ui.hint(text, key="account")
    named = configuration.resolved(project.config, cloud.account)
    steps = {step.name: step for step in project.steps}
    run = Run(named, cloud, project.folder.root, project.folder.home, project.ui.show, steps, dry)
    signals.listen(run.stop)
    if cloud.recorder:
        _begin_record(run)
    return run


def at(project: Project, run: Run, number: str, role: str) -> Cloud:
    """The run's cloud in the account of that number, by a role to assume there; "": in its own."""
    from hol.cloud.session import assumed, connect

    if not number or number == run.cloud.account or run.blank:
        return run.cloud
    if project.config.target == "aws":
        return assumed(run.cloud, number, role)
    from hol.local.life.place import place

    return connect(project.config, place(project.config.local.port, number))


def _recorder(path: str | None) -> Recorder | None:
    if path is None:
        return None
    from hol.cli.records import recording

    return recording.opened(path)


def _begin_record(run: Run) -> None:
    from hol.cli.records import recording

    recording.begun(run)


def _ensure_local(project: Project, start: bool) -> None:
    """The local AWS runs, and nobody stops it as unused before this process ends."""
    from hol.local.life import process, state
    from hol.local.life.port import running

    port = project.config.local.port
    if start or running(port):
        state.lease(port)
    if running(port):
        return
    if not start:
        raise LocalNotRunning(t("the local AWS does not run, so there is nothing in it"), fix=t("run: {}", making()))
    project.ui.hint(t("starting the local AWS on 127.0.0.1:{} …", port), key="local-starting")
    process.start(port)


def _ensure_quotas(project: Project) -> None:
    from hol.local.life import port

    if project.config.local.quotas:
        port.ask(project.config.local.port, "POST", "/_hol/quotas", port.TIMEOUT)


def looking(project: Project, account: str | None = None) -> Run:
    """A dry-run of the account, or of an empty one with the number `account` (12 digits), that nobody is asked about; where there is none to look at (yet), of an empty one.

    A local AWS that is there and does not answer is none of these: that raises `LocalError`.
    """
    if account:
        return blank(unconnected(project, account))
    try:
        return connected(project, start=False, dry=True)
    except (LocalNotRunning, CredentialsError):
        return blank(unconnected(project))


def unconnected(project: Project, account: str | None = None) -> Run:
    """A dry-run that knows its names, though nobody has been asked."""
    import boto3

    from hol.cloud.session import AWS, Cloud
    from hol.local.life import place as local_place

    local = project.config.target == "local"
    account = account or (local_place.ACCOUNT if local else EXAMPLE_ACCOUNT)
    place = local_place.place(project.config.local.port) if local else AWS
    cloud = Cloud(place, boto3.Session(region_name=project.config.region), project.config.region, account, "")
    named = configuration.resolved(project.config, account)
    steps = {step.name: step for step in project.steps}
    return Run(named, cloud, project.folder.root, project.folder.home, project.ui.show, steps, dry=True)


def account_number(given: str | None) -> str | None:
    """What `--account` says. Raises `ConfigError` unless it has 12 digits."""
    if given is not None and not re.fullmatch("[0-9]{12}", given):
        raise ConfigError(
            t("--account {}: an account has 12 digits", short(given)),
            fix=t("for example: {}", same("--account", "123456789012")),
        )
    return given


class LocalNotRunning(HolError):
    """The local AWS would have to run for this."""
