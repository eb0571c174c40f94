"""Counts what agrees, service by service, and holds it against the marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .cases import Case
from .compare import Verdict, compare
from .replay import Answered, Replay, Unfaithful

MARKS = Path(__file__).with_name("marks.yaml")
_FIRST_ACCOUNT = 300000000001
COLUMNS = ("code", "message", "shape", "values")


@dataclass(frozen=True)
class Result:
    """One case: its verdict, or why it was skipped."""

    case: Case
    verdict: Verdict | None = None
    skipped: str = ""


def replayed(found: Sequence[Case], port: int, jobs: int) -> list[Result]:
    """Every case against an account of its own; the results in the cases' order."""
    shown = unfaithful()
    with ThreadPoolExecutor(jobs) as pool:
        return list(
            pool.map(lambda one: _replayed(one[1], port, str(_FIRST_ACCOUNT + one[0]), shown), enumerate(found))
        )


def unfaithful() -> dict[str, str]:
    """Cases shown to be unfaithful to AWS or to their own set-up: id → reason."""
    return dict(yaml.safe_load(MARKS.read_text(encoding="utf-8"))["unfaithful"] or {})


def _replayed(case: Case, port: int, account: str, shown: dict[str, str]) -> Result:
    if case.id in shown:
        return Result(case, skipped=f"unfaithful: {shown[case.id]}")
    try:
        ours: Answered = Replay(port, account, case.id[:8]).run(case)
    except Unfaithful as reason:
        return Result(case, skipped=str(reason))
    return Result(case, compare(case, ours, account))


def share(results: Iterable[Result], column: str) -> tuple[int, int]:
    """How many agree in that column, of how many that have something to agree with."""
    judged = [getattr(one.verdict, column) for one in results if one.verdict]
    judged = [one for one in judged if one is not None]
    return sum(judged), len(judged)


def table(results: Sequence[Result]) -> str:
    """A row a service, then all, then those of operations that hol makes."""
    groups: list[tuple[str, Callable[[Result], Any]]] = [
        (name, lambda one, name=name: one.case.group == name) for name in sorted({one.case.group for one in results})
    ]
    groups += [("all", lambda one: True), ("all that hol makes", lambda one: one.case.by_hol)]
    lines = [
        f"{'':20}{'replayed':>10}{'skipped':>9}"
        + "".join(f"{name:>18}" for name in ("status and code", "message", "shape", "values"))
    ]
    for name, within in groups:
        chosen = [one for one in results if within(one)]
        skipped = sum(one.verdict is None for one in chosen)
        cells = "".join(f"{_cell(*share(chosen, column)):>18}" for column in COLUMNS)
        lines.append(f"{name:20}{len(chosen) - skipped:>10}{skipped:>9}{cells}")
    return "\n".join(lines)


def _cell(agree: int, of: int) -> str:
    return f"{agree}/{of} {agree / of:.1%}" if of else "-"


def disagreements(results: Sequence[Result]) -> str:
    """Every disagreement, then every reason to skip with its number."""
    lines = [
        f"\n{one.case.operation} {one.case.id}: {'; '.join(one.verdict.why)}"
        for one in results
        if one.verdict and one.verdict.why
    ]
    reasons = Counter(one.skipped for one in results if one.skipped)
    lines += ["\nskipped:"] + [f"  {number} × {reason}" for reason, number in reasons.most_common()]
    return "\n".join(lines)


def missed(results: Sequence[Result]) -> list[str]:
    """The marks that are not reached."""
    marks = yaml.safe_load(MARKS.read_text(encoding="utf-8"))["at least"]
    found = []
    for group, columns in marks.items():
        chosen = [
            one for one in results if group == "all" or (one.case.by_hol if group == "hol" else one.case.group == group)
        ]
        for column, least in columns.items():
            value = _measured(chosen, column)
            if value is not None and value < least:
                found.append(f"{group}: {column} is {value:.1f} %, the mark is {least} %")
    return found


def _measured(chosen: Sequence[Result], column: str) -> float | None:
    if column == "replayed":
        return 100 * sum(one.verdict is not None for one in chosen) / len(chosen) if chosen else None
    agree, of = share(chosen, column)
    return 100 * agree / of if of else None
