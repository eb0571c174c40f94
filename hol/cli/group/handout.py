"""`hol class handout`: everybody's way in, and a page for each of them, which nobody else can read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import yaml

from hol.cli.group.gathering import Telling, gathered, listed, say_failed
from hol.cli.options import Options
from hol.cli.project import Project, connected, known_sections, load_project
from hol.cli.provisioning import confirm
from hol.cli.terminal import columns
from hol.cloud.signin import LINK_MINUTES
from hol.config import disk
from hol.config import files as configuration
from hol.config.settings import Config, Section
from hol.group.handout import page as pages
from hol.group.handout import ways_in
from hol.group.handout.page import MADE, Sheet
from hol.group.handout.ways_in import Handed
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.work import Outcome
from hol.words.commands import command, same, shell
from hol.words.errors import ConfigError, Exit
from hol.words.text import Text, t

_LARGEST = 1_000_000
# What is this machine's or this class's own, and says nothing of an attendee's lab.
_NOT_HIS = ("profile", "language", "jobs", "local", "console", "class", "own")


def handout(options: Options, roster: str, output: str | None, only: Sequence[str], yes: bool) -> Exit:
    """Make everybody's way in and write his page; whoever's fails is named, and the exit code is 1 then."""
    project = load_project(options)
    people = listed(project, roster)
    group = gathered(project, people, connected(project))
    chosen = _chosen(group, only)
    folder = Path(output or f"handout-{group.settings.name}")
    wanted = [one for one in group.attendees if not chosen or one.id in chosen]
    for one in wanted:
        _refuse_other_files(_file(group, folder, one))
    if project.config.target == "aws" and not yes:
        confirm(project, t("let {} attendees sign in, each to his own lab?", len(wanted)))
    project.ui.begin()
    telling = Telling(project, group, len(wanted), _detail)
    outcomes, handed = ways_in.hand_out(group, telling, chosen, lambda one: _known(_file(group, folder, one)))
    project.ui.end_progress()
    _write(project, group, folder, handed)
    _pages(project, group, folder, handed)
    return _summed_up(project, group, roster, outcomes, handed)


def _chosen(group: Group, only: Sequence[str]) -> Collection[str]:
    """The ids of those who are named, by id or name. Raises `ConfigError` for who is not on the roster."""
    chosen = set()
    for who in only:
        found = {one.id for one in group.attendees if who in (one.id, one.name)}
        if not found:
            ids = ", ".join(one.id for one in group.attendees[:10])
            raise ConfigError(t("{} is not on the roster", who), fix=t("the first on it are: {}", ids))
        chosen |= found
    return chosen


def _file(group: Group, folder: Path, mine: Attendee) -> Path:
    return folder / (f"{mine.id}.{mine.account}.html" if mine.account and len(group.numbers) > 1 else f"{mine.id}.html")


def _refuse_other_files(file: Path) -> None:
    """Only earlier pages are written over. Raises `ConfigError`."""
    if file.exists() and MADE not in _read(file):
        raise ConfigError(
            t("{} is already here, and it is no page of hol's: hol does not overwrite it", str(file)),
            fix=t("choose another folder: {}", same("--output", "YOUR-FOLDER")),
        )


def _read(file: Path) -> str:
    try:
        return disk.read_plain(file, _LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise disk.failure(error, file) from error


def _known(file: Path) -> str:
    """Since when the password is set that stands in that page."""
    return pages.since(_read(file)) if file.exists() else ""


def _detail(outcome: Outcome) -> Text:
    return t("{} changes in {} s", outcome.changed, round(outcome.seconds)) if outcome.changed else t("as it should be")


# --- the pages ---


def _write(project: Project, group: Group, folder: Path, handed: Sequence[Handed]) -> None:
    """A page for each who has something new to sign in with, readable by whoever runs this and by nobody else."""
    new = [one for one in handed if one.keys or one.password]
    if not new:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise disk.failure(error, folder) from error
    disk.write(folder / ".gitignore", b"*\n")
    for one in new:
        text = pages.page(group, _sheet(project, group, one))
        disk.write(_file(group, folder, one.attendee), text.encode(), mode=0o600)


def _sheet(project: Project, group: Group, one: Handed) -> Sheet:
    practice = command("console", set=f"attendee={one.attendee.id}")
    return Sheet(one, _settings(project, group, one.attendee), _environment(group, one), str(practice))


def _environment(group: Group, one: Handed) -> str:
    """The keys as lines for a shell."""
    if one.keys is None:
        return ""
    cloud = group.account(one.attendee.account).cloud
    named = zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), one.keys.whole, strict=True)
    given = {**dict(named), "AWS_REGION": cloud.region, "AWS_DEFAULT_REGION": cloud.region}
    given |= {"AWS_ENDPOINT_URL": cloud.place.endpoint} if cloud.place.endpoint else {}
    exported = (str(shell("export", f"{name}={value}")) for name, value in given.items())
    return "\n".join([str(shell("unset", "AWS_PROFILE")), *exported])


def _settings(project: Project, group: Group, mine: Attendee) -> str:
    """What his lab has otherwise than hol's own config.yaml, as a config.yaml."""
    cloud = group.account(mine.account).cloud
    packaged = configuration.Folder(configuration.packaged(), group.home, configuration.packaged() / "config.yaml")
    plain = replace(configuration.load(packaged, [], known_sections(project.steps)), attendee=mine.id)
    own = _plain(group.settings_of(mine))
    usual = _plain(configuration.resolved(plain, cloud.account))
    differing = _differing({**own, "tags": dict(group.config.tags)}, usual)
    return yaml.safe_dump({"target": "aws", "attendee": mine.id, **differing}, allow_unicode=True, sort_keys=False)


