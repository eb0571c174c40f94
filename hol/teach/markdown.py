"""The little Markdown of the guide texts: read into blocks, drawn for a terminal or as HTML.

Headings, paragraphs, lists with everything inside, indented or fenced code, `code`, **strong** and [links](url).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hol.teach import figure
from hol.words.shown import width
from hol.words.text import Language, t

_ITEM = re.compile(r"(?:(\d+)\.|[-*]) +")
_INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[((?:[^\]`]|`[^`]*`)+)\]\(([^\s)]+)\)")


@dataclass(frozen=True)
class Block:
    """`heading` (level), `text`, `code` (name: what its fence says it is), or `list` (level: its first number, 0 for bullets; items of blocks)."""

    kind: Literal["heading", "text", "code", "list"]
    text: str = ""
    level: int = 0
    items: tuple[tuple[Block, ...], ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Line:
    """A line for the terminal."""

    text: str
    strong: bool = False


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text."""
    blocks: list[Block] = []
    lines = text.splitlines()
    while lines:
        if not lines[0].strip():
            lines.pop(0)
        elif found := re.match(r"(#+) (.*)", lines[0]):
            blocks.append(Block("heading", found[2].strip(), len(found[1])))
            lines.pop(0)
        elif lines[0].startswith(("    ", "```")):
            blocks.append(_code(lines))
        elif _ITEM.match(lines[0]):
            blocks.append(_list(lines))
        else:
            blocks.append(_paragraph(lines))
    return tuple(blocks)


def _code(lines: list[str]) -> Block:
    if lines[0].startswith("```"):
        name = lines.pop(0)[3:].strip()
        taken = []
        while lines and not lines[0].startswith("```"):
            taken.append(lines.pop(0))
        del lines[:1]
        return Block("code", "\n".join(taken), name=name)
    taken = []
    while lines and (lines[0].startswith("    ") or not lines[0].strip()):
        taken.append(lines.pop(0)[4:])
    return Block("code", "\n".join(taken).rstrip())


def _paragraph(lines: list[str]) -> Block:
    taken = [lines.pop(0).strip()]
    while lines and lines[0].strip() and not re.match(r"#+ |```", lines[0]) and not _ITEM.match(lines[0]):
        taken.append(lines.pop(0).strip())
    return Block("text", " ".join(taken))


def _list(lines: list[str]) -> Block:
    first = _ITEM.match(lines[0])
    assert first is not None
    items = []
    while lines and (found := _ITEM.match(lines[0])) and bool(found[1]) == bool(first[1]):
        items.append(_item(lines, found.end()))
    return Block("list", level=int(first[1] or 0), items=tuple(items))


def _item(lines: list[str], indent: int) -> tuple[Block, ...]:
    inside = [lines.pop(0)[indent:]]
    while lines and (lines[0].startswith(" " * indent) or not lines[0].strip()):
        inside.append(lines.pop(0)[indent:])
    while inside and not inside[-1].strip():
        inside.pop()
    return parse("\n".join(inside))


# --- HTML ---


class Ticks(NamedTuple):
    """Boxes before the numbered items of a text: what their ids begin with, and the language of their labels."""

    prefix: str
    language: Language


def to_html(blocks: tuple[Block, ...], above: int = 1, ticks: Ticks | None = None) -> str:
    """The blocks as HTML; headings go `above` levels further down."""
    return "\n".join(_html(block, above, ticks) for block in blocks)


def _html(block: Block, above: int, ticks: Ticks | None = None) -> str:
    if block.kind == "heading":
        return f"<h{block.level + above}>{inline_html(block.text)}</h{block.level + above}>"
    if block.kind == "code":
        return _code_html(block, ticks.language if ticks else "en")
    if block.kind == "text":
        return f"<p>{inline_html(block.text)}</p>"
    items = "\n".join(
        f"<li>{_tick(ticks, number) if block.level else ''}{_item_html(item, above)}</li>"
        for number, item in enumerate(block.items, block.level)
    )
    return f'<ol start="{block.level}">\n{items}\n</ol>' if block.level else f"<ul>\n{items}\n</ul>"


def _code_html(block: Block, language: Language) -> str:
    if block.name == figure.NAME:
        return figure.to_html(
            block.text, t("drawn after AWS's console, not a picture of it").render(language), inline_html
        )
    return f'<div class="block"><pre><code>{html.escape(block.text)}</code></pre></div>'


def _tick(ticks: Ticks | None, number: int) -> str:
    if ticks is None:
        return ""
    label = html.escape(t("{} done", number).render(ticks.language))
    return f'<input type="checkbox" class="tick" id="{ticks.prefix}-{number}" aria-label="{label}" hidden>'


def _item_html(item: tuple[Block, ...], above: int) -> str:
    first, rest = item[0], item[1:]
    head = inline_html(first.text) if first.kind == "text" else _html(first, above)
    return head + (("\n" + to_html(rest, above)) if rest else "")


def inline_html(text: str) -> str:
    """A paragraph's text as HTML."""
    out, at = [], 0
    for found in _INLINE.finditer(text):
        out.append(html.escape(text[at : found.start()]))
        code, strong, shown, url = found.groups()
        if code is not None:
            out.append(f"<code>{html.escape(code)}</code>")
        elif strong is not None:
            out.append(f"<strong>{inline_html(strong)}</strong>")
        elif re.match(r"https?://", url):
            out.append(f'<a href="{html.escape(url)}" target="_blank" rel="noopener">{inline_html(shown)}</a>')
        else:
            out.append(inline_html(shown))
        at = found.end()
    return "".join([*out, html.escape(text[at:])])


# --- terminal ---


def to_lines(blocks: tuple[Block, ...], columns: int, indent: str = "") -> Iterator[Line]:
    """The blocks as lines of at most that many columns; addresses and code are never broken."""
    for number, block in enumerate(blocks):
        if number and not (indent and block.kind == "list"):
            yield Line("")
        if block.kind == "heading":
            yield Line(indent + _plain(block.text)[0], strong=True)
        elif block.kind == "code":
            yield from (Line(f"{indent}    {line}") for line in block.text.splitlines())
        elif block.kind == "text":
            yield from _text_lines(block.text, columns, indent, indent)
        else:
            yield from _list_lines(block, columns, indent)


def _list_lines(block: Block, columns: int, indent: str) -> Iterator[Line]:
    last = block.level + len(block.items) - 1
    for number, item in enumerate(block.items, start=block.level):
        mark = f"{number:>{len(str(last))}}. " if block.level else "- "
        inside = indent + " " * len(mark)
        rest = item
        if item and item[0].kind == "text":
            yield from _text_lines(item[0].text, columns, indent + mark, inside)
            rest = item[1:]
        else:
            yield Line(indent + mark.rstrip())
        yield from to_lines(rest, columns, inside)


def _text_lines(text: str, columns: int, first: str, rest: str) -> Iterator[Line]:
    plain, urls = _plain(text)
    for number, line in enumerate(wrap(plain, columns - width(rest))):
        yield Line((rest if number else first) + line)
    yield from (Line(f"{rest}-> {url}") for url in urls if url not in plain)


def _plain(text: str) -> tuple[str, list[str]]:
    """The text without its marks, and the addresses of its links."""
    urls = [found[4] for found in _INLINE.finditer(text) if found[4] and found[4].startswith("http")]

    def bare(found: re.Match[str]) -> str:
        return found[1] if found[1] is not None else _plain(found[2] or found[3])[0]

    return _INLINE.sub(bare, text), urls


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most that many terminal columns, broken at spaces; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
