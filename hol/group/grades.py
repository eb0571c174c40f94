"""Everybody's grade: how many steps are right, and what is to be done next, as `hol check` would tell each of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hol.engine.run import Run
from hol.engine.step import Step
from hol.group.labs import Group
from hol.group.names import names
from hol.group.roster import Attendee
from hol.group.work import Outcome, Told, side_by_side
from hol.teach.grade.check import Report, lenient, look
from hol.words.text import Language, Text, t

HEAD = "id,name,email,team,account,right,of"
# Looks at once: each asks the function a few times, and a new account runs ten at once.
_TOGETHER = 4


@dataclass(frozen=True)
class Grade:
    """Which steps are right; the first that is not, and what is wrong with it. An `error`: nobody could look."""

    attendee: Attendee
    right: tuple[int, ...]
    next: Step | None = None
    why: Text | None = None
    error: Text | None = None


def grades(group: Group, told: Told) -> list[Grade]:
    """A grade for each attendee, in the roster's order. Raises `CredentialsError`."""
    reports: dict[tuple[str, str], Report] = {}
    owned = names(group)

    def check(run: Run, outcome: Outcome) -> None:
        his = replace(run, others=owned.not_of(outcome.attendee.place))
        reports[outcome.attendee.place] = look(lenient(his), group.steps, group.steps)

    outcomes = side_by_side(group, group.attendees, check, told, _TOGETHER)
    return [_grade(group, outcome, reports.get(outcome.attendee.place)) for outcome in outcomes]


def _grade(group: Group, outcome: Outcome, report: Report | None) -> Grade:
    if report is None:
        return Grade(outcome.attendee, (), error=outcome.errors[0].what if outcome.errors else t("nobody could look"))
    right = tuple(step.number for step in group.steps if report.is_right(step.name))
    first = next((step for step in group.steps if report.wrong(step.name)), None)
    if first is None:
        return Grade(outcome.attendee, right)
    wrong = report.wrong(first.name)[0]
    return Grade(outcome.attendee, right, first, t("{}: {}", wrong.what, wrong.wrong or ""))


def table(found: Sequence[Grade], steps: Sequence[Step], language: Language) -> str:
    """The grades as CSV: a line an attendee, a column a step."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*HEAD.split(","), *(f"{step.number}" for step in steps), "next", "why"])
    for one in found:
        mine = one.attendee
        who = [_plain(cell) for cell in (mine.id, mine.name, mine.email, mine.team, mine.account)]
        each = ["?" if one.error else int(step.number in one.right) for step in steps]
        why = one.error or one.why
        writer.writerow(
            [
                *who,
                len(one.right),
                len(steps),
                *each,
                one.next.number if one.next else "",
                _plain(why.render(language)) if why else "",
            ]
        )
    return written.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
