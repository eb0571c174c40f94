"""What API Gateway refuses of resources, methods, models and stages, though each part of the call is well-formed.

Each check looks at the API as it is and returns the error, or None. Recorded from AWS for methods and integration responses; the others
are AWS's own words from public reports.
"""

from __future__ import annotations

import json
import re

from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway.call import control_error
from hol.local.wire import Record, Response

Found = re.Match[str]
_VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_PATH_PART = re.compile(r"[a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\}")
_PARAMETER = re.compile(
    r"method\.request\.(?:querystring|multivaluequerystring|path|header|multivalueheader)\.[\w.$-]+"
)
_RESPONSE_PARAMETER = re.compile(r"method\.response\.(?:header|multivalueheader)\.[\w.$-]+|method\.response\.body\.?.*")
_NO_AUTHORIZER = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
_HTTP = re.compile(r"https?://.+|\$\{stageVariables\..+|.*\$\{stageVariables\..+")


def bad(message: str) -> Response:
    """Status 400."""
    return control_error(400, "BadRequestException", message)


def missing(message: str) -> Response:
    """Status 404."""
    return control_error(404, "NotFoundException", message)


def conflict(message: str) -> Response:
    """Status 409."""
    return control_error(409, "ConflictException", message)


# --- resources ---


def create_resource(at: Home, found: Found, body: Record) -> Response | None:
    """A path part of its own form, and one variable or greedy one among siblings."""
    known, part = emulator_gateway.resources(at), str(body.get("pathPart") or "")
    parent = known.get(found["parent"])
    if parent is None:
        return None
    if not _PATH_PART.fullmatch(part):
        return bad(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."
        )
    if str(parent.get("pathPart", "")).endswith("+}"):
        return bad(f"Cannot create a child of a resource with a greedy path variable: {parent['path']}")
    siblings = [str(one.get("pathPart")) for one in known.values() if one.get("parentId") == found["parent"]]
    if part in siblings:
        return conflict(f"Another resource with the same parent already has this name: {part}")
    return _second_variable(part, siblings)


def _second_variable(part: str, siblings: list[str]) -> Response | None:
    other = next((one for one in siblings if one.startswith("{") and part.startswith("{")), None)
    if other is None:
        return None
    return bad(
        f"A sibling ({other}) of this resource already has a variable path part -- only one unique variable path part is allowed"
    )


def update_resource(at: Home, found: Found, body: Record) -> Response | None:
    """A resource goes below one that is there and is not below itself, and is the only one of its name there."""
    known = emulator_gateway.resources(at)
    if found["resource"] not in known:
        return None
    after = dict(known[found["resource"]])
    for one in _patches(body):
        after[str(one.get("path"))[1:]] = one.get("value")
        if one.get("path") == "/parentId" and one.get("value") not in known:
            return missing("Invalid Resource identifier specified")
        if one.get("path") == "/parentId" and found["resource"] in _above(known, str(one["value"])):
            return bad("Resources cannot be cyclical.")
    place = (after.get("parentId"), after.get("pathPart"))
    if any((one.get("parentId"), one.get("pathPart")) == place for one in known.values()):
        return conflict(f"Another resource with the same parent already has this name: {place[1]}")
    return None


def _above(known: dict[str, Record], resource: str) -> list[str]:
    """The resource and all that it lies below."""
    found = []
    while resource in known and resource not in found:
        found.append(resource)
        resource = str(known[resource].get("parentId"))
    return found


def delete_resource(at: Home, found: Found, body: Record) -> Response | None:
    """The root stays."""
    one = emulator_gateway.resources(at).get(found["resource"])
    return bad("Root resource cannot be deleted") if one and not one.get("parentId") else None


def _patches(body: Record) -> list[Record]:
    found = body.get("patchOperations")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


# --- methods ---


def method_of(at: Home, found: Found) -> Record | None:
    """The method that a path names."""
    method: Record | None = (
        (emulator_gateway.resources(at).get(found["resource"]) or {}).get("resourceMethods", {}).get(found["verb"])
    )
    return method


def put_method(at: Home, found: Found, body: Record) -> Response | None:
    """The verb, the authorization, and what the method refers to."""
    if found["verb"] not in _VERBS:
        return bad(f"Invalid HttpMethod specified. Valid options are {','.join(_VERBS)}")
    if found["resource"] not in emulator_gateway.resources(at):
        return None
    if method_of(at, found):
        return conflict("Method already exists for this resource")
    kind = str(body.get("authorizationType") or "NONE").upper()
    if kind not in _TYPES:
        return bad(f"Invalid Authorization Type specified. Must be one of: [{', '.join(_TYPES)}]")
    return (
        _unknown_validator(at, body.get("requestValidatorId"))
        or _unknown_models(at, body.get("requestModels"))
        or _unknown_authorizer(at, kind, body.get("authorizerId"))
        or _wrong_parameters(body.get("requestParameters"), _PARAMETER)
    )


def _unknown_authorizer(at: Home, kind: object, authorizer: object) -> Response | None:
    if kind in ("CUSTOM", "COGNITO_USER_POOLS") and authorizer not in emulator_gateway.named(at, "authorizers"):
        return bad(_NO_AUTHORIZER)
    return None


