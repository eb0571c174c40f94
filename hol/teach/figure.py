"""What a screen of the console shows, drawn from a few words: the fenced blocks `console` of the guide texts.

    Lambda › Functions › Create function        the first line: where one is
    (•) Author from scratch                     a choice taken, ( ) one not taken; [x] and [ ] likewise
    Function name [{{function.name}}]           a field and what is in it
    <Create function> <<Cancel>>                the button to press, and another

Everything else is a line of text. On a terminal the block is shown as it stands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

NAME = "console"
_CHOICE = re.compile(r"(?P<mark>\(•\)|\( \)|\[x\]|\[ \]) (?P<text>.+)")
_FIELD = re.compile(r"(?P<label>[^\[\]<>]+?) \[(?P<value>.*)\]")
_BUTTONS = re.compile(r"<<(?P<other>[^<>]+)>>|<(?P<first>[^<>]+)>")
_SIGNS = {"(•)": "◉", "( )": "○", "[x]": "☑", "[ ]": "☐"}


def to_html(block: str, caption: str, inline: Callable[[str], str]) -> str:
    """The block as a figure; `inline` draws a line's own Markdown."""
    where, *lines = block.splitlines() or [""]
    rows = "\n".join(_row(line.strip(), inline) for line in lines if line.strip())
    return (
        f'<figure><div class="bar">{html.escape(where)}</div>\n<div class="sheet">\n{rows}\n</div>\n'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _row(line: str, inline: Callable[[str], str]) -> str:
    if found := _CHOICE.fullmatch(line):
        return f'<div class="row"><span aria-hidden="true">{_SIGNS[found["mark"]]}</span> {inline(found["text"])}</div>'
    if found := _FIELD.fullmatch(line):
        return f'<div class="row field"><b>{inline(found["label"])}</b><span class="entry">{html.escape(found["value"])}</span></div>'
    if re.fullmatch(rf"(?:(?:{_BUTTONS.pattern})\s*)+".replace("?P<other>", "").replace("?P<first>", ""), line):
        return f'<div class="row">{"".join(_button(found) for found in _BUTTONS.finditer(line))}</div>'
    return f'<div class="row">{inline(line)}</div>'


def _button(found: re.Match[str]) -> str:
    kind = "press first" if found["first"] else "press"
    return f'<span class="{kind}">{html.escape(found["first"] or found["other"])}</span>'
