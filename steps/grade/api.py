"""A look at the REST API's POST method and its invoke permission."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws import apis, functions, methods
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, covers, judged
from hol.words.text import Text, t

from ..site import contract

_RESOURCES = t("API Gateway → the API → Resources")
_API = Kind[tuple[Any, int]]("graded api")


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
    mend = t("API Gateway → Create API → REST API → Build, with exactly this name, in the region {}", lab.cloud.region)
    yield judged("api", found, t("API {}", name), t("there is no such REST API in {}", lab.cloud.region), mend)
    if not found:
        return
    if count > 1:
        wrong = t("there are {} of that name; looked at is {}", count, found["id"])
        yield Finding("twins", t("API {}", name), wrong, t("delete those that you do not use"))
    types = ", ".join(found.get("endpointConfiguration", {}).get("types", []))
    yield judged(
        "endpoint type",
        types == "REGIONAL",
        t("API endpoint type"),
        t("it is {}, not {}", types or "-", "REGIONAL"),
        t("API Gateway → the API → API settings → Edit → API endpoint type: Regional"),
    )
    yield from _post(lab, found["id"])


def _post(lab: Lab, api_id: str) -> Iterator[Finding]:
    root = methods.root(lab, api_id)
    post = root.get("resourceMethods", {}).get("POST")
    mend = t("{}: select /, Create method, POST", _RESOURCES)
    yield judged("method", post, t("method POST on /"), _instead(lab, api_id, root), mend)
    if post is None:
        return
    yield judged(
        "authorization",
        post.get("authorizationType", "NONE") == "NONE" and not post.get("apiKeyRequired"),
        t("authorization of POST"),
        t("it wants {}", t("an API key") if post.get("apiKeyRequired") else post.get("authorizationType")),
        t("{} → POST → Method request → Edit: Authorization NONE, no API key", _RESOURCES),
    )
    yield from _integration(lab, post.get("methodIntegration"))
    yield from _answers(post)
    yield _permission(lab, api_id)


def _instead(lab: Lab, api_id: str, root: Mapping[str, Any]) -> Text:
    """What there is where POST on / should be."""
    here = [verb for verb in root.get("resourceMethods", {}) if verb != "OPTIONS"]
    if here:
        return t("/ has {} instead", ", ".join(here))
    resources = lab.pages("apigateway.get_resources", restApiId=api_id, embed=["methods"], limit=500)
    elsewhere = [r["path"] for r in resources if "POST" in r.get("resourceMethods", {})]
    return t("POST is on {}, not on /", ", ".join(elsewhere)) if elsewhere else t("/ has no method")


def _integration(lab: Lab, found: Any) -> Iterator[Finding]:
    edit = t("{} → POST → Integration request → Edit", _RESOURCES)
    kind = (found or {}).get("type", "-")
    wrong = (
        t("Lambda proxy integration is ticked")
        if kind == "AWS_PROXY"
        else t("its type is {}, not Lambda function", kind)
    )
    mend = t("{}: Lambda function, Lambda proxy integration off; then deploy again", edit)
    yield judged("integration", kind == "AWS", t("integration of POST"), wrong, mend)
    if kind not in ("AWS", "AWS_PROXY"):
        return
    wanted = contract.post(lab, functions.arn(lab, lab.config.function.name)).integration["uri"]
    uri = str(found.get("uri", "-"))
    pointed = re.search(r"functions/([^/]+)/invocations", uri)
    yield judged(
        "integration function",
        uri.replace(":$LATEST/", "/") == wanted,
        t("function of the integration"),
        _pointing(lab, pointed[1] if pointed else uri),
        t("{}: Lambda region {}, Lambda function {}", edit, lab.cloud.region, lab.config.function.name),
    )
    yield from _invocation(lab, found, edit)


def _invocation(lab: Lab, found: Mapping[str, Any], edit: Text) -> Iterator[Finding]:
    """How the function is invoked, and how long its answer is waited for."""
    verb = found.get("httpMethod")
    yield judged(
        "integration method",
        verb == "POST",
        t("HTTP method of the integration"),
        t("it is {}, but functions are always invoked with POST", verb or "-"),
        t("{}: HTTP method POST", edit),
    )
    timeout = int(found.get("timeoutInMillis") or 29000) / 1000
    enough = timeout >= min(lab.config.function.timeout, 29)
    wrong = t("it is {} s, shorter than the function's {} s", timeout, lab.config.function.timeout)
    yield judged("integration timeout", enough, t("integration timeout"), wrong, t("{}: default timeout", edit))


def _pointing(lab: Lab, arn: str) -> Text:
    """Which part of the function's ARN is wrong."""
    parts = arn.split(":")
    if len(parts) < 7:
        return t("it is {}", arn)
    if parts[3] != lab.cloud.region:
        return t("its region is {}, not {}", parts[3], lab.cloud.region)
    if parts[4] != lab.cloud.account:
        return t("its account is {}, not {}", parts[4], lab.cloud.account)
    if parts[6] != lab.config.function.name:
        return t("it is {}, not {}", parts[6], lab.config.function.name)
    return t("it is {}", arn)


def _answers(post: Mapping[str, Any]) -> Iterator[Finding]:
    yield judged(
        "method response",
        "200" in post.get("methodResponses", {}),
        t("method response 200 of POST"),
        t("it is missing"),
        t("{} → POST → Method response → Create response: 200, model Empty", _RESOURCES),
    )
    mapped = post.get("methodIntegration", {}).get("integrationResponses", {})
    default = mapped.get("200", {})
    yield judged(
        "integration response",
        post.get("methodIntegration", {}).get("type") == "AWS_PROXY"
        or ("200" in mapped and not default.get("selectionPattern")),
        t("integration response 200 of POST"),
        t("it is only for answers that match {}", default.get("selectionPattern"))
        if "200" in mapped
        else t("it is missing"),
        t("{} → POST → Integration response: 200 as the default, without a regex", _RESOURCES),
    )


def _permission(lab: Lab, api_id: str) -> Finding:
    """API Gateway may invoke the function; a wider permission than the console's is as good."""
    name = lab.config.function.name
    what = t("invoke permission for API Gateway")
    call = lab.cloud.arn("execute-api", f"{api_id}/{lab.config.stage.name}/POST/")
    given = list(functions.permissions(lab, name).values())
    ours = [p for p in given if "apigateway.amazonaws.com" in p["Principal"] or p["Principal"] == "*"]
    right = [p for p in ours if covers(p["Action"], "lambda:InvokeFunction") and covers(p["SourceArn"] or "*", call)]
    if not ours:
        wrong = t("nobody allowed API Gateway to invoke the function: it answers 500")
    else:
        wrong = t("it is for {}, not for this API ({})", ", ".join(p["SourceArn"] for p in ours), api_id)
    mend = t(
        "{} → POST → Integration request → Edit → Save asks for it again; or: {}",
        _RESOURCES,
        lab.command("step", "api"),
    )
    return judged("permission", right, what, wrong, mend)
