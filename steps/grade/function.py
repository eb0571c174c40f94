"""A look at the function, its code and the test event."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from hol.aws import functions
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.errors import HolError
from hol.words.text import Text, t

from ..site import checks

_CODE = t("Lambda → the function → Code: paste the code again, then Deploy")


def grade(lab: Lab) -> Iterator[Finding]:
    """The function's settings; any Python that can run the handler will do, and more memory than asked for."""
    name = lab.config.function.name
    found = functions.find(lab, name)
    mend = t("Lambda → Create function, with exactly this name, in the region {}", lab.cloud.region)
    yield judged(
        "function", found, t("function {}", name), t("there is no such function in {}", lab.cloud.region), mend
    )
    if found:
        yield from _settings(lab, found)
        yield from _code(lab, found)
    yield from event(lab)
    if found:
        yield from _answer(lab, name)


def _settings(lab: Lab, found: Any) -> Iterator[Finding]:
    settings, now = lab.config.function, found["Configuration"]
    runtime = str(now.get("Runtime", "-"))
    newer = re.fullmatch(r"python3\.(\d+)", runtime)
    yield judged(
        "runtime",
        newer and int(newer[1]) >= 10,
        t("runtime"),
        t("it is {}, not {}", runtime, settings.runtime),
        t("Lambda → the function → Code → Runtime settings → Edit: {}", settings.runtime),
    )
    yield judged(
        "timeout",
        now.get("Timeout") == settings.timeout,
        t("timeout"),
        t("it is {} seconds, not {}", now.get("Timeout"), settings.timeout),
        t("Lambda → the function → Configuration → General configuration → Edit → Timeout"),
    )
    yield from _running(lab, found)


def _running(lab: Lab, found: Any) -> Iterator[Finding]:
    """As whom it runs, and whether it may."""
    role = str(found["Configuration"].get("Role", "")).rsplit("/", 1)[-1]
    yield judged(
        "execution role",
        role == lab.config.role.name,
        t("execution role"),
        t("it is {}, not {}", role or "-", lab.config.role.name),
        t("Lambda → the function → Configuration → Permissions → Edit → Existing role"),
    )
    reserved = found.get("Concurrency", {}).get("ReservedConcurrentExecutions")
    yield judged(
        "concurrency",
        reserved != 0,
        t("concurrency"),
        t("0 executions are reserved, so the function never runs"),
        t("Lambda → the function → Configuration → Concurrency → Edit: Use unreserved account concurrency"),
    )


def _code(lab: Lab, found: Any) -> Iterator[Finding]:
    handler, files = str(found["Configuration"].get("Handler", "")), _files(found)
    module, _, entry = handler.rpartition(".")
    source = files.get(module.replace(".", "/") + ".py", "")
    known = handler == lab.config.function.handler or bool(re.search(rf"^def {re.escape(entry)}\b", source, re.M))
    if files:
        known = bool(re.search(rf"^def {re.escape(entry)}\b", source, re.M))
    yield judged(
        "handler",
        known,
        t("handler"),
        t("it is {}, but the code has: {}", handler, ", ".join(_handlers(files)) or lab.config.function.handler),
        t(
            "Lambda → the function → Code → Runtime settings → Edit → Handler: file.function, such as {}",
            "inference.lambda_handler",
        ),
    )
    everything = "\n".join(files.values())
    if files:
        asks = "invoke_endpoint" in everything
        yield judged("code", asks, t("code"), t("it does not ask the endpoint: not pasted, or not deployed"), _CODE)
    yield _endpoint_name(lab, found["Configuration"], everything)


def _handlers(files: dict[str, str]) -> list[str]:
    return [
        f"{name.removesuffix('.py')}.{entry}"
        for name, text in files.items()
        for entry in re.findall(r"^def (\w*handler\w*)\(", text, re.M)
    ]


