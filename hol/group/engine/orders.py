"""An order to the engine: these labs up, or down; begun, watched, and what came of it.

There is no state but AWS's: an order that is carried out already is watched, one that failed is redriven, so that what has
succeeded in it is not done again; and whoever watches may go at any time, and come back.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from hol.aws import objects
from hol.aws.stepfunctions import executions
from hol.aws.stepfunctions.executions import Counts
from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.group import found as listing
from hol.group.engine import machine, things
from hol.group.engine.package import Source
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.work import Outcome, Told, admitted, refused, side_by_side
from hol.words.commands import same
from hol.words.errors import HolError
from hol.words.text import Language, Text, t

Verb = Literal["up", "down"]
Watch = Callable[[Counts], None]
# So many labs at a time in an account: with one deployment in 5 seconds, and one API deleted in 30 while two wait for that, more
# would only be refused; and a new account runs ten functions at once.
_TOGETHER: dict[Verb, int] = {"up": 6, "down": 3}
_MOST = 200
_LONGEST = 14 * 24 * 3600.0
_EVERY = 5.0


def up(group: Group, lab: Lab, source: Source, language: Language, watch: Watch, told: Told) -> list[Outcome]:
    """What all share and everybody's lab made by the engine. What is not of this class is left as it is."""
    found = {number: listing.find(group, number) for number in group.numbers}
    everybody = [*group.shared, *group.attendees]
    left = refused(found, everybody, told)
    order = Order("up", admitted(found, everybody), language)
    return left + carried_out(group, lab, source, order, watch)


def taken_away(group: Group, dry: bool = False) -> list[Outcome]:
    """The engine stopped and gone; nobody's outcome when there was none."""

    def take(run: Run, outcome: Outcome) -> None:
        lab = Lab(run, "")
        things.halt(lab)
        things.remove(lab)
        outcome.left += run.left
        outcome.still = [event for event in outcome.events if event.mark == "-"] if dry else []

    done = side_by_side(group, [group.everybody("")], take, dry=dry)
    return [one for one in done if one.events or one.failed]


@dataclass(frozen=True)
class Order:
    """Whose labs are to be made or deleted, in the roster's order; what failed is told in that language."""

    verb: Verb
    attendees: Sequence[Attendee]
    language: Language


def carried_out(group: Group, lab: Lab, source: Source, order: Order, watch: Watch) -> list[Outcome]:
    """The outcomes of everybody's lab; `watch` hears how far it is. Raises `HolError` when the engine cannot be set up."""
    given, running = _input(group, lab, order), _running(lab)
    if running and running["input"]["verb"] != order.verb and order.verb == "down":
        things.halt(lab)
    elif running:
        _watched(lab, running["executionArn"], watch)
    if not running or running["input"] != given:
        running = _begun(group, lab, source, order, given)
        _watched(lab, running["executionArn"], watch)
    return _outcomes(lab, order, running["executionArn"])


def _running(lab: Lab) -> Structure | None:
    """What is carried out just now, its input parsed."""
    return _latest(lab, "RUNNING") if things.there(lab) else None


def _latest(lab: Lab, status: str = "") -> Structure | None:
    found = executions.listed(lab, things.names(lab).engine, status)
    return executions.described(lab, found[0]["executionArn"]) if found else None


def _begun(group: Group, lab: Lab, source: Source, order: Order, given: Structure) -> Structure:
    """The execution that carries it out: one that failed and is redriven, or a new one."""
    things.ensure(group, lab, source)
    last = _latest(lab)
    if last and last["input"] == given and last.get("redriveStatus") == "REDRIVABLE":
        executions.redrive(lab, last)
        return last
    name = things.names(lab).engine
    upload = objects.upload(lab, name, given["roster"], _roster(group, order.attendees))
    lab.change("+", t("roster of the engine"), "s3.put_object", **upload)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return {"executionArn": executions.start(lab, name, f"{order.verb}-{moment}", given)}


