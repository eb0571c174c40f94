"""`python -m tests.conformance.matched [DIR]`: everything that hol decides on, of what AWS answers, and on what each of it rests.

Found by reading the source: the codes and messages in `already=` of a write and in `missing` of a read, the retry table, the tables of
failures. Each has its recorded case in DIR, or else its documentation: botocore's model of the operation names the error, or
`sources.yaml` says where it stands. Without DIR nothing is compared with records. Prints docs/matched.md.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from botocore.session import get_session

from hol.cloud import failures, retry

from . import cases

ROOT = Path(__file__).resolve().parents[2]
_READS = {"find": 1, "pages": 1, "all_pages": 1}
_REFERENCE = {
    "iam": "IAM/latest/APIReference", "sts": "STS/latest/APIReference", "lambda": "lambda/latest/api", "apigateway": "apigateway/latest/api",
    "s3": "AmazonS3/latest/API", "s3control": "AmazonS3/latest/API", "sagemaker": "sagemaker/latest/APIReference",
    "logs": "AmazonCloudWatchLogs/latest/APIReference", "scheduler": "scheduler/latest/APIReference",
    "stepfunctions": "step-functions/latest/apireference",
    "resourcegroupstaggingapi": "resourcegroupstagging/latest/APIReference", "service-quotas": "servicequotas/2019-06-24/apireference",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Match:
    """What is matched: `operation` (or a rule's key), `words` (a code, or `code: part of the message`), and where."""

    operation: str
    words: str
    where: str

    @property
    def code(self) -> str:
        return self.words.partition(": ")[0]

    @property
    def message(self) -> str:
        return self.words.partition(": ")[2]


# --- the source, read ---


def of_calls() -> list[Match]:
    """What reads and writes take for an answer, wherever hol or a step makes them."""
    files = [*sorted((ROOT / "hol").rglob("*.py")), *sorted((ROOT / "steps").rglob("*.py"))]
    return sorted({match for path in files if "local" not in path.parts for match in _of_file(path)})


def _of_file(path: Path) -> Iterator[Match]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    where = path.relative_to(ROOT).as_posix()
    for function in [tree, *(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))]:
        scope = _Scope(path, _assigned(function))
        for call in _own_calls(function):
            for operation, words in _matched(call, scope):
                yield Match(operation, words, where)


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """The calls in it, but for those in functions inside."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


@dataclass(frozen=True)
class _Scope:
    path: Path
    local: dict[str, list[ast.expr]]

    def texts(self, node: ast.expr) -> list[str]:
        """Every text that the expression can stand for."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return [text for one in node.elts for text in self.texts(one)]
        if isinstance(node, ast.Starred):
            return self.texts(node.value)
        if isinstance(node, ast.IfExp):
            return [*self.texts(node.body), *self.texts(node.orelse)]
        if isinstance(node, ast.Name) and node.id in self.local:
            return [text for one in self.local[node.id] for text in self.texts(one)]
        return _listed(self._known(node))

    def _known(self, node: ast.expr) -> Any:
        """The value of a name of the module's, or of another module that it imports."""
        if isinstance(node, ast.Attribute):
            return getattr(self._known(node.value), node.attr, None)
        module = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)
        return (
            getattr(importlib.import_module(module), node.id, None)
            if isinstance(node, ast.Name) and module.startswith("hol")
            else None
        )


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, tuple | frozenset | list) else []


def _matched(call: ast.Call, scope: _Scope) -> Iterator[tuple[str, str]]:
    name = getattr(call.func, "attr", "")
    if name in _READS and call.args:
        for operation in _operations(scope.texts(call.args[0])):
            yield from ((operation, words) for one in call.args[1:] for words in scope.texts(one))
    taken = [keyword.value for keyword in call.keywords if keyword.arg == "already"]
    if taken:
        named = [text for one in call.args for text in scope.texts(one)]
        for operation in _operations(named) or ["(named where it is called)"]:
            yield from ((operation, words) for one in taken for words in scope.texts(one))


def _operations(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if re.fullmatch(r"[a-z0-9-]+\.[a-z0-9_]+", text)]


