"""A look at CORS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws.gateway import methods
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged, waiting
from hol.teach.grade.near import visible
from hol.words.errors import CheckFailed
from hol.words.text import Text, t

from ..site import contract
from .api import the_api
from .method import authorization
from .stage import stale

TESTED_WITH = ("stage",)
_ENABLE = t("API Gateway → the API → Resources → / → Enable CORS: tick POST and OPTIONS, Save; then deploy again")
_OPTIONS = t("API Gateway → the API → Resources → OPTIONS → Method request → Edit")
_ORIGIN, _METHODS, _HEADERS = (f"Access-Control-Allow-{name}" for name in ("Origin", "Methods", "Headers"))


def grade(lab: Lab) -> Iterator[Finding]:
    """OPTIONS answers the browser's question, and POST's answer says who may read it."""
    found, _ = the_api(lab)
    if not found:
        yield waiting(lab, "missing", t("CORS"), "api")
        return
    verbs = methods.root(lab, found["id"]).get("resourceMethods", {})
    there = "OPTIONS" in verbs
    yield judged(
        "missing", there, t("method OPTIONS on /"), t("{}", "") if there else _elsewhere(lab, found["id"]), _ENABLE
    )
    if there:
        yield from options(lab, verbs["OPTIONS"])
    post = verbs.get("POST", {}).get("methodIntegration", {})
    # Another integration, or one without that answer, is wrong already, which its own step says.
    if there and post.get("type") == "AWS" and "200" in (post.get("integrationResponses") or {}):
        yield _header(lab, "POST", verbs["POST"], _ORIGIN, contract.origin(lab))


def _elsewhere(lab: Lab, api_id: str) -> Text:
    resources = lab.pages("apigateway.get_resources", restApiId=api_id, embed=["methods"], limit=500)
    paths = [one["path"] for one in resources if "OPTIONS" in one.get("resourceMethods", {})]
    return t("it is on {}, not on /", ", ".join(paths)) if paths else t("it is missing")


def options(lab: Lab, found: Mapping[str, Any]) -> Iterator[Finding]:
    """OPTIONS, as a browser asks it."""
    yield _mock(found)
    yield authorization(found, "OPTIONS", _OPTIONS)
    wanted = {_HEADERS: "content-type", _METHODS: "POST", _ORIGIN: contract.origin(lab)}
    for name, value in wanted.items():
        yield _header(lab, "OPTIONS", found, name, value)


def _mock(found: Mapping[str, Any]) -> Finding:
    """The gateway answers itself, with a status that its template names and a response is mapped to."""
    integration = found.get("methodIntegration") or {}
    kind, templates = integration.get("type", "-"), integration.get("requestTemplates") or {}
    what, wanted = t("integration of OPTIONS"), '{"statusCode": 200}'
    if kind != "MOCK":
        return Finding("mock", what, t("its type is {}, not MOCK", kind), _ENABLE, doubtful=True)
    said = templates.get("application/json")
    if said is None:
        return Finding(
            "mock",
            what,
            t("its template is for {}, not for {}", ", ".join(templates) or "-", "application/json"),
            _ENABLE,
        )
    status = _status(said)
    right = status in (integration.get("integrationResponses") or {})
    return judged("mock", right, what, t("its template says {}, not {}", said[:120], wanted), _ENABLE)


def _status(template: str) -> str:
    try:
        return str(int(json.loads(template)["statusCode"]))
    except (ValueError, KeyError, TypeError):
        return "-"


def _header(lab: Lab, verb: str, method: Mapping[str, Any], name: str, wanted: str) -> Finding:
    """One header of the 200 answer: declared, mapped, in quotes, and with the right value."""
    key = f"method.response.header.{name}"
    declared = (method.get("methodResponses", {}).get("200") or {}).get("responseParameters") or {}
    mapped = (method.get("methodIntegration", {}).get("integrationResponses", {}).get("200") or {}).get(
        "responseParameters"
    ) or {}
    facet, what = name.rpartition("-")[2].lower(), t("header {} of {}", name, verb)
    problem = _value_problem(lab, name, mapped.get(key), wanted)
    if key not in declared:
        others = ", ".join(one.rpartition(".")[2] for one in declared) or "-"
        problem = t("the method response 200 does not have it but: {}", others)
    return Finding(facet, what, problem, _ENABLE if problem else None)


def _value_problem(lab: Lab, name: str, value: str | None, wanted: str) -> Text | None:
    if value is None:
        return t("the integration response 200 does not set it")
    if not (len(value) > 1 and value[0] == value[-1] == "'"):
        return t("its value {} lacks the single quotes", value)
    plain = value[1:-1]
    if name == _ORIGIN:
        site = lab.cloud.website_url(lab.config.bucket.name)
        return (
            None
            if plain in (wanted, "*", site)
            else t("it is “{}”, so the page of {} may not call", visible(plain), site)
        )
    fold = str.lower if name == _HEADERS else str  # methods are compared with their capitals
    said = [fold(item.strip()) for item in plain.split(",")]
    return None if "*" in said or fold(wanted) in said else t("it is “{}”: {} is missing", plain, wanted)


def explain(lab: Lab, error: CheckFailed) -> Finding:
    """The preflight question fails though all is configured: another origin is, or something else is deployed."""
    site, origin = lab.cloud.website_url(lab.config.bucket.name), contract.origin(lab)
    if origin not in ("*", site):
        wrong = t("the configuration names the origin {}, so the page of {} may not call", origin, site)
        mend = t(
            "`cors.origin: website` in config.yaml lets this lab's own page call; another page has to be there itself"
        )
        return Finding("another", t("allowed origin"), wrong, mend, live=True)
    return stale(lab, "OPTIONS", error)
