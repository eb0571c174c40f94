"""The Velocity Template Language as API Gateway's mapping templates use it: from text to a tree.

References (`$name`, `${name}`, `$!name`, with properties, methods and indexes), `#set`, `#if`, `#foreach`, `#stop`,
`#break`, comments and unparsed text. Macros and includes are refused. A backslash in a string is a backslash, since
Velocity knows no escapes there; regular expressions count on it.
Source: Velocity's reference, https://velocity.apache.org/engine/1.7/vtl-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hol.local.templates.nodes import (  # fmt: skip
    Binary,
    Foreach,
    If,
    Interpolated,
    Items,
    Leave,
    Literal,
    Node,
    Nodes,
    Not,
    Pairs,
    Reference,
    Set,
    Step,
    TemplateError,
)

_PLAIN = re.compile(r"[^$#\\]+")
_COMMENT = re.compile(r"##[^\n]*\n?|#\*.*?\*#", re.DOTALL)
_VERBATIM = re.compile(r"#\[\[(.*?)\]\]#", re.DOTALL)
_ESCAPED = re.compile(r"\\([$#])")
_DIRECTIVE = re.compile(
    r"#(?:\{(?P<braced>[a-z]+)\}|(?P<bare>set|if|elseif|else|end|foreach|stop|break|macro|parse|include|evaluate|define)(?!\w))"
)
_END_OF_LINE = re.compile(r"[ \t]*\r?\n")
_NAME = re.compile(r"\$(?P<quiet>!?)(?P<brace>\{?)(?P<name>[A-Za-z_][\w-]*)")
_PROPERTY = re.compile(r"\.([A-Za-z_][\w-]*)")
_STRING = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORD = re.compile(r"(true|false|null)\b")
_WORDS = {"true": True, "false": False, "null": None}
_SPELLED = {"or": "||", "and": "&&", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
# From the loosest to the tightest.
_OPERATORS = tuple(
    re.compile(rf"\s*({signs})")
    for signs in (
        r"\|\||or\b",
        r"&&|and\b",
        r"==|!=|(?:eq|ne)\b",
        r"<=|>=|<|>|(?:lt|le|gt|ge)\b",
        r"\+|-",
        r"\*|/|%",
    )
)
_SPACE = re.compile(r"\s*")


@dataclass
class _Cursor:
    """Where the reading is."""

    text: str
    at: int = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def sign(self, sign: str) -> bool:
        """Whether the sign comes next, after any white space; it is taken."""
        found = _SPACE.match(self.text, self.at)
        at = found.end() if found else self.at
        if not self.text.startswith(sign, at):
            return False
        self.at = at + len(sign)
        return True

    def expect(self, sign: str) -> None:
        if not self.sign(sign):
            raise TemplateError(f"expected {sign} at {self.at}: {self.text[self.at : self.at + 20]!r}")


def parse(text: str) -> Nodes:
    """The tree of a template; raises TemplateError."""
    nodes, ended = _block(_Cursor(text))
    if ended:
        raise TemplateError(f"#{ended} without #if or #foreach")
    return nodes


def _block(cursor: _Cursor) -> tuple[Nodes, str]:
    """Everything up to an #end, #else or #elseif, which is taken and named; "" at the end of the text."""
    nodes: list[Node] = []
    while cursor.at < len(cursor.text):
        if cursor.take(_COMMENT):
            continue
        if verbatim := cursor.take(_VERBATIM) or cursor.take(_ESCAPED):
            nodes.append(Literal(verbatim[1]))
        elif directive := cursor.take(_DIRECTIVE):
            name = directive["braced"] or directive["bare"]
            if name in ("end", "else", "elseif"):
                return tuple(nodes), name
            nodes.append(_directive(cursor, name))
        else:
            nodes.append(_reference(cursor) or _plain(cursor))
    return tuple(nodes), ""


def _plain(cursor: _Cursor) -> Literal:
    found = cursor.take(_PLAIN)
    if not found:
        cursor.at += 1
    return Literal(found[0] if found else cursor.text[cursor.at - 1])


def _directive(cursor: _Cursor, name: str) -> Node:
    if name in ("stop", "break"):
        return Leave(name)
    read = _DIRECTIVES.get(name)
    if read is None:
        raise TemplateError(f"#{name} is not supported")
    cursor.expect("(")
    return read(cursor)


def _closed(cursor: _Cursor) -> None:
    """A directive's parenthesis, and the line end after it, which Velocity swallows."""
    cursor.expect(")")
    cursor.take(_END_OF_LINE)


def _variable(cursor: _Cursor) -> Reference:
    cursor.sign("")
    found = _reference(cursor)
    if not found:
        raise TemplateError(f"expected a reference at {cursor.at}")
    return found


