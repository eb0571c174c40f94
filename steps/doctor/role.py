"""The role's name."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws import roles
from hol.engine.lab import Lab
from hol.operate.findings import Look, free


def doctor(lab: Lab) -> Iterator[Look]:
    """Whether the name is nobody else's."""
    yield free("HOL-D07", lambda: roles.find(lab, lab.config.role.name))
