"""YAML as plain values: text, whole numbers, true and false, null, lists and mappings; everything else is named.

The values are put together from the parser's events one by one, so that nothing is expanded, called or converted that
a setting cannot be. A date, a fraction or a number in another notation becomes `Odd`, which no rule takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from hol.words.shown import escaped, hidden_signs, shortened
from hol.words.text import Text, t

_DEEPEST = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.resolver.Resolver()  # has no types


@dataclass(frozen=True)
class Odd:
    """What YAML takes for a date, a fraction, or a number that is not plainly a whole one."""

    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


class NotYaml(ValueError):
    """The text cannot be taken; `why`, and the line and column (from 1; 0: unknown)."""

    def __init__(self, why: Text, line: int = 0, column: int = 0):
        super().__init__(why.render())
        self.why, self.line, self.column = why, line, column


def load(text: str) -> object:
    """The one document's value. Raises `NotYaml`."""
    hidden = next((found for found in hidden_signs().finditer(text) if found[0] != "\r"), None)
    if hidden:
        before = text[: hidden.start()].split("\n")
        raise NotYaml(t("it has the hidden character {}", escaped(hidden[0])), len(before), len(before[-1]) + 1)
    try:
        return _document(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = t("{} says “{}”", "PyYAML", getattr(error, "problem", None) or error)
        raise NotYaml(why, *((mark.line + 1, mark.column + 1) if mark else ())) from error


def _document(events: Iterator[yaml.Event]) -> object:
    value: object = None
    seen = False
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if seen:
                raise _wrong(t("there is more than one document (---)"), event)
            seen = True
            value = _value(next(events), events, 0)
    return value


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> object:
    if isinstance(event, yaml.AliasEvent):
        raise _wrong(t("references (*{}) are not taken; write the value out", shortened(str(event.anchor))), event)
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        raise _wrong(t("tags ({}) are not taken", shortened(str(event.tag))), event)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if depth >= _DEEPEST:
        raise _wrong(t("it is nested too deeply"), event)
    return (_mapping if isinstance(event, yaml.MappingStartEvent) else _list)(events, depth + 1)


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _value(event, events, depth)
        if not isinstance(key, str) or _tag(event) == "merge":
            raise _wrong(t("the key {} is not text", shortened(getattr(event, "value", "") or "[…]")), event)
        if key in found:
            raise _wrong(t("the key {} stands there twice", shortened(key)), event)
        found[key] = _value(next(events), events, depth)
    return found


def _list(events: Iterator[yaml.Event], depth: int) -> list[object]:
    found = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        found.append(_value(event, events, depth))
    return found


def _tag(event: yaml.Event) -> str:
    """What YAML takes an unquoted scalar for: `str`, `int`, `bool`, `null`, `float`, `timestamp`, `merge`, `value`."""
    if not isinstance(event, yaml.ScalarEvent) or not event.implicit[0]:
        return "str"
    return str(_RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False))).rpartition(":")[2]


def _scalar(event: yaml.ScalarEvent) -> object:
    text, tag = event.value, _tag(event)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    if tag == "int" and re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    return Odd(text) if tag in ("int", "float", "timestamp") else text


def _wrong(why: Text, event: yaml.Event) -> NotYaml:
    mark = event.start_mark
    return NotYaml(why, mark.line + 1, mark.column + 1) if mark else NotYaml(why)
