"""A screen as the pages draw it: read, every text in both languages, every question answered.

The browser gets no data of the screens' language, only what is to be seen, and where a click leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hol.cloud.session import Cloud
from hol.engine.lab import Lab
from hol.serve.filling import Values, filled, find, holds, plain, unpacked
from hol.serve.screens import Data, Screen
from hol.serve.shown import Both
from hol.words.particles import settled

Drawn = dict[str, object]
Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Drawing:
    """Draws the screens of one lab, with what AWS says just now; `fetch` gets what the local AWS hands out an address for."""

    screens: Mapping[str, Screen]
    fetch: Fetch

    def screen(self, screen: Screen, lab: Lab, values: Values) -> Drawn:
        """The whole screen."""
        known = self.read(screen, lab, values)
        return {
            "id": screen.id,
            "service": screen.data["service"],
            "title": pair(screen.data["title"], known),
            "above": self._above(screen, known),
            "source": screen.data.get("source", ""),
            "as_of": str(screen.data.get("as_of", "")),
            "blocks": self._blocks(screen.data["blocks"], known),
        }

    def read(self, screen: Screen, lab: Lab, values: Values) -> dict[str, object]:
        """The values with what the screen reads; what it lacks to read something is None."""
        known = dict(values)
        for name, spec in screen.data.get("reads", {}).items():
            known[name] = self._one(lab, spec, known) if holds(spec.get("when"), known) else None
        return known

    def _one(self, lab: Lab, spec: Data, values: Values) -> object:
        if "find" in spec:
            return find(spec["find"], values)
        if spec.get("call") in _ADDRESSES:
            return _ADDRESSES[spec["call"]](lab.cloud, filled(spec["with"], values))
        if "unpack" in spec:
            address = filled(spec["unpack"], values)
            content = self.fetch(address) if address else b""
            return unpacked(content) if content else {}
        arguments, missing = filled(spec.get("with", {}), values), spec.get("missing", ())
        if "items" in spec:
            return plain(lab.all_pages(spec["call"], *missing, **arguments).get(spec["items"], []))
        return plain(lab.find(spec["call"], *missing, **arguments))

    def _above(self, screen: Screen, values: Values) -> list[Drawn]:
        """The screens that lead to it, the service's own first."""
        found: list[Drawn] = []
        under = screen.data.get("under")
        while under and under in self.screens:
            above = self.screens[under].data
            params = {name: values.get(name) for name in above.get("params", ())}
            found.insert(0, {"title": pair(above["title"], values), "go": {"screen": under, "params": params}})
            under = above.get("under")
        return found

    def _blocks(self, blocks: Sequence[Data], values: Values) -> list[Drawn]:
        return [self._block(block, values) for block in blocks if holds(block.get("when"), values)]

    def _block(self, block: Data, values: Values) -> Drawn:
        drawn = {"kind": block["kind"], "name": block.get("name", ""), "buttons": self._buttons(block, values)}
        texts = {name: pair(block[name], values) for name in ("title", "text", "empty") if name in block}
        return {**drawn, **texts, **_KINDS[block["kind"]](self, block, values)}

    def _buttons(self, block: Data, values: Values) -> list[Drawn]:
        return [self._button(one, values) for one in block.get("buttons", ()) if holds(one.get("when"), values)]

    def _button(self, one: Data, values: Values) -> Drawn:
        drawn: Drawn = {name: one[name] for name in ("name", "primary", "needs", "danger", "remember") if name in one}
        drawn |= {"label": pair(one["label"], values), "acts": bool("calls" in one or "http" in one)}
        drawn |= {"confirm": pair(one["confirm"], values)} if "confirm" in one else {}
        drawn |= {"go": go(one["go"], values)} if "go" in one and not drawn["acts"] else {}
        drawn |= {"items": self._buttons({"buttons": one["items"]}, values)} if "items" in one else {}
        if dialog := one.get("dialog"):
            drawn["dialog"] = {"title": pair(dialog["title"], values), "blocks": self._blocks(dialog["blocks"], values)}
        return drawn

    def _table(self, block: Data, values: Values) -> Drawn:
        rows = find(block["rows"], values) or []
        return {
            "columns": [pair(column["label"], values) for column in block["columns"]],
            "select": block.get("select", "none"),
            "rows": [self._row(block, {**values, "row": row}) for row in rows],
        }

    def _row(self, block: Data, values: Values) -> Drawn:
        return {
            "key": str(filled(block["key"], values)),
            "cells": [self._cell(column, values) for column in block["columns"]],
        }

    def _cell(self, item: Data, values: Values) -> Drawn:
        """A value with where it leads."""
        cell: Drawn = {"value": shown(filled(item["value"], values)) if "value" in item else None}
        cell |= {"go": go(item["go"], values)} if "go" in item else {}
        cell |= {"href": filled(item["href"], values)} if "href" in item else {}
        cell |= {"copy": True} if item.get("copy") else {}
        cell |= {"code": True} if item.get("code") else {}
        if "button" in item and holds(item["button"].get("when"), values):
            cell["button"] = self._button(item["button"], values)
        return cell

    def _details(self, block: Data, values: Values) -> Drawn:
        shown_ = [one for one in block["items"] if holds(one.get("when"), values)]
        return {"items": [{"label": pair(one["label"], values), **self._cell(one, values)} for one in shown_]}

    def _tabs(self, block: Data, values: Values) -> Drawn:
        tabs = [one for one in block["tabs"] if holds(one.get("when"), values)]
        drawn = [
            {"id": one["id"], "label": pair(one["label"], values), "blocks": self._blocks(one["blocks"], values)}
            for one in tabs
        ]
        return {"tabs": drawn}

    def _tree(self, block: Data, values: Values) -> Drawn:
        items: list[Drawn] = []
        for root in find(block["roots"], values) or []:
            inside = {**values, "item": root}
            items.append({"label": filled(block["label"], inside), "depth": 0, "go": go(block["go"], inside)})
            for child in find(block["children"], inside) or []:
                deeper = {**inside, "child": child}
                items.append({"label": child, "depth": 1, "go": go(block["child_go"], deeper)})
        return {"items": items}

    def _split(self, block: Data, values: Values) -> Drawn:
        return {"left": self._blocks(block["left"], values), "right": self._blocks(block["right"], values)}

    def _note(self, block: Data, values: Values) -> Drawn:
        return {"type": block.get("type", "info")}

    def _code(self, block: Data, values: Values) -> Drawn:
        return {"code": str(filled(block["text"], values) or "")}

    def _form(self, block: Data, values: Values) -> Drawn:
        cancel = {"cancel": go(block["cancel"], values)} if "cancel" in block else {}
        return {**cancel, "pages": [self._page(page, values) for page in block["pages"]]}

    def _page(self, page: Data, values: Values) -> Drawn:
        sections = [self._section(one, values) for one in page["sections"]]
        return {"title": pair(page["title"], values) if "title" in page else None, "sections": sections}

    def _section(self, section: Data, values: Values) -> Drawn:
        texts = {name: pair(section[name], values) for name in ("title", "text") if name in section}
        when = section.get("when", {})
        return {**texts, "when": when, "fields": [_field(one, values) for one in section["fields"]]}


