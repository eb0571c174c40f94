"""A class's attendees, each with the credentials that he was handed, and what one of them may do to another one's lab."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError
from harness import STEPS, Recorded, World

from hol.cloud.actions import Call
from hol.cloud.session import Place
from hol.engine import runner
from hol.group.handout.ways_in import Handed
from hol.group.labs import Group
from hol.operate import cleanup

# These list what the account holds, by name, and IAM cannot narrow them; the lab cannot do without them.
LISTS = ("s3.list_buckets", "logs.describe_log_groups", "apigateway.get_rest_apis", "sts.get_caller_identity")
DENIED = ("AccessDenied", "AccessDeniedException", "403", "UnauthorizedOperation")


@dataclass(frozen=True)
class Person(World):
    """The account, worked in by one attendee; `apart`: his lab's settings."""

    keys: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> Place:
        return replace(super().place, credentials=self.keys or ("0" * 12, "local"))

    @property
    def settings(self) -> dict[str, str]:
        return dict(self.apart)

    def client_of(self, service: str) -> Any:
        """boto3 with his keys; `client` is the root's."""
        return self.cloud(**self.settings).client(service)

    def tidy(self) -> list[str]:
        """`hol down --yes` with its listing; what is left or still there."""
        run = self.run(Recorded(), **self.settings)
        still = cleanup.clean_up(run, STEPS)
        return [*(str(one.what) for one in run.left), *(str(event.what) for event in still)]


def person(world: World, of: Group, handed: Handed) -> Person:
    assert handed.keys
    apart = tuple(tuple(one.split("=", 1)) for one in of.apart(handed.attendee))
    named = tuple((key.replace(".", "__"), value) for key, value in apart)
    return Person(world.port, world.account, world.home, None, handed.keys.whole, named)


def life(mine: Person) -> list[Call]:
    """Every call of the life of his lab, made by him: each step by itself, all again, checked, and what would take it down."""
    calls = list[Call]()
    for steps in (*([step] for step in STEPS), STEPS):
        run = mine.run(Recorded(), **mine.settings)
        runner.up(run, steps)
        calls += run.transcript
    run = mine.run(Recorded(), **mine.settings)
    runner.check(run, STEPS)
    events = cleanup.remaining(mine.run(Recorded(), **mine.settings), STEPS)
    calls += [*run.transcript, *(call for event in events for call in event.calls)]
    return list({_written(call): call for call in calls}.values())


def _written(call: Call) -> str:
    return f"{call.operation} {json.dumps(call.arguments, sort_keys=True, default=str)}"


def got_through(mallory: Person, calls: Iterable[Call]) -> Iterator[tuple[str, Any]]:
    """(operation, answer) of those calls that AWS did not deny him."""
    cloud = mallory.cloud(**mallory.settings)
    for call in calls:
        try:
            yield call.operation, cloud.call(call.operation, call.arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in DENIED:
                yield call.operation, error


def kinds(calls: Iterable[Call]) -> Counter[str]:
    """How many of them read, write and delete."""
    return Counter(_kind(call.operation) for call in calls)


def _kind(operation: str) -> str:
    verb = operation.split(".")[1].split("_")[0]
    if verb in ("get", "head", "list", "describe", "filter", "test", "invoke"):
        return "read"
    return "delete" if verb in ("delete", "remove", "detach") else "write"
