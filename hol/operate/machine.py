"""This machine: what `hol` needs of it, looked at before anything is done.

`look` reads the facts once; `check` judges them, so that a test can bring other facts.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hol.config.settings import Config
from hol.operate.findings import Finding
from hol.words.commands import same
from hol.words.text import Language, t

OLDEST = (3, 11)
ROOM = 200 * 1024 * 1024
_LOCAL = ("ministack", "fasttext", "hypercorn")


@dataclass(frozen=True)
class Machine:
    """Facts: the terminal's encoding, free bytes, modules of the local extra that are missing, and the clock."""

    python: tuple[int, int]
    encoding: str
    free: int
    writable: bool
    missing: tuple[str, ...]
    language: Language = "en"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def look(home: Path, language: Language) -> Machine:
    """This machine as it is."""
    return Machine(
        sys.version_info[:2],
        getattr(sys.stderr, "encoding", None) or "ascii",
        shutil.disk_usage(home).free,
        os.access(home, os.W_OK),
        tuple(name for name in _LOCAL if importlib.util.find_spec(name) is None),
        language,
    )


def check(machine: Machine, config: Config) -> Iterator[Finding]:
    """What is wrong with this machine."""
    if machine.python < OLDEST:
        yield Finding(
            "HOL-D17",
            t("Python {} is too old", ".".join(map(str, machine.python))),
            t("hol needs Python {} or newer", ".".join(map(str, OLDEST))),
            t("install a newer Python and hol into it"),
        )
    if machine.free < ROOM:
        room = (machine.free // 2**20, ROOM // 2**20)
        yield Finding("HOL-D18", t("the disk is full: {} MB free, {} MB needed", *room), fix=t("make room"))
    if not machine.writable:
        yield Finding("HOL-D19", t("this folder cannot be written to"), fix=t("run hol in a folder of your own"))
    if machine.language == "ko" and not _shows(machine.encoding, "한글"):
        yield Finding(
            "HOL-D14",
            t("the terminal cannot show Korean (encoding {})", machine.encoding),
            fix=t("set {}, or choose English: {}", "PYTHONIOENCODING=utf-8", same(lang="en")),
            level="warning",
        )
    if machine.missing and config.target == "local":
        from hol.words.install import extra

        yield Finding(
            "HOL-D15",
            t("the local AWS is not installed: {} missing", ", ".join(machine.missing)),
            fix=t("install it: {}", extra("local")),
        )


def _shows(encoding: str, sample: str) -> bool:
    try:
        return bool(sample.encode(encoding))
    except (UnicodeError, LookupError):
        return False
