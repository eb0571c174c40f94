"""What every verb prints survives any terminal: two languages, three widths, cp949, ASCII, no UTF-8 locale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sampling import some
from terminals import Terminal

from hol.cli.screen.encoding import writable
from hol.cli.terminal import columns
from hol.words.shown import width

VERBS = (
    ("--help",),
    ("step", "1", "--explain"),
    ("step", "1", "--cli"),
    ("step", "1", "--boto3"),
    ("guide", "--format", "md", "-o", "-"),
    ("guide", "--since-2019"),
    ("status",),
    ("check", "1"),
    ("up", "--dry-run"),
    ("down", "--dry-run"),
    ("adopt",),
    ("step", "12"),
)
PLACES = {
    "cp949": {"PYTHONIOENCODING": "cp949", "LANG": "ko_KR.CP949", "COLUMNS": "60"},
    "ascii": {"PYTHONIOENCODING": "ascii", "LANG": "C", "COLUMNS": "80"},
    "C": {"LANG": "C", "LC_ALL": "C", "COLUMNS": "120", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize(
    ("place", "language"), some([("cp949", "ko"), ("cp949", "en"), ("ascii", "en"), ("C", "ko")], 2)
)
def test_no_terminal_is_too_plain(terminal: Terminal, place: str, language: str) -> None:
    terminal.hol("local", "start")
    for verb in VERBS:
        out, code = _bytes(terminal, *verb, *(() if verb[0] == "--help" else ("--lang", language)), **PLACES[place])
        assert b"Traceback" not in out, (verb, out)
        assert b"UnicodeEncodeError" not in out, (verb, out)
        assert code in (0, 2, 3, 7), (verb, out)


def _bytes(terminal: Terminal, *verb: str, **environment: str) -> tuple[bytes, int]:
    port = () if verb[0] == "--help" else ("--set", f"local.port={terminal.port}")
    done = subprocess.run(
        [sys.executable, "-m", "hol", *verb, *port],
        cwd=terminal.home,
        env=terminal.environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return done.stdout + done.stderr, done.returncode


@pytest.mark.parametrize(
    ("encoding", "written"), [("cp949", "OK 한글 → ..."), ("ascii", "OK ?? -> ..."), ("utf-8", "✓ 한글 → …")]
)
def test_signs_have_stand_ins(tmp_path: Path, encoding: str, written: str) -> None:
    file = tmp_path / "out"
    with file.open("w", encoding=encoding) as stream:
        writable(stream).write("✓ 한글 → …")
    assert file.read_text(encoding=encoding).replace("…", "...") == written.replace("…", "...")


def test_tables_are_aligned_by_what_letters_take() -> None:
    rows = columns([("지운 때", "있음", "리소스"), ("2026-11-22", "yes", "role")])
    at = [width(row[: row.index(last)]) for row, last in zip(rows, ("리소스", "role"), strict=True)]
    assert at[0] == at[1]
