"""The account that has no room for a whole class, in one sentence for everything that is counted by account."""

from __future__ import annotations

from hol.operate.findings import Finding
from hol.words.errors import Exit
from hol.words.text import Text, t


def full(code: str, what: Text) -> Finding:
    """What is counted, and what helps against too many of it."""
    fix = t(
        "delete some, ask for more in the Service Quotas console, or use more accounts (the roster's column account)"
    )
    return Finding(code, what, fix=fix, exit=Exit.PERMISSION)
