"""What the engine is made of: a role and a state machine, a role and a function, a log group, a bucket for the roster.

All of it bears the class's tags. What is made first is removed last: without the first role there is nothing to look for.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from hol.aws import buckets, functions, logs, roles
from hol.aws.stepfunctions import executions, machines
from hol.engine.lab import Lab
from hol.group.engine import machine
from hol.group.engine.package import HANDLER, Source, package
from hol.group.labs import Group
from hol.words.errors import PermissionDenied

_NOTICED = 15.0
_RUNTIME, _MEMORY, _DAYS = "python3.12", 1024, 7


@dataclass(frozen=True)
class Names:
    """What the things are called: the engine of a class, a lab, an account and a region has names of its own."""

    engine: str

    @property
    def handing_out(self) -> str:
        """The state machine's role."""
        return f"{self.engine}-states"

    @property
    def working(self) -> str:
        """The function's role."""
        return f"{self.engine}-function"


def names(lab: Lab) -> Names:
    """The names, in that account and region; one of them is a bucket's, and the world's."""
    whole = "/".join((lab.owner, lab.cloud.account, lab.cloud.region))
    digest = base64.b32encode(hashlib.sha256(whole.encode()).digest()).decode().lower()[:10]
    return Names(f"hol-engine-{lab.config.attendee}-{digest}")


def ensure(group: Group, lab: Lab, source: Source) -> None:
    """The engine, ready for work."""
    own = names(lab)
    states = roles.ensure(lab, own.handing_out, "states.amazonaws.com", roles.ENGINE)
    roles.ensure_inline(lab, own.handing_out, roles.HANDING_OUT, machine.may_hand_out(lab, own.engine))
    worker = roles.ensure(lab, own.working, "lambda.amazonaws.com", roles.WORKER)
    roles.ensure_inline(lab, own.working, roles.WORKING, machine.may_work(group, lab, own.engine))
    logs.ensure(lab, functions.log_group(own.engine), _DAYS)
    buckets.ensure(lab, own.engine, buckets.ENFORCED, buckets.CLOSED)
    functions.ensure(lab, _function(own, worker, package(source)))
    machines.ensure(lab, own.engine, states.arn, machine.definition(lab, own.engine))


def _function(own: Names, role: roles.Role, archive: bytes) -> functions.Wanted:
    return functions.Wanted(own.engine, role.arn, role.id, _RUNTIME, HANDLER, machine.SECONDS, _MEMORY, {}, 0, archive)


def there(lab: Lab) -> bool:
    """Whether anything of the engine is there, as far as may be seen."""
    try:
        return roles.find(lab, names(lab).handing_out) is not None
    except PermissionDenied:
        return False


def stop(lab: Lab) -> bool:
    """The engine works no longer; whether it did."""
    return there(lab) and executions.stop(lab, names(lab).engine)


def halt(lab: Lab) -> None:
    """The engine works no longer, not even in the calls that have begun."""
    if stop(lab) and not lab.run.dry:
        # The function looks every 10 s whether it is still wanted.
        lab.run.clock.sleep(_NOTICED, lab.run.stop)


def remove(lab: Lab) -> None:
    """Nothing of the engine left."""
    own = names(lab)
    if not there(lab):
        return
    machines.remove(lab, own.engine)
    functions.remove(lab, own.engine)
    buckets.remove(lab, own.engine)
    logs.remove(lab, functions.log_group(own.engine))
    for role in (own.working, own.handing_out):
        roles.remove(lab, role, inline=roles.INLINE)
