"""What a mapping template's values can do: Java's methods of strings, lists and maps, `$input` and `$util`.

Values are JSON's, as Python has them. A method that a value does not have gives None, as in Velocity, where the
reference is then shown as it was written.
Source: API Gateway developer guide, "Variables for data transformations",
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, unquote_plus

_STEP = re.compile(r"(?P<all>\.\*|\[\*\])|\.(?P<name>[^.\[\]]+)|\[['\"](?P<quoted>[^'\"]+)['\"]\]|\[(?P<at>-?\d+)\]")
_NAMED_ESCAPES = {"\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}
_ESCAPED = re.compile(r"[\x00-\x1f\"'\\/]|[^\x00-\x7f]")


def json_path(document: object, path: str) -> object:
    """The value at a JSON path of names, positions and `*`, as `$.errorMessage`; None where there is none."""
    found, at = document, 1
    while at < len(path):
        step = _STEP.match(path, at)
        if not step:
            return None
        if step["all"]:
            values = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
            return [one for one in (json_path(value, "$" + path[step.end() :]) for value in values) if one is not None]
        found, at = _at(found, step), step.end()
    return found


def _at(value: object, step: re.Match[str]) -> object:
    if step["at"] is not None:
        position = int(step["at"])
        return value[position] if isinstance(value, list) and -len(value) <= position < len(value) else None
    return value.get(step["name"] or step["quoted"]) if isinstance(value, dict) else None


def parsed(text: str) -> object:
    """The JSON document; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def to_json(value: object) -> str:
    """Without blanks, as API Gateway writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_text(value: object) -> str:
    """What a template shows: lists as JSON, maps as Java writes them (`{a=1, b=2}`)."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={to_text(one)}" for name, one in value.items()) + "}"
    return to_json(value)


def escape_java_script(value: object) -> str:
    """JavaScript's escapes: also `\\'`, which JSON does not know."""
    return _ESCAPED.sub(_escape, to_text(value))


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\"'/":
        return "\\" + character
    units = character.encode("utf-16-be")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return _NAMED_ESCAPES.get(character) or "".join(f"\\u{pair.hex().upper()}" for pair in pairs)


class Payload(str):
    """`$input.body`: text; any member of it is empty, not null (recorded from AWS)."""


@dataclass(frozen=True)
class Input:
    """`$input`: the payload, and the parameters of the request by kind."""

    body: str
    path: Mapping[str, str] = field(default_factory=dict)
    querystring: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)

    def params(self, name: str | None = None) -> object:
        """All by kind, or the one of that name, from the path, the query string or the headers, else ""."""
        if name is None:
            kinds = {"path": self.path, "querystring": self.querystring, "header": self.header}
            return {kind: dict(values) for kind, values in kinds.items()}
        headers = self.header.get(name, self.header.get(str(name).lower(), ""))
        return self.path.get(name, self.querystring.get(name, headers))

    def at(self, path: object = "$") -> object:
        """The value at a JSON path; "" where there is none."""
        found = json_path(parsed(self.body), str(path))
        return "" if found is None else found


def _replace_all(text: str, pattern: object, by: object) -> str:
    return re.sub(str(pattern), re.sub(r"\$(\d)", r"\\\1", str(by).replace("\\", "\\\\")), text)


def _substring(text: str, begin: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    if not 0 <= begin <= end <= len(text):
        raise IndexError(f"substring({begin}, {end}) of {len(text)} characters")
    return text[begin:end]


def _split(text: str, pattern: object) -> list[str]:
    parts = re.split(str(pattern), text)
    while parts and not parts[-1]:
        parts.pop()
    return parts


_Method = Callable[..., object]
_OF_TEXT: dict[str, _Method] = {
    "startsWith": lambda text, part: text.startswith(to_text(part)),
    "endsWith": lambda text, part: text.endswith(to_text(part)),
    "contains": lambda text, part: to_text(part) in text,
    "indexOf": lambda text, part: text.find(to_text(part)),
    "lastIndexOf": lambda text, part: text.rfind(to_text(part)),
    "substring": _substring,
    "length": len,
    "isEmpty": lambda text: not text,
    "trim": str.strip,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "concat": lambda text, more: text + to_text(more),
    "charAt": lambda text, at: text[at],
    "replace": lambda text, old, new: text.replace(to_text(old), to_text(new)),
    "replaceAll": _replace_all,
    "replaceFirst": lambda text, pattern, by: re.sub(str(pattern), str(by), text, count=1),
    "matches": lambda text, pattern: re.fullmatch(str(pattern), text) is not None,
    "split": _split,
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == to_text(other).lower(),
}
_OF_LIST: dict[str, _Method] = {
    "size": len,
    "count": len,
    "isEmpty": lambda items: not items,
    "get": lambda items, at: items[at] if -1 < at < len(items) else None,
    "contains": lambda items, one: one in items,
    "indexOf": lambda items, one: items.index(one) if one in items else -1,
    "add": lambda items, one: items.append(one) or True,
}
_OF_MAP: dict[str, _Method] = {
    "size": len,
    "isEmpty": lambda pairs: not pairs,
    "get": lambda pairs, name: pairs.get(name),
    "containsKey": lambda pairs, name: name in pairs,
    "keySet": list,
    "values": lambda pairs: list(pairs.values()),
    "entrySet": lambda pairs: [{"key": name, "value": value} for name, value in pairs.items()],
    "getKey": lambda pair: pair["key"],
    "getValue": lambda pair: pair["value"],
    "put": lambda pairs, name, value: pairs.update({name: value}) or "",
}
_OF_INPUT: dict[str, _Method] = {
    "path": Input.at,
    "json": lambda given, path="$": to_json(given.at(path)),
    "params": Input.params,
}
_OF_UTIL: dict[str, _Method] = {
    "escapeJavaScript": lambda util, value: escape_java_script(value),
    "parseJson": lambda util, text: parsed(to_text(text)),
    "urlEncode": lambda util, text: quote_plus(to_text(text)),
    "urlDecode": lambda util, text: unquote_plus(to_text(text)),
    "base64Encode": lambda util, text: base64.b64encode(to_text(text).encode()).decode(),
    "base64Decode": lambda util, text: base64.b64decode(to_text(text)).decode("utf-8", "replace"),
}
_OF_ALL: dict[str, _Method] = {"toString": to_text, "equals": lambda value, other: value == other, "hashCode": hash}
UTIL = object()


def method(value: object, name: str) -> _Method | None:
    """The value's method of that name, the value as its first argument; None when it has none."""
    kinds: tuple[tuple[type, dict[str, _Method]], ...] = (
        (str, _OF_TEXT), (list, _OF_LIST), (dict, _OF_MAP), (Input, _OF_INPUT),
    )  # fmt: skip
    own = _OF_UTIL if value is UTIL else next((methods for kind, methods in kinds if isinstance(value, kind)), {})
    return own.get(name) or _OF_ALL.get(name)
