"""A class taken down: what bills first, then everybody's lab as fast as the account lets it go, then what bears the tag.

Whose labs those are says the roster and, because it may have changed, the account: what bears the class's tag goes too.
At the end each account is listed once more; what is still there is named, with whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from hol.aws import endpoints
from hol.engine.run import Run
from hol.group import found as listing
from hol.group.found import Found
from hol.group.handout import ways_in
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.work import Outcome, Told, admitted, merged, refused, side_by_side
from hol.operate import cleanup, sweep
from hol.operate.owned import Owned
from hol.words.text import Text

Labs = Callable[[list[Attendee]], list[Outcome]]


@dataclass(frozen=True)
class Ended:
    """What became of every lab, whose labs were on no roster, and what could not be looked at."""

    outcomes: Sequence[Outcome]
    unlisted: Sequence[Attendee]
    unseen: Sequence[Text]


def plan(group: Group) -> tuple[dict[str, Found], list[Attendee]]:
    """What each account holds of the class, and the attendees who are on no roster."""
    found = {number: listing.find(group, number) for number in group.numbers}
    return found, _unlisted(group, found)


def down(group: Group, found: Mapping[str, Found], told: Told, unbilled: Callable[[float], None]) -> Ended:
    """Take the class down; `unbilled` hears how long it took until nothing bills by the hour any more."""
    return _down(group, found, told, lambda: _here(group, found, told, unbilled))


def down_elsewhere(group: Group, found: Mapping[str, Found], told: Told, labs: Labs) -> Ended:
    """The same, the labs and what all share by `labs`; what else there is, and the proof, are this machine's."""
    shared = admitted(found, group.shared)
    everybody = admitted(found, [*group.attendees, *_unlisted(group, found)])
    return _down(group, found, told, lambda: ways_in.revoke(group) + labs([*shared, *everybody]))


def _down(group: Group, found: Mapping[str, Found], told: Told, labs: Callable[[], list[Outcome]]) -> Ended:
    outcomes = labs() + refused(found, _listed(group), told)
    ended = _by_tag(group, outcomes, told)
    last = ways_in.forget(group, {one.attendee.place for one in ended.outcomes if one.failed})
    return replace(ended, outcomes=merged([*ended.outcomes, *last]))


def _here(group: Group, found: Mapping[str, Found], told: Told, unbilled: Callable[[float], None]) -> list[Outcome]:
    everybody = admitted(found, [*group.attendees, *_unlisted(group, found)])
    began = group.clock.now()

    def bill() -> list[Outcome]:
        ended = _bill(group, found, everybody, told)
        if not any(outcome.failed for outcome in ended):
            unbilled(group.clock.now() - began)
        return ended

    with ThreadPoolExecutor(1) as pool:
        billing = pool.submit(bill)
        outcomes = ways_in.revoke(group)  # before the labs: nobody makes anew what has just been deleted
        outcomes += side_by_side(group, everybody, take(group), told)
        return outcomes + billing.result()


def _unlisted(group: Group, found: Mapping[str, Found]) -> list[Attendee]:
    return [one for number, here in found.items() for one in here.attendees(_listed(group), number)]


def take(group: Group) -> Callable[[Run, Outcome], None]:
    """How a lab is taken down."""

    def take_down(run: Run, outcome: Outcome) -> None:
        outcome.still = cleanup.clean_up(run, group.steps_of(outcome.attendee), cleanup.by_name)
        outcome.left += run.left

    return take_down


def _bill(group: Group, found: Mapping[str, Found], everybody: Iterable[Attendee], told: Told) -> list[Outcome]:
    """What all share gone, and every endpoint that somebody of the class has made for himself."""
    all_ = admitted(found, [group.everybody(number) for number in group.numbers])
    own = [one for one in (*everybody, *([] if group.common else all_)) if _endpoints(found, one)]

    def take_endpoints(run: Run, outcome: Outcome) -> None:
        cleanup.leave(run, sweep.remove_these(run, _endpoints(found, outcome.attendee)))
        outcome.left += run.left

    shared = side_by_side(group, all_ if group.common else [], take(group), told)
    return shared + side_by_side(group, own, take_endpoints, told)


def _endpoints(found: Mapping[str, Found], attendee: Attendee) -> list[Owned]:
    here = found[attendee.account].of.get(attendee.id, []) if attendee.account in found else []
    return [one for one in here if one.kind == endpoints.ENDPOINT.name]


def _by_tag(group: Group, outcomes: list[Outcome], told: Told) -> Ended:
    """What bears the tag all the same goes too, and each account is listed a last time."""
    again = {number: listing.find(group, number) for number in group.numbers}
    known = {outcome.attendee.place: outcome.attendee for outcome in outcomes}
    known |= {one.place: one for one in _unlisted(group, again)}
    late = [known[id_, number] for number, here in again.items() for id_ in here.of if (id_, number) in known]
    outcomes += side_by_side(group, late, _swept(again), told)
    last = {number: listing.find(group, number) for number in group.numbers} if late else again
    still = [known[id_, number] for number, here in last.items() for id_ in here.of if (id_, number) in known]
    for looked in side_by_side(group, still, _swept(last), dry=True):
        looked.still = [event for event in looked.events if event.mark == "-"]
        looked.said = [event for event in looked.events if event.mark == "!"]
        outcomes.append(looked)
    unseen = list(dict.fromkeys(denied for here in last.values() for denied in here.unseen))
    return Ended(merged(outcomes), [one for one in known.values() if one not in _listed(group)], unseen)


def _swept(found: Mapping[str, Found]) -> Callable[[Run, Outcome], None]:
    """What the listing says bears the attendee's tag, looked at once more and taken down."""

    def take_swept(run: Run, outcome: Outcome) -> None:
        cleanup.leave(run, sweep.remove_these(run, found[outcome.attendee.account].of[outcome.attendee.id]))
        outcome.left += run.left

    return take_swept


def _listed(group: Group) -> list[Attendee]:
    return [*group.attendees, *(group.everybody(number) for number in group.numbers)]


def remaining(group: Group, found: Mapping[str, Found], unlisted: Sequence[Attendee]) -> list[Outcome]:
    """What would be deleted of everybody's; nothing is changed."""

    def look(run: Run, outcome: Outcome) -> None:
        outcome.still = cleanup.remaining(run, group.steps_of(outcome.attendee), take=cleanup.by_name)
        outcome.left += run.left

    everybody = [*group.shared, *group.attendees, *unlisted]
    looked = side_by_side(group, admitted(found, everybody), look, dry=True) + refused(found, everybody)
    return merged(looked + ways_in.remaining(group))
