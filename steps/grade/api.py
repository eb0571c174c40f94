"""A look at the REST API: whether it is the right one, and open to the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hol.aws.gateway import apis
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.near import instead, peek, peek_all
from hol.words.errors import CheckFailed
from hol.words.text import Text, t

from .method import post

_API = Kind[tuple[Any, int]]("graded api")
_SETTINGS = t("API Gateway → the API → API settings → Edit")


def the_api(lab: Lab) -> tuple[Any, int]:
    """The API to look at (of several the oldest that is deployed), and how many may be the lab's."""

    def read() -> tuple[Any, int]:
        name = lab.config.api.name
        ours, others = apis.of_name(lab, name, apis.listed(lab))
        if others:
            ids = ", ".join(api["id"] for api in others)
            lab.note(t("API {}", name), t("somebody else has one of that name too, which is not looked at: {}", ids))
        return apis.find(lab, name), len(ours)

    return lab.once(_API(), read)


def grade(lab: Lab) -> Iterator[Finding]:
    """The API, POST on /, its integration, its answers, and who may invoke the function."""
    found, count = the_api(lab)
    name = lab.config.api.name
    mend = t(
        "API Gateway → Create API → REST API → Build, with exactly the name {}, in the region {}",
        name,
        lab.cloud.region,
    )
    yield judged("missing", found, t("API {}", name), t("{}", "") if found else _missing(lab, name), mend)
    if not found:
        return
    if count > 1:
        wrong = t("there are {} of that name; looked at is {}", count, found["id"])
        yield Finding("twins", t("API {}", name), wrong, t("delete those that you do not use"), harmless=True)
    yield from _settings(lab, found)
    yield from post(lab, found["id"])


def _missing(lab: Lab, name: str) -> Text:
    for other in peek_all(lab, "apigatewayv2.get_apis"):
        if other.get("Name") == name:
            return t("there is one of that name, but it is of the kind {}, not REST", other.get("ProtocolType"))
    names = [one["name"] for one in apis.listed(lab)]
    there = instead(lab, name, names, lambda other: name in [one["name"] for one in _listed(other)])
    return there or t("there is no such REST API in {}", lab.cloud.region)


def _listed(lab: Lab) -> list[Any]:
    return list((peek(lab, "apigateway.get_rest_apis", limit=500) or {}).get("items", []))


def _settings(lab: Lab, found: Any) -> Iterator[Finding]:
    types = ", ".join(found.get("endpointConfiguration", {}).get("types", []))
    wrong, mend = t("it is {}, not {}", types or "-", "REGIONAL"), t("{} → API endpoint type: Regional", _SETTINGS)
    yield judged("endpoint type", types == "REGIONAL", t("API endpoint type"), wrong, mend, harmless=types == "EDGE")
    yield judged(
        "default endpoint",
        not found.get("disableExecuteApiEndpoint"),
        t("default endpoint of the API"),
        t("it is disabled, so the invoke URL answers nobody"),
        t("{} → Default endpoint: Active; then deploy again", _SETTINGS),
    )
    binary = [kind for kind in found.get("binaryMediaTypes") or [] if kind in ("*/*", "application/json")]
    wrong = t("they have {}, so that JSON does not reach the function as text", ", ".join(binary))
    mend = t(
        "API Gateway → the API → API settings → Binary media types: remove {}; then deploy again", ", ".join(binary)
    )
    yield judged("binary types", not binary, t("binary media types"), wrong, mend)
    yield _resource_policy(lab, found)


def document(found: Any) -> Any:
    """The API's resource policy; API Gateway gives it escaped as in a string of JSON."""
    text = found.get("policy") or ""
    try:
        return iam.parsed(text if not text.startswith("{\\") else json.loads(f'"{text}"'))
    except ValueError:
        return {}


def _resource_policy(lab: Lab, found: Any) -> Finding:
    """Without one everybody may call; with one, whom it allows."""
    policy = iam.Policy("resource policy", "resource", document(found))
    where = f"{found['id']}/{lab.config.stage.name}/POST/"
    call = iam.Call("execute-api:Invoke", lab.cloud.arn("execute-api", where), {"aws:SecureTransport": "true"})
    right = not policy.document or _allows(policy, call)
    said = json.dumps(policy.document, ensure_ascii=False)
    mend = t("API Gateway → the API → Resource policy: delete it; then deploy again")
    return judged(
        "resource policy",
        right,
        t("resource policy of the API"),
        t("it does not let everybody call: {}", said[:400]),
        mend,
    )


def _allows(policy: iam.Policy, call: iam.Call) -> bool:
    def hit(effect: str) -> bool:
        return any(
            iam.names(one, call.action) and _about(one, call) and iam.holds(one.get("Condition"), call.context)
            for one in policy.statements(effect)
        )

    return hit("Allow") and not hit("Deny")


def _about(statement: iam.Statement, call: iam.Call) -> bool:
    """A resource may be short: `execute-api:/*` means this API."""
    arn = call.resource.rsplit(":", 1)
    wanted = [
        str(one).replace("execute-api:/", f"{arn[0]}:{arn[1].partition('/')[0]}/")
        if str(one).startswith("execute-api:/")
        else str(one)
        for one in iam.listed(statement.get("Resource", "*"))
    ]
    return iam.covers(wanted, call.resource)


def explain(lab: Lab, error: CheckFailed) -> Finding:
    """What API Gateway's own test of the method means when the function's has passed."""
    mend = t("API Gateway → the API → Resources → POST → Test shows its log")
    return Finding("answer", t("API Gateway's test of POST on /"), error.why or error.what, mend, live=True)
