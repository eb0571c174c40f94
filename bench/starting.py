"""How long the command line takes to start, and the local target from nothing to the verified page."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from bench.place import Place, free_port


def command_line(place: Place, runs: int) -> list[str]:
    """`hol --help` and `hol --version` beside `python -c "import click"`, interleaved."""
    commands = {
        "python -c 'import click'": ["-c", "import click"],
        "hol --help": ["-m", "hol", "--help"],
        "hol --version": ["-m", "hol", "--version"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(_seconds(place, command))
    base = times["python -c 'import click'"]
    lines = ["| command | ms | ratio (spread) |", "| --- | ---: | ---: |"]
    for name, seconds in times.items():
        ratios = sorted(one / other for one, other in zip(seconds, base, strict=True))
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        ratio = median(seconds) / median(base)
        lines.append(f"| `{name}` | {median(seconds) * 1000:.0f} | {ratio:.2f} ({low:.2f}–{high:.2f}) |")
    return lines


def local_target(place: Place, runs: int) -> list[str]:
    """Nothing runs yet → `hol up` ends with the page verified; and again, with everything there."""
    port = ["--set", f"local.port={free_port()}"]
    times: dict[str, list[float]] = {"cold `hol up`": [], "`hol up` again": [], "`hol down` and stop": []}
    for _ in range(runs):
        for name, verb in zip(times, (["up"], ["up"], ["down", "--yes"]), strict=True):
            times[name].append(_seconds(place, ["-m", "hol", *verb, *port]))
    lines = ["| local target, checks included | s |", "| --- | ---: |"]
    for name, seconds in times.items():
        lines.append(f"| {name} | {median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f}) |")
    return lines


def _seconds(place: Place, command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], cwd=place.folder, env=place.environment(), check=True, capture_output=True
    )
    return time.perf_counter() - began
