"""The guide's Markdown on a terminal: emphasis and code drawn, links where they can be clicked or written out below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from hol.teach.markdown import Block
from hol.words.shown import width
from hol.words.spans import Line, Span, wrapped

Links = Literal["here", "below", "none"]  # on the words themselves, as an address below them, not at all
_INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[((?:[^\]`]|`[^`]*`)+)\]\(([^\s)]+)\)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


def lines(blocks: Sequence[Block], columns: int, links: Links = "below", indent: str = "") -> Iterator[Line]:
    """The blocks as lines of at most that many columns; code and addresses are never broken."""
    for number, block in enumerate(blocks):
        if number and not (indent and block.kind == "list"):
            yield ()
        if block.kind == "heading":
            yield (Span(indent), *(replace(one, style="strong") for one in inline(block.text, "none")))
        elif block.kind == "code":
            yield from ((Span(f"{indent}    "), Span(line, "code")) for line in block.text.splitlines())
        elif block.kind == "list":
            yield from _items(block, columns, links, indent)
        else:
            yield from _text(block.text, columns, links, indent, indent)


def brief(blocks: Sequence[Block], columns: int, most: int = 3) -> list[Line]:
    """What and why, in few lines: the text's first whole sentences that fit in them."""
    text = next((block.text for block in blocks if block.kind == "text"), "")
    fitting: list[Line] = []
    said = _SENTENCE.split(text)
    for count in range(1, len(said) + 1):
        found = wrapped(inline(" ".join(said[:count]), "none"), columns)
        if len(found) > most:
            break
        fitting = found
    return fitting or wrapped(inline(said[0], "none"), columns)[:most]


def inline(text: str, links: Links) -> list[Span]:
    """A paragraph's pieces, without their marks."""
    out, at = list[Span](), 0
    for found in _INLINE.finditer(text):
        out.append(Span(text[at : found.start()]))
        code, strong, shown, url = found.groups()
        if code is not None:
            out.append(Span(code, "code"))
        elif strong is not None:
            out += [one if one.style else replace(one, style="strong") for one in inline(strong, links)]
        elif links == "here" and url.startswith("http"):
            out += [replace(one, style="link", url=url) for one in inline(shown, "none")]
        else:
            out += inline(shown, links)
        at = found.end()
    return [one for one in (*out, Span(text[at:])) if one.text]


def _items(block: Block, columns: int, links: Links, indent: str) -> Iterator[Line]:
    last = block.level + len(block.items) - 1
    for number, item in enumerate(block.items, start=block.level):
        mark = f"{number:>{len(str(last))}}. " if block.level else "- "
        inside, rest = indent + " " * len(mark), item
        if item and item[0].kind == "text":
            yield from _text(item[0].text, columns, links, indent + mark, inside)
            rest = item[1:]
        else:
            yield (Span(indent + mark.rstrip()),)
        yield from lines(rest, columns, links, inside)


def _text(text: str, columns: int, links: Links, first: str, rest: str) -> Iterator[Line]:
    head = (Span(first),) if first else ()
    yield from wrapped(inline(text, links), columns, head, " " * width(rest))
    for url in _addresses(text) if links == "below" else ():
        yield (Span(f"{rest}-> "), Span(url, "link", url))


def _addresses(text: str) -> list[str]:
    """Where the text's links lead, but for those that it writes out."""
    shown = "".join(span.text for span in inline(text, "none"))
    return [url for *_, url in _INLINE.findall(text) if url.startswith("http") and url not in shown]
