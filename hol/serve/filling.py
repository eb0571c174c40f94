"""The little language of the screens' data: values put into arguments, and questions about what AWS answered.

`"{name}"` alone is the value itself, inside a text it is its text; names may have dots. A mapping with one key that begins
with `$` is made of its value: `$json` (a document as text), `$zip` (an archive of files), `$find` (a JMESPath question about all
values), `$sum` (numbers, each times its factor), `$divided` and `$rest` (a number by another), `$decoded` (Base64). What comes out as None is left out of the arguments.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import jmespath

Values = Mapping[str, object]
_NAME = re.compile(r"\{([a-z_][\w.]*)\}")
_DATE = (1980, 1, 1, 0, 0, 0)


def filled(template: object, values: Values) -> Any:
    """The template with its values put in."""
    if isinstance(template, str):
        return _text(template, values)
    if isinstance(template, list):
        return [one for part in template if (one := filled(part, values)) is not None]
    if not isinstance(template, Mapping):
        return template
    if len(template) == 1 and (name := next(iter(template))) in _MAKING:
        return _MAKING[name](template[name], values)
    parts = {filled(name, values): filled(part, values) for name, part in template.items()}
    return {name: part for name, part in parts.items() if part is not None}


def find(question: str, values: Values) -> Any:
    """What the question finds in the values, its own placeholders filled in first; None for nothing."""
    try:
        asked = _NAME.sub(lambda name: _quoted(_said(_value(name[1], values))), question)
        return jmespath.search(asked, values)
    except jmespath.exceptions.JMESPathError:  # a placeholder that is empty yet
        return None


def holds(condition: Mapping[str, object] | None, values: Values) -> bool:
    """Whether every named value is the one that is wanted, or one of the list; "*" wants any."""
    for name, wanted in (condition or {}).items():
        found = _value(name, values)
        if wanted == "*" and found:
            continue
        if found not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True


def plain(value: object) -> object:
    """An answer as questions can be asked about it: bytes as text, times as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return within(value)
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def within(answer: Values) -> dict[str, object]:
    """The members likewise."""
    return {name: plain(part) for name, part in answer.items() if name != "ResponseMetadata"}


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            made.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, str]:
    """The text files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return {one: found.read(one).decode("utf-8", "replace") for one in found.namelist() if not one.endswith("/")}


def _text(template: str, values: Values) -> object:
    if whole := _NAME.fullmatch(template):
        return _value(whole[1], values)
    return _NAME.sub(lambda found: _said(_value(found[1], values)), template)


def _value(name: str, values: Values) -> object:
    """By its whole name, for configuration has dots in its names, or else a part of a value."""
    if name in values:
        return values[name]
    first, _, rest = name.partition(".")
    found = values.get(first)
    return _value(rest, found) if rest and isinstance(found, Mapping) else None


def _quoted(text: str) -> str:
    """The text inside of the quotation marks that stand around it in the question: it ends none of them."""
    return text.replace("'", "\\'").replace('"', '\\"')


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float | str) and value else 0


_MAKING: dict[str, Callable[[Any, Values], object]] = {
    "$json": lambda part, values: json.dumps(filled(part, values), ensure_ascii=False, indent=2),
    "$zip": lambda part, values: archive(filled(part, values)),
    "$find": lambda part, values: find(part, values),
    "$sum": lambda part, values: sum(_whole(_value(name, values)) * factor for name, factor in part.items()),
    "$divided": lambda part, values: _whole(find(part[0], values)) // part[1],
    "$rest": lambda part, values: _whole(find(part[0], values)) % part[1],
    "$decoded": lambda part, values: base64.b64decode(filled(part, values) or "").decode("utf-8", "replace"),
}
