"""Every single mutation of a module: a small change of its code that should change what it does.

Not mutated: docstrings, wording (the sentences given to `t`, to exceptions and as help), annotations, `__all__`,
dataclass decorators, and what only another operating system runs.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from blocks import first_line, is_docstring, own

_FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_WORDS = {"help", "description", "epilog", "metavar", "short_help", "prog"}
_SPEAKERS = {"t", "Literal", "TypeVar", "cast", "print", "NewType", "warning", "info", "getLogger", "namedtuple"}


@dataclass(frozen=True)
class Mutation:
    """In `path`, the bytes `start` to `end` become `after`; `block` is what must run for it to be seen."""

    path: str
    where: str
    kind: str
    line: int
    start: int
    end: int
    before: str
    after: str
    block: str | None
    count: int = 1

    @property
    def key(self) -> str:
        """A name that outlives changes elsewhere in the file."""
        again = f" #{self.count}" if self.count > 1 else ""
        return f"{self.path} {self.where}: {_short(self.before)} → {_short(self.after)}{again}"

    def apply(self, source: bytes) -> bytes:
        """The mutated module."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutations(source: str, path: str) -> list[Mutation]:
    """All of them, in the order of the text; a few may not compile."""
    found = _Finder(source, path)
    found.statements(ast.parse(source).body)
    counts: Counter[str] = Counter()
    unique = []
    for one in sorted(set(found.all), key=lambda one: (one.start, one.end, one.after)):
        counts[one.key] += 1
        unique.append(replace(one, count=counts[one.key]))
    return unique


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:70]} … {text[-25:]}"


def compiles(mutation: Mutation, source: bytes) -> bool:
    """Whether the mutated module is Python; to ask it of all would take minutes."""
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(mutation.apply(source), "mutant", "exec")
    except SyntaxError:
        return False
    return True


class _Finder:
    """Walks a module; knows in which function and block it is."""

    def __init__(self, source: str, path: str) -> None:
        self.path, self.all = path, list[Mutation]()
        self.source = source.encode()
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.names: list[str] = []
        self.block: str | None = None

    def add(self, node: ast.AST, kind: str, after: ast.AST | str) -> None:
        """Replace that node."""
        line, column = node.lineno, node.col_offset
        start = self.starts[line - 1] + column
        end = self.starts[node.end_lineno - 1] + node.end_col_offset
        before = self.source[start:end].decode()
        text = after if isinstance(after, str) else _written(after)
        where = ".".join(self.names) or "module"
        self.all.append(Mutation(self.path, where, kind, line, start, end, before, text, self.block))

    def statements(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not is_docstring(statement):
                self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal) or _is_all(node):
            return
        if named:
            self.names.append(node.name)
        self._whole(node)
        blocks = {id(block[0]): block for block in own(node)}
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_params"):
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self._body(node, field, value, blocks)
            else:
                self._parts(node, field, value)
        if named:
            self.names.pop()

    def _body(self, node: ast.stmt, field: str, body: list[ast.stmt], blocks: dict[int, list[ast.stmt]]) -> None:
        if field == "body" and _not_here(node):
            return
        rest = body[1:] if is_docstring(body[0]) else body
        outer = self.block
        if rest and id(rest[0]) in blocks:
            self.block = f"{self.path}:{first_line(rest)}"
        self.statements(rest)
        self.block = outer

    def _parts(self, node: ast.AST, field: str, value: object) -> None:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.ExceptHandler | ast.match_case):
                self.statement(part)
            elif isinstance(part, ast.arguments):
                for default in [*part.defaults, *(one for one in part.kw_defaults if one)]:
                    self.expression(default)
            elif isinstance(part, ast.withitem):
                self.expression(part.context_expr)
            elif isinstance(part, ast.keyword):
                self.expression(part.value)
            elif isinstance(part, ast.expr) and not (field == "decorator_list" and "dataclass" in ast.unparse(part)):
                self.expression(part)

    def _whole(self, node: ast.stmt) -> None:
        """Mutations of a statement as a whole."""
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
            self.add(node, "statement dropped", "pass")
        elif isinstance(node, ast.Raise):
            self.add(node, "raise dropped", "pass")
        elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
            self.add(node, "returns None", "return None")
        elif isinstance(node, ast.If | ast.While) and not _not_here(node):
            self._condition(node.test)

    def _condition(self, test: ast.expr) -> None:
        """Negated, where no other mutation says the same."""
        flipped = isinstance(test, ast.Compare) and len(test.ops) == 1 and not isinstance(test.ops[0], ast.Lt | ast.Gt)
        if not flipped and not isinstance(test, ast.UnaryOp | ast.Constant):
            self.add(test, "condition negated", f"(not ({ast.unparse(test)}))")

    def expression(self, node: ast.expr) -> None:
        """Mutations of an expression and of its parts."""
        if isinstance(node, ast.JoinedStr | ast.Lambda):
            if isinstance(node, ast.Lambda):
                self.expression(node.body)
            return
        self._expression(node)
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.Call) and field == "keywords":
                for one in node.keywords:
                    if one.arg not in _WORDS:
                        self.expression(one.value)
            elif isinstance(node, ast.Call) and field == "args" and _name(node) in _SPEAKERS:
                self._parts(node, field, [one for one in node.args if not isinstance(one, ast.Constant)])
            elif isinstance(value, list) and value and isinstance(value[0], ast.comprehension):
                for one in value:
                    self._comprehension(one)
            else:
                self._parts(node, field, value)

    def _comprehension(self, node: ast.comprehension) -> None:
        self.expression(node.iter)
        for test in node.ifs:
            self._condition(test)
            self.expression(test)

    def _expression(self, node: ast.expr) -> None:
        for kind, after in _replaced(node):
            self.add(node, kind, after)


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(ast.unparse(one) in ("__all__", "__version__") for one in node.targets)


