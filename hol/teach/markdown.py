"""The Markdown of the guide texts (CommonMark, no HTML in it): read into blocks for a terminal, or drawn as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markdown_it.utils import EnvType, OptionsDict

from hol.teach import figure
from hol.words.spans import Span
from hol.words.text import Language, t

_READER = MarkdownIt("commonmark", {"html": False})
Kind = Literal["heading", "text", "code", "list"]
_KINDS: dict[str, Kind] = {
    "heading": "heading", "paragraph": "text", "fence": "code", "code_block": "code", "bullet_list": "list", "ordered_list": "list",
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A heading or text (spans), code (text), or a list (its first number, 0 for bullets; items of blocks)."""

    kind: Kind
    spans: tuple[Span, ...] = ()
    text: str = ""
    first: int = 0
    items: tuple[tuple[Block, ...], ...] = ()


class Ticks(NamedTuple):
    """Boxes before the numbered items of a text: what their ids begin with, and the language of their labels."""

    prefix: str
    language: Language


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text."""
    return _blocks(SyntaxTreeNode(_READER.parse(text)).children)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_block(node) for node in nodes if node.type in _KINDS)


def _block(node: SyntaxTreeNode) -> Block:
    kind = _KINDS[node.type]
    if kind == "code":
        return Block(kind, text=node.content.rstrip("\n"))
    if kind == "list":
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
        return Block(kind, first=first, items=tuple(_blocks(item.children) for item in node.children))
    spans = tuple(span for child in node.children for span in _spans(child.children))
    return Block(kind, spans, "".join(span.text for span in spans))


def _spans(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Span]:
    """The pieces of a paragraph; emphasis within a link keeps the link."""
    for node in nodes:
        if node.type == "softbreak":
            yield Span(" ")
        elif node.type == "code_inline":
            yield Span(node.content, "code")
        elif node.type == "strong":
            yield from (span._replace(style=span.style or "strong") for span in _spans(node.children))
        elif node.type == "link":
            yield from (span._replace(url=str(node.attrs["href"])) for span in _spans(node.children))
        elif node.content:
            yield Span(node.content)
        else:
            yield from _spans(node.children)


def to_html(text: str, above: int = 1, ticks: Ticks | None = None) -> str:
    """The text as HTML; headings go `above` levels further down."""
    environment = {"language": ticks.language if ticks else "en"}
    tokens = _READER.parse(text, environment)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1]) + above}"
    return str(_WRITER.renderer.render(list(_ticked(tokens, ticks)), _WRITER.options, environment))


def _ticked(tokens: Sequence[Token], ticks: Ticks | None) -> Iterator[Token]:
    """The tokens, with a box in each numbered item of the text itself."""
    for token in tokens:
        yield token
        if ticks and token.type == "list_item_open" and token.level == 1 and token.markup in (".", ")"):
            label = html.escape(t("{} done", token.info).render(ticks.language))
            box = f'<input type="checkbox" class="tick" id="{ticks.prefix}-{token.info}" aria-label="{label}" hidden>'
            yield Token("html_inline", "", 0, content=box)


def _inline_html(text: str) -> str:
    return str(_WRITER.renderInline(text))


def _code(
    renderer: object, tokens: Sequence[Token], place: int, options: object, environment: Mapping[str, Language]
) -> str:
    token = tokens[place]
    if token.info.strip() == figure.NAME:
        caption = t("drawn after AWS's console, not a picture of it").render(environment["language"])
        return figure.to_html(token.content, caption, _inline_html)
    return f'<div class="block"><pre><code>{html.escape(token.content.rstrip(chr(10)))}</code></pre></div>\n'


def _link(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, environment: EnvType
) -> str:
    tokens[place].attrs |= {"target": "_blank", "rel": "noopener"}
    return str(renderer.renderToken(tokens, place, options, environment))


def _writer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False})
    for name, rule in (("fence", _code), ("code_block", _code), ("link_open", _link)):
        made.add_render_rule(name, rule)
    return made


_WRITER = _writer()
