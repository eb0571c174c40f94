"""`hol class board`: how everybody stands, as a table, or as a page that follows."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hol.cli.group.gathering import gathered, listed
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project
from hol.cli.serving.class_board import serve_board
from hol.cli.terminal import columns
from hol.cloud.quotas import for_looking
from hol.engine.step import Step
from hol.group.board import Board, Standing
from hol.group.labs import Group
from hol.group.spending import Spent, spent
from hol.group.work import Outcome, side_by_side
from hol.words.commands import command
from hol.words.errors import Exit
from hol.words.text import Language, Text, t

SIGNS = {"right": "●", "wrong": "!", "absent": "·", "unknown": "?"}
# How many labs are looked at at once, for a table.
_TOGETHER = 4


def board(options: Options, roster: str, once: bool, no_browser: bool) -> Exit:
    """The page, on a terminal, until Ctrl-C; otherwise the table, once."""
    project = load_project(options)
    people = listed(project, roster)
    group = gathered(project, people, connected(project, start=False))
    group.quotas = for_looking
    if not (once or options.as_json) and (no_browser or sys.stdout.isatty()):
        return serve_board(project, group, no_browser)
    return _once(project, group, roster)


def _once(project: Project, group: Group, roster: str) -> Exit:
    project.ui.begin()
    found = Board(group)
    found.look_at_accounts()
    found.look_for_calls()
    _look(project, found)
    project.ui.end_progress()
    project.ui.answer()
    standings = list(found.standings.values())
    for one in standings:
        _record(project, one)
    if not project.ui.as_json:
        for line in columns(rows(standings, group.steps, project.language)):
            project.ui.write(line)
    _sum_up(project, standings, spent(found))
    project.ui.hint(t("for grades, which also ask every function: {}", command("class", "check", roster)), key="next")
    project.ui.done()
    return Exit.DONE


def _look(project: Project, found: Board) -> None:
    ended = 0

    def told(outcome: Outcome) -> None:
        nonlocal ended
        ended += outcome.doing in ("done", "failed")
        said = t("{} of {} labs looked at", ended, len(found.standings))
        project.ui.progress(said.render(project.language))

    side_by_side(
        found.group, found.group.attendees, lambda run, outcome: _looked(found, outcome), told, _TOGETHER, dry=True
    )


def _looked(found: Board, outcome: Outcome) -> None:
    found.look(outcome.attendee)


def rows(standings: Sequence[Standing], steps: Sequence[Step], language: Language) -> list[list[str]]:
    """The table: whoever asks for help first, then who fails, then the others."""
    head = [
        t("attendee"),
        t("steps {} to {}", steps[0].number, steps[-1].number),
        t("at step"),
        t("what is the matter"),
    ]
    said = [[cell.render(language) for cell in head]]
    for one in sorted(standings, key=urgency):
        strip = "".join(SIGNS[one.states.get(step.name, "unknown")] for step in steps)
        at = str(one.at.number) if one.at else "✓" if one.done else "?"
        said.append([one.attendee.shown, strip, at, matter(one).render(language)])
    return said


def urgency(one: Standing) -> tuple[int, float]:
    """Who comes first: who has waited for help the longest."""
    if one.asked:
        return 0, one.asked.since.timestamp()
    return (1 if one.error or one.fails else 2), 0.0


def matter(one: Standing) -> Text:
    """What the instructor is to know of him."""
    said = one.error or (t("step {}: {}", one.fails.number, one.why) if one.fails and one.why else None)
    if one.asked:
        asks = t("asks for help with step {}, since {}", one.asked.step, clock_time(one))
        return t("{}; {}", asks, said) if said else asks
    return said or Text("")


def clock_time(one: Standing) -> str:
    assert one.asked
    return one.asked.since.astimezone().strftime("%H:%M")


def _record(project: Project, one: Standing) -> None:
    project.ui.record(
        "standing",
        id=one.attendee.id,
        name=one.attendee.name,
        team=one.attendee.team,
        account=one.attendee.account,
        states=dict(one.states),
        at=one.at.number if one.at else None,
        fails=one.fails.number if one.fails else None,
        why=one.error or one.why or "",
        help=one.asked.step if one.asked else None,
        since=one.asked.since.isoformat() if one.asked else None,
    )


def _sum_up(project: Project, standings: Sequence[Standing], known: Spent) -> None:
    done, asking = sum(one.done for one in standings), sum(bool(one.asked) for one in standings)
    failing = sum(bool(one.error or one.fails) for one in standings)
    project.ui.record(
        "board",
        attendees=len(standings),
        done=done,
        failing=failing,
        asking=asking,
        dollars=known.dollars,
        dollars_an_hour=known.hourly,
        seconds_left=known.seconds_left,
    )
    project.ui.say(
        t("{} of {} are done; {} have something wrong; {} ask for help", done, len(standings), failing, asking),
        key="summary",
    )
    project.ui.say(known.said, key="cost")
