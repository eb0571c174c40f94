"""Whether the account has room for the roles of a whole class."""

from __future__ import annotations

from collections.abc import Iterator

from hol.engine.lab import Lab
from hol.operate.findings import Finding
from hol.words.text import t

from . import account

_USUAL = 1000
_EACH = 2  # the function's, and the attendee's own


def room(lab: Lab, labs: int) -> Iterator[Finding]:
    """Those that are there, and each lab's."""
    known = lab.read("iam.get_account_summary")["SummaryMap"]
    there, most = int(known.get("Roles", 0)), int(known.get("RolesQuota", _USUAL))
    if there + _EACH * labs > most:
        yield account.full(
            "HOL-C05",
            t("{} IAM roles are there, and the class needs {}: the account has {}", there, _EACH * labs, most),
        )