def _set(cursor: _Cursor) -> Set:
    target = _variable(cursor)
    cursor.expect("=")
    value = _expression(cursor)
    _closed(cursor)
    return Set(target, value)


def _foreach(cursor: _Cursor) -> Foreach:
    name = _variable(cursor).name
    cursor.expect("in")
    items = _expression(cursor)
    _closed(cursor)
    nodes, ended = _block(cursor)
    _ended(cursor, ended)
    return Foreach(name, items, nodes)


def _if(cursor: _Cursor) -> If:
    branches = []
    condition = _expression(cursor)
    while True:
        _closed(cursor)
        nodes, ended = _block(cursor)
        branches.append((condition, nodes))
        if ended != "elseif":
            break
        cursor.expect("(")
        condition = _expression(cursor)
    if ended == "else":
        cursor.take(_END_OF_LINE)
        nodes, ended = _block(cursor)
        branches.append((Literal(True), nodes))
    _ended(cursor, ended)
    return If(tuple(branches))


def _ended(cursor: _Cursor, ended: str) -> None:
    if ended != "end":
        raise TemplateError("#end is missing")
    cursor.take(_END_OF_LINE)


_DIRECTIVES: dict[str, Callable[[_Cursor], Node]] = {"set": _set, "if": _if, "foreach": _foreach}


def _reference(cursor: _Cursor) -> Reference | None:
    """A reference; None, and nothing taken, where the dollar is only a dollar."""
    began = cursor.at
    found = cursor.take(_NAME)
    if not found:
        return None
    steps = _steps(cursor)
    if found["brace"] and not cursor.sign("}"):
        cursor.at = began
        return None
    return Reference(found["name"], steps, bool(found["quiet"]), cursor.text[began : cursor.at])


def _steps(cursor: _Cursor) -> tuple[Step, ...]:
    steps = []
    while cursor.at < len(cursor.text):
        if found := cursor.take(_PROPERTY):
            called = cursor.text.startswith("(", cursor.at)
            steps.append(Step(found[1], _arguments(cursor, "(", ")") if called else None))
        elif cursor.text[cursor.at] == "[":
            steps.append(Step("", _arguments(cursor, "[", "]")))
        else:
            break
    return tuple(steps)


def _arguments(cursor: _Cursor, opening: str, closing: str) -> Nodes:
    cursor.expect(opening)
    found: list[Node] = []
    while not cursor.sign(closing):
        if found:
            cursor.expect(",")
        found.append(_expression(cursor))
    return tuple(found)


def _expression(cursor: _Cursor, level: int = 0) -> Node:
    if level == len(_OPERATORS):
        return _operand(cursor)
    left = _expression(cursor, level + 1)
    while found := cursor.take(_OPERATORS[level]):
        left = Binary(_SPELLED.get(found[1], found[1]), left, _expression(cursor, level + 1))
    return left


def _operand(cursor: _Cursor) -> Node:
    if cursor.sign("!") or cursor.sign("not "):
        return Not(_operand(cursor))
    if cursor.sign("("):
        inner = _expression(cursor)
        cursor.expect(")")
        return inner
    if cursor.sign("["):
        return _items(cursor)
    if cursor.sign("{"):
        return _pairs(cursor)
    cursor.sign("")
    return _reference(cursor) or _literal(cursor)


def _literal(cursor: _Cursor) -> Node:
    if string := cursor.take(_STRING):
        text, plain = string[1], string[2]
        if text is None:
            return Literal(plain.replace("''", "'"))
        return Interpolated(parse(text)) if "$" in text or "#" in text else Literal(text.replace('""', '"'))
    if number := cursor.take(_NUMBER):
        return Literal(float(number[0]) if number[1] else int(number[0]))
    if word := cursor.take(_WORD):
        return Literal(_WORDS[word[1]])
    raise TemplateError(f"expected a value at {cursor.at}: {cursor.text[cursor.at : cursor.at + 20]!r}")


def _items(cursor: _Cursor) -> Items:
    if cursor.sign("]"):
        return Items(())
    nodes = [_expression(cursor)]
    if cursor.sign(".."):
        until = _expression(cursor)
        cursor.expect("]")
        return Items(tuple(nodes), until)
    while not cursor.sign("]"):
        cursor.expect(",")
        nodes.append(_expression(cursor))
    return Items(tuple(nodes))


def _pairs(cursor: _Cursor) -> Pairs:
    pairs: list[tuple[Node, Node]] = []
    while not cursor.sign("}"):
        if pairs:
            cursor.expect(",")
        key = _expression(cursor)
        cursor.expect(":")
        pairs.append((key, _expression(cursor)))
    return Pairs(tuple(pairs))
