"""The tree of a mapping template, and the error of one that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass


class TemplateError(Exception):
    """A template that cannot be read or evaluated; API Gateway answers 500 for it."""


@dataclass(frozen=True)
class Literal:
    """Text between the references, or a string, number, true, false or null in an expression."""

    value: str | float | bool | None


@dataclass(frozen=True)
class Interpolated:
    """A double-quoted string with references in it."""

    nodes: Nodes


@dataclass(frozen=True)
class Step:
    """`.name`, `.name(arguments)` or, with an empty name, `[argument]`; arguments None for a property."""

    name: str
    arguments: tuple[Node, ...] | None = None


@dataclass(frozen=True)
class Reference:
    """`$name` with its steps; `source` is shown where it has no value, unless it is `quiet`."""

    name: str
    steps: tuple[Step, ...]
    quiet: bool
    source: str


@dataclass(frozen=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not:
    """`!operand`."""

    operand: Node


@dataclass(frozen=True)
class Items:
    """`[1, 2]`, or, with `until`, the range `[1..5]`."""

    nodes: Nodes
    until: Node | None = None


@dataclass(frozen=True)
class Pairs:
    """`{"a": 1}`."""

    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class Set:
    """`#set($target = value)`."""

    target: Reference
    value: Node


@dataclass(frozen=True)
class If:
    """`#if … #elseif … #else … #end`; the #else has the condition true."""

    branches: tuple[tuple[Node, Nodes], ...]


@dataclass(frozen=True)
class Foreach:
    """`#foreach($name in items) … #end`."""

    name: str
    items: Node
    nodes: Nodes


@dataclass(frozen=True)
class Leave:
    """`#stop` ends the template, `#break` the loop."""

    directive: str


Node = Literal | Interpolated | Reference | Binary | Not | Items | Pairs | Set | If | Foreach | Leave
Nodes = tuple[Node, ...]
