"""hol's screens are short enough to be read, at 80 columns in both languages; the pictures of them in docs/ are of today's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ports import free_port
from rich.text import Text

from scripts.screens import FOLDER, LANGUAGES, MOST, WIDTHS, Screen, screens

pytestmark = pytest.mark.timeout(500)  # every screen is drawn once for all tests
ADDRESS = re.compile(r"https?://\S+")


@pytest.fixture(scope="module", params=LANGUAGES)
def shown(request: pytest.FixtureRequest) -> dict[str, Screen]:
    return dict(screens(80, request.param, free_port()))


def _plain(screen: Screen) -> list[str]:
    return [Text.from_ansi(line).plain for line in screen.lines]


@pytest.mark.parametrize("name", MOST)
def test_no_screen_is_longer_than_can_be_read(shown: dict[str, Screen], name: str) -> None:
    assert 3 < shown[name].rows <= MOST[name], "\n".join(_plain(shown[name]))


@pytest.mark.parametrize("name", MOST)
def test_only_what_may_not_be_broken_is_wider_than_the_screen(shown: dict[str, Screen], name: str) -> None:
    wide = [line for line in _plain(shown[name]) if Text(line).cell_len > 80]
    assert [line for line in wide if len(ADDRESS.sub("·", line).split()) > 2] == []


def test_a_second_up_says_it_in_one_line(shown: dict[str, Screen]) -> None:
    first, *_ = _plain(shown["unchanged"])
    assert re.search(r"4\d", first), first
    assert not [line for line in _plain(shown["unchanged"]) if line.startswith(("  +", "  ~", "  ="))]


def test_down_names_each_thing_once(shown: dict[str, Screen]) -> None:
    """The list that was asked about has become the receipt."""
    lines = _plain(shown["down"])
    whole = "\n".join(lines)
    assert whole.count("SageMakerTextClassificationLambdaGateway") == 1
    assert "[y/N]" not in whole
    assert [line for line in lines if line.startswith("  - ")] == []


def test_a_step_says_where_it_is_what_it_made_and_what_comes_next(shown: dict[str, Screen]) -> None:
    lines = _plain(shown["step"])
    assert "(6/11)" in lines[0]
    assert not lines[1].startswith(" ")
    assert lines[4].startswith("  + ")
    assert lines[-1].endswith("hol step 6")


def test_there_is_a_picture_of_every_screen() -> None:
    wanted = {f"{name}.{language}.{columns}.svg" for name in MOST for language in LANGUAGES for columns in WIDTHS}
    drawn = {path.name: path.read_text(encoding="utf-8") for path in Path(FOLDER).glob("*.svg")}
    assert drawn.keys() == wanted
    assert max(map(len, drawn.values())) < 60_000
    assert [name for name, text in drawn.items() if "http://fonts" in text or "cdnjs" in text] == []