def _unknown_validator(at: Home, validator: object) -> Response | None:
    if validator and validator not in emulator_gateway.named(at, "requestvalidators"):
        return bad("Invalid Request Validator identifier specified")
    return None


def _unknown_models(at: Home, models: object) -> Response | None:
    known = {"Empty", "Error", *emulator_gateway.named(at, "models")}
    for name in models.values() if isinstance(models, dict) else ():
        if name not in known:
            return bad(f"Invalid model identifier specified: {name}")
    return None


def _wrong_parameters(parameters: object, form: re.Pattern[str]) -> Response | None:
    for name in parameters if isinstance(parameters, dict) else ():
        if not form.fullmatch(name):
            return bad(
                f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: {name}]"
            )
    return None


def update_method(at: Home, found: Found, body: Record) -> Response | None:
    """The values of patches that name something."""
    if not method_of(at, found):
        return None
    values = {str(one.get("path")): one.get("value") for one in _patches(body) if one.get("op") in ("add", "replace")}
    models = {path: value for path, value in values.items() if path.startswith("/requestModels/")}
    return (
        _unknown_validator(at, values.get("/requestValidatorId"))
        or _unknown_models(at, models)
        or _unknown_authorizer(at, values.get("/authorizationType"), values.get("/authorizerId"))
    )


def delete_method(at: Home, found: Found, body: Record) -> Response | None:
    """One that is there."""
    there = found["resource"] not in emulator_gateway.resources(at) or method_of(at, found)
    return None if there else missing("Invalid Method identifier specified")


def put_method_response(at: Home, found: Found, body: Record) -> Response | None:
    """One of each status, whose models are there and whose parameters are headers."""
    method = method_of(at, found)
    if not method:
        return None
    if found["status"] in (method.get("methodResponses") or {}):
        return conflict("Response already exists for this resource")
    return _unknown_models(at, body.get("responseModels")) or _wrong_parameters(
        body.get("responseParameters"), _RESPONSE_PARAMETER
    )


def delete_method_response(at: Home, found: Found, body: Record) -> Response | None:
    """One that is there."""
    method = method_of(at, found)
    gone = method is not None and found["status"] not in (method.get("methodResponses") or {})
    return missing("Invalid Response status code specified") if gone else None


def delete_integration(at: Home, found: Found, body: Record) -> Response | None:
    """One that is there."""
    method = method_of(at, found)
    return (
        missing("Invalid Integration identifier specified") if method and not method.get("methodIntegration") else None
    )


def put_http_integration(body: Record) -> Response | None:
    """Where a call of an HTTP integration goes, and how long it may take."""
    kind, limit = str(body.get("type")), body.get("timeoutInMillis")
    if isinstance(limit, int) and not 50 <= limit <= 300_000:
        return bad("Timeout should be between 50 ms and 29000 ms")
    if not kind.startswith("HTTP"):
        return None
    if not (body.get("integrationHttpMethod") or body.get("httpMethod")):
        return bad("Enumeration value for HttpMethod must be non-empty")
    return None if _HTTP.fullmatch(str(body.get("uri") or "")) else bad("Invalid HTTP endpoint specified for URI")


# --- models, validators, stages ---


def create_model(at: Home, found: Found, body: Record) -> Response | None:
    """A name of letters and digits that is free, and a schema that is one."""
    name, schema = str(body.get("name") or ""), body.get("schema")
    if not re.fullmatch(r"[a-zA-Z0-9]+", name):
        return bad(f"Model name must be alphanumeric: {name}")
    if any(one.get("name") == name for one in emulator_gateway.named(at, "models").values()):
        return conflict("Model name already exists for this REST API")
    return _wrong_schema(schema) if schema is not None else None


def update_model(at: Home, found: Found, body: Record) -> Response | None:
    """A schema that is one."""
    schemas = [one.get("value") for one in _patches(body) if one.get("path") == "/schema"]
    return next(filter(None, map(_wrong_schema, schemas)), None)


def _wrong_schema(schema: object) -> Response | None:
    try:
        known = json.loads(str(schema or ""))
    except (ValueError, RecursionError):
        known = None
    if isinstance(known, dict):
        return None
    return bad("Model schema must have at least 1 property or array items defined")


def create_validator(at: Home, found: Found, body: Record) -> Response | None:
    """A name."""
    return None if body.get("name") else bad("Request Validator name cannot be blank")


def update_stage(at: Home, found: Found, body: Record) -> Response | None:
    """Removing the settings of a method that has none."""
    settings = (emulator_gateway.stages(at).get(found["stage"]) or {}).get("methodSettings") or {}
    for one in _patches(body):
        path = re.fullmatch(r"/([^/]+)/([^/]+)", str(one.get("path")))
        if path and one.get("op") == "remove" and path[1] not in ("variables", "accessLogSettings", "canarySettings"):
            name = f"{path[1].replace('~1', '/')}/{path[2]}"
            if name not in settings and name.lstrip("/") not in settings:
                return bad(f"Cannot remove method setting {name} because there is no method setting for this method ")
    return None
