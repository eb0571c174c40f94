"""The bucket's name, which no one else in the world may have."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws import buckets
from hol.engine.lab import Lab
from hol.operate.findings import Look, free


def doctor(lab: Lab) -> Iterator[Look]:
    """Whether the name is free, or ours already."""
    yield free("HOL-D06", lambda: buckets.find(lab, lab.config.bucket.name), cheap=True)
