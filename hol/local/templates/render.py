"""Mapping templates of API Gateway: renders a template over a request or an answer.

What a template may change of the answer are its overrides, `$context.responseOverride.status` and `.header.NAME`,
each at most once, as API Gateway has it. The limits are API Gateway's quotas: templates of 300 KB, loops of 1,000
rounds, payloads of 10 MB.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hol.local.templates import nodes as syntax
from hol.local.templates.nodes import Node, Nodes, Reference, TemplateError
from hol.local.templates.syntax import parse
from hol.local.templates.values import UTIL, Input, Payload, method, to_text

LARGEST_TEMPLATE = 300 * 1024
LARGEST_PAYLOAD = 10 * 1024 * 1024
MOST_ROUNDS = 1000
_OVERRIDES = ("responseOverride", "requestOverride")
_SET = "\0set"  # the overrides that this template has set; no template can name it
Scope = dict[str, Any]
_parse = lru_cache(maxsize=256)(parse)


@dataclass(frozen=True)
class Rendered:
    """The text, the status that the template set (0: none), and the headers, in the template's spelling."""

    text: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class _Leave(Exception):
    """`#stop` or `#break`, on its way out."""


def no_overrides() -> Scope:
    """What a call starts with: the templates of its request and of its answer see, and fill, the same overrides."""
    return {"responseOverride": {"header": {}}, "requestOverride": {"header": {}, "querystring": {}, "path": {}}}


def render(
    template: str,
    given: Input,
    context: Mapping[str, object],
    variables: Mapping[str, str],
    overrides: Scope | None = None,
) -> Rendered:
    """The template over the payload and parameters `given`, `$context` and the stage's variables.

    `overrides` are those of the call so far, and are added to.

    Raises TemplateError for a template that API Gateway could not use.
    """
    if len(template.encode()) > LARGEST_TEMPLATE:
        raise TemplateError("the template is larger than 300 KB")
    own = {**copy.deepcopy(dict(context)), **(no_overrides() if overrides is None else overrides)}
    scope: Scope = {_SET: set(), "input": given, "util": UTIL, "context": own, "stageVariables": dict(variables)}
    parts: list[str] = []
    try:
        for part in _shown(_parse(template), scope):
            parts.append(part)
    except _Leave:
        pass
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, RecursionError, re.error) as error:
        raise TemplateError(f"{type(error).__name__}: {error}") from error
    return overridden("".join(parts), own["responseOverride"])


def overridden(text: str, override: Mapping[str, Any]) -> Rendered:
    """A text with the `responseOverride` that goes with it."""
    if len(text.encode("utf-8", "replace")) > LARGEST_PAYLOAD:
        raise TemplateError("the result is larger than 10 MB")
    status = to_text(override.get("status", 0))
    if not re.fullmatch(r"0|[1-9]\d\d", status):
        raise TemplateError(f"{status} is no status")
    return Rendered(text, int(status), {name: to_text(value) for name, value in override["header"].items()})


def _shown(nodes: Nodes, scope: Scope) -> Iterator[str]:
    for node in nodes:
        match node:
            case syntax.Literal(text):
                yield str(text)
            case syntax.Set(target, value):
                _assign(target, _value(value, scope), scope)
            case syntax.If(branches):
                taken = next((inner for condition, inner in branches if _true(_value(condition, scope))), ())
                yield from _shown(taken, scope)
            case syntax.Foreach():
                yield from _loop(node, scope)
            case syntax.Leave(directive):
                raise _Leave(directive)
            case Reference():
                found = _resolved(node, scope)
                yield to_text(found) if found is not None else "" if node.quiet else node.source


def _loop(node: syntax.Foreach, scope: Scope) -> Iterator[str]:
    items = _value(node.items, scope)
    rounds = list(items.values() if isinstance(items, dict) else items or ())
    if len(rounds) > MOST_ROUNDS:
        raise TemplateError(f"#foreach over more than {MOST_ROUNDS} items")
    for index, item in enumerate(rounds):
        more = index + 1 < len(rounds)
        place = {"index": index, "count": index + 1, "hasNext": more, "first": index == 0, "last": not more}
        inner = {"foreach": place, "velocityCount": index + 1, node.name: item}
        outer = {name: scope[name] for name in inner if name in scope}
        scope.update(inner)
        try:
            yield from _shown(node.nodes, scope)
        except _Leave as leave:
            if str(leave) == "stop":
                raise
            return
        finally:
            _restore(scope, inner, outer)


