"""hol beside the sequential script and the floor: up, unchanged up, down, at each latency, interleaved."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from bench.place import Place, Timed

VERBS = {"up": ("up", "--no-check"), "again": ("up", "--no-check"), "down": ("down", "--yes")}
Results = dict[tuple[int, str, str], list[Timed]]


def measure(place: Place, runs: int) -> Results:
    """(latency, verb, who) → one `Timed` a run; who: hol, floor, sequential (once a round, the others first)."""
    found: Results = defaultdict(list)
    for latency in place.proxies:
        place.hol(latency, *VERBS["up"])  # warms the server up
        place.hol(latency, *VERBS["down"])
        for _ in range(runs):
            for verb, command in VERBS.items():
                found[latency, verb, "hol"].append(place.hol(latency, *command))
            for way in ("floor", "sequential"):
                for verb in VERBS:
                    found[latency, verb, way].append(place.plain(latency, way, verb))
    return found


def report(found: Results) -> list[str]:
    """The tables, as Markdown."""
    lines = [
        "| ms a call | verb | hol s (calls) | floor s (calls) | sequential s (calls) | hol ÷ floor | sequential ÷ hol |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for latency, verb in dict.fromkeys((latency, verb) for latency, verb, _ in found):
        hol, floor, sequential = (found[latency, verb, who] for who in ("hol", "floor", "sequential"))
        shown = " | ".join(_shown(one) for one in (hol, floor, sequential))
        ratios = f"{_ratio(hol, floor)} | {_ratio(sequential, hol)}"
        lines.append(f"| {latency} | {verb} | {shown} | {ratios} |")
        if verb == "down":
            deleted = [Timed(t.seconds - t.seconds_after, t.calls - t.calls_after, 0, 0) for t in hol]
            shown = " | ".join(_shown(one) for one in (deleted, floor, sequential))
            ratios = f"{_ratio(deleted, floor)} | {_ratio(sequential, deleted)}"
            lines.append(f"| {latency} | down, without the receipt's reads | {shown} | {ratios} |")
    return lines


def _shown(runs: list[Timed]) -> str:
    return f"{median(t.seconds for t in runs):.2f} ({median(t.calls for t in runs):.0f})"


def _ratio(one: list[Timed], other: list[Timed]) -> str:
    """The ratio of the medians, and the smallest and largest ratio of one round."""
    rounds = [a.seconds / b.seconds for a, b in zip(one, other, strict=True)]
    ratio = median(t.seconds for t in one) / median(t.seconds for t in other)
    return f"{ratio:.2f} ({min(rounds):.2f}–{max(rounds):.2f})"
