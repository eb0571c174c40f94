"""One thing is one thing: no English sentence says "1 things"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hol.cli.screen.summary import Tally
from hol.engine.events import Event
from hol.words.text import counted, t

ROOT = Path(__file__).resolve().parents[1]
MANY = re.compile(
    r"\{\d?\} (things|calls|checks|objects|files|days|minutes|seconds|arguments|functions|steps|policies|tags)\b"
)
# Never one: limits, and what is said of two or more only.
NEVER_ONE = {
    "is not a time such as {}, from {} to {} minutes",
    "has {} tags, and at most {} are possible",
    "{}: {} holds more than {} MB or {} files",
    "these are {} policies: attach all of them",
    "the function's package has {} files, and a template holds only one",
    "a run may take {} minutes here",  # as long as an endpoint may take, or five
    "the clock of this machine is {} minutes off",  # more than AWS bears, which is five
    "there is no answer within {} seconds",
    "each link is good for {} minutes; a new one for one attendee: {}",  # AWS's quarter of an hour
    "The link is good for {} minutes; ask your instructor for a new one after that.",
    "the account runs at most {} functions at once, for {} attendees",  # ten, in the smallest account
}


def _uncounted(node: ast.AST, inside: bool = False) -> Iterator[str]:
    """The templates of `t(…)` that speak of many, outside of `counted(…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        inside = inside or node.func.id == "counted"
        first = node.args[0] if node.args else None
        if node.func.id == "t" and not inside and isinstance(first, ast.Constant) and MANY.search(str(first.value)):
            yield str(first.value)
    for child in ast.iter_child_nodes(node):
        yield from _uncounted(child, inside)


def test_whatever_speaks_of_many_speaks_of_one_too() -> None:
    files = [*ROOT.glob("hol/**/*.py"), *ROOT.glob("steps/**/*.py")]
    found = {said for file in files for said in _uncounted(ast.parse(file.read_text(encoding="utf-8")))}
    assert found == NEVER_ONE


@pytest.mark.parametrize(("number", "said"), [(0, "0 things"), (1, "1 thing"), (2, "2 things")])
def test_one_is_one(number: int, said: str) -> None:
    assert counted(number, t("1 thing"), t("{} things", number)).render("en") == said


def test_a_summary_of_one() -> None:
    tally = Tally(clock=lambda: 0.0)
    tally.count(Event("s", "=", t("it")))
    assert tally.done().render("en") == "no changes: 1 thing is as it should be, 0.0 s"
    assert tally.planned().render("en") == "no changes to make: 1 thing is as it should be"
    assert tally.done().render("ko") == "바뀐 것이 없어요: 1개가 설정과 같아요, 0.0초"
