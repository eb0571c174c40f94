"""From what a backend answered to what the caller gets: selection, headers, body templates.

Used by the integrations that do not hand the backend's answer through. Source: API Gateway developer guide,
"Set up an integration response" and "Mapping template reference".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from hol.local.gateway.call import Call, GatewayError, misconfigured
from hol.local.templates.nodes import TemplateError
from hol.local.templates.render import Rendered, overridden, render
from hol.local.templates.values import Input, json_path, parsed
from hol.local.wire import Record, Response

_HEADER = "method.response.header."
_UNTEMPLATED = "application/json"


@dataclass(frozen=True)
class Answer:
    """A backend's answer: what selection patterns are matched against ("" when it succeeded), and its body."""

    selector: str
    body: str


def respond(call: Call, answer: Answer) -> Response:
    """The integration response that the answer selects, applied to it."""
    chosen = _select(call.integration.get("integrationResponses") or {}, answer.selector)
    if chosen is None:
        raise misconfigured("No match for output mapping and no default endpoint response configured")
    kind, rendered = _rendered(call, chosen, answer.body)
    headers = {"content-type": kind}
    for target, source in (chosen.get("responseParameters") or {}).items():
        value = _value(call, source, answer.body)
        if target.startswith(_HEADER) and value is not None:
            headers[target.removeprefix(_HEADER).lower()] = value
    headers |= {name.lower(): value for name, value in rendered.headers.items()}
    return Response(rendered.status or int(chosen["statusCode"]), headers, rendered.text.encode())


def _select(responses: dict[str, Record], selector: str) -> Record | None:
    """The first whose whole pattern matches, else the one without a pattern."""
    default = None
    for _status, response in sorted(responses.items()):
        pattern = response.get("selectionPattern") or ""
        if not pattern:
            default = default or response
        elif selector and _matches(pattern, selector):
            return response
    return default


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _rendered(call: Call, response: Record, body: str) -> tuple[str, Rendered]:
    templates = {kind: text for kind, text in (response.get("responseTemplates") or {}).items() if text}
    if not templates:
        return _UNTEMPLATED, overridden(body, call.overrides["responseOverride"])
    kind = _UNTEMPLATED if _UNTEMPLATED in templates else next(iter(templates))
    return kind, _transformed(call, templates[kind], _input(call, body), "response")


def _transformed(call: Call, template: str, given: Input, what: str) -> Rendered:
    try:
        return render(template, given, call.context, call.stage.get("variables") or {}, call.overrides)
    except TemplateError as error:
        raise misconfigured(f"Unable to transform {what}: {error}") from error


def _value(call: Call, source: str, body: str) -> str | None:
    if source.startswith("'"):
        return source.strip("'")
    if source.startswith("integration.response.body"):
        return _text(json_path(parsed(body), "$" + source.removeprefix("integration.response.body")))
    if source.startswith("context."):
        return _text(json_path(call.context, "$" + source.removeprefix("context")))
    if source.startswith("stageVariables."):
        return _text((call.stage.get("variables") or {}).get(source.removeprefix("stageVariables.")))
    return None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def integration_request(call: Call) -> str:
    """What the backend is sent: the body through the request template of its content type, or as it came.

    Raises GatewayError UNSUPPORTED_MEDIA_TYPE (415) as `passthroughBehavior` says.
    """
    kind = call.request.headers.get("content-type", _UNTEMPLATED).partition(";")[0].strip().lower()
    templates = {name.lower(): text for name, text in (call.integration.get("requestTemplates") or {}).items()}
    body = call.request.body.decode("utf-8", "replace")
    if kind in templates:
        return _transformed(call, templates[kind] or "", _input(call, body), "request").text
    behavior = (call.integration.get("passthroughBehavior") or "WHEN_NO_MATCH").upper()
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return body


def _input(call: Call, body: str) -> Input:
    query = {name: values[-1] for name, values in call.request.query.items()}
    return Input(body or "{}", call.asked["path_params"], query, call.request.headers)
