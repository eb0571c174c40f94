"""Calls by a table: which resources they make, with references where one names another.

Nothing here knows a service or a tool. What the table lacks is not left out silently: it is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hol.cloud.answers import Structure
from hol.engine.step import Step
from hol.export.made import Thing
from hol.export.row import Row, Rows, To
from hol.export.values import Asked, Attribute, Code, Document, File, Here, Known, Part, Tags, Variable, addresses
from hol.teach.blanks import MARK, blank

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@dataclass(frozen=True)
class Style:
    """How a tool spells what it has: a resource's address, a key of a nested block."""

    address: Callable[[Row, str], str]
    spell: Callable[[str], str]


@dataclass
class Resource:
    """A resource with its properties, and what it must come after."""

    thing: Thing
    row: Row
    label: str
    address: str
    properties: Structure = field(default_factory=dict)
    after: list[str] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return self.thing.step


@dataclass(frozen=True)
class Place:
    """What hangs together with the account, the region and the AWS that the calls were made for."""

    account: str
    region: str
    partition: str


@dataclass(frozen=True)
class Translation:
    """The resources; the variables with their values; and what no row says anything about, as `step: call`."""

    resources: Sequence[Resource]
    variables: Mapping[str, str]
    missing: Sequence[tuple[Step, str]]
    known: Known


def translate(
    things: Sequence[Thing],
    rows: Callable[[Thing], Row | None],
    style: Style,
    place: Place,
    names: Mapping[str, str],
    own: bool,
) -> Translation:
    """The things as resources. `names`: variables for what others made; `own`: with what hol keeps there for itself."""
    return _Table(things, rows, style, place, own).translated(names)


def rows_for(table: Rows, brought: str) -> Callable[[Thing], Row | None]:
    """The row of a thing: the step's own (`ROWS[brought]`), or the table's."""

    def row(thing: Thing) -> Row | None:
        own: Mapping[str, Rows] = thing.step.facet("ROWS", "export") or {}
        return own.get(brought, {}).get(thing.operation) or table.get(thing.operation)

    return row


class _Table:
    def __init__(
        self, things: Sequence[Thing], rows: Callable[[Thing], Row | None], style: Style, place: Place, own: bool
    ) -> None:
        self.style, self.place, self.own = style, place, own
        self.rows = [(thing, row) for thing in things if (row := rows(thing))]
        self.missing = [(thing.step, thing.operation) for thing in things if not rows(thing)]
        self.resources: list[Resource] = []

    def translated(self, names: Mapping[str, str]) -> Translation:
        for thing, row in self.rows:
            if row.kind:
                label = self._label(thing, row)
                self.resources.append(Resource(thing, row, label, self.style.address(row, label)))
        variables = {**self._variables(), **names}
        known = Known(
            {**self._texts(), **_parts(self.place), **{text: Variable(name) for name, text in variables.items()}}
        )
        for thing, row in self.rows:
            self._fill(thing, row, known)
        for resource in self.resources:
            resource.after = list(self._after(resource))
        return Translation(self.resources, variables, self.missing, known)

    def _label(self, thing: Thing, row: Row) -> str:
        named = row.label.format_map(_plain(thing.arguments)).lower()
        label = re.sub(r"[^a-z0-9]+", "_", named).strip("_").lstrip("0123456789_") or thing.step.name
        taken = [one.label for one in self.resources if one.row.kind == row.kind]
        twins = [
            one for one in taken if one == label or (one.startswith(f"{label}_") and one[len(label) + 1 :].isdigit())
        ]
        return f"{label}_{len(twins) + 1}" if twins else label

    def _variables(self) -> dict[str, str]:
        """Variable → name; a name that holds the account's number, or another's name, is made of these."""
        named = {
            f"{_joint(one)}_name": str(one.thing.arguments[one.row.name]) for one in self.resources if one.row.name
        }
        return {
            variable: name
            for variable, name in named.items()
            if self.place.account not in name
            and not any(other != name and Known({other: Variable("")}).joined(name) != name for other in named.values())
        }

    def _texts(self) -> dict[str, Part]:
        """What stands for a resource in others' texts → the attribute that gives it."""
        return {
            one.row.text.format_map({**vars(self.place), **_plain(one.thing.arguments)}): Attribute(
                one.address, one.row.attributes["text"]
            )
            for one in self.resources
            if one.row.text
        }

    def _fill(self, thing: Thing, row: Row, known: Known) -> None:
        """The thing's arguments in the properties of its resource, or of the one that it is a part of."""
        resource = self._of(thing, row)
        if resource is None:
            self.missing.append((thing.step, thing.operation))
            return
        properties: dict[str, object] = {} if row.at else resource.properties
        properties.update(row.also)
        for argument, value in _flat(thing.arguments, row.fields):
            to = _to(row.fields.get(argument))
            if to is None:
                self.missing.append((thing.step, f"{thing.operation} {argument}"))
            elif to.path and (self.own or not to.own) and value != {}:
                _put(properties, to.path, self._value(thing, row, argument, value, to, known))
        if row.at:
            _put(resource.properties, row.at, properties)

    def _of(self, thing: Thing, row: Row) -> Resource | None:
        if not row.into:
            return next(one for one in self.resources if one.thing is thing)
        same = {name: thing.arguments.get(name) for name in row.by}
        found = (
            one
            for one in self.resources
            if one.thing.operation == row.into and same.items() <= one.thing.arguments.items()
        )
        return next(found, None)

    def _value(self, thing: Thing, row: Row, argument: str, value: Any, to: To, known: Known) -> object:
        if argument in row.refs and (found := self._named(thing, argument, row.refs[argument])):
            return found
        known = Known({**known.texts, **self._blanks(thing)})
        its_own = row.text.format_map({**vars(self.place), **_plain(thing.arguments)}) if row.text else ""
        if to.how == "document":
            return Document(known.within(json.loads(value) if isinstance(value, str) else value, its_own))
        if to.how == "tags":
            return Tags(known.within(_tags(value)))
        if to.how == "code":
            return Code(value)
        if to.how == "file":
            return File(value, to.digest)
        if to.how == "nested":
            return known.within(_spelled(value, self.style.spell), its_own)
        if to.how == "asked":
            return Asked(_MOMENT.sub("YYYY-MM-DDThh:mm:ss", str(value)))
        return value if to.how == "verbatim" else known.within(value, its_own)

    def _named(self, thing: Thing, argument: str, operation: str) -> Attribute | None:
        """The attribute of the latest resource of that operation that agrees in all arguments that both have."""
        for one in reversed(self._before(thing)):
            theirs = one.thing.arguments
            if one.thing.operation == operation and argument in theirs and _agree(thing.arguments, theirs, argument):
                return Attribute(one.address, one.row.attributes[argument])
        return None

    def _blanks(self, thing: Thing) -> dict[str, Part]:
        """Each blank, and which resource's attribute fills it: the latest before."""
        asked = [(name, one) for one in self._before(thing) for name in one.row.attributes if name.isupper()]
        return {blank(name): Attribute(one.address, one.row.attributes[name]) for name, one in asked}

    def _before(self, thing: Thing) -> list[Resource]:
        order = [one for one, _ in self.rows]
        at = next(i for i, one in enumerate(order) if one is thing)
        return [one for one in self.resources if any(one.thing is other for other in order[:at])]

    def _after(self, resource: Resource) -> Iterator[str]:
        mine = resource.thing.arguments
        for one in self.resources:
            theirs = one.thing.arguments
            near = one.step is resource.step or theirs.get("restApiId") == mine.get("restApiId", "-")
            asked = one.thing.operation in resource.row.after and near and _agree(mine, theirs)
            if asked and not self._rests_on(one, resource.address):
                yield one.address

    def _rests_on(self, resource: Resource, address: str) -> bool:
        """Whether the resource refers to that one, directly or not."""
        used = addresses(resource.properties)
        return address in used or any(self._rests_on(one, address) for one in self.resources if one.address in used)


