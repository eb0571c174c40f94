"""`python -m bench [--quick] [--runs N] [--latency MS]`: everything measured in one go, printed as Markdown."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable

from bench import provisioning, serving, starting
from bench.place import place


def main() -> None:
    """Parse the options, measure, print each part as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="hol beside plain boto3 on this machine")
    parser.add_argument("--quick", action="store_true", help="one run of everything, fewer calls")
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default 7)")
    parser.add_argument("--latency", type=int, default=80, help="milliseconds added to every AWS call (default 80)")
    given = parser.parse_args()
    runs = 1 if given.quick else given.runs
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors; {runs} runs; medians (least–most).")
    with place([0, given.latency]) as here:
        _part("Provisioning", lambda: provisioning.report(provisioning.measure(here, runs)))
        _part("Start-up", lambda: starting.command_line(here, 5 if given.quick else 31))
        _part("Local target", lambda: starting.local_target(here, runs))
        _part("Page calls", lambda: serving.page_calls(here, 50 if given.quick else 500))
        _part("Endpoint", lambda: serving.endpoint(here, 2 if given.quick else 10))


def _part(title: str, measure: Callable[[], list[str]]) -> None:
    lines = measure()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "?"
    print(f"\n## {title} (load average {load})\n", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
