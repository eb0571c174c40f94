"""A look at the function's settings, its code, and the test event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hol.aws import functions
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged, other_way
from hol.teach.grade.near import instead, peek, peek_all, visible
from hol.words.errors import CheckFailed
from hol.words.text import Text, t

from ..site import checks
from . import code
from .event import event, event_problem
from .policy import may_ask

TESTED_WITH = ("endpoint", "policy")
_FUNCTION = t("Lambda → the function")
_GENERAL = t("{} → Configuration → General configuration → Edit", _FUNCTION)


def grade(lab: Lab) -> Iterator[Finding]:
    """The function's settings; any Python that can run the handler will do, and more memory or time than asked for."""
    name = lab.config.function.name
    found = functions.find(lab, name)
    mend = t("Lambda → Create function, with exactly the name {}, in the region {}", name, lab.cloud.region)
    yield judged("missing", found, t("function {}", name), t("{}", "") if found else _missing(lab, name), mend)
    if found:
        yield from _settings(lab, found)
        yield from _running(lab, found)
        yield from code.look(lab, found)
    yield from event(lab)


def _missing(lab: Lab, name: str) -> Text:
    names = [one["FunctionName"] for one in peek_all(lab, "lambda.list_functions")]
    there = instead(lab, name, names, lambda other: peek(other, "lambda.get_function", FunctionName=name))
    return there or t("there is no such function in {}", lab.cloud.region)


def _settings(lab: Lab, found: Any) -> Iterator[Finding]:
    settings, now = lab.config.function, found["Configuration"]
    runtime, seconds = str(now.get("Runtime", "-")), int(now.get("Timeout") or 3)
    newer = re.fullmatch(r"python3\.(\d+)", runtime)
    mend = t("{} → Code → Runtime settings → Edit: {}", _FUNCTION, settings.runtime)
    what, wrong = t("runtime"), t("it is {}, not {}", runtime, settings.runtime)
    if newer and int(newer[1]) >= 10:
        yield other_way("runtime", what, None if runtime == settings.runtime else wrong)
    else:
        yield Finding("runtime", what, wrong, mend)
    what, wrong = t("timeout"), t("it is {} s, not {}", seconds, settings.timeout)
    if seconds >= settings.timeout:
        yield other_way("timeout", what, None if seconds == settings.timeout else wrong)
    else:
        yield Finding("timeout", what, wrong, t("{} → Timeout: {} s", _GENERAL, settings.timeout), harmless=True)


def _running(lab: Lab, found: Any) -> Iterator[Finding]:
    """As whom it runs, where, and whether it may."""
    now, wanted = found["Configuration"], lab.config.role.name
    role = str(now.get("Role", "")).rsplit("/", 1)[-1]
    as_good = role != wanted and may_ask(lab, role)
    yield judged(
        "execution role",
        role == wanted,
        t("execution role"),
        t("it is {}, not {}", now.get("Role") or "-", wanted),
        t("{} → Configuration → Permissions → Edit → Existing role: {}", _FUNCTION, wanted),
        doubtful=as_good,
    )
    yield from _unstarted(now, found)
    subnets = now.get("VpcConfig", {}).get("SubnetIds") or []
    wrong = t("it runs in the subnets {}, from where it reaches no endpoint without a NAT gateway", ", ".join(subnets))
    mend = t("{} → Configuration → VPC → Edit: None", _FUNCTION)
    yield judged("vpc", not subnets, t("network of the function"), wrong, mend)


def _unstarted(now: Any, found: Any) -> Iterator[Finding]:
    state = now.get("State", "Active")
    wrong = t("its state is {}: {}", state, now.get("StateReason") or "-")
    mend = t("{}: wait until its state is Active, or save its code again", _FUNCTION)
    yield judged("state", state in ("Active", "Inactive"), t("state of the function"), wrong, mend)
    reserved = found.get("Concurrency", {}).get("ReservedConcurrentExecutions")
    yield judged(
        "concurrency",
        reserved != 0,
        t("concurrency"),
        t("0 executions are reserved, so the function never runs"),
        t("{} → Configuration → Concurrency → Edit: Use unreserved account concurrency", _FUNCTION),
        untested=True,
    )


def explain(lab: Lab, error: CheckFailed) -> Finding | None:
    """What the failed test of the function means."""
    problem = event_problem(lab)
    if problem:
        return next(event(lab))
    answer = lab.run.facts.get(checks.SAID(lab.config.function.name))
    if answer is None:
        return Finding("slow", t("the function's answer"), error.why or error.what, code.PASTE, live=True)
    said = answer[0]
    return _of_error(lab, said) if isinstance(said, dict) and "errorMessage" in said else code.of_answer(said)


def _of_error(lab: Lab, said: Any) -> Finding:
    """The function raised: what the error's type and message mean."""
    kind, message = str(said.get("errorType", "")), str(said["errorMessage"])
    shown = t("it fails: {}", f"{kind}: {visible(message)}"[:300].strip(": "))
    what = t("answer to the test event")
    asks = "AccessDenied|\\[403\\]"
    if re.search(asks, message) or re.search(asks, kind):
        mend = t("the role may not ask the endpoint; look at it: {}", lab.command("check", "policy"))
        return Finding("access", what, shown, mend, live=True)
    if re.search(r"not found\b.*|\[404\]|ValidationError", message) and "endpoint" in message.lower():
        mend = t("the endpoint's name is wrong or it is not in service: {}", lab.command("check", "endpoint"))
        return Finding("endpoint name", t("endpoint name in the function"), shown, mend, live=True)
    if re.search(r"timed out|\[504\]", message):
        wrong = t("it takes longer than its timeout: {}", message)
        return Finding("slow", what, wrong, t("{} → Timeout; and look what the code waits for", _GENERAL), live=True)
    return code.of_error(kind, message, shown)
