"""Lines for a terminal: pieces of text with what they are (code, emphasis, an address), wrapped without breaking any of them.

A sentence comes as text in which what may not be broken stands between private signs (`Text.drawn`); whoever has no
terminal takes the signs out (`plain`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from hol.words.shown import width

Style = Literal["", "code", "strong", "link", "mark", "dim"]
# Around a printed command, which is one word however many blanks it has.
BEGIN, END = "\ue000", "\ue001"
_SIGNS = re.compile(f"[{BEGIN}{END}]")
_PIECE = re.compile(rf"{BEGIN}([^{END}]*){END}|(https?://[^\s{BEGIN}]+)|`([^`\n]+)`")


class Span(NamedTuple):
    """A piece of one line; `url` is where it leads."""

    text: str
    style: Style = ""
    url: str = ""


Line = tuple[Span, ...]


def kept_whole(text: str) -> str:
    """The text as one word that no line breaks."""
    return f"{BEGIN}{_SIGNS.sub('', text)}{END}"


def plain(text: str) -> str:
    """The text without private signs."""
    return _SIGNS.sub("", text)


def spans(text: str) -> Iterator[Span]:
    """The pieces of a sentence: commands, addresses and `code` are drawn as what they are."""
    at = 0
    for found in _PIECE.finditer(text):
        if found.start() > at:
            yield Span(plain(text[at : found.start()]))
        command, address, code = found.groups()
        yield Span(address, "link", address) if address else Span(command if code is None else f"`{code}`", "code")
        at = found.end()
    if at < len(text):
        yield Span(plain(text[at:]))


def wrapped(pieces: Iterable[Span], columns: int, first: Line = (), rest: str = "") -> list[Line]:
    """Lines of at most that many terminal columns; `first` begins the first, `rest` every other.

    They break at blanks only, and not inside code or an address: what is longer than a line has one of its own.
    """
    lines: list[list[Span]] = [list(first)]
    used, begun = line_width(first), False
    for word in _words(pieces):
        wide = line_width(word)
        if begun and used + 1 + wide > columns:
            lines.append([Span(rest)] if rest else [])
            used, begun = width(rest), False
        lines[-1] += [Span(" "), *word] if begun else word
        used, begun = used + begun + wide, True
    return [_joined(line) for line in lines]


def line_width(line: Iterable[Span]) -> int:
    """The terminal columns that it takes."""
    return sum(width(span.text) for span in line)


def _words(pieces: Iterable[Span]) -> Iterator[list[Span]]:
    """The words of a line, each of one piece or several: `word` and the full stop after it are one."""
    word: list[Span] = []
    for piece in pieces:
        parts = [piece.text] if piece.style in ("code", "link") and not _breaks(piece) else piece.text.split(" ")
        for number, part in enumerate(parts):
            if number and word:
                yield word
                word = []
            word += [piece._replace(text=part)] if part else []
    if word:
        yield word


def _breaks(piece: Span) -> bool:
    """Whether it may be broken all the same: words that lead somewhere else than they say."""
    return piece.style == "link" and piece.text != piece.url


def _joined(line: list[Span]) -> Line:
    """The line with like pieces together; the blank inside a link of several words is part of it."""
    found: list[Span] = []
    for span in line:
        if span.style and found[-1:] == [Span(" ")] and len(found) > 1 and _alike(found[-2], span):
            found.pop()
            found[-1] = span._replace(text=f"{found[-1].text} {span.text}")
        elif found and _alike(found[-1], span):
            found[-1] = span._replace(text=found[-1].text + span.text)
        else:
            found.append(span)
    return tuple(found)


def _alike(one: Span, other: Span) -> bool:
    return (one.style, one.url) == (other.style, other.url)
