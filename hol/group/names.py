"""Whose a thing is by its name: every name of an attendee's settings that is his alone.

What was made by hand bears no tag, and a request says only which thing it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from hol.config.settings import Section
from hol.group.labs import Group
from hol.words.errors import HolError

Place = tuple[str, str]
_NAME = re.compile(r"[\w.-]{3,255}")


@dataclass(frozen=True)
class Names:
    """A name → whose it is."""

    of: dict[str, frozenset[Place]]

    def whose(self, text: str) -> frozenset[Place]:
        """Those whose names stand in that text; names are told apart by what no name can have in it."""
        return frozenset[Place]().union(*(self.of.get(word, frozenset()) for word in _NAME.findall(text)))


def names(group: Group, more: Iterable[tuple[str, str]] = ()) -> Names:
    """The names of all attendees; `more`: (an id that AWS gave, the name that it has)."""
    found: dict[str, set[Place]] = {}
    for attendee in group.attendees:
        try:
            own = set(_texts(group.settings_of(attendee)))
        except HolError:  # his account cannot be reached
            continue
        for name in own:
            found.setdefault(name, set()).add(attendee.place)
    alone = {name: frozenset(whose) for name, whose in found.items() if len({id_ for id_, _ in whose}) == 1}
    return Names(alone | {id_: alone[name] for id_, name in more if name in alone})


def _texts(settings: Section) -> Iterator[str]:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if is_dataclass(value):
            yield from _texts(value)
        elif isinstance(value, str) and _NAME.fullmatch(value):
            yield value
