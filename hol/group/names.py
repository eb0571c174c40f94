"""Whose a thing is by its name: every name of an attendee's settings that is his alone.

What was made by hand bears no tag, and a request says only which thing it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from hol.config.settings import Section
from hol.group.labs import Group
from hol.words.errors import HolError

Place = tuple[str, str]
_NAME = re.compile(r"[\w.-]{3,255}")


@dataclass(frozen=True)
class Names:
    """A name → whose it is."""

    of: Mapping[str, frozenset[Place]]

    def whose(self, text: str) -> frozenset[Place]:
        """Those whose names stand in that text; names are told apart by what no name can have in it."""
        return frozenset[Place]().union(*(self.of.get(word, frozenset()) for word in _NAME.findall(text)))

    def not_of(self, place: Place) -> frozenset[str]:
        """The names that are others'."""
        return frozenset(name for name, whose in self.of.items() if place not in whose)

    def also(self, more: Iterable[tuple[str, str]]) -> Names:
        """These, and ids that AWS gave: each with the name that it has."""
        return Names({**self.of, **{id_: self.of[name] for id_, name in more if name in self.of}})


def names(group: Group) -> Names:
    """The names of all attendees whose accounts can be reached."""
    found: dict[str, set[Place]] = {}
    for attendee in group.attendees:
        try:
            own = set(_texts(group.settings_of(attendee)))
        except HolError:
            continue
        for name in own:
            found.setdefault(name, set()).add(attendee.place)
    return Names({name: frozenset(whose) for name, whose in found.items() if len({id_ for id_, _ in whose}) == 1})


def is_about_objects(touched: str | None) -> bool:
    """Whether a request was S3's: its method is followed by the bucket's name, any other's by a path."""
    return touched is not None and not touched.partition(" ")[2].startswith("/")


def may_change(touched: str | None, service: str) -> bool:
    """Whether a request about this (None: about who knows what) may change what the service answers."""
    path = (touched or "").partition(" ")[2]
    if is_about_objects(touched):
        return service == "s3"
    if path.startswith("/restapis"):
        return service == "apigateway"
    if path.startswith("/2015-03-31/functions"):
        return service == "lambda"
    return not path.startswith("/ ") or service not in ("s3", "apigateway", "lambda")


def _texts(settings: Section) -> Iterator[str]:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if is_dataclass(value):
            yield from _texts(value)
        elif isinstance(value, str) and _NAME.fullmatch(value):
            yield value
