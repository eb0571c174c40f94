"""IAM documents judged by what they allow, not by how they look.

As IAM reads them: an Allow that nothing denies, of whichever policy; a boundary must allow it too; names of actions
without case; `*` and `?` in patterns; conditions with the keys that are known of the call. A key that is not known is
missing: then IAM's negated operators hold, and the others do not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Statement = Mapping[str, object]


@dataclass(frozen=True)
class Policy:
    """A policy that meets somebody; `kind` is inline, attached, boundary or resource."""

    name: str
    kind: str
    document: object

    def statements(self, effect: str = "Allow") -> list[Statement]:
        return statements([self.document], effect)


@dataclass(frozen=True)
class Call:
    """What is asked for: an action on a resource, and what is known of the asking."""

    action: str
    resource: str
    context: Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed; `denied` is the policy whose statement denies it, `bounded` the boundary that does not allow it."""

    allowed: bool
    by: Policy | None = None
    denied: Policy | None = None
    statement: Statement | None = None
    bounded: Policy | None = None


def verdict(policies: Iterable[Policy], call: Call) -> Verdict:
    """What IAM says to the call."""
    policies = list(policies)
    for policy in policies:
        for one in policy.statements("Deny"):
            if applies(one, call):
                return Verdict(False, denied=policy, statement=one)
    boundary = next((policy for policy in policies if policy.kind == "boundary"), None)
    if boundary and not any(applies(one, call) for one in boundary.statements()):
        return Verdict(False, bounded=boundary)
    by = allowing(policies, call)
    return Verdict(by is not None, by=by)


def allowing(policies: Iterable[Policy], call: Call) -> Policy | None:
    """The first policy that allows the call, as long as no other denies it."""
    held = (policy for policy in policies if policy.kind != "boundary")
    return next((policy for policy in held if any(applies(one, call) for one in policy.statements())), None)


def applies(statement: Statement, call: Call) -> bool:
    """Whether the statement is about the call, and its condition holds."""
    return (
        names(statement, call.action)
        and meets(statement, call.resource)
        and holds(statement.get("Condition"), call.context)
    )


def parsed(document: object) -> dict[str, object]:
    """A policy document as a dict, whichever way AWS gives it."""
    found = json.loads(document) if isinstance(document, str) else document or {}
    return found if isinstance(found, dict) else {}


def listed(value: object) -> list[Any]:
    """IAM lets a list of one be its element."""
    return value if isinstance(value, list) else [] if value is None else [value]


def statements(documents: Iterable[object], effect: str = "Allow") -> list[Statement]:
    """The statements of that effect."""
    return [s for document in documents for s in listed(parsed(document).get("Statement")) if s.get("Effect") == effect]


def covers(patterns: object, wanted: str) -> bool:
    """Whether one of IAM's patterns (`*`, `?`) matches; [ ] are no special signs there."""
    return any(fnmatchcase(wanted, str(pattern).replace("[", "[[]")) for pattern in listed(patterns))


def names(statement: Statement, action: str) -> bool:
    """Whether the statement is about that action; actions are compared without case."""
    if "NotAction" in statement:
        return not covers([str(a).lower() for a in listed(statement["NotAction"])], action.lower())
    return covers([str(a).lower() for a in listed(statement.get("Action"))], action.lower())


def meets(statement: Statement, resource: str) -> bool:
    """Whether the statement is about that resource."""
    if "NotResource" in statement:
        return not covers(statement["NotResource"], resource)
    return covers(statement.get("Resource", "*"), resource)


def holds(condition: Any, context: Mapping[str, str]) -> bool:
    """Whether every operator of the condition holds for every key of it."""
    known = {name.lower(): value for name, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), [str(value) for value in listed(values)])
        for operator, keys in (condition or {}).items()
        for key, values in keys.items()
    )


def _holds(operator: str, given: str | None, values: list[str]) -> bool:
    name = operator.rpartition(":")[2]
    optional, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    if name == "Null":
        return (given is None) == (values[0].lower() == "true")
    negated = "Not" in name
    if "IpAddress" in name:
        return _from_everywhere(values) != negated
    if given is None:
        return optional or negated
    return _matches(name, given, values) != negated


def _from_everywhere(values: list[str]) -> bool:
    """From where somebody asks is not known, so only a range of all addresses is sure to hold it."""
    return any(re.fullmatch(r"(0\.0\.0\.0|::)/0", value) for value in values)


def _matches(name: str, given: str, values: list[str]) -> bool:
    if name.startswith(("Numeric", "Date")):
        return True  # none of what a lab is asked with
    if "Like" in name or name.startswith("Arn"):
        return covers(values, given)
    if "IgnoreCase" in name or name == "Bool":
        return given.lower() in [value.lower() for value in values]
    return given in values


def everybody(principal: object) -> bool:
    """Whether the principal is the public."""
    return principal == "*" or (isinstance(principal, dict) and "*" in listed(principal.get("AWS")))


def services(statement: Statement) -> list[str]:
    """The services, or whoever else, that a statement is for, as they are written."""
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return [str(one) for one in listed(principal)]
    return [str(one) for kind in ("Service", "AWS", "Federated") for one in listed(principal.get(kind))]


def shown(values: Iterable[object]) -> str:
    """Names or patterns for a sentence."""
    return ", ".join(str(value) for value in values) or "-"


def condition_shown(statement: Statement | None) -> str:
    """The condition as IAM writes it."""
    condition = (statement or {}).get("Condition")
    return json.dumps(condition, ensure_ascii=False) if condition else ""


def written(policies: Iterable[Policy], part: str, about: str = "") -> Iterator[str]:
    """What stands as `Action`, `NotAction`, … in the Allow statements whose actions mention `about`."""
    for policy in policies:
        for one in policy.statements():
            acts = [str(a) for a in (*listed(one.get("Action")), *listed(one.get("NotAction")))]
            if not about or any(about in act.lower() or act == "*" for act in acts):
                yield from (str(value) for value in listed(one.get(part)))