def _restore(scope: Scope, inner: Iterable[str], outer: Scope) -> None:
    for name in inner:
        scope.pop(name, None)
    scope.update(outer)


def _assign(target: Reference, value: object, scope: Scope) -> None:
    """A null changes nothing, as in Velocity 1; an override can be set once only."""
    if value is None:
        return
    if not target.steps:
        scope[target.name] = value
        return
    above, last = scope.get(target.name), target.steps[-1]
    for step in target.steps[:-1]:
        above = _stepped(above, step, scope)
    name = last.name or _value((last.arguments or ())[0], scope)
    if not isinstance(above, dict):
        raise TemplateError(f"{target.source} cannot be set")
    if target.name == "context":
        _once(target, scope)
    above[name] = value


def _once(target: Reference, scope: Scope) -> None:
    if target.steps[0].name not in _OVERRIDES or target.source in scope[_SET]:
        raise TemplateError(f"{target.source} cannot be set, or not a second time")
    scope[_SET].add(target.source)


def _value(node: Node, scope: Scope) -> Any:
    match node:
        case syntax.Literal(value):
            return value
        case Reference():
            return _resolved(node, scope)
        case syntax.Interpolated(nodes):
            return "".join(_shown(nodes, scope))
        case syntax.Not(operand):
            return not _true(_value(operand, scope))
        case syntax.Binary():
            return _combined(node, scope)
        case syntax.Items(nodes, until):
            return _listed([_value(one, scope) for one in nodes], until and _value(until, scope))
        case syntax.Pairs(pairs):
            return {_value(name, scope): _value(value, scope) for name, value in pairs}
    raise TemplateError("a directive is no value")


def _listed(values: list[object], until: object) -> list[object]:
    if until is None:
        return values
    first, last = values[0], until
    if not isinstance(first, int) or not isinstance(last, int):
        raise TemplateError("a range goes from one whole number to another")
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))


def _resolved(reference: Reference, scope: Scope) -> object:
    value = scope.get(reference.name)
    for step in reference.steps:
        if value is None:
            return None
        value = _stepped(value, step, scope)
    return value


def _stepped(value: object, step: syntax.Step, scope: Scope) -> object:
    if step.arguments is None:
        if isinstance(value, Input):
            return Payload(value.body) if step.name == "body" else None
        if isinstance(value, Payload):
            return ""
        return value.get(step.name) if isinstance(value, dict) else None
    arguments = [_value(argument, scope) for argument in step.arguments]
    call = method(value, step.name or "get")
    return call(value, *arguments) if call else None


def _true(value: object) -> bool:
    """Only null and false are false in Velocity 1; an empty string is true."""
    return value is not None and value is not False


def _combined(node: syntax.Binary, scope: Scope) -> object:
    left = _value(node.left, scope)
    if node.operator == "&&":
        return _true(left) and _true(_value(node.right, scope))
    if node.operator == "||":
        return _true(left) or _true(_value(node.right, scope))
    right = _value(node.right, scope)
    if node.operator in ("==", "!="):
        return _equal(left, right) == (node.operator == "==")
    return _computed(node.operator, left, right)


def _equal(left: object, right: object) -> bool:
    """Things of different kinds are compared as text."""
    if left is None or right is None:
        return left is right
    same = type(left) is type(right) or (isinstance(left, int | float) and isinstance(right, int | float))
    return bool(left == right) if same else to_text(left) == to_text(right)


def _computed(operator: str, left: object, right: object) -> object:
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        return to_text(left) + to_text(right)
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return False if operator in ("<", "<=", ">", ">=") else None
    if operator in ("/", "%"):
        return _divided(operator, left, right)
    results = {
        "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
        "+": left + right, "-": left - right, "*": left * right,
    }  # fmt: skip
    return results[operator]


def _divided(operator: str, left: float, right: float) -> object:
    """As Java divides whole numbers: towards zero; by zero there is no value."""
    if right == 0:
        return None
    quotient = left / right
    if isinstance(left, int) and isinstance(right, int):
        quotient = int(quotient)
    return quotient if operator == "/" else left - right * int(quotient)
