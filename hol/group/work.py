"""Many labs side by side: what each came to, whoever of them breaks.

A lab that fails keeps nobody waiting; credentials that AWS no longer takes end all of it at once, for nobody's lab would
come further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Literal

from hol.engine import runner
from hol.engine.events import Event, Message, Output
from hol.engine.run import Left, Run
from hol.group import found as listing
from hol.group.found import Found
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.words.errors import CredentialsError, HolError

Doing = Literal["waits", "works", "done", "failed"]


@dataclass
class Outcome:
    """What became of one lab: what was decided in it, what it gave, what went wrong, how long it took (the run's clock)."""

    attendee: Attendee
    doing: Doing = "waits"
    said: list[Message] = field(default_factory=list)
    errors: list[HolError] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    still: list[Event] = field(default_factory=list)
    seconds: float = 0.0
    elsewhere: int = 0  # how many things were changed by somebody else, who tells no more of it

    @property
    def events(self) -> list[Event]:
        return [said for said in self.said if isinstance(said, Event)]

    @property
    def changed(self) -> int:
        """How many things were made, changed or deleted."""
        return self.elsewhere + sum(event.things for event in self.events if event.mark in "+~-")

    @property
    def outputs(self) -> dict[str, str]:
        return {said.name: said.value for said in self.said if isinstance(said, Output)}

    @property
    def failed(self) -> bool:
        return bool(self.errors or self.left or self.still)


Told = Callable[[Outcome], None]


def side_by_side(
    group: Group,
    attendees: Sequence[Attendee],
    do: Callable[[Run, Outcome], None],
    told: Told = lambda outcome: None,
    together: int = 0,
    dry: bool = False,
) -> list[Outcome]:
    """`do` for the lab of every attendee, so many at a time; `told` hears of each that begins or ends.

    Raises `CredentialsError`, and KeyboardInterrupt when the group was asked to stop; what runs then ends first.
    """
    outcomes = [Outcome(one) for one in attendees]
    if not outcomes:
        return []
    with ThreadPoolExecutor(max(1, min(together or group.settings.together, len(outcomes)))) as pool:
        futures: list[Future[None]] = [pool.submit(_one, group, outcome, do, told, dry) for outcome in outcomes]
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            group.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return outcomes


def _one(group: Group, outcome: Outcome, do: Callable[[Run, Outcome], None], told: Told, dry: bool) -> None:
    began = group.clock.now()
    outcome.doing = "works"
    told(outcome)
    try:
        do(group.run(outcome.attendee, outcome.said.append, dry), outcome)
    except CredentialsError:
        raise
    except HolError as error:
        outcome.errors.append(error)
    outcome.seconds = group.clock.now() - began
    outcome.doing = "failed" if outcome.failed else "done"
    told(outcome)


def up(group: Group, told: Told) -> list[Outcome]:
    """What all share, and beside it everybody's lab; the outcomes of both. What is not of this class is left as it is."""
    found = {number: listing.find(group, number) for number in group.numbers}
    everybody = [*group.shared, *group.attendees]
    left = refused(found, everybody, told)
    together = group.settings.together + len(group.shared)
    return left + side_by_side(group, admitted(found, everybody), make(group), told, together)


def make(group: Group) -> Callable[[Run, Outcome], None]:
    """How a lab is made."""
    return lambda run, outcome: runner.up(run, group.steps_of(outcome.attendee))


def admitted(found: Mapping[str, Found], attendees: Iterable[Attendee]) -> list[Attendee]:
    """Those whose labs are of this class, or not there yet."""
    return [one for one in attendees if one.account not in found or one.id not in found[one.account].foreign]


def refused(
    found: Mapping[str, Found], attendees: Iterable[Attendee], told: Told = lambda outcome: None
) -> list[Outcome]:
    """The outcomes of all others: nothing is done."""
    foreign = {(id_, number): error for number, here in found.items() for id_, error in here.foreign.items()}
    outcomes = [Outcome(one, "failed", errors=[foreign[one.place]]) for one in attendees if one.place in foreign]
    for outcome in outcomes:
        told(outcome)
    return outcomes


def merged(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """One for each attendee, of all that was done for him."""
    of: dict[tuple[str, str], Outcome] = {}
    for one in outcomes:
        first = of.setdefault(one.attendee.place, one)
        if first is not one:
            first.said += one.said
            first.errors += one.errors
            first.left += [left for left in one.left if left not in first.left]
            first.still += one.still
            first.seconds += one.seconds
            first.elsewhere += one.elsewhere
            first.doing = "failed" if first.failed else "done"
    return list(of.values())
