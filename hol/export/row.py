"""What a table says about a call: which resource it makes, or of which it is a part.

A table is data: operation → `Row`. The tool's own words for a property are values, so that whoever knows the tool can
read a row beside its documentation. A step of one's own brings rows for what hol has none for, in `ROWS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# plain: names in it become references; verbatim: as it is; document: JSON text that is an object here; nested: keys as
# the tool spells them; asked: only who uses the export can say it; tags, file, code: what they are.
How = Literal["plain", "verbatim", "document", "nested", "asked", "tags", "file", "code"]


@dataclass(frozen=True)
class To:
    """The property that an argument becomes: `a.b` lies in another, `a[]` is one more item of a list.

    `own`: what hol keeps there for itself, which only matters where hol's own resource is taken over. `digest`: the
    property by which a changed file is noticed.
    """

    path: str
    how: How = "plain"
    own: bool = False
    digest: str = ""


@dataclass(frozen=True)
class Row:
    """A resource that a call makes, or (`into`) the part of one that another call has made."""

    kind: str = ""
    fields: Mapping[str, str | To] = field(
        default_factory=dict
    )  # argument, or `one.in.it` → property; "" leaves it out
    noun: str = ""  # beside the step's name, what people call it
    label: str = ""  # which of several it is: "{httpMethod}"
    name: str = ""  # the argument that names it, and so becomes a variable
    text: str = ""  # as what it stands in others' texts, of its arguments, {partition}, {region} and {account}: its ARN
    refs: Mapping[str, str] = field(default_factory=dict)  # argument → the operation that made what it names
    attributes: Mapping[str, str] = field(default_factory=dict)  # what others ask it for: text, an argument, a blank
    after: tuple[str, ...] = ()  # what the step's other calls must have made before, though nothing refers to it
    triggers: tuple[str, ...] = ()  # whose change makes it anew
    outputs: Mapping[str, str] = field(default_factory=dict)  # output → attribute, or text with {attributes}
    also: Mapping[str, object] = field(default_factory=dict)  # properties that no argument gives
    unread: tuple[str, ...] = ()  # properties that the tool cannot read of what is there, and so would change
    identifier: str = ""  # by which the tool finds what is there: "{restApiId}/{resourceId}"
    into: str = ""  # the operation whose resource this is a part of …
    by: tuple[str, ...] = ()  # … namely the one with the same arguments
    at: str = ""  # … at that property


Rows = Mapping[str, Row]
