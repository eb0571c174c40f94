"""What a property's value is made of, until a tool writes it in its own words: text with references in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hol.teach.blanks import Content


@dataclass(frozen=True)
class Attribute:
    """What another resource is asked for."""

    address: str
    name: str


@dataclass(frozen=True)
class Variable:
    """A name that whoever uses the export may choose."""

    name: str


@dataclass(frozen=True)
class Here:
    """The account, or the region, that the export is used in."""

    what: Literal["account", "region"]


Part = str | Attribute | Variable | Here


@dataclass(frozen=True)
class Joined:
    """Text of which some parts are references."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Asked:
    """What only whoever uses the export can say, with an example."""

    example: str


@dataclass(frozen=True)
class File:
    """A file beside the export; `digest`: the property that tells whether it has changed."""

    file: Content
    digest: str = ""


@dataclass(frozen=True)
class Document:
    """A policy, as an object."""

    content: object


@dataclass(frozen=True)
class Tags:
    """A resource's tags."""

    tags: Mapping[str, object]


@dataclass(frozen=True)
class Code:
    """The deployment package of a function."""

    file: Content


def addresses(value: object) -> set[str]:
    """The resources that a value refers to."""
    if isinstance(value, Attribute):
        return {value.address}
    if isinstance(value, Joined):
        return {part.address for part in value.parts if isinstance(part, Attribute)}
    if isinstance(value, Document):
        return addresses(value.content)
    inside = (
        [*value.keys(), *value.values()] if isinstance(value, Mapping) else value if isinstance(value, list) else []
    )
    return {address for one in inside for address in addresses(one)}


@dataclass(frozen=True)
class Known:
    """Every text that stands for something that has a name here, the longest first."""

    texts: Mapping[str, Part]

    def joined(self, text: str, but: str = "") -> object:
        """The text with references in place of what is known; as it is where nothing is. `but`: what it is itself."""
        known = {one: part for one, part in self.texts.items() if one != but}
        longest = sorted(known, key=lambda one: (-len(one), one))
        if not longest:
            return text
        found = re.split(f"(?<![A-Za-z0-9])({'|'.join(map(re.escape, longest))})(?![A-Za-z0-9])", text)
        parts = tuple(known[piece] if i % 2 else piece for i, piece in enumerate(found) if piece)
        return Joined(parts) if any(not isinstance(part, str) for part in parts) else text

    def within(self, value: object, but: str = "") -> Any:
        """The value with references in all its texts, keys too."""
        if isinstance(value, str):
            return self.joined(value, but)
        if isinstance(value, Mapping):
            return {self.joined(key, but): self.within(item, but) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes):
            return [self.within(item, but) for item in value]
        return value
