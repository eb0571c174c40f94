"""`hol class check`: everybody's grade, as a CSV file."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

from hol.cli.group.gathering import Telling, gathered, listed
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project
from hol.config import disk
from hol.group.grades import HEAD, Grade, grades, table
from hol.group.labs import Group
from hol.words.errors import ConfigError, Exit
from hol.words.text import Text, t


def check(options: Options, roster: str, output: str | None) -> Exit:
    """Grade everybody; the CSV goes to stdout or into a file. Exit 7 when somebody's lab is not right."""
    project = load_project(options)
    people = listed(project, roster)
    if output:
        _refuse_other_files(Path(output))
    group = gathered(project, people, connected(project, start=False))
    project.ui.begin()
    telling = Telling(project, group, len(group.attendees), lambda outcome: t("looked at"))
    found = grades(group, telling)
    project.ui.end_progress()
    _write(project, group, found, output)
    right = sum(_is_right(group, one) for one in found)
    project.ui.hint(t("{} of {} labs are right, {} s", right, len(found), project.ui.tally.seconds), key="verdict")
    code = Exit.DONE if right == len(found) else Exit.CHECK_FAILED
    project.ui.done(code)
    return code


def _refuse_other_files(output: Path) -> None:
    """Only earlier grades are written over. Raises `ConfigError`."""
    if output.is_file() and not output.read_bytes().removeprefix(BOM_UTF8).startswith(HEAD.encode()):
        raise ConfigError(
            t("{} is already here, and these are no grades: hol does not overwrite it", str(output)),
            fix=t("choose another file"),
        )


def _is_right(group: Group, one: Grade) -> bool:
    return len(one.right) == len(group.steps)


def _write(project: Project, group: Group, found: list[Grade], output: str | None) -> None:
    for one in found:
        told = {"right": len(one.right), "of": len(group.steps), "next": one.next.number if one.next else None}
        why: Text | str = one.error or one.why or ""
        project.ui.record("grade", id=one.attendee.id, name=one.attendee.name, **told, why=why)
    text = table(found, group.steps, project.language)
    if output:
        # With a mark of its encoding, without which Excel takes it for another one.
        disk.write(Path(output), text.encode("utf-8-sig"))
        project.ui.hint(t("+ {}", output), key="written")
    elif not project.ui.as_json:
        project.ui.write(text.rstrip("\n"))
