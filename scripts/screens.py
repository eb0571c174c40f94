"""Pictures of hol's screens for docs/: real runs on a terminal of a real width, drawn as SVG.

python -m scripts.screens            every screen, both languages, 80 and 120 columns, into docs/screens/
python -m scripts.screens step en 80 one of them
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import re
import select
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from pathlib import Path

import boto3
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screens"
LANGUAGES, WIDTHS = ("en", "ko"), (80, 120)
# The most rows that a screen may take.
MOST = {"step": 40, "up": 60, "unchanged": 40, "check": 40, "down": 40}
CELL, ROW, EDGE = 8.4, 18, 14
COLORS = {"red": "#ff7b72", "green": "#7ee787", "yellow": "#e3b341", "magenta": "#d2a8ff", "cyan": "#79c0ff"}
NUMBERS = dict(zip((1, 2, 3, 5, 6), COLORS, strict=True))  # as ANSI has them
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    "<style>rect{{fill:#0d1117}}text{{fill:#e6edf3;font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'D2Coding',"
    "'Noto Sans Mono CJK KR',monospace;white-space:pre;lengthAdjust:spacingAndGlyphs}}.b{{font-weight:700}}.d{{opacity:.65}}"
    ".u{{text-decoration:underline}}.w{{font-size:16px}}"
    + "".join(f".{name}{{{{fill:{value}}}}}" for name, value in COLORS.items())
    + '</style><rect width="100%" height="100%" rx="8"/>'
)
_WIDE = "\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef"
_RUN = re.compile(f"[{_WIDE}]+|[^{_WIDE}]+")
_CONTROL = re.compile(r"\x1b\[(\?25[lh]|\d*A|2K|\d*G)|\r\n|\r|\n")


@dataclass(frozen=True)
class Screen:
    """What stood on the terminal when the command had ended, colours and all: a line each."""

    command: str
    columns: int
    lines: list[str]

    @property
    def rows(self) -> int:
        """The rows that it took: the terminal breaks what is longer than one."""
        wide = (Text.from_ansi(line).cell_len for line in self.lines)
        return sum(max(1, -(-one // self.columns)) for one in wide)

    def svg(self) -> str:
        """The picture: every run of one style and one width of letters stands where the terminal has it."""
        console = Console(width=self.columns, file=io.StringIO(), force_terminal=True, color_system="truecolor")
        asked = Text.assemble(("$ ", "dim"), (self.command, "bold"))
        texts = [asked, *(Text.from_ansi(line) for line in self.lines)]
        rows = [row for text in texts for row in console.render_lines(text, pad=False)]
        width, height = round(self.columns * CELL + 2 * EDGE), len(rows) * ROW + 2 * EDGE
        drawn = [found for at, row in enumerate(rows) for found in _row(row, EDGE + (at + 0.8) * ROW)]
        return "\n".join([_HEAD.format(width=width, height=height), *drawn, "</svg>", ""])


def _row(row: Sequence[Segment], y: float) -> Iterator[str]:
    """The text elements of a row."""
    at = 0
    for text, style, _ in row:
        for run in _RUN.findall(text):
            said = run.strip()
            if said:
                x = (at + len(run) - len(run.lstrip())) * CELL + EDGE
                where = f'x="{x:.1f}" y="{y:.1f}" textLength="{cell_len(said) * CELL:.1f}"'
                yield f"<text {where}{_look(style, wide=cell_len(said) > len(said))}>{escape(said)}</text>"
            at += cell_len(run)


def _look(style: Style | None, wide: bool) -> str:
    """The classes of a style."""
    color = NUMBERS.get(style.color.number or 0, "") if style and style.color else ""
    looks = {
        "b": style and style.bold,
        "d": style and style.dim,
        "u": style and style.underline,
        "w": wide,
        color: color,
    }
    names = " ".join(name for name, has in looks.items() if has)
    return f' class="{names}"' if names else ""


@dataclass
class Lab:
    """A lab of its own: a folder, a port, a width, a language."""

    home: Path
    port: int
    columns: int
    language: str

    def run(self, *words: str, typed: str = "") -> Screen:
        """The command on a terminal; `typed` answers its question."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, self.columns, 0, 0))
        command = [sys.executable, "-m", "hol", *words]
        process = subprocess.Popen(
            command, cwd=self.home, env=self._environment(), stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown = _all(ours, process, typed)
        os.close(ours)
        if process.returncode not in (0, 7):  # 7: a check failed
            raise RuntimeError(f"{words}: {process.returncode}: {shown}")
        return Screen(" ".join(["hol", *words]), self.columns, _settled(shown))

    def _environment(self) -> dict[str, str]:
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HOL_", "LC_", "LANG")) and k != "NO_COLOR"
        }
        (self.home / "config.yaml").write_text(
            f"local:\n  port: {self.port}\nlanguage: {self.language}\n", encoding="utf-8"
        )
        own = {"HOL_STATE_DIR": str(self.home / ".state"), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        return {**kept, **own, "PYTHONPATH": str(ROOT), "COLUMNS": str(self.columns), "LINES": "50"}


def _all(terminal: int, process: subprocess.Popen[bytes], typed: str) -> str:
    """Everything that was shown until the process ended."""
    shown = b""
    with contextlib.suppress(OSError):  # how a closed terminal ends on Linux
        while select.select([terminal], [], [], 120)[0] and (chunk := os.read(terminal, 65_536)):
            shown += chunk
            if typed and shown.rstrip().endswith(b"[y/N]"):
                os.write(terminal, typed.encode())
                typed = ""
    process.wait(120)
    return shown.decode("utf-8", "replace")


def _settled(shown: str) -> list[str]:
    """What is left after the cursor has gone up and lines were cleared."""
    lines, at, place = [""], 0, 0
    for found in _CONTROL.finditer(shown):
        lines[at] += shown[place : found.start()]
        place = found.end()
        if found[0].endswith("\n"):
            at += 1
            lines += [""] if at == len(lines) else []
        elif found[0].endswith("A"):
            at = max(0, at - int(found[1][:-1] or 1))
        elif found[0].endswith("K"):
            lines[at] = ""
    lines[at] += shown[place:]
    while lines and not Text.from_ansi(lines[-1]).plain.strip():
        lines.pop()
    return lines


def mistaken(lab: Lab) -> None:
    """A mistake that learners make: the function asks another endpoint."""
    where = {
        "endpoint_url": f"http://127.0.0.1:{lab.port}",
        "aws_access_key_id": "000000000000",
        "aws_secret_access_key": "local",
    }
    client = boto3.client("lambda", "us-east-1", **where)
    name = client.list_functions()["Functions"][0]["FunctionName"]
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {"ENDPOINT_NAME": "my-endpoint"}})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def screens(columns: int, language: str, port: int) -> Iterator[tuple[str, Screen]]:
    """Every screen, in the order of a lab's life."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), port, columns, language)
        try:
            yield "up", lab.run("up")
            yield "unchanged", lab.run("up")
            lab.run("down", "5", "--yes")
            yield "step", lab.run("step", "5")
            lab.run("step", "6")
            mistaken(lab)
            yield "check", lab.run("check")
            yield "down", lab.run("down", typed="y\n")
        finally:
            lab.run("local", "stop")


def main(words: list[str]) -> int:
    """Draw them all, or those of the names, languages and widths that are given."""
    FOLDER.mkdir(exist_ok=True)
    began = time.monotonic()
    names = [name for name in MOST if name in words] or list(MOST)
    languages = [one for one in LANGUAGES if one in words] or LANGUAGES
    widths = [one for one in WIDTHS if str(one) in words] or WIDTHS
    for language, columns in product(languages, widths):
        for name, screen in screens(columns, language, _free_port()):
            if name in names:
                (FOLDER / f"{name}.{language}.{columns}.svg").write_text(screen.svg(), encoding="utf-8")
                print(f"{name} {language} {columns}: {screen.rows} rows, {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
