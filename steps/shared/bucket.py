"""Whether the account has room for the buckets of a whole class."""

from __future__ import annotations

from collections.abc import Iterator

from hol.engine.lab import Lab
from hol.operate.findings import Finding
from hol.words.text import t

from . import account

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
_USUAL = 10_000


def room(lab: Lab, labs: int) -> Iterator[Finding]:
    """Those that are there, and one for each lab."""
    there = len(lab.pages("s3.list_buckets"))
    if there + labs > _USUAL:
        yield account.full(
            "HOL-C06", t("{} buckets are there, and the class needs {}: an account has {}", there, labs, _USUAL)
        )
