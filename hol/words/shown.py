"""What is shown of things that came from outside: nothing in a name may move the cursor, colour the line or turn it round."""

from __future__ import annotations

import re
import reprlib
import unicodedata
from functools import cache

# C0 (but for tab and newline), C1, marks and overrides of direction, invisible signs, line separators, lone surrogates.
_HIDDEN = (
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LONGEST = 80
_CONTAINER = reprlib.Repr()
_CONTAINER.maxlevel, _CONTAINER.maxdict, _CONTAINER.maxlist, _CONTAINER.maxstring = 2, 3, 3, 30


@cache
def hidden_signs() -> re.Pattern[str]:
    """Matches one such character; its wide ranges take 5 ms to compile, which plain text does not wait for."""
    return re.compile(_HIDDEN)


def harmless(text: str) -> str:
    """The text with every such character written out: ESC as `\\x1b`, an override of direction as `\\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return hidden_signs().sub(lambda found: escaped(found[0]), text)


def harmless_json(line: str) -> str:
    """A line of JSON that means the same, with every such character escaped as JSON does."""
    return hidden_signs().sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), line)


def _units(sign: str) -> list[int]:
    """The UTF-16 units of a character."""
    data = sign.encode("utf-16-be", "surrogatepass")
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data), 2)]


def escaped(sign: str) -> str:
    """A character as Python would write it in text."""
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def one_line(text: str) -> str:
    """Harmless, and without a newline that could begin a line of its own."""
    return harmless(re.sub(r"\s*\n\s*", " ", text) if "\n" in text else text)


def short(value: object) -> str:
    """A value as config.yaml writes it, of about 80 characters at most."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list | tuple):
        return shortened(_CONTAINER.repr(value))
    return shortened(str(value)) or '""'


def shortened_path(path: str, most: int = _LONGEST) -> str:
    """The path, or its end, where the name stands."""
    return path if len(path) <= most else f"…{path[20 - most :]}"


def shortened(text: str, most: int = _LONGEST) -> str:
    """The text, or its beginning and how long it is."""
    return text if len(text) <= most else f"{text[: most - 20]}… ({len(text)})"


def width(text: str) -> int:
    """The terminal columns that a text takes: East Asian wide characters take two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
