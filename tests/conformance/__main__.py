"""`python -m tests.conformance DIR`: replay the recorded cases in DIR against a local AWS of its own and count what agrees.

Exit 1 below the marks in `marks.yaml`, 2 when DIR holds no cases.
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
from os import environ
from pathlib import Path

from hol.local.life import process

from . import cases, report


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="cases whose operation or id holds this")
    parser.add_argument("--brief", action="store_true", help="the table without the disagreements")
    parser.add_argument("--write", type=Path, metavar="PATH", help="write the document that tells of it")
    parser.add_argument("--jobs", type=int, default=4)
    wanted = parser.parse_args(arguments)
    found = [case for case in cases.read(wanted.folder) if wanted.only in f"{case.operation} {case.id}"]
    if not found:
        print(f"no recorded cases in {wanted.folder}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as state:
        environ["HOL_STATE_DIR"] = state
        server = process.start(free_port())
        try:
            results = report.replayed(found, server.port, wanted.jobs)
        finally:
            process.stop(server.port)
    if wanted.write:
        wanted.write.write_text(report.document(results), encoding="utf-8")
    print(report.table(results))
    if not wanted.brief:
        print(report.disagreements(results))
    missed = [] if wanted.only else report.missed(results)
    for line in missed:
        print(line)
    return 1 if missed else 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
