"""What is drawn on a terminal: hyperlinks where it has them, hanging indents, and what was taken back is gone."""

from __future__ import annotations

import io
import re

import pytest

from hol.cli.screen.drawing import Pen, knows_links
from hol.words.commands import command
from hol.words.text import t

ADDRESS = "https://console.aws.amazon.com/iam/home#/roles/details/myTextClassificationLambdaRole-hol"


@pytest.mark.parametrize(
    ("environment", "knows"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"VTE_VERSION": "6003"}, True),
        ({"VTE_VERSION": "4601"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
    ],
)
def test_a_terminal_says_whether_it_has_hyperlinks(environment: dict[str, str], knows: bool) -> None:
    assert knows_links(environment) is knows


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def _drawn(monkeypatch: pytest.MonkeyPatch, columns: int, text: str, mark: str, **environment: str) -> str:
    for name, value in {"COLUMNS": str(columns), "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    stream = Terminal()
    Pen(stream, environment).write(text, mark)
    return stream.getvalue()


def _plain(drawn: str) -> list[str]:
    return re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", drawn).splitlines()


def test_an_address_is_a_link_where_the_terminal_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"    -> {ADDRESS}"
    assert f";{ADDRESS}\x1b\\" in _drawn(monkeypatch, 80, line, "", FORCE_HYPERLINK="1")
    assert "\x1b]8" not in _drawn(monkeypatch, 80, line, "")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_other_lines_begin_where_the_text_began_and_commands_stay_whole(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    said = t("to read more: {}", command("step", 5, "--explain", set="local.port=4600", config="my lab"))
    lines = _plain(_drawn(monkeypatch, 40, f"  ! {said.drawn(language)}", "!"))
    assert lines[0].startswith("  ! ")
    assert lines[1] == "    hol step 5 --explain --set local.port=4600 --config 'my lab'"


def test_what_is_taken_back_is_cleared_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "10")
    stream = Terminal()
    pen = Pen(stream, {})
    pen.write("kept")
    place = pen.rows
    pen.write("one")
    pen.write("x" * 60)  # the terminal breaks it in two
    pen.take_back(place)
    assert stream.getvalue().endswith("\x1b[A\x1b[2K" * 3)
    assert pen.rows == place
    for _ in range(10):
        pen.write("more than is on the screen")
    before = stream.getvalue()
    pen.take_back(place)
    assert stream.getvalue() == before
