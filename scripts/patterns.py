"""Sentences that a training set of reviews has too few of, from the patterns of `patterns.txt`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

FILE = Path(__file__).parent / "patterns.txt"


def expanded(pattern: str) -> Iterator[str]:
    """All sentences of a pattern: `{a|b} c` stands for `a c` and `b c`."""
    pieces = re.split(r"\{([^}]*)\}", pattern)
    choices = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    return map("".join, itertools.product(*choices))


def made(lines: Iterable[str], unheard: Collection[str], weight: float) -> Iterator[tuple[str, float, float]]:
    """Text, target from 0 to 1, and weight of all sentences but the `unheard` ones; a line, `target pattern`, counts as `weight` reviews."""
    for line in lines:
        if not line.startswith("#"):
            target, pattern = line.rstrip("\n").split(" ", 1)
            found = [text for text in dict.fromkeys(expanded(pattern)) if text not in unheard]
            yield from ((text, float(target), weight / len(found)) for text in found)
