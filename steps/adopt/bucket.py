"""The bucket of the website."""

from __future__ import annotations

from hol.engine.lab import Lab
from hol.teach import adopt as taking


def adopt(lab: Lab) -> None:
    """By a tag beside those that it has."""
    taking.bucket(lab, lab.config.bucket.name)