def _input(group: Group, lab: Lab, order: Order) -> Structure:
    """What the state machine is given; the same order is the same input."""
    digest = hashlib.sha256(_roster(group, order.attendees)).hexdigest()[:16]
    return {
        "verb": order.verb,
        "roster": f"{machine.FOLDER}{digest}.csv",
        "together": _together(group, order),
        "tolerated": max(machine.TOLERATED, math.ceil(100 / max(1, len(order.attendees)))),
        "language": order.language,
        "addresses": {"invoke": lab.cloud.invoke_url("{api}", "{stage}"), "website": lab.cloud.website_url("{bucket}")},
    }


def _together(group: Group, order: Order) -> int:
    accounts = len({one.account for one in order.attendees})
    together = _TOGETHER[order.verb if group.paced else "up"] * accounts
    return max(1, min(together, _MOST, len(order.attendees)))


def _roster(group: Group, attendees: Sequence[Attendee]) -> bytes:
    """The items: nothing of anybody but his id, his account, and whether his roles have a boundary."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("id", "account", "bounded"))
    writer.writerows((one.id, one.account, "yes" if one.place in group.handed else "") for one in _mixed(attendees))
    return out.getvalue().encode()


def _mixed(attendees: Sequence[Attendee]) -> list[Attendee]:
    """One of each account in turn: those of one account would wait for each other."""
    seen: dict[str, int] = {}
    turns = []
    for one in attendees:
        seen[one.account] = seen.get(one.account, 0) + 1
        turns.append(seen[one.account])
    return [one for _, one in sorted(zip(turns, attendees, strict=True), key=lambda pair: pair[0])]


def _watched(lab: Lab, execution: str, watch: Watch) -> None:
    """Returns when it has ended."""

    def ended() -> bool | None:
        found = executions.described(lab, execution)
        watch(executions.counts(lab, execution))
        return None if found["status"] == "RUNNING" else True

    lab.wait(t("the engine"), ended, every=_EVERY, up_to=_LONGEST, first=0.5)


# --- what came of it ---


def _outcomes(lab: Lab, order: Order, execution: str) -> list[Outcome]:
    """Everybody's; whoever's lab has not been begun is told why the whole has ended."""
    children = {_place(child): child for child in executions.children(lab, execution)}
    whole = executions.described(lab, execution)
    return [_outcome(one, children.get(one.place), whole) for one in order.attendees]


def _place(child: Structure) -> tuple[str, str]:
    mine = child["input"]["attendee"]
    return mine["id"], mine["account"]


def _outcome(attendee: Attendee, child: Structure | None, whole: Structure) -> Outcome:
    if child is None or child["status"] == "ABORTED":
        why = t("{}: {}", whole.get("error") or whole["status"], whole.get("cause") or "-")
        what = t("the engine has ended before this lab was done")
        return Outcome(attendee, "failed", errors=[HolError(what, why, _again())])
    if child["status"] != "SUCCEEDED":
        return Outcome(attendee, "failed", errors=list(_errors(child)))
    changed = json.loads(child["output"])["changed"]
    seconds = (child["stopDate"] - child["startDate"]).total_seconds()
    return Outcome(attendee, "done", elsewhere=changed, seconds=seconds)


def _errors(child: Structure) -> Iterable[HolError]:
    """What the function said, or else AWS."""
    try:
        told = json.loads(json.loads(child["cause"])["errorMessage"])
        yield from (HolError(t("{}", one["what"]), _text(one, "why"), _text(one, "fix")) for one in told)
    except (KeyError, TypeError, ValueError):
        error, cause = child.get("error") or child["status"], child.get("cause") or "-"
        yield HolError(t("the engine could not do it"), t("{}: {}", error, cause), _again())


def _text(told: Structure, key: str) -> Text | None:
    return t("{}", told[key]) if key in told else None


def _again() -> Text:
    return t("run the same command again: {}", same())