def _plain(config: Config) -> dict[str, object]:
    sections = {item.name: getattr(config, item.name) for item in fields(config) if item.name not in _NOT_HIS}
    return {name: _as_dict(value) if is_dataclass(value) else value for name, value in sections.items()}


def _as_dict(section: Section) -> dict[str, object]:
    return {item.name: getattr(section, item.name) for item in fields(section)}


def _differing(own: Mapping[str, object], usual: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in own.items():
        theirs = usual.get(name)
        inner = _differing(value, theirs) if isinstance(value, dict) and isinstance(theirs, dict) and theirs else value
        if value != theirs and inner != {}:
            found[name] = inner
    return found


# --- said ---


def _summed_up(
    project: Project, group: Group, roster: str, outcomes: Sequence[Outcome], handed: Sequence[Handed]
) -> Exit:
    """Whose page is where, on stdout; what was not to be done, and what the pages are good for, on stderr."""
    failed = [one for one in outcomes if one.failed]
    say_failed(project, group, failed)
    project.ui.record("class", handed=len(handed), failed=len(failed), seconds=project.ui.tally.seconds)
    project.ui.say(t("{} attendees can sign in, {} s", len(handed), project.ui.tally.seconds), key="summary")
    for said in _good_for(project, handed):
        project.ui.hint(said, key="good-for")
    project.ui.hint(t("when you are done: {}", command("class", "down", roster)), key="when-done")
    code = Exit.FAILED if failed else Exit.DONE
    project.ui.done(code)
    return code


def _good_for(project: Project, handed: Sequence[Handed]) -> Iterator[Text]:
    """How long what stands in the pages is good for, and what the target does not have."""
    if any(one.keys or one.password for one in handed):
        yield t("each page holds its attendee's way in, and only you may read it (mode 0600): send each to nobody else")
    if until := [one.keys.until for one in handed if one.keys]:
        yield t(
            "the keys in them end at {}; for new ones run the same command again",
            f"{min(until).astimezone():%Y-%m-%d %H:%M %Z}",
        )
    if any(one.link for one in handed):
        yield t(
            "each link is good for {} minutes; a new one for one attendee: {}",
            LINK_MINUTES,
            same("--only", "YOUR-NAME"),
        )
    if project.config.target == "local":
        yield t("the local AWS has no console to sign in to; the pages name the practice console instead")


def _pages(project: Project, group: Group, folder: Path, handed: Sequence[Handed]) -> None:
    rows = []
    for one in handed:
        file = str(_file(group, folder, one.attendee))
        rows.append((one.attendee.id, one.attendee.name, file))
        project.ui.record("handout", id=one.attendee.id, name=one.attendee.name, page=file, signs_in_as=one.name)
    for line in columns(rows) if rows and not project.ui.as_json else ():
        project.ui.write(line)
