"""`hol class up|down --engine step-functions`: the labs handed to AWS, and watched from here as long as somebody likes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hol.aws.stepfunctions.executions import Counts
from hol.cli.group.gathering import Telling
from hol.cli.options import Options
from hol.cli.project import Project
from hol.engine.events import Message, Progress
from hol.engine.lab import Lab
from hol.group import teardown
from hol.group.engine import orders
from hol.group.engine.orders import Order
from hol.group.engine.package import Source
from hol.group.found import Found
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.teardown import Ended
from hol.group.work import Outcome, merged
from hol.words.commands import same
from hol.words.text import t

HERE = "this-machine"


@dataclass
class Watching:
    """Says once that nobody needs to wait here, and on a terminal how far it is."""

    project: Project
    said: bool = False

    def __call__(self, counts: Counts) -> None:
        if counts.total and not self.said:
            self.said = True
            text = t(
                "the engine works on {} labs, though this machine is off; to look again: {}",
                counts.total,
                same(),
            )
            self.project.ui.hint(text, key="engine-works")
        text = t(
            "the engine: {} of {} labs done, {} under way, {} failed",
            counts.succeeded + counts.failed,
            counts.total,
            counts.running,
            counts.failed,
        )
        self.project.ui.progress(text.render(self.project.language))


def up(project: Project, options: Options, group: Group, telling: Telling) -> list[Outcome]:
    """Everybody's lab made by the engine, which stays until the class goes."""
    lab, source = _lab(project, group), _source(project, options, group)
    outcomes = orders.up(group, lab, source, project.language, Watching(project), telling)
    return _told(outcomes, telling)


def down(project: Project, options: Options, group: Group, found: Mapping[str, Found], telling: Telling) -> Ended:
    """Everybody's lab deleted by the engine, then the engine."""

    def labs(attendees: list[Attendee]) -> list[Outcome]:
        order = Order("down", attendees, project.language)
        lab, source = _lab(project, group), _source(project, options, group)
        done = orders.carried_out(group, lab, source, order, Watching(project))
        return _told(done, telling) + orders.taken_away(group)

    return teardown.down_elsewhere(group, found, telling, labs)


def without(group: Group, take: Callable[[], Ended]) -> Ended:
    """The class taken down from here, once no engine works on it any longer."""
    engine = orders.taken_away(group)
    ended = take()
    return replace(ended, outcomes=merged([*engine, *ended.outcomes]))


def _told(outcomes: list[Outcome], telling: Telling) -> list[Outcome]:
    for outcome in outcomes:
        telling(outcome)
    return outcomes


def _lab(project: Project, group: Group) -> Lab:
    """What the engine is made with: the lab of all, in the caller's account."""

    def emit(said: Message) -> None:
        if not isinstance(said, Progress):
            project.ui.show(said)

    return Lab(group.run(group.everybody(""), emit), "")


def _source(project: Project, options: Options, group: Group) -> Source:
    """The lab as it was read here; whose credentials they are is the function's own matter."""
    here = [f"region={group.account('').cloud.region}", "profile="]
    return Source(project.folder, [*(text for _, text in options.settings()), *here], project.config)
