"""What a class will need, before anything of it is made: how long it takes at least, what stands in its way, what it costs.

How long: the calls that every lab makes are those of a blank run, and each quota of the account is a floor for all of
them together. What stands in the way, and what an hour costs, the steps say: `room(lab, labs)` (folder `shared/`) whether
the account has room for so many labs, `hourly(lab)` (`cost/`) what one costs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hol.cloud.quotas import QUOTAS, Quota
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.run import blank
from hol.engine.step import Step
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.operate.findings import Finding, of_error, unknown
from hol.words.errors import CredentialsError, HolError
from hol.words.text import t

_HOUR = 3600


@dataclass(frozen=True)
class Span:
    """Seconds that it takes at least, and the quota that makes it so; None: no quota does."""

    seconds: float
    quota: Quota | None


@dataclass(frozen=True)
class Plan:
    """`dollars` an hour, for all; None when no source says it."""

    up: Span
    down: Span
    findings: Sequence[Finding]
    dollars: float | None

    @property
    def hours_beside(self) -> float:
        """How long it takes to make the class, and to take it down: that is billed too."""
        return (self.up.seconds + self.down.seconds) / _HOUR


def plan(group: Group) -> Plan:
    """The plan; nothing is changed. Raises `CredentialsError` when nobody may look."""
    one = _reached(group)
    made = [*_made(group, one)]
    most = max(Counter(one.account for one in group.attendees).values())
    findings = [finding for number in group.numbers for finding in _findings(group, number)]
    return Plan(
        _span(made, most),
        _span([name.replace(".create_", ".delete_") for name in made if ".create_" in name], most),
        list(dict.fromkeys(findings)),
        _dollars(group, one),
    )


def _reached(group: Group) -> Attendee:
    """An attendee whose account can be reached: his lab is like all others. Raises `HolError` when none can."""
    first, *others = [next(one for one in group.attendees if one.account == number) for number in group.numbers]
    try:
        group.account(first.account)
    except HolError:
        if not others:
            raise
        return _reached(replace(group, attendees=others, accounts=group.accounts))
    return first


def _made(group: Group, attendee: Attendee) -> Iterator[str]:
    """The calls that make one lab."""
    said = list[Message]()
    run = blank(group.run(attendee, said.append))
    runner.up(run, group.each)
    for event in said:
        yield from (call.operation for call in event.calls) if isinstance(event, Event) else ()


def _span(calls: Sequence[str], labs: int) -> Span:
    floors = [(_floor(quota, calls, labs), quota) for quota in QUOTAS]
    seconds, quota = max(floors, key=lambda one: one[0])
    return Span(seconds, quota if seconds else None)


def _floor(quota: Quota, calls: Sequence[str], labs: int) -> float:
    return max(0, sum(quota.covers(call) for call in calls) * labs - quota.burst + 1) * quota.interval


def _findings(group: Group, number: str) -> Iterator[Finding]:
    if group.blank:
        yield unknown("HOL-C00", t("nobody could be asked about the account's quotas"))
        return
    labs = [one for one in group.attendees if one.account == number]
    for step, attendee, many in (
        *((step, group.everybody(number), 1) for step in group.common),
        *((step, labs[0], len(labs)) for step in group.each),
    ):
        yield from _looked(group, step, attendee, many)


def _looked(group: Group, step: Step, attendee: Attendee, labs: int) -> list[Finding]:
    room = step.facet("room", "shared")
    try:
        return [*room(Lab(group.run(attendee, lambda said: None, dry=True), step.name), labs)] if room else []
    except CredentialsError:
        raise
    except HolError as error:
        return [of_error("HOL-C00", error)]


def _dollars(group: Group, attendee: Attendee) -> float | None:
    shared = _hourly(group, group.everybody(attendee.account), group.common)
    each = _hourly(group, attendee, group.each)
    return None if shared is None or each is None else shared * len(group.numbers) + each * len(group.attendees)


def _hourly(group: Group, attendee: Attendee, steps: Sequence[Step]) -> float | None:
    prices = [
        hourly(Lab(group.run(attendee, lambda said: None, dry=True), step.name))
        for step in steps
        if (hourly := step.facet("hourly", "cost"))
    ]
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None
