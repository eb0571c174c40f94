"""The input of an operation as the wire has it: JSON, and the query protocol's forms, held against botocore's shapes.

What has a wrong JSON type never gets to a service: AWS's front answers `SerializationException`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hol.cloud.models import Shape
from hol.local.wire import Body, Request


class WrongType(ValueError):
    """A member whose JSON is not of its type, or a body that is no JSON; in the words of AWS's front."""


def body_of(request: Request) -> Body:
    """The body's JSON object. Raises `WrongType`."""
    try:
        parsed = json.loads(request.body.decode() or "{}", parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise WrongType("Unexpected token: the body is no JSON") from None
    if not isinstance(parsed, dict):
        raise WrongType("Unexpected token: the body is no JSON object")
    return parsed


def no_constant(name: str) -> None:
    """JSON has no NaN and no Infinity."""
    raise ValueError(name)


_TOKENS = {bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE", str: "STRING_VALUE"}
_WANTED: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a String"),
    "blob": ((str,), "a Blob"),
    "integer": ((int,), "an Integer"),
    "long": ((int,), "a Long"),
    "boolean": ((bool,), "a Boolean"),
    "float": ((int, float), "a Float"),
    "double": ((int, float), "a Double"),
    "timestamp": ((int, float, str), "a Timestamp"),
}
_DEEPEST = 60


def of_text(member: Shape, value: str) -> object:
    """The value of a path, a query or a header. Raises `WrongType`."""
    if member.type_name in ("integer", "long"):
        return _integer(value)
    return value


def _integer(value: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise WrongType("STRING_VALUE can not be converted to an Integer")
    return int(value)


def checked(shape: Shape, value: object, wire: str, depth: int = 0) -> object:
    """The value, which is of the shape's type all the way down. Raises `WrongType`."""
    if value is None or getattr(shape, "is_document_type", False) or depth > _DEEPEST:
        return value
    kind = shape.type_name
    if kind in ("structure", "map", "list"):
        return _container(shape, value, wire, depth)
    types, name = _WANTED.get(kind, ((object,), kind))
    if isinstance(value, dict | list):
        raise WrongType(
            f"Start of {'list' if isinstance(value, list) else 'structure or map'} found where not expected."
        )
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
        raise WrongType(f"{_TOKENS[type(value)]} can not be converted to {name}")
    return _sound(value)


def _sound(value: object) -> object:
    """A lone half of a sign above U+FFFF is no text, and no number has so many digits."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise WrongType("Unexpected token: the body is no UTF-8") from None
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise WrongType(f"Numeric value ({value}) out of range of long")
    return value


def _container(shape: Shape, value: object, wire: str, depth: int) -> object:
    if shape.type_name == "list":
        if not isinstance(value, list):
            raise WrongType("Expected list or null")
        return [checked(shape.member, one, wire, depth + 1) for one in value]
    if not isinstance(value, dict):
        raise WrongType("Expected map or null" if shape.type_name == "map" else "Unexpected field type")
    if shape.type_name == "map":
        return {_sound(name): checked(shape.value, one, wire, depth + 1) for name, one in value.items()}
    return structure(shape, value, depth)


def structure(shape: Shape, value: Mapping[str, object], depth: int = 0) -> Body:
    """The members that the shape knows, each of its type. Raises `WrongType`."""
    known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    return {known[key][0]: checked(known[key][1], one, key, depth + 1) for key, one in value.items() if key in known}


# --- the query protocol's forms ---


@dataclass
class _Tree:
    """A form's fields: of `Tags.member.1.Key=a` each part between dots leads one deeper, to the text."""

    text: str | None = None
    parts: dict[str, _Tree] = field(default_factory=dict)


def tree_of(flat: Mapping[str, str]) -> _Tree:
    """The fields of a form as a tree."""
    tree = _Tree()
    for name, value in flat.items():
        at = tree
        for part in name.split("."):
            at = at.parts.setdefault(part, _Tree())
        at.text = value
    return tree


def members(shape: Shape, tree: _Tree) -> Body:
    """The members that the form gives."""
    parts = {name: tree.parts.get(one.serialization.get("name", name)) for name, one in shape.members.items()}
    found = {name: _read(shape.members[name], part) for name, part in parts.items() if part is not None}
    return {name: value for name, value in found.items() if value is not None}


def _read(shape: Shape, tree: _Tree) -> object:
    """What of the tree is of that shape; None when nothing is."""
    if shape.type_name == "structure":
        return members(shape, tree)
    if shape.type_name == "list":
        listed = tree.parts["member"].parts if "member" in tree.parts else {}
        return [_read(shape.member, listed[number]) for number in sorted(listed, key=_number) if number] or None
    return None if tree.text is None else of_text(shape, tree.text)


def _number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() and len(text) < 9 else 10**9, text)
