"""The guide's own tests: does it work?

The console's Test button, API Gateway's Test button, Postman, the page, and the browser's preflight question.
Right after a change AWS may still answer for the old state, so a check that follows changes of the same run is
patient; otherwise it says at once what is wrong.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from hol.aws import functions
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import command, in_turn
from hol.words.errors import CheckFailed, HolError, Unreachable
from hol.words.text import Text, counted, t

EVENT = "assets/events/myTestEvent.json"
# What a function said, for whoever explains it; whether the page and its files are there.
SAID, OPENS = Kind[tuple[Any]]("what a function said"), Kind[bool]("the page opens")
EXPECTED = ["__label__1", "__label__0"]
_TURN = Kind[Any]("turn to ask the function")
_BUSY = 20.0  # seconds in which somebody else's calls end


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; status 0 when there was none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def http(method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
    """One request without credentials; `Content_Type="…"` becomes that header. Redirects are followed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url, host = _loopback(url)
    request = urllib.request.Request(url, body, named | ({"Host": host} if host else {}), method=method)
    direct = (urllib.request.ProxyHandler({}),) if host else ()
    try:
        with urllib.request.build_opener(*direct).open(request, timeout=35) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())
    except OSError as error:
        return Answer(0, {}, str(error).encode())


def visit(lab: Lab, method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
    """Such a request to what the lab has made."""
    answer = http(method, url, body, **headers)
    asked = {"headers": {name.replace("_", "-"): value for name, value in headers.items()}, "body": body}
    lab.visited(method, url, asked, {"status": answer.status, "headers": answer.headers, "body": answer.body})
    return answer


def _loopback(url: str) -> tuple[str, str]:
    """Names below localhost are this machine (RFC 6761), though not every resolver knows: (URL, Host header or "")."""
    found = re.match(r"http://(127\.0\.0\.1|(?:[\w.-]+\.)?localhost)((?::\d+)?)(?=/|$)", url)
    return (f"http://127.0.0.1{found[2]}{url[found.end() :]}", found[1] + found[2]) if found else (url, "")


def event(lab: Lab) -> bytes:
    """The test event myTestEvent."""
    return lab.asset(EVENT).read_bytes()


def function(lab: Lab, name: str) -> None:
    """Invoke the function with the test event."""

    def attempt() -> Text:
        answer = _invoked(lab, name)
        lab.learn(SAID(name), (_read(answer["Payload"]),))
        return _labels(answer["Payload"], t("the function"), t("look at its log: {}", functions.log_group(name)))

    _passes(lab, t("function {} with the event myTestEvent", name), _in_turn(lab, attempt), "test-event")


def _invoked(lab: Lab, name: str) -> Any:
    """The function's answer to the test event. Raises `CheckFailed` when Lambda does not let it run."""
    try:
        return lab.read("lambda.invoke", FunctionName=name, Payload=event(lab))
    except HolError as error:
        if error.failure is None or error.failure.code != "TooManyRequestsException":
            raise
        fix = t("what is reserved for it, and what the account has, says: {}", command("doctor"))
        raise CheckFailed(t("Lambda does not let the function {} run", name), error.why, fix) from error


def _read(payload: bytes) -> Any:
    """What a function said, for whoever explains it."""
    try:
        return json.loads(payload or b"null")
    except ValueError:
        return payload.decode("utf-8", "replace")


def method(lab: Lab, api: str, resource: str) -> None:
    """API Gateway's Test button: the method as configured, deployed or not."""

    def attempt() -> Text:
        answer = lab.read(
            "apigateway.test_invoke_method",
            restApiId=api,
            resourceId=resource,
            httpMethod="POST",
            body=event(lab).decode(),
        )
        if "Invalid permissions on Lambda function" in answer.get("log", ""):
            raise CheckFailed(
                t("API Gateway may not invoke the function"), fix=t("run: {}", lab.command("step", "api"))
            )
        if answer["status"] == 429:
            raise _http_failure(t("API Gateway's test"), Answer(429, {}, answer["body"].encode()))
        return _labels(
            answer["body"].encode(),
            t("API Gateway's test, status {},", answer["status"]),
            t("run: {}", lab.command("step", "api")),
        )

    _passes(lab, t("API Gateway's test of POST on /"), _in_turn(lab, attempt), "api-test")


def post(lab: Lab, url: str) -> None:
    """POST the test event to the invoke URL, as with Postman."""

    def attempt() -> Text:
        answer = visit(lab, "POST", url, event(lab), Content_Type="application/json")
        if answer.status != 200:
            raise _http_failure(t("the invoke URL"), answer)
        return _labels(answer.body, t("the invoke URL"), t("run: {}", lab.command("step", "stage")))

    _passes(lab, t("POST to {}", url), _in_turn(lab, attempt), "post")


def preflight(lab: Lab, url: str, website: str) -> None:
    """What a browser asks before the page may call."""

    def attempt() -> Text:
        asked = {
            "Origin": website,
            "Access_Control_Request_Method": "POST",
            "Access_Control_Request_Headers": "content-type",
        }
        answer = visit(lab, "OPTIONS", url, None, **asked)
        if answer.status != 200:
            raise _http_failure(t("the preflight question"), answer)
        allowed = answer.headers.get("access-control-allow-methods", "").upper()
        headers = answer.headers.get("access-control-allow-headers", "").lower()
        may = _names(allowed, "POST") and _names(headers, "content-type")
        if not _origin_allowed(answer, website) or not may:
            raise CheckFailed(
                t("the preflight answer does not let the page call"),
                fix=t("run: {}", in_turn(lab.command("step", "cors"), lab.command("step", "stage"))),
            )
        return t("the page's origin may POST")

    _passes(lab, t("CORS preflight of {}", url), attempt, "preflight")


def call_from(lab: Lab, url: str, website: str) -> None:
    """The call itself, with the page's origin."""

    def attempt() -> Text:
        answer = visit(lab, "POST", url, event(lab), Content_Type="application/json", Origin=website)
        if answer.status == 200 and not _origin_allowed(answer, website):
            raise CheckFailed(
                t("the answer carries no Access-Control-Allow-Origin, so the page cannot read it"),
                fix=t("run: {}", in_turn(lab.command("step", "cors"), lab.command("step", "stage"))),
            )
        if answer.status != 200:
            raise _http_failure(t("the call from the page"), answer)
        return _labels(answer.body, t("the call from the page"), t("run: {}", lab.command("step", "stage")))

    _passes(lab, t("a call from the page's origin"), _in_turn(lab, attempt), "page-call")


def page(lab: Lab, website: str) -> None:
    """The page and every script that it asks for, over HTTP."""

    def attempt() -> Text:
        answer = visit(lab, "GET", website + "/")
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            raise _http_failure(t("the website"), answer)
        scripts = re.findall(r'(?:<script[^>]+src|<link[^>]+href)="([^":]+)"', answer.text)
        for script, loaded in zip(
            scripts, lab.each(scripts, lambda one: visit(lab, "GET", f"{website}/{one}")), strict=True
        ):
            if loaded.status != 200:
                raise _http_failure(t("{} of the website", script), loaded)
        if "apigClient.js" not in scripts:
            raise CheckFailed(
                t("the page does not load apigClient.js"),
                fix=t("run: {}", in_turn(lab.command("step", "sdk"), lab.command("step", "upload"))),
            )
        return counted(len(scripts), t("page and 1 file"), t("page and {} files", len(scripts)))

    _passes(lab, t("website {}", website), attempt, "website")
    lab.learn(OPENS(), True)


def _names(said: str, wanted: str) -> bool:
    """Whether a CORS header's list has it; a star is everything, as the page sends no credentials."""
    return bool({"*", wanted} & {one.strip() for one in said.split(",")})


def _origin_allowed(answer: Answer, website: str) -> bool:
    return answer.headers.get("access-control-allow-origin") in ("*", website)


class _Busy(CheckFailed):
    """429: too much at once for the stage's limits or the function's reserved concurrency, which is no fault of the lab."""


def _http_failure(what: Text, answer: Answer) -> CheckFailed:
    if answer.status == 0:
        return Unreachable(t("{} does not answer", what), why=t("{}", answer.text), fix=t("run: {}", command("up")))
    hints = {
        403: t("403 is what AWS says when something is missing, not public, or not deployed; run: {}", command("up")),
        404: t("run: {}", command("up")),
        429: t("too many requests at once (stage.rate, stage.burst, function.concurrency); wait a moment"),
    }
    return (_Busy if answer.status == 429 else CheckFailed)(
        t("{} answers {}", what, answer.status),
        why=t("{}", answer.text[:300] or "-"),
        fix=hints.get(answer.status, t("run: {}", command("up"))),
    )


def _labels(body: bytes, who: Text, fix: Text) -> Text:
    """The answer's labels are the guide's. Raises `CheckFailed` when it is an error or says something else."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise CheckFailed(
            t("{} answers with something that is not JSON", who),
            why=t("{}", body[:300].decode("utf-8", "replace")),
            fix=fix,
        ) from None
    if isinstance(answer, dict):
        said = answer.get("errorMessage") or answer.get("message") or json.dumps(answer)
        raise CheckFailed(t("{} answers with an error", who), why=t("{}", said), fix=fix)
    labels = [item["label"][0] for item in answer] if _well_formed(answer) else None
    if labels != EXPECTED:
        raise CheckFailed(
            t("{} does not answer as the guide expects: {}", who, json.dumps(answer, ensure_ascii=False)[:300]), fix=fix
        )
    return t("positive {}, negative {}", *(f"{item['prob'][0]:.2%}" for item in answer))


def _well_formed(answer: Any) -> bool:
    return isinstance(answer, list) and all(
        isinstance(item, dict) and item.get("label") and item.get("prob") for item in answer
    )


def _in_turn(lab: Lab, attempt: Callable[[], Text]) -> Callable[[], Text]:
    """The attempts of all tests one after the other, where the function may not run as often as there are tests."""
    if not lab.config.function.concurrency:
        return attempt

    def alone() -> Text:
        with lab.once(_TURN(lab.config.function.name), Lock):
            return attempt()

    return alone


def _passes(lab: Lab, what: Text, attempt: Callable[[], Text], key: str) -> None:
    failures: list[CheckFailed] = []

    def look() -> Text | None:
        try:
            return attempt()
        except CheckFailed as failure:
            failures.append(failure)
            if lab.run.clock.now() - began >= (max(timeout, _BUSY) if isinstance(failure, _Busy) else timeout):
                raise
            return None

    began, timeout = lab.run.clock.now(), 120.0 if lab.run.made else 0.0
    lab.passed(what, lab.wait(what, look, every=10, up_to=timeout + 60, first=0.5), key)
