"""The guide's Markdown on a terminal: emphasis and code drawn, links where they can be clicked or written out below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from hol.teach.markdown import Block
from hol.words.shown import width
from hol.words.spans import Line, Span, wrapped

Links = Literal["here", "below", "none"]  # on the words themselves, as an address below them, not at all
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


def lines(blocks: Sequence[Block], columns: int, links: Links = "below", indent: str = "") -> Iterator[Line]:
    """The blocks as lines of at most that many columns; code and addresses are never broken."""
    for number, block in enumerate(blocks):
        if number and not (indent and block.kind == "list"):
            yield ()
        if block.kind == "heading":
            yield (Span(indent), *(span._replace(style="strong", url="") for span in block.spans))
        elif block.kind == "code":
            yield from ((Span(f"{indent}    "), Span(line, "code")) for line in block.text.splitlines())
        elif block.kind == "list":
            yield from _items(block, columns, links, indent)
        else:
            yield from _text(block.spans, columns, links, indent, indent)


def brief(blocks: Sequence[Block], columns: int, most: int = 3) -> list[Line]:
    """What and why, in few lines: the text's first whole sentences that fit in them."""
    first = next((block for block in blocks if block.kind == "text"), Block("text"))
    ends = [found.start() for found in _SENTENCE.finditer(first.text)] + [len(first.text)]
    tried = [wrapped(_linked(_cut(first.spans, end), "none"), columns) for end in ends]
    return next((found for found in reversed(tried) if len(found) <= most), tried[0][:most])


def _cut(spans: Sequence[Span], length: int) -> Iterator[Span]:
    """The first so many characters."""
    for span in spans:
        if length > 0:
            yield span._replace(text=span.text[:length])
        length -= len(span.text)


def _linked(spans: Iterator[Span] | Sequence[Span], links: Links) -> list[Span]:
    """The pieces with their links as this terminal has them."""
    if links == "here":
        return [span._replace(style="link") if span.url.startswith("http") else span._replace(url="") for span in spans]
    return [span._replace(url="") for span in spans]


def _items(block: Block, columns: int, links: Links, indent: str) -> Iterator[Line]:
    last = block.first + len(block.items) - 1
    for number, item in enumerate(block.items, start=block.first):
        mark = f"{number:>{len(str(last))}}. " if block.first else "- "
        inside, rest = indent + " " * len(mark), item
        if item and item[0].kind == "text":
            yield from _text(item[0].spans, columns, links, indent + mark, inside)
            rest = item[1:]
        else:
            yield (Span(indent + mark.rstrip()),)
        yield from lines(rest, columns, links, inside)


def _text(spans: Sequence[Span], columns: int, links: Links, first: str, rest: str) -> Iterator[Line]:
    head = (Span(first),) if first else ()
    yield from wrapped(_linked(spans, links), columns, head, " " * width(rest))
    for url in _addresses(spans) if links == "below" else ():
        yield (Span(f"{rest}-> "), Span(url, "link", url))


def _addresses(spans: Sequence[Span]) -> list[str]:
    """Where the text's links lead, but for those that it writes out."""
    shown = "".join(span.text for span in spans)
    found = dict.fromkeys(span.url for span in spans if span.url.startswith("http"))
    return [url for url in found if url not in shown]
