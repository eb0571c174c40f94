"""What a run emits: decisions, progress and results.

Every line of output is one of these. The kernel emits them from several threads at once; the runner puts them into
step order for whoever shows them (a terminal, plain lines, JSON lines, a test).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from hol.cloud.actions import Call
from hol.words.text import Text

Mark = Literal["+", "~", "-", "=", "!"]


@dataclass(frozen=True)
class Event:
    """A decision: create, update, delete, already so, look at this; `calls` are the writes behind it.

    `key` names what it is about, whatever the language: `iam.role myRole`. It is empty where there is nothing to do.
    """

    step: str
    mark: Mark
    what: Text
    why: Text | None = None
    calls: tuple[Call, ...] = ()
    created: str | None = None
    key: str = ""

    @property
    def things(self) -> int:
        """How many things it makes, changes or deletes: a call for many objects is about each of them."""
        return sum(_things(call.arguments.get("Delete")) for call in self.calls) or 1


def _things(batch: object) -> int:
    return len(batch.get("Objects", ())) if isinstance(batch, Mapping) else 1


# The arguments that say which resource a write is about, outermost first.
_NAMING = (
    "RoleName", "UserName", "PolicyArn", "PolicyName", "InstanceProfileName", "FunctionName", "StatementId", "logGroupName", "restApiId",
    "resourceId", "parentId", "pathPart", "httpMethod", "statusCode", "responseType", "stageName", "name", "Bucket", "Key",
    "UploadId", "VersionId", "GroupName", "Name", "EndpointName", "EndpointConfigName", "ModelName", "resourceArn",
    "ResourceArn", "Resource", "executionArn", "stateMachineArn",
)  # fmt: skip


def key_of(call: Call) -> str:
    """`service.noun` and the names of what the call is about; the same whether it is made, changed or deleted."""
    service, operation = call.operation.split(".")
    named = [str(call.arguments[name]) for name in _NAMING if name in call.arguments]
    return f"{service}.{operation.partition('_')[2]} {'/'.join(named)}"


@dataclass(frozen=True)
class Progress:
    """Something takes time: what is waited for, for how long already, and for how long at most (seconds)."""

    step: str
    what: Text
    waited: float = 0
    at_most: float = 0


@dataclass(frozen=True)
class Checked:
    """A check that passed, and what it saw; `key` names it, whatever the language."""

    step: str
    what: Text
    detail: Text
    key: str = ""


@dataclass(frozen=True)
class Output:
    """A result, such as the page's URL."""

    step: str
    name: str
    value: str


def moment(value: object) -> str | None:
    """A time as AWS gives it (datetime, epoch milliseconds, ISO text) as ISO 8601 in UTC; None when it gives none."""
    if isinstance(value, int):
        value = datetime.fromtimestamp(value / 1000, UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return None if value is None else str(value)


Message = Event | Progress | Checked | Output
