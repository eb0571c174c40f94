"""One mutant in a tree of its own: the tests that run its block, likely killers first, until one fails."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from covering import copy_tree, environment
from mutations import Mutation

_STARTING = 3.0  # seconds that pytest and a local AWS need before the first test
_SURE = 1.0  # a test as quick as that does not fail for lack of processor time


@dataclass
class Suite:
    """All tests with what they run; it learns which find most."""

    tests: dict[str, Any]
    seconds: float
    killers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def chosen(self, mutation: Mutation) -> list[str]:
        """The tests for a mutant, as many as fit into `seconds`: a file's tests together, the likeliest file first."""
        able = [name for name, test in self.tests.items() if test["passed"]]
        inside = [name for name in able if self._runs(name, mutation)]
        if mutation.block and not inside:
            return []  # no test runs it
        rank = sorted(inside or able, key=lambda name: self._cost(name, mutation.path))
        kept, spent, turn = [], 0.0, Counter[str]()
        order = {name: (turn.update([name.split("::")[0]]), turn[name.split("::")[0]])[1] for name in rank}
        for name in sorted(rank, key=lambda name: (name not in self.killers[mutation.path], order[name])):
            seconds = self.tests[name]["seconds"]
            if not kept or spent + seconds <= self.seconds:
                kept.append(name)
                spent += seconds
        files = list(dict.fromkeys(name.split("::")[0] for name in kept))
        return sorted(
            kept, key=lambda name: (name not in self.killers[mutation.path], files.index(name.split("::")[0]))
        )

    def _runs(self, name: str, mutation: Mutation) -> bool:
        blocks = self.tests[name]["blocks"]
        if mutation.block:
            return mutation.block in blocks
        return any(block.startswith(f"{mutation.path}:") for block in blocks)

    def _cost(self, name: str, path: str) -> float:
        """Seconds, and how little the test is about this module."""
        blocks = self.tests[name]["blocks"]
        about = sum(block.startswith(f"{path}:") for block in blocks) / (len(blocks) or 1)
        return float((self.tests[name]["seconds"] + 0.05) * (1 - about) - self.killers[path][name])


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: killed, timeout or survived; by which test, or after how many.

    `busy`: it took too long, and so does the same without the mutation, so nothing is known.
    """

    outcome: str
    by: str
    tests: int


@dataclass
class Tree:
    """A copy of the tree in which one mutant at a time is tried."""

    folder: Path
    turn: int = 0

    def __post_init__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        copy_tree(self.folder / "tree")

    def tried(self, mutation: Mutation, suite: Suite) -> Verdict:
        """Apply it, test it, take it back."""
        file = self.folder / "tree" / mutation.path
        source = file.read_bytes()
        try:
            self._write(file, mutation.apply(source))
            verdict = self._judged(suite, tests := suite.chosen(mutation), mutation.path)
            if verdict.outcome == "timeout":
                self._write(file, source)
                again = self._failing([verdict.by] if verdict.by in suite.tests else tests, suite)
                verdict = Verdict("busy", verdict.by, verdict.tests) if again else verdict
            return verdict
        finally:
            self._write(file, source)

    def _write(self, file: Path, source: bytes) -> None:
        """With a time that it never had, so that no compiled file of another mutant is taken for it."""
        self.turn += 2
        file.write_bytes(source)
        os.utime(file, (1e9 + self.turn, 1e9 + self.turn))

    def _judged(self, suite: Suite, tests: list[str], path: str) -> Verdict:
        number = len(tests)
        while tests:
            found = self._failing(tests, suite)
            if found is None:
                break
            failed, message = found
            if "Timeout (>" in message or failed == "timeout":
                return Verdict("timeout", failed, number)
            if failed not in suite.tests:  # it was never imported
                return Verdict("killed", failed, number)
            if suite.tests[failed]["seconds"] <= _SURE or self._failing([failed], suite):
                suite.killers[path][failed] += 1
                return Verdict("killed", failed, number)
            tests = tests[tests.index(failed) + 1 :]  # it failed once and passed once: chance
        return Verdict("survived", "", number)

    def _failing(self, tests: list[str], suite: Suite) -> tuple[str, str] | None:
        """The first of these tests that fails, and with which words; None when all pass."""
        chosen, failed, base = (self.folder / name for name in ("chosen", "failed", "base"))
        chosen.write_text("\n".join(tests), encoding="utf-8")
        failed.unlink(missing_ok=True)
        shutil.rmtree(base, ignore_errors=True)
        files = list(dict.fromkeys(name.split("::")[0] for name in tests))
        options = ["-x", "-q", "-p", "pytest_chosen", "-p", "no:cacheprovider", "--timeout=60", f"--basetemp={base}"]
        marks = {"MUTATE_TESTS": str(chosen), "MUTATE_FAILED": str(failed), "MUTATE_TREE": str(self.folder)}
        limit = _STARTING * 40 + 8 * sum(suite.tests[name]["seconds"] for name in tests)
        code = self._run([sys.executable, "-m", "pytest", *options, *files], marks, limit)
        if code == 0:
            return None
        if failed.is_file():
            name, _, message = failed.read_text(encoding="utf-8").partition("\n")
            return name, message
        return ("timeout" if code is None else f"pytest ended with {code}"), ""

    def _run(self, command: list[str], marks: dict[str, str], limit: float) -> int | None:
        tree = self.folder / "tree"
        with (self.folder / "log").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=tree,
                env=environment(tree, self.folder / "home", **marks),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                return process.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return None
            finally:
                self.end_what_is_left()

    def end_what_is_left(self) -> None:
        """Servers and workers that a mutant did not end: they bear this tree's mark."""
        mark = f"MUTATE_TREE={self.folder}\0".encode()
        for one in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in one.joinpath("environ").read_bytes():
                    os.kill(int(one.name), signal.SIGKILL)