def _not_here(node: ast.AST) -> bool:
    test = ast.unparse(node.test) if isinstance(node, ast.If) else ""
    return "win32" in test or test == "TYPE_CHECKING" or "__main__" in test


def _written(node: ast.AST) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BoolOp | ast.Compare | ast.UnaryOp | ast.IfExp) else text


def _without(node: ast.AST, field: str, at: int, second: str | None = None) -> ast.AST:
    less = copy.copy(node)
    for name in (field, second):
        if name:
            setattr(less, name, [one for i, one in enumerate(getattr(node, name)) if i != at])
    return less


def _replaced(node: ast.expr) -> Iterator[tuple[str, ast.AST | str]]:
    """What could stand in its place."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            less = copy.copy(node)
            less.ops = [_FLIPS[type(operator)]() if i == at else one for i, one in enumerate(node.ops)]
            yield "comparison", less
    elif isinstance(node, ast.BoolOp):
        other = copy.copy(node)
        other.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield "and/or", other
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not removed", f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.IfExp):
        yield "branches swapped", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, ast.List | ast.Set | ast.Tuple) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for at in range(len(node.elts)) if len(node.elts) > (0 if isinstance(node, ast.List) else 1) else ():
            yield "element removed", _without(node, "elts", at)
    elif isinstance(node, ast.Dict):
        for at in range(len(node.keys)):
            yield "element removed", _without(node, "keys", at, "values")


def _other_constants(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield "constant", str(not value)
    elif isinstance(value, int | float):
        yield "constant", repr(value + 1)
        if value:
            yield "constant", repr(value - 1)
    elif isinstance(value, str):
        yield "constant", "''" if value else "'x'"


def _other_calls(node: ast.Call) -> Iterator[tuple[str, ast.AST | str]]:
    for at, one in enumerate(node.keywords):
        if one.arg and one.arg not in _WORDS:
            yield "argument removed", _without(node, "keywords", at)
    plain = isinstance(node.func, ast.Name) and _name(node) not in _SPEAKERS and len(node.args) == 1
    if plain and not node.keywords and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        yield "call removed", f"({ast.unparse(node.args[0])})"