def of_tables() -> list[Match]:
    """The retry table's rows, and what tells failures apart."""
    rows = [
        Match(rule.key, f"{rule.code}: {rule.message}" if rule.message else rule.code, "hol/cloud/retry.py")
        for rule in retry.RULES
    ]
    told = {"never": retry.NEVER, "expired": failures._EXPIRED, "unknown": failures._UNKNOWN, "skewed": failures._SKEWED,
            "signature": failures._SIGNATURE, "denied": failures._DENIED, "quota": failures._QUOTA}  # fmt: skip
    where = {"never": "hol/cloud/retry.py"}
    rows += [Match(name, form.pattern, where.get(name, "hol/cloud/failures.py")) for name, form in told.items()]
    return [*rows, *(Match("denied because", words, "hol/cloud/failures.py") for words, _ in failures._REASONS)]


# --- on what it rests ---


def evidence(match: Match, known: list[cases.Case]) -> str:
    """The recorded case, or the documentation; "" for neither."""
    return _recorded(match, known) or _documented(match)


def _recorded(match: Match, known: list[cases.Case]) -> str:
    alike = [one for one in known if one.recorded.code and _says(match, one)]
    same = [one for one in alike if _snake(one) == match.operation]
    others = [one for one in alike if _serves(match, one)]
    for found, note in ((same, ""), (others, " of another operation")):
        if found:
            first = min(found, key=lambda one: one.id)
            return f"recorded{note}: `{first.operation}` {first.id}"
    return ""


def _says(match: Match, case: cases.Case) -> bool:
    code, message = str(case.recorded.code), str(case.recorded.message or "")
    if "." in match.operation:
        return code == match.code and match.message in message
    return bool(re.fullmatch(match.code, code)) and bool(re.search(match.message, message))


def _serves(match: Match, case: cases.Case) -> bool:
    rules = [rule for rule in retry.RULES if rule.key == match.operation and rule.code == match.code]
    if rules:
        return any(re.fullmatch(rule.operations, _snake(case)) for rule in rules)
    return case.service == match.operation.partition(".")[0] or "." not in match.operation


def _snake(case: cases.Case) -> str:
    from botocore import xform_name

    return f"{case.service}.{xform_name(case.operation.partition(':')[2])}"


def _documented(match: Match) -> str:
    written: dict[str, str] = yaml.safe_load(Path(__file__).with_name("sources.yaml").read_text(encoding="utf-8"))
    service = match.operation.partition(".")[0]
    for key in (
        f"{match.operation} {match.words}",
        f"{service} {match.words}",
        f"{service} {match.code}",
        match.operation,
    ):
        if key in written:
            return written[key]
    return _in_the_model(match)


def _in_the_model(match: Match) -> str:
    service, _, name = match.operation.partition(".")
    if not name or service not in _REFERENCE:
        return ""
    operation = _named(service).get(name)
    codes = (
        {code for shape in operation.error_shapes for code in (shape.name, shape.error_code)} if operation else set()
    )
    if operation and match.code in codes:
        return f"https://docs.aws.amazon.com/{_REFERENCE[service]}/API_{operation.name}.html"
    return ""


@cache
def _named(service: str) -> dict[str, Any]:
    from botocore import xform_name

    model = get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


# --- told ---


def document(known: list[cases.Case]) -> str:
    """docs/matched.md."""
    parts = [
        "# What hol decides on, of what AWS answers",
        "Generated by `python -m tests.conformance.matched DIR > docs/matched.md` from the source: a code, or `code: part of the message`, and "
        "on what it rests: an answer recorded from AWS, else its documentation. hol never decides on anything else that AWS says.",
        "## Taken for an answer: it is there already, or gone already, or was never there",
        _table(of_calls(), known),
        "## Waited out, and told apart",
        "The retry table's rows R0 to R18, and the tables that say what an error means; patterns as they stand there.",
        _table(of_tables(), known),
    ]
    return "\n\n".join(parts) + "\n"


def _table(rows: list[Match], known: list[cases.Case]) -> str:
    lines = ["| operation or rule | matched | in | rests on |", "| --- | --- | --- | --- |"]

    def cell(text: str) -> str:
        return text.replace("|", "\\|")

    lines += [
        f"| {one.operation} | `{cell(one.words)}` | {one.where} | {cell(evidence(one, known)) or '**nothing**'} |"
        for one in rows
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the page; 1 when something rests on nothing."""
    known = list(cases.read(Path(arguments[0]))) if arguments else []
    print(document(known), end="")
    return int(any(not evidence(one, known) for one in [*of_calls(), *of_tables()]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
