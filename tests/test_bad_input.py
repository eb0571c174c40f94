"""Whatever stands in config.yaml or on the command line: words and exit 2, no traceback, no hang.

The default run takes a sample; HOL_FULL=1 tries every case. Each is a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from bad_input import POWERLESS, SPECIAL, Case, asked, cases, mutated, tried
from ports import free_port
from sampling import FULL

T = TypeVar("T")
CASES = cases()
SAMPLE = CASES if FULL else CASES[:60]
MUTATIONS = 200 if FULL else 12


def _all(items: list[T], do: Callable[[int, T], str]) -> list[str]:
    """What `do` complains of, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return [complaint for complaint in pool.map(do, range(len(items)), items) if complaint]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 500
    assert len({case.name for case in CASES}) > 0.95 * len(CASES)


@pytest.mark.timeout(3600 if FULL else 120)
def test_bad_input_ends_with_2_and_words(tmp_path: Path, record_property: Callable[[str, str], None]) -> None:
    port, slowest = free_port(), [0.0]

    def complaint(number: int, case: Case) -> str:
        answer = tried(case, tmp_path / str(number), port)
        slowest.append(answer.seconds)
        found = answer.complaint()
        return f"{case.name}: {found}: {answer.err[-300:]!r}" if found else ""

    wrong = _all(SAMPLE, complaint)
    record_property("counted", f"bad input: {len(SAMPLE)} of {len(CASES)} cases, slowest {max(slowest):.1f} s")
    assert wrong == []


@pytest.mark.timeout(1800 if FULL else 120)
def test_a_damaged_configuration_is_taken_or_refused(tmp_path: Path) -> None:
    def complaint(number: int, data: bytes) -> str:
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "config.yaml").write_bytes(data)
        answer = asked(folder, "policy")
        found = answer.complaint((0, 2))
        return f"{number}: {found}: {answer.err[-300:]!r}" if found else ""

    assert _all([mutated(number) for number in range(MUTATIONS)], complaint) == []


@pytest.mark.parametrize("name", SPECIAL)
def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    """It is never as if it were not there: the names of another lab would be taken, and that lab deleted."""
    SPECIAL[name](tmp_path)
    answer = asked(tmp_path, "down", "--yes")
    assert answer.complaint() == ""
    assert b"config.yaml cannot be read" in answer.err


def test_a_configuration_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("lab: mine\n")
    (tmp_path / "config.yaml").chmod(0)
    answer = asked(tmp_path, "status", before=POWERLESS)
    assert (answer.code, b"config.yaml cannot be read" in answer.err) == (2, True), answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lab: 2001-99-99\n", "lab: 2001-99-99 is not text"),
        ("jobs: " + "9" * 5000, "… (5000) is not a whole number from 1 to 32"),
        ("tags: &t {a: *t}", "references (*t) are not taken"),
        ("lab: a\nlab: b\n", "line 2, column 1: hol cannot take this YAML\n  why: the key lab stands there twice"),
        ("language: [1]", "language: [1] is none of auto, ko, en"),
        ('lab: "\\e[31m"', "hidden character \\x1b"),
        ("lab: a\n---\nlab: b", "more than one document"),
        ("lab: null", "lab: null is not text"),
    ],
)
def test_the_complaint_names_the_key_and_the_cause(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    assert words in asked(tmp_path, "status").err.decode()
