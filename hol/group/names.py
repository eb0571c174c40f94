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
# A part of an API, by its path → what the reads of it have in their names.
_PARTS = {"resources": "resource", "stages": "stage", "gatewayresponses": "gateway_response"}


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


def is_changed_in_many(touched: str) -> bool:
    """Whether a request was about what one step changes in many calls: objects, and an API with its methods."""
    return _service(touched) in ("s3", "apigateway")


def may_change(touched: str | None, operation: str) -> bool:
    """Whether a request about this (None: about who knows what) may change what `service.operation` answers."""
    if touched is None or not (changed := _service(touched)):
        return True
    service, name = operation.split(".")
    if changed == "other":
        return service not in ("s3", "apigateway", "lambda")
    part = next((word for path, word in _PARTS.items() if f"/{path}" in touched.split(" ")[1]), "")
    return service == changed and (changed != "apigateway" or part in name)


def _service(touched: str) -> str:
    """Whose request it was: S3's method is followed by the bucket's name, any other's by a path; "" where that says nothing."""
    path = touched.partition(" ")[2]
    if not path.startswith("/"):
        return "s3"
    known = {"/restapis": "apigateway", "/2015-03-31/functions": "lambda", "/ ": "other"}
    return next((service for start, service in known.items() if path.startswith(start)), "")


def _texts(settings: Section) -> Iterator[str]:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if is_dataclass(value):
            yield from _texts(value)
        elif isinstance(value, str) and _NAME.fullmatch(value):
            yield value
