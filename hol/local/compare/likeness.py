"""Whether an answer is like a recorded one: which members it has, and whether its words may stand for the recorded ones.

Placeholders (`<id:1>`) stand for anything that is there. Lists of choices inside a message are compared as sets, since AWS
writes them in no order of its own; empty members (null, "", [], {}) count as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_ANY = re.compile(r"<[^<>\s/][^<>]*>")
_CHOICES = re.compile(r"\[([^\[\]]*)\]")


def same_text(recorded: str, ours: str) -> bool:
    """Whether ours is what the recorded text may stand for."""
    return bool(pattern(_sorted(recorded)).fullmatch(_sorted(ours)))


def _sorted(text: str) -> str:
    return _CHOICES.sub(lambda found: "[" + ", ".join(sorted(found[1].split(", "))) + "]", text)


def pattern(text: str) -> re.Pattern[str]:
    """What the recorded text may stand for; one group a placeholder."""
    parts, end = [], 0
    for found in _ANY.finditer(text):
        parts += [re.escape(text[end : found.start()]), "(.+?)"]
        end = found.end()
    return re.compile("".join([*parts, re.escape(text[end:])]), re.DOTALL)


def placeholders(text: str) -> list[str]:
    """The placeholders of a recorded text, in the order of the pattern's groups."""
    return [found[0] for found in _ANY.finditer(text)]


def members(answer: object, path: str = "") -> Iterator[str]:
    """The paths of all members that hold something: `items[].id`."""
    if isinstance(answer, Mapping):
        for name, value in answer.items():
            if name not in ("ResponseMetadata",) and not empty(value):
                yield from members(value, f"{path}.{name}" if path else name)
    elif isinstance(answer, list):
        for value in answer:
            yield from members(value, f"{path}[]")
    else:
        yield path


def differing(there: set[str], here: set[str]) -> Iterator[str]:
    """What only one of them has, in words."""
    if there - here:
        yield "only AWS has " + ", ".join(sorted(there - here))
    if here - there:
        yield "only here " + ", ".join(sorted(here - there))


def empty(value: object) -> bool:
    """Whether there is nothing in it."""
    return value is None or value == "" or value == [] or value == {} or value == b""
