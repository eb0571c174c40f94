"""Blocks of code: the unit in which it is noted which test runs what.

A block is a list of statements that runs as a whole or not at all: a function's body, a branch, a loop's body. It is
named `path:line` after its first statement that is not a docstring. What no block holds runs when the module is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_OWN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.match_case,
)


def is_docstring(statement: ast.stmt) -> bool:
    """Whether it is a bare string."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def own(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks that this node opens, without docstrings."""
    if isinstance(node, _OWN):
        for body in (node.body, getattr(node, "orelse", [])):
            rest = body[1:] if body and is_docstring(body[0]) else body
            if rest:
                yield rest


def first_line(block: list[ast.stmt]) -> int:
    """The line that names a block."""
    decorators = getattr(block[0], "decorator_list", [])
    return min([block[0].lineno, *(one.lineno for one in decorators)])


def traced(source: str, path: str) -> str:
    """The same module, which reports each block that it enters; its docstrings stay, its comments do not."""
    tree = ast.parse(source)
    for node in list(ast.walk(tree)):
        for block in own(node):
            report = ast.parse(f"__import__('hol._traced')._traced.hit({f'{path}:{first_line(block)}'!r})").body[0]
            whole = node.body if block[-1] is node.body[-1] else node.orelse
            whole.insert(len(whole) - len(block), report)
    return ast.unparse(ast.fix_missing_locations(tree))
