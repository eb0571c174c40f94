"""Whether the account has room for the REST APIs of a whole class."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws.gateway import apis
from hol.cloud.tags import plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import CLASS
from hol.operate.findings import Finding
from hol.words.text import t

from . import account

# Regional APIs of an account in a region: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_USUAL = 600


def room(lab: Lab, labs: int) -> Iterator[Finding]:
    """Those that are there, and one for each lab that has none yet."""
    listed = apis.listed(lab)
    mine = lab.tags.get(CLASS)
    there = sum(1 for api in listed if plain_tags(api.get("tags")).get(CLASS) != mine)
    if there + labs > _USUAL:
        yield account.full(
            "HOL-C04",
            t("{} REST APIs are there, and the class needs {}: an account has {} in a region", there, labs, _USUAL),
        )
