"""Draws lines on a terminal: signs in colour, code and emphasis, addresses that can be clicked; nothing is broken in two."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TextIO

from hol.words.shown import width
from hol.words.spans import Line, Span, spans, wrapped

if TYPE_CHECKING:
    from rich.style import Style
    from rich.text import Text as Rich

SIGNS = {"+": "green", "~": "yellow", "-": "red", "=": "dim", "!": "bold magenta", "✓": "green", "✗": "bold red"}
STYLES = {"code": "cyan", "strong": "bold", "link": "underline", "dim": "dim"}
WIDEST = 120
# Where text begins on a line, behind its sign or number; there its other lines begin too.
_BEGINNING = re.compile(r" *(?:[-+~=!✓✗?…•] |\d+\. |-> )?")
# What says of itself that it knows OSC 8, the terminal's hyperlinks.
_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"}
_TERMINALS = {"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm", "contour"}


class Pen:
    """Draws on one terminal."""

    def __init__(self, stream: TextIO, environment: Mapping[str, str] = os.environ):
        from rich.console import Console

        self.console = Console(file=stream, highlight=False, soft_wrap=True)
        self.links = knows_links(environment)
        self.rows = 0

    @property
    def columns(self) -> int:
        """How wide lines may be."""
        return max(20, min(self.console.width, WIDEST))

    def write(self, text: str, mark: str = "") -> None:
        """A sentence that may have several lines; `mark` is the sign that it begins with, or `#` for a heading."""
        for line in text.split("\n"):
            begin = _BEGINNING.match(line)
            first = begin[0] if begin else ""
            head = () if not first else (Span(first, "mark" if mark and mark in first else ""),)
            self.draw(wrapped(spans(line[len(first) :]), self.columns, head, " " * width(first)), mark)

    def draw(self, lines: Iterable[Line], mark: str = "") -> None:
        """Lines as they are."""
        for line in lines:
            self.console.print(self._drawn(line, mark))
            self.count("".join(span.text for span in line))

    def count(self, line: str) -> None:
        """The rows that a line has taken: the terminal itself breaks what is longer than one."""
        self.rows += max(1, -(-width(line.rstrip("\n")) // self.console.width))

    def take_back(self, place: int) -> None:
        """Clear the rows since then, where they are all still on the screen."""
        rows = self.rows - place
        if 0 < rows < self.console.height and not self.console.legacy_windows:
            print("\x1b[A\x1b[2K" * rows, end="", file=self.console.file, flush=True)
            self.rows = place

    def _drawn(self, line: Line, mark: str) -> Rich:
        from rich.text import Text as Rich

        whole = {"#": "bold", "=": "dim"}.get(mark, "")
        drawn = Rich(style=whole)
        for span in line:
            drawn.append(span.text, self._style(span, mark))
        return drawn

    def _style(self, span: Span, mark: str) -> Style:
        from rich.style import Style

        name = SIGNS.get(mark, "") if span.style == "mark" else STYLES.get(span.style, "")
        style = Style.parse(name or "none")
        return style + Style(link=span.url) if span.url and self.links else style


def knows_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal shows OSC 8 hyperlinks, as far as it tells; FORCE_HYPERLINK=1 or 0 decides."""
    if forced := environment.get("FORCE_HYPERLINK"):
        return forced != "0"
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM", "") in _PROGRAMS
        or environment.get("TERM", "") in _TERMINALS
        or (vte.isdigit() and int(vte) >= 5000)
        or any(environment.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))
    )