def _flat(
    arguments: Mapping[str, object], fields: Mapping[str, object], above: str = ""
) -> Iterator[tuple[str, object]]:
    """The arguments, and in place of one of which the row names parts, its parts: `Environment.Variables`."""
    for name, value in arguments.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping) and any(one.startswith(f"{path}.") for one in fields):
            yield from _flat(value, fields, f"{path}.")
        else:
            yield path, value


def _to(said: str | To | None) -> To | None:
    return To(said) if isinstance(said, str) else said


def _joint(one: Resource) -> str:
    """`endpoint_role`, but `role` rather than `role_role`."""
    return one.label if one.label == one.row.noun else f"{one.label}_{one.row.noun}"


def _parts(place: Place) -> dict[str, Part]:
    return {place.account: Here("account"), place.region: Here("region")}


def _plain(arguments: Mapping[str, object]) -> dict[str, str]:
    """The arguments that are text, without blanks: what labels and ARNs are made of."""
    return {name: MARK.sub("", value) for name, value in arguments.items() if isinstance(value, str)}


def _agree(mine: Mapping[str, object], theirs: Mapping[str, object], *also: str) -> bool:
    """Whether two calls are about the same place: of the arguments that name one, both say the same."""
    naming = {"httpMethod", "statusCode", "restApiId", *also} & mine.keys() & theirs.keys()
    return all(mine[name] == theirs[name] for name in naming)


def _tags(value: Structure | list[Structure]) -> dict[str, str]:
    if isinstance(value, Mapping) and "Tags" in value:
        value = value["Tags"]
    return dict(value) if isinstance(value, Mapping) else {tag["Key"]: tag["Value"] for tag in value}


def _spelled(value: object, spell: Callable[[str], str]) -> object:
    if isinstance(value, Mapping):
        return {spell(key): _spelled(item, spell) for key, item in value.items()}
    return [_spelled(item, spell) for item in value] if isinstance(value, list) else value


def _put(properties: Structure, path: str, value: object) -> None:
    """The value at `a.b`, or as one more item of the list `a.b[]`."""
    *above, last = path.removesuffix("[]").split(".")
    for name in above:
        properties = properties.setdefault(name, {})
    if path.endswith("[]"):
        properties.setdefault(last, []).append(value)
    else:
        properties[last] = value
