"""A look at CORS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws import methods
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.text import Text, t

from ..site import contract
from .api import the_api

_ENABLE = t("API Gateway → the API → Resources → / → Enable CORS: tick POST, Save; then deploy again")
_ORIGIN = "Access-Control-Allow-Origin"


def grade(lab: Lab) -> Iterator[Finding]:
    """OPTIONS answers the browser's question, and POST's answer says who may read it."""
    found, _ = the_api(lab)
    if not found:
        yield Finding("cors", t("CORS"), t("the API is missing"), t("first: {}", lab.command("step", "api")))
        return
    verbs = methods.root(lab, found["id"]).get("resourceMethods", {})
    yield judged("options", "OPTIONS" in verbs, t("method OPTIONS on /"), t("it is missing"), _ENABLE)
    if "OPTIONS" in verbs:
        yield from options(lab, verbs["OPTIONS"])
    if "POST" in verbs:
        yield from _header(lab, "POST", verbs["POST"], _ORIGIN, contract.origin(lab))


def options(lab: Lab, found: Mapping[str, Any]) -> Iterator[Finding]:
    """OPTIONS, as a browser asks it."""
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
