"""A look at POST on /: its request, its integration, its answers, and who may invoke the function."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws import functions
from hol.aws.gateway import methods
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, judged, waiting
from hol.teach.grade.near import peek
from hol.words.text import Text, t

from ..site import contract

RESOURCES = t("API Gateway → the API → Resources")
_REQUEST = t("{} → POST → Method request → Edit", RESOURCES)
_INTEGRATION = t("{} → POST → Integration request → Edit", RESOURCES)
_ANSWER = t("{} → POST → Integration response", RESOURCES)
_AGAIN = t("then deploy again")
# Templates that hand the body on as it is.
_AS_IT_IS = re.compile(r"""\s*(\$input\.json\((['"])\$\2\)|\$input\.body)\s*""")


def post(lab: Lab, api_id: str) -> Iterator[Finding]:
    """Everything of the POST method."""
    found = methods.root(lab, api_id).get("resourceMethods", {}).get("POST")
    mend = t("{}: select /, Create method, POST; {}", RESOURCES, _AGAIN)
    wrong = t("{}", "") if found else _instead(lab, api_id)
    yield judged("method", found, t("method POST on /"), wrong, mend)
    if found is None:
        return
    yield authorization(found, "POST", _REQUEST)
    yield from _validator(lab, api_id, found)
    yield from _integration(lab, found.get("methodIntegration"))
    yield from _answers(found)
    if not found.get("methodIntegration", {}).get("credentials"):
        yield _permission(lab, api_id)


def _instead(lab: Lab, api_id: str) -> Text:
    """What there is where POST on / should be; while somebody is making it, it may be there by now."""
    resources = lab.pages("apigateway.get_resources", restApiId=api_id, embed=["methods"], limit=500)
    elsewhere = [r["path"] for r in resources if r["path"] != "/" and "POST" in r.get("resourceMethods", {})]
    if elsewhere:
        return t("POST is on {}, not on /", ", ".join(elsewhere))
    verbs = next((r.get("resourceMethods", {}) for r in resources if r["path"] == "/"), dict[str, Any]())
    here = [verb for verb in verbs if verb not in ("OPTIONS", "POST")]
    return t("/ has {} instead", ", ".join(here)) if here else t("/ has no method")


def authorization(method: Mapping[str, Any], verb: str, edit: Text) -> Finding:
    """The page has neither credentials nor a key."""
    kind, key = method.get("authorizationType", "NONE"), method.get("apiKeyRequired")
    wrong = t("it wants {}", t("an API key") if key else kind)
    mend = t("{}: Authorization NONE, no API key; {}", edit, _AGAIN)
    return judged("authorization", kind == "NONE" and not key, t("authorization of {}", verb), wrong, mend)


def _validator(lab: Lab, api_id: str, method: Mapping[str, Any]) -> Iterator[Finding]:
    """What the method demands of a request before it passes it on."""
    if not method.get("requestValidatorId"):
        return
    demanded = [name.rpartition(".")[2] for name, needed in (method.get("requestParameters") or {}).items() if needed]
    for model in (method.get("requestModels") or {}).values():
        found = peek(lab, "apigateway.get_model", restApiId=api_id, modelName=model) or {}
        foreign = [key for key in _required(found.get("schema")) if key != "sentences"]
        demanded += [f"{model}: {', '.join(foreign)}"] if foreign else []
    mend = t("{}: Request validator None; {}", _REQUEST, _AGAIN)
    yield judged(
        "validator",
        not demanded,
        t("request validator of POST"),
        t("it demands {}", ", ".join(demanded)),
        mend,
    )


def _required(schema: object) -> list[str]:
    try:
        found = json.loads(str(schema))
    except ValueError:
        return []
    return [str(one) for one in found.get("required", [])] if isinstance(found, dict) else []


def _integration(lab: Lab, found: Any) -> Iterator[Finding]:
    kind = (found or {}).get("type", "-")
    wrong = (
        t("Lambda proxy integration is ticked ({})", kind)
        if kind == "AWS_PROXY"
        else t("its type is {}, not Lambda function", kind)
    )
    mend = t("{}: Lambda function, Lambda proxy integration off; {}", _INTEGRATION, _AGAIN)
    yield judged("integration", kind == "AWS", t("integration of POST"), wrong, mend)
    if kind != "AWS":
        return
    wanted = contract.post(lab, functions.arn(lab, lab.config.function.name)).integration["uri"]
    uri = str(found.get("uri", "-"))
    qualified = bool(re.fullmatch(re.escape(wanted).replace("/invocations", r":[\w$-]+/invocations"), uri))
    mend = t(
        "{}: Lambda region {}, Lambda function {}; {}", _INTEGRATION, lab.cloud.region, lab.config.function.name, _AGAIN
    )
    right = uri.replace(":$LATEST/", "/") == wanted
    yield judged(
        "integration function", right, t("function of the integration"), _pointing(lab, uri), mend, doubtful=qualified
    )
    yield from _invocation(lab, found)
    yield from _request(found)


def _invocation(lab: Lab, found: Mapping[str, Any]) -> Iterator[Finding]:
    """How the function is invoked, as whom, and how long its answer is waited for."""
    verb, role = found.get("httpMethod"), found.get("credentials")
    wrong = t("it is {}, but functions are always invoked with POST", verb or "-")
    yield judged(
        "integration method",
        verb == "POST",
        t("HTTP method of the integration"),
        wrong,
        t("{}: HTTP method POST; {}", _INTEGRATION, _AGAIN),
    )
    wrong = t("it is invoked as {}", role)
    mend = t("{}: no execution role; {}", _INTEGRATION, _AGAIN)
    yield judged("integration role", not role, t("credentials of the integration"), wrong, mend, doubtful=True)
    timeout = int(found.get("timeoutInMillis") or 29000)
    wrong = t("it is {} ms, shorter than the function's {} s", timeout, lab.config.function.timeout)
    enough = timeout >= min(lab.config.function.timeout, 29) * 1000
    yield judged(
        "integration timeout",
        enough,
        t("integration timeout"),
        wrong,
        t("{}: default timeout; {}", _INTEGRATION, _AGAIN),
    )


def _request(found: Mapping[str, Any]) -> Iterator[Finding]:
    """The body gets to the function as it is."""
    templates, handling = found.get("requestTemplates") or {}, found.get("contentHandling")
    mine = templates.get("application/json")
    changes = mine is not None and not _AS_IT_IS.fullmatch(mine)
    wrong = t("it changes what the function gets: {}", (mine or "")[:200])
    if mine is None and found.get("passthroughBehavior") == "NEVER":
        changes, wrong = True, t("the body passes {} without a template for {}", "NEVER", "application/json")
    mend = t(
        "{}: remove the mapping template, Request body passthrough: when there are no templates defined; {}",
        _INTEGRATION,
        _AGAIN,
    )
    yield judged("request template", not changes, t("mapping template of the request"), wrong, mend, doubtful=True)
    mend = t("{}: Content handling Passthrough; {}", _INTEGRATION, _AGAIN)
    yield judged(
        "content handling",
        handling != "CONVERT_TO_BINARY",
        t("content handling of the request"),
        t("it is {}", handling),
        mend,
    )


def _pointing(lab: Lab, uri: str) -> Text:
    """Which part of the URI or of the function's ARN in it is wrong."""
    found = re.search(r"functions/([^/]+)/invocations", uri)
    parts, gateway = (found[1] if found else uri).split(":"), uri.split(":")
    if len(parts) < 7 or "${" in uri:
        return t("it is {}", found[1] if found else uri)
    named = (
        (t("region"), parts[3], lab.cloud.region),
        (t("account"), parts[4], lab.cloud.account),
        (t("name"), parts[6], lab.config.function.name),
        (t("the gateway's region"), gateway[3], lab.cloud.region),
    )
    for what, have, wanted in named:
        if have != wanted:
            return t("its {} is {}, not {}", what, have, wanted)
    return t("it is the version or alias {}", f":{parts[7]}" if len(parts) > 7 else uri)


def _answers(post: Mapping[str, Any]) -> Iterator[Finding]:
    mend = t("{} → POST → Method response → Create response: 200, model Empty; {}", RESOURCES, _AGAIN)
    yield judged(
        "method response",
        "200" in post.get("methodResponses", {}),
        t("method response 200 of POST"),
        t("it is missing"),
        mend,
    )
    integration = post.get("methodIntegration", {})
    if integration.get("type") != "AWS":
        return
    mapped = integration.get("integrationResponses") or {}
    usual = next(((status, one) for status, one in mapped.items() if not one.get("selectionPattern")), None)
    right = bool(usual) and usual is not None and usual[0] == "200"
    mend = t("{}: 200 as the default, without a regex; {}", _ANSWER, _AGAIN)
    yield judged("integration response", right, t("integration response 200 of POST"), _unusual(mapped, usual), mend)
    if right and usual:
        yield from _response(usual[1])


def _unusual(mapped: Mapping[str, Any], usual: tuple[str, Any] | None) -> Text:
    if usual:
        return t("every answer gets the status {}", usual[0])
    if "200" in mapped:
        return t("it is only for answers that match {}", mapped["200"].get("selectionPattern"))
    return t("it is missing")


def _response(usual: Mapping[str, Any]) -> Iterator[Finding]:
    """The answer gets to the page as it is."""
    template = (usual.get("responseTemplates") or {}).get("application/json")
    right = not template or bool(_AS_IT_IS.fullmatch(template))
    wrong, mend = (
        t("it changes the answer: {}", (template or "")[:200]),
        t("{} → 200 → Edit: remove the mapping template; {}", _ANSWER, _AGAIN),
    )
    yield judged("response template", right, t("mapping template of the answer"), wrong, mend, doubtful=True)
    handling = usual.get("contentHandling")
    mend = t("{} → 200 → Edit: Content handling Passthrough; {}", _ANSWER, _AGAIN)
    yield judged(
        "content handling",
        handling != "CONVERT_TO_BINARY",
        t("content handling of the answer"),
        t("it is {}", handling),
        mend,
    )


def _permission(lab: Lab, api_id: str) -> Finding:
    """API Gateway may invoke the function; a wider permission than the console's is as good."""
    name, what = lab.config.function.name, t("invoke permission for API Gateway")
    if functions.find(lab, name) is None:
        return waiting(lab, "permission", what, "function")
    answer = peek(lab, "lambda.get_policy", "ResourceNotFoundException", FunctionName=name)
    policy = iam.Policy(name, "resource", (answer or {}).get("Policy") or {})
    source = lab.cloud.arn("execute-api", f"{api_id}/{lab.config.stage.name}/POST/")
    context = {"aws:SourceArn": source, "aws:SourceAccount": lab.cloud.account}
    call = iam.Call("lambda:InvokeFunction", functions.arn(lab, name), context)
    ours = [one for one in policy.statements() if {"apigateway.amazonaws.com", "*"} & set(iam.services(one))]
    right = any(iam.applies(one, call) for one in ours) and not any(
        iam.applies(one, call) for one in policy.statements("Deny")
    )
    mend = t("{}: Save asks for it again; or: {}", _INTEGRATION, lab.command("step", lab.step))
    return judged("permission", right, what, _unpermitted(policy, ours, source), mend)


def _unpermitted(policy: iam.Policy, ours: list[iam.Statement], source: str) -> Text:
    if not ours:
        others = [name for one in policy.statements() for name in iam.services(one)]
        allowed = t("(allowed are: {})", ", ".join(others)) if others else t("{}", "")
        return t("nobody allowed API Gateway to invoke the function: it answers 500 {}", allowed)
    other = [
        action
        for one in ours
        for action in iam.listed(one.get("Action"))
        if not iam.names(one, "lambda:InvokeFunction")
    ]
    if other:
        return t("it is for {}, not for {}", ", ".join(other), "lambda:InvokeFunction")
    return t("its condition does not hold for {}: {}", source, ", ".join(map(iam.condition_shown, ours)))
