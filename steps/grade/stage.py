"""A look at what of the API is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws import methods, stages
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.errors import HolError
from hol.words.text import t

from ..site import checks
from .api import the_api
from .cors import options


def grade(lab: Lab) -> Iterator[Finding]:
    """The stage exists, and what answers there is what the API is now."""
    found, _ = the_api(lab)
    name = lab.config.stage.name
    if not found:
        yield Finding("stage", t("stage {}", name), t("the API is missing"), t("first: {}", lab.command("step", "api")))
        return
    api = found["id"]
    others = [item["stageName"] for item in lab.read("apigateway.get_stages", restApiId=api).get("item", [])]
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
    yield judged("deployed", not stale, t("deployment"), wrong, mend, live=True)


def _as_configured(lab: Lab, verb: str, method: Mapping[str, Any], api: str, url: str, site: str) -> bool:
    """Whether the live answer has the status and the CORS headers that the method as configured would give."""
    asked = {"Access_Control_Request_Method": "POST"} if verb == "OPTIONS" else {"Content_Type": "application/json"}
    body = checks.event(lab) if verb == "POST" else None
    live = checks.visit(lab, verb, url, body, Origin=site, **asked)
    if live.status in (0, 429):
        return True
    answer = method.get("methodIntegration", {}).get("integrationResponses", {}).get("200") or {}
    for key, value in (answer.get("responseParameters") or {}).items():
        name = key.rsplit(".", 1)[-1].lower()
        if live.status == 200 and name.startswith("access-control-") and live.headers.get(name) != value.strip("'"):
            return False
    if verb == "OPTIONS":
        return live.status == 200 or not all(finding.right for finding in options(lab, method))
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