def _files(found: Any) -> dict[str, str]:
    """The Python files of the deployment package; {} when it cannot be had."""
    answer = checks.http("GET", found.get("Code", {}).get("Location", "") or "http://127.0.0.1:9/")
    try:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".py")]
            return {name: archive.read(name).decode("utf-8", "replace") for name in names}
    except zipfile.BadZipFile:
        return {}


def _endpoint_name(lab: Lab, now: Any, code: str) -> Finding:
    """In the environment, or pasted into the code as in the guide."""
    wanted = lab.config.endpoint.name
    given = now.get("Environment", {}).get("Variables", {}).get("ENDPOINT_NAME")
    uses = "ENDPOINT_NAME" in re.sub(r"^\s*ENDPOINT_NAME\s*=\s*['\"].*$", "", code, flags=re.M) and "environ" in code
    pasted = re.findall(r"(?:EndpointName|ENDPOINT_NAME)\s*=\s*['\"]([^'\"]*)['\"]", code)
    have = given if (given is not None and (uses or not code)) else (pasted[0] if pasted else given)
    right = have == wanted or (have is None and wanted in code)
    return judged(
        "endpoint name",
        right,
        t("endpoint name in the function"),
        t("it is “{}”, not “{}”", have, wanted)
        if have
        else t("it is nowhere: neither in ENDPOINT_NAME nor in the code"),
        t("Lambda → the function → Configuration → Environment variables → Edit: {} = {}", "ENDPOINT_NAME", wanted),
    )


def event(lab: Lab) -> Iterator[Finding]:
    """The test event's keys."""
    mend = t("the event must look like this: {}", '{"sentences": [{"query": "…"}]}')
    problem = _event_problem(lab)
    yield Finding("event", t("test event myTestEvent"), problem, mend if problem else None)


def _event_problem(lab: Lab) -> Text | None:
    try:
        found = json.loads(checks.event(lab))
    except ValueError as error:
        return t("it is no JSON: {}", error)
    if not isinstance(found, dict) or not isinstance(found.get("sentences"), list):
        have = ", ".join(found) if isinstance(found, dict) else type(found).__name__
        return t("it has no list “{}” but: {}", "sentences", have)
    for row in found["sentences"]:
        if not isinstance(row, dict) or not isinstance(row.get("query"), str):
            return t("a sentence has no text “{}” but: {}", "query", ", ".join(row) if isinstance(row, dict) else row)
    return None


def _answer(lab: Lab, name: str) -> Iterator[Finding]:
    """One invocation with the test event, and what its error means."""
    what = t("answer to the test event")
    try:
        answer = lab.read("lambda.invoke", FunctionName=name, Payload=checks.event(lab))
    except HolError as error:
        yield Finding("answer", what, t("it cannot be invoked: {}", error.why or error.what), _CODE, live=True)
        return
    said = json.loads(answer["Payload"] or b"null")
    if not isinstance(said, dict) or "errorMessage" not in said:
        right = (
            isinstance(said, list)
            and [row.get("label", [""])[0] for row in said if isinstance(row, dict)] == checks.EXPECTED
        )
        yield judged("answer", right, what, t("it is not two labels: {}", str(said)[:200]), _CODE, live=True)
        return
    message = f"{said.get('errorType', '')}: {said['errorMessage']}".strip(": ")
    yield Finding("answer", what, t("it fails: {}", message[:300]), _cause(lab, message), live=True)


def _cause(lab: Lab, message: str) -> Text:
    causes = (
        (
            r"AccessDenied|\[403\]",
            t("the role may not ask the endpoint; look at it: {}", lab.command("check", "policy")),
        ),
        (r"KeyError|\[400\]|TypeError", t("code and event use different keys: the event has sentences and query")),
        (
            r"ValidationError|\[404\]",
            t("the endpoint's name is wrong or it is not in service; look at it: {}", lab.command("check", "endpoint")),
        ),
        (r"timed out|\[504\]", t("the timeout is too short: see above")),
        (
            r"No module|ImportModule|HandlerNotFound",
            t("the handler names a file or function that the code does not have"),
        ),
    )
    return next((cause for pattern, cause in causes if re.search(pattern, message)), _CODE)
