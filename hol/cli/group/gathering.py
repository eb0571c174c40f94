"""The class of a roster, put together for the verbs of `hol class`, and how its labs are told about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hol.cli.project import Project, at
from hol.engine.events import Checked, Event
from hol.engine.run import Run
from hol.group import roster
from hol.group.labs import Group
from hol.group.roster import Roster
from hol.group.settings import settings
from hol.group.work import Outcome
from hol.operate.cleanup import unexplained
from hol.words.commands import of_lab
from hol.words.text import Text, t


def listed(project: Project, file: str) -> Roster:
    """The roster, read before anything else happens."""
    found = roster.read(file, settings(project.config).name)
    for notice in found.notices:
        project.ui.hint(notice, key="roster")
    return found


def gathered(project: Project, listed: Roster, run: Run) -> Group:
    """The class; `run` says which AWS, and when to stop."""
    mine = settings(project.config)
    return Group(
        project.config,
        project.steps,
        listed.attendees,
        run.root,
        run.home,
        lambda number: at(project, run, number, mine.role),
        paced=project.config.target == "aws" or project.config.local.quotas,
        blank=run.blank,
        clock=run.clock,
        stop=run.stop,
    )


@dataclass
class Telling:
    """Tells of each lab that ends, and on a terminal how many there are to come."""

    project: Project
    group: Group
    labs: int
    detail: Callable[[Outcome], Text]
    ended: int = 0

    def __call__(self, outcome: Outcome) -> None:
        if outcome.doing in ("done", "failed"):
            self.ended += 1
            self._say(outcome)
        waiting = sum(account.quotas.waiting() for account in self.group.accounts.values())
        self.project.ui.progress(
            t("{} of {} labs done; calls that wait for a quota: {}", self.ended, self.labs, waiting).render(
                self.project.language
            )
        )

    def _say(self, outcome: Outcome) -> None:
        who, key = outcome.attendee.shown, f"attendee {outcome.attendee.id}"
        if outcome.doing == "done":
            self.project.ui.show(Checked("", t("{}", who), self.detail(outcome), key))
        else:
            self.project.ui.show(Event("", "!", t("{}: not done", who), _first(outcome), key=key))


def _first(outcome: Outcome) -> Text | None:
    """What went wrong first."""
    if outcome.errors:
        return outcome.errors[0].what
    if outcome.left:
        return t("{}: {}", outcome.left[0].what, outcome.left[0].why)
    return outcome.still[0].what if outcome.still else None


def say_failed(project: Project, group: Group, outcomes: Sequence[Outcome]) -> None:
    """Whose lab is not as it should be, why, and what to do: commands are those for his lab alone."""
    for outcome in outcomes:
        with of_lab(group.apart(outcome.attendee)):
            _say_failed(project, outcome)


def _say_failed(project: Project, outcome: Outcome) -> None:
    who, key = outcome.attendee.shown, f"attendee {outcome.attendee.id}"
    for error in outcome.errors:
        project.ui.say(t("{}: {}", who, error.what), "!", key=key)
        for label, text in ((t("why"), error.why), (t("what to do"), error.fix)):
            if text is not None:
                project.ui.say(t("    {}: {}", label, text), key=key)
    for one in outcome.left:
        project.ui.say(t("{}: left: {}: {}; {}", who, one.what, one.why, one.fix), "!", key="left")
    for event in unexplained(outcome.still, outcome.left):
        project.ui.say(t("{}: still there: {}", who, event.what), "!", key=event.key)
