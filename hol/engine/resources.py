"""What a step's permissions are for: `hol policy` narrows each action to the resources that the steps name.

A step says so in `resources(config)`, beside its PERMISSIONS. For the services that hol knows, names are enough. For any
other service it gives ARNs, in which {partition}, {region} and {account} are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Resources:
    """`roles`: name → the service that it is passed to; `arns`: IAM's word for a service, or an action → ARNs or "*"."""

    roles: Mapping[str, str] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    arns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def together(found: Iterable[Resources]) -> Resources:
    """The resources of several steps, each once."""
    sums: dict[str, Any] = {}
    for one in found:
        for kind in fields(one):
            value = getattr(one, kind.name)
            already = sums.get(kind.name, type(value)())
            sums[kind.name] = {**already, **value} if isinstance(value, dict) else tuple(dict.fromkeys(already + value))
    return Resources(**sums)
