"""A look at CORS, and at what of the API is deployed (steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws import methods, stages
from hol.engine.lab import Lab
from hol.site import checks, contract
from hol.teach.grade.api import the_api
from hol.teach.grade.finding import Finding, judged
from hol.words.again import command
from hol.words.errors import HolError
from hol.words.text import Text, t

_ENABLE = t("API Gateway → the API → Resources → / → Enable CORS: tick POST, Save; then deploy again")
_ORIGIN = "Access-Control-Allow-Origin"


def cors(lab: Lab) -> Iterator[Finding]:
    """OPTIONS answers the browser's question, and POST's answer says who may read it."""
    found, _ = the_api(lab)
    if not found:
        yield Finding("cors", t("CORS"), t("the API is missing"), t("first: {}", command("step", 4)))
        return
    verbs = methods.root(lab, found["id"]).get("resourceMethods", {})
    yield judged("options", "OPTIONS" in verbs, t("method OPTIONS on /"), t("it is missing"), _ENABLE)
    if "OPTIONS" in verbs:
        yield from _options(lab, verbs["OPTIONS"])
    if "POST" in verbs:
        yield from _header(lab, "POST", verbs["POST"], _ORIGIN, contract.origin(lab))


def _options(lab: Lab, found: Mapping[str, Any]) -> Iterator[Finding]:
    integration = found.get("methodIntegration", {})
    template = "".join(str(text) for text in (integration.get("requestTemplates") or {}).values())
    kind = integration.get("type", "-")
    wrong = (
        t("its type is {}, not MOCK", kind)
        if kind != "MOCK"
        else t("its template does not say {}", '{"statusCode": 200}')
    )
    yield judged("mock", kind == "MOCK" and "statusCode" in template, t("integration of OPTIONS"), wrong, _ENABLE)
    open_ = found.get("authorizationType", "NONE") == "NONE" and not found.get("apiKeyRequired")
    wrong = t("the preflight question carries no credentials, so it must not want any")
    yield judged("options authorization", open_, t("authorization of OPTIONS"), wrong, _ENABLE)
    wanted = {
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Allow-Methods": "POST",
        _ORIGIN: contract.origin(lab),
    }
    for name, value in wanted.items():
        yield from _header(lab, "OPTIONS", found, name, value)


def _header(lab: Lab, verb: str, method: Mapping[str, Any], name: str, wanted: str) -> Iterator[Finding]:
    """One header of the 200 answer: declared, mapped, in quotes, and with the right value."""
    key = f"method.response.header.{name}"
    declared = (method.get("methodResponses", {}).get("200") or {}).get("responseParameters") or {}
    answer = method.get("methodIntegration", {}).get("integrationResponses", {}).get("200") or {}
    value = (answer.get("responseParameters") or {}).get(key)
    facet, what = f"{verb} {name}", t("header {} of {}", name, verb)
    problem = _value_problem(lab, name, value, wanted)
    if key not in declared:
        problem = t("the method response 200 does not have it")
    yield Finding(facet, what, problem, _ENABLE if problem else None)


def _value_problem(lab: Lab, name: str, value: str | None, wanted: str) -> Text | None:
    if value is None:
        return t("the integration response 200 does not set it")
    if not (len(value) > 1 and value[0] == value[-1] == "'"):
        return t("its value {} lacks the single quotes", value)
    plain = value.strip("'")
    if name == _ORIGIN:
        site = lab.cloud.website_url(lab.config.bucket.name)
        return None if plain in (wanted, "*", site) else t("it is {}, so the page of {} may not call", plain, site)
    listed = [item.strip().lower() for item in plain.split(",")]
    return None if "*" in listed or wanted.lower() in listed else t("it is {}: {} is missing", plain, wanted)


def stage(lab: Lab) -> Iterator[Finding]:
    """The stage exists, and what answers there is what the API is now."""
    found, _ = the_api(lab)
    name = lab.config.stage.name
    if not found:
        yield Finding("stage", t("stage {}", name), t("the API is missing"), t("first: {}", command("step", 4)))
        return
    api = found["id"]
    others = [item["stageName"] for item in lab.find("apigateway.get_stages", restApiId=api).get("item", [])]
    there = stages.find(lab, api, name)
    wrong = t("the stage is called {}", ", ".join(others)) if others else t("the API has never been deployed")
    mend = t("API Gateway → the API → Resources → Deploy API → New stage: {}", name)
    yield judged("stage", there, t("stage {}", name), wrong, mend)
    if there:
        yield from _throttling(there)
        yield from _live(lab, api)


def _throttling(found: Mapping[str, Any]) -> Iterator[Finding]:
    """A limit of 0 lets nothing through; any other, and none, is right."""
    closed = [s for s in (found.get("methodSettings") or {}).values() if s.get("throttlingRateLimit") == 0]
    mend = t("API Gateway → the API → Stages → Edit → Throttling")
    yield judged("throttling", not closed, t("throttling"), t("the rate is 0: every call answers 429"), mend)


def _live(lab: Lab, api: str) -> Iterator[Finding]:
    """What is deployed answers as what is configured would."""
    url, site = lab.cloud.invoke_url(api, lab.config.stage.name), lab.cloud.website_url(lab.config.bucket.name)
    verbs = methods.root(lab, api).get("resourceMethods", {})
    stale = [
        verb
        for verb in verbs
        if verb in ("POST", "OPTIONS") and not _as_configured(lab, verb, verbs[verb], api, url, site)
    ]
    wrong = t("{} answers otherwise than it is configured: it was changed after the deployment", ", ".join(stale))
    mend = t("API Gateway → the API → Resources → Deploy API → Stage: {}", lab.config.stage.name)
    yield judged("deployed", not stale, t("deployment"), wrong, mend)


def _as_configured(lab: Lab, verb: str, method: Mapping[str, Any], api: str, url: str, site: str) -> bool:
    """Whether the live answer has the status and the CORS headers that the method as configured would give."""
    asked = {"Access_Control_Request_Method": "POST"} if verb == "OPTIONS" else {"Content_Type": "application/json"}
    body = checks.event(lab) if verb == "POST" else None
    live = checks.http(verb, url, body, Origin=site, **asked)
    if live.status in (0, 429):
        return True
    answer = method.get("methodIntegration", {}).get("integrationResponses", {}).get("200") or {}
    for key, value in (answer.get("responseParameters") or {}).items():
        name = key.rsplit(".", 1)[-1].lower()
        if live.status == 200 and name.startswith("access-control-") and live.headers.get(name) != value.strip("'"):
            return False
    if verb == "OPTIONS":
        return live.status == 200 or not all(finding.right for finding in _options(lab, method))
    return live.status == 200 or not _test_passes(lab, api)


def _test_passes(lab: Lab, api: str) -> bool:
    """API Gateway's Test button of POST: the method as configured, deployed or not."""
    root = methods.root(lab, api)["id"]
    try:
        body = checks.event(lab).decode()
        answer = lab.find("apigateway.test_invoke_method", restApiId=api, resourceId=root, httpMethod="POST", body=body)
    except HolError:
        return False
    return bool(answer and answer.get("status") == 200)