# What AWS's answers do not tell, and the console shows: addresses for everybody.
_ADDRESSES: dict[str, Callable[[Cloud, Data], str | None]] = {
    "hol.invoke_url": lambda cloud, given: (
        cloud.invoke_url(given["restApiId"], given["stageName"]) if "stageName" in given else None
    ),
    "hol.website_url": lambda cloud, given: cloud.website_url(given["Bucket"]),
}
_KINDS: dict[str, Callable[[Drawing, Data, Values], Drawn]] = {
    "table": Drawing._table,
    "details": Drawing._details,
    "tabs": Drawing._tabs,
    "tree": Drawing._tree,
    "split": Drawing._split,
    "note": Drawing._note,
    "code": Drawing._code,
    "form": Drawing._form,
}


def _field(field: Data, values: Values) -> Drawn:
    drawn: Drawn = {
        name: field[name] for name in ("name", "kind", "when", "required", "must", "placeholder") if name in field
    }
    drawn |= {
        name: pair(field[name], values) for name in ("label", "hint", "text", "unit", "placeholder") if name in field
    }
    if "warn" in field:
        warn = field["warn"]
        drawn["warn"] = {"when": warn["when"], "text": pair(warn["text"], values)}
    if "options" in field or "from" in field:
        drawn["options"] = _options(field, values)
    drawn["default"] = filled(field.get("default"), values)
    return drawn


def _options(field: Data, values: Values) -> list[Drawn]:
    listed = [*field.get("options", ()), *(find(field["from"], values) or () if "from" in field else ())]
    options = [one if isinstance(one, Mapping) else {"value": one} for one in listed]
    return [
        {
            "value": str(one["value"]),
            "label": pair(one.get("label", str(one["value"])), values),
            **({"hint": pair(one["hint"], values)} if "hint" in one else {}),
        }
        for one in options
    ]


def pair(label: object, values: Values) -> Both:
    """A label in both languages; one text is the same in both."""
    korean, english = label if isinstance(label, list) else (label, label)
    return {"ko": settled(str(filled(korean, values))), "en": str(filled(english, values))}


def go(where: Data, values: Values) -> Drawn:
    """A screen and its parameters."""
    params = filled(where.get("with", {}), values)
    return {"screen": where["screen"], "params": {name: str(value) for name, value in params.items()}}


def shown(value: object) -> object:
    """A value as text: a pair of labels stays one."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return {"ko": value[0], "en": value[1]}
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None or value == "" else value if isinstance(value, str) else str(value)
