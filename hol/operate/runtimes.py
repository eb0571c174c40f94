"""Lambda's Python runtimes, and from which day functions cannot be created or changed with them.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read 2026-08; AWS has postponed such days
before. A runtime that is not in the table is newer than it.
"""

from __future__ import annotations

from datetime import date, timedelta

from hol.operate.findings import Finding
from hol.words.commands import same
from hol.words.text import t

# Runtime → no new functions from, no changes from.
RETIRED = {
    "python3.6": (date(2022, 7, 18), date(2022, 8, 29)),
    "python3.7": (date(2024, 1, 9), date(2027, 3, 3)),
    "python3.8": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.9": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.10": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.11": (date(2027, 7, 31), date(2027, 8, 31)),
    "python3.12": (date(2028, 11, 30), date(2029, 1, 10)),
    "python3.13": (date(2029, 7, 31), date(2029, 8, 31)),
    "python3.14": (date(2029, 7, 31), date(2029, 8, 31)),
}
_SOON = timedelta(days=30)


def check(runtime: str, today: date) -> Finding | None:
    """Whether a function can be created with the runtime, on that day."""
    if runtime not in RETIRED:
        return None
    closed = RETIRED[runtime][0]
    best = max(RETIRED, key=lambda name: (RETIRED[name][0] > today, int(name.split(".")[1])))
    fix = t("choose another runtime: {}", same(set=f"function.runtime={best}"))
    if today >= closed:
        why = t("AWS has refused new functions with it since {}", closed.isoformat())
        return Finding("HOL-D12", t("the runtime {} can no longer be created", runtime), why, fix)
    if today + _SOON >= closed:
        why = t("AWS refuses new functions with it from {}", closed.isoformat())
        return Finding("HOL-D12", t("the runtime {} ends soon", runtime), why, fix, "warning")
    return None
