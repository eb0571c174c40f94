"""The API's name."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws.gateway import apis
from hol.engine.lab import Lab
from hol.operate.findings import Look, free


def doctor(lab: Lab) -> Iterator[Look]:
    """Whether the name is nobody else's."""
    yield free("HOL-D07", lambda: apis.find(lab, lab.config.api.name))
