"""ImportRestApi and PutRestApi: an API made of an OpenAPI document, which the emulator makes into an empty one.

A document becomes the calls that would make the same by hand, as the account's root; the caller is asked for the import alone.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

import yaml

from hol.local.emulator import core as emulator
from hol.local.gateway.call import control_error
from hol.local.wire import Emulator, Record, Request, Response

_API = re.compile(r"/restapis/(?P<api>[^/]+)")
_X = "x-amazon-apigateway-"
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options", f"{_X}any-method")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
# Of an API: the member of CreateRestApi ← the extension of the document.
_SETTINGS = {
    "binaryMediaTypes": "binary-media-types",
    "minimumCompressionSize": "minimum-compression-size",
    "apiKeySource": "api-key-source",
    "policy": "policy",
}
_INTEGRATION = ("httpMethod", "uri", "credentials", "requestParameters", "requestTemplates", "cacheNamespace", "cacheKeyParameters",
                "contentHandling", "timeoutInMillis", "connectionType", "connectionId", "tlsConfig")  # fmt: skip


class Rejected(Exception):
    """The document cannot be made into an API; the message is the caller's."""


class Importer(NamedTuple):
    """Makes what the document says of one API."""

    account: str
    region: str
    api: str
    emulate: Emulator

    async def call(self, method: str, path: str, body: object = None) -> Record:
        """What a call below the API answers. Raises `Rejected` for an error."""
        content = b"" if body is None else json.dumps(body).encode()
        where = f"/restapis/{self.api}{path}" if self.api else "/restapis"
        query = {"limit": ["500"]} if method == "GET" else {}
        asked = emulator.root_request(self.account, self.region, "apigateway", method, where, body=content, query=query)
        answer = await self.emulate(asked)
        data: Record = json.loads(answer.body or b"{}")
        if answer.status >= 400:
            raise Rejected(f"Errors found during import:\n\t{data.get('message')}")
        return data


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers ImportRestApi and PutRestApi; refuses what else is imported and cannot be read."""
    if request.service != "apigateway":
        return None
    if unreadable := _unreadable(request):
        return control_error(400, "BadRequestException", unreadable)
    importing = request.method == "POST" and request.path == "/restapis" and request.query.get("mode") == ["import"]
    named = _API.fullmatch(request.path) if request.method == "PUT" else None
    if not importing and not named:
        return None
    denied = emulator.authorize(
        request, f"apigateway:{request.method}", f"arn:aws:apigateway:{request.region}::{request.path}"
    )
    try:
        return denied or await (_put(request, named["api"], emulate) if named else _imported(request, emulate))
    except Rejected as wrong:
        return control_error(400, "BadRequestException", str(wrong))


def _unreadable(request: Request) -> str:
    """Why API keys or parts of a documentation cannot be imported: the emulator would fail over them."""
    try:
        if request.method == "POST" and request.path == "/apikeys" and request.query.get("mode") == ["import"]:
            head = request.body.decode().partition("\n")[0].lower().split(",")
            return (
                ""
                if {"name", "key"} <= {one.strip() for one in head}
                else "The CSV file must have the columns name and key"
            )
        if request.method == "PUT" and re.fullmatch(r"/restapis/[^/]+/documentation/parts", request.path):
            return "" if isinstance(request.json(), dict) else "Unable to parse the documentation parts"
    except (ValueError, RecursionError):
        return "Unable to parse what is to be imported"
    return ""


async def _imported(request: Request, emulate: Emulator) -> Response:
    document = read(request.body)
    account = emulator.account_of(request)
    made = await Importer(account, request.region, "", emulate).call("POST", "", _settings(document, request))
    importer = Importer(account, request.region, made["id"], emulate)
    try:
        await fill(importer, document)
    except Rejected:
        await importer.call("DELETE", "")
        raise
    return Response.of_json(201, await importer.call("GET", ""))


async def _put(request: Request, api: str, emulate: Emulator) -> Response:
    importer = Importer(emulator.account_of(request), request.region, api, emulate)
    document = read(request.body)
    found = await emulate(
        emulator.root_request(importer.account, importer.region, "apigateway", "GET", f"/restapis/{api}")
    )
    if found.status != 200:
        return found
    if request.query.get("mode") == ["overwrite"]:
        await _emptied(importer)
    await fill(importer, document)
    info = document.get("info") or {}
    changes = [{"op": "replace", "path": f"/{name}", "value": str(info[given])} for name, given in (("name", "title"), ("description", "description")) if info.get(given)]  # fmt: skip
    await importer.call("PATCH", "", {"patchOperations": changes if request.query.get("mode") == ["overwrite"] else []})
    return Response.of_json(200, await importer.call("GET", ""))


def read(body: bytes) -> Record:
    """The document, of Swagger 2.0 or OpenAPI 3, in JSON or YAML. Raises `Rejected`."""
    try:
        document = yaml.safe_load(body.decode())
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        raise Rejected("Invalid OpenAPI input.") from None
    paths = document.get("paths") if isinstance(document, dict) else None
    if (
        not isinstance(document, dict)
        or not ("swagger" in document or "openapi" in document)
        or not isinstance(paths, dict | None)
    ):
        raise Rejected("Invalid OpenAPI input.")
    return document


def _settings(document: Record, request: Request) -> Record:
    info = _record(document.get("info"))
    found = {name: document.get(_X + extension) for name, extension in _SETTINGS.items()}
    if isinstance(found["policy"], dict):
        found["policy"] = json.dumps(found["policy"])
    given = _record(document.get(f"{_X}endpoint-configuration"))
    types = request.query.get("endpointConfigurationTypes") or given.get("types") or ["EDGE"]
    about = {
        "name": str(info.get("title") or "Unnamed"),
        "version": info.get("version"),
        "description": info.get("description"),
    }
    settings = {**about, **found, "endpointConfiguration": {"types": types}}
    return {name: value for name, value in settings.items() if value not in (None, "")}


async def _emptied(importer: Importer) -> None:
    """Without resources, models, authorizers and gateway responses of its own."""
    resources = (await importer.call("GET", "/resources"))["item"]
    for one in sorted(resources, key=lambda one: -len(one["path"])):
        if one["path"] != "/":
            await importer.call("DELETE", f"/resources/{one['id']}")
            continue
        for verb in one.get("resourceMethods") or {}:
            await importer.call("DELETE", f"/resources/{one['id']}/methods/{verb}")
    for kind, name in (("models", "name"), ("authorizers", "id"), ("requestvalidators", "id")):
        for one in (await importer.call("GET", f"/{kind}")).get("item") or []:
            await importer.call("DELETE", f"/{kind}/{one[name]}")


# --- the parts of a document ---


class Known(NamedTuple):
    """What methods refer to by the document's names."""

    security: Mapping[str, Record]
    validators: Mapping[str, str]
    document: Record


async def fill(importer: Importer, document: Record) -> None:
    """Everything of the document into the API; what is there under the same path and verb is replaced."""
    await _models(importer, document)
    known = Known(await _security(importer, document), await _validators(importer, document), document)
    for kind, response in _record(document.get(f"{_X}gateway-responses")).items():
        body = {name: _record(response)[name] for name in ("statusCode", "responseParameters", "responseTemplates") if name in _record(response)}  # fmt: skip
        await importer.call("PUT", f"/gatewayresponses/{kind}", {**body, "statusCode": str(body["statusCode"])} if "statusCode" in body else body)  # fmt: skip
    ids = {one["path"]: one["id"] for one in (await importer.call("GET", "/resources"))["item"]}
    for path, item in (document.get("paths") or {}).items():
        resource = await _resource(importer, str(path), ids)
        for verb, operation in _record(item).items():
            if str(verb).lower() in _VERBS:
                shared = [*(_record(item).get("parameters") or []), *(_record(operation).get("parameters") or [])]
                await _method(
                    importer, resource, str(verb).lower(), {**_record(operation), "parameters": shared}, known
                )


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}


async def _resource(importer: Importer, path: str, ids: dict[str, str]) -> str:
    """The id of the resource at that path, made with all above it where it is not there."""
    at = ""
    for part in filter(None, path.split("/")):
        above, at = at or "/", f"{at}/{part}"
        if at not in ids:
            ids[at] = (await importer.call("POST", f"/resources/{ids[above]}", {"pathPart": part}))["id"]
    return ids[at or "/"]


async def _models(importer: Importer, document: Record) -> None:
    present = {one["name"] for one in (await importer.call("GET", "/models")).get("item") or []}
    schemas = document.get("definitions") or _record(document.get("components")).get("schemas")
    for name, schema in _record(schemas).items():
        if name not in present:
            body = {"name": name, "contentType": "application/json", "schema": json.dumps(schema)}
            await importer.call("POST", "/models", body)


async def _validators(importer: Importer, document: Record) -> dict[str, str]:
    found = {}
    for name, what in _record(document.get(f"{_X}request-validators")).items():
        found[name] = (await importer.call("POST", "/requestvalidators", {"name": name, **_record(what)}))["id"]
    return found


async def _security(importer: Importer, document: Record) -> dict[str, Record]:
    """The document's name of a scheme → what a method says of it."""
    schemes = document.get("securityDefinitions") or _record(document.get("components")).get("securitySchemes")
    return {name: await _scheme(importer, name, _record(one)) for name, one in _record(schemes).items()}


async def _scheme(importer: Importer, name: str, scheme: Record) -> Record:
    extension, kind = _record(scheme.get(f"{_X}authorizer")), str(scheme.get(f"{_X}authtype") or "")
    if kind.lower() == "awssigv4":
        return {"authorizationType": "AWS_IAM"}
    if not extension:
        return {"apiKeyRequired": True} if scheme.get("type") == "apiKey" else {}
    where = "querystring" if scheme.get("in") == "query" else "header"
    type_ = str(extension.get("type") or "token").upper()
    body = {
        "identitySource": f"method.request.{where}.{scheme.get('name') or 'Authorization'}",
        **extension,
        "name": name,
        "type": type_,
        "authType": kind or "custom",
    }
    made = await importer.call("POST", "/authorizers", body)
    return {
        "authorizationType": "COGNITO_USER_POOLS" if type_ == "COGNITO_USER_POOLS" else "CUSTOM",
        "authorizerId": made["id"],
    }


async def _method(importer: Importer, resource: str, verb: str, operation: Record, known: Known) -> None:
    name = "ANY" if verb.endswith("any-method") else verb.upper()
    path = f"/resources/{resource}/methods/{name}"
    live = await importer.call("GET", f"/resources/{resource}")
    if name in (live.get("resourceMethods") or {}):
        await importer.call("DELETE", path)
    await importer.call("PUT", path, _of_method(operation, known))
    for status, response in _record(operation.get("responses")).items():
        if re.fullmatch(r"[1-5]\d\d", str(status)):
            await importer.call("PUT", f"{path}/responses/{status}", _of_response(_record(response), known.document))
    integration = _record(operation.get(f"{_X}integration"))
    if integration:
        await _integration(importer, f"{path}/integration", integration)


def _of_method(operation: Record, known: Known) -> Record:
    body: Record = {"authorizationType": "NONE", "apiKeyRequired": False}
    security = operation.get("security", known.document.get("security")) or []
    for scheme in (name for one in security for name in _record(one)):
        body.update(known.security.get(scheme, {}))
    given = [_resolved(one, known.document) for one in operation.get("parameters") or []]
    places = {f"method.request.{_PLACES[one['in']]}.{one['name']}": bool(one.get("required")) for one in given if one.get("in") in _PLACES}  # fmt: skip
    schemas = [("application/json", one.get("schema")) for one in given if one.get("in") == "body"]
    schemas += [(kind, _record(one).get("schema")) for kind, one in _record(_record(operation.get("requestBody")).get("content")).items()]  # fmt: skip
    validator = operation.get(f"{_X}request-validator", known.document.get(f"{_X}request-validator"))
    if str(validator) in known.validators:
        body["requestValidatorId"] = known.validators[str(validator)]
    if operation.get("operationId"):
        body["operationName"] = operation["operationId"]
    return {**body, "requestParameters": places, "requestModels": _named_models(schemas)}


def _of_response(response: Record, document: Record) -> Record:
    response = _resolved(response, document)
    schemas = [("application/json", response.get("schema"))]
    schemas += [(kind, _record(one).get("schema")) for kind, one in _record(response.get("content")).items()]
    headers = {f"method.response.header.{name}": False for name in _record(response.get("headers"))}
    return {"responseParameters": headers, "responseModels": _named_models(schemas)}


def _named_models(schemas: list[tuple[str, object]]) -> dict[str, str]:
    """Content type → model, for schemas that refer to one."""
    named = ((kind, str(_record(schema).get("$ref") or "")) for kind, schema in schemas)
    return {kind: reference.rpartition("/")[2] for kind, reference in named if reference}


def _resolved(value: object, document: Record) -> Record:
    """A record, or what its `$ref` names in the document."""
    record = _record(value)
    if not str(record.get("$ref") or "").startswith("#/"):
        return record
    found: object = document
    for step in record["$ref"][2:].split("/"):
        found = _record(found).get(step)
    return _record(found)


async def _integration(importer: Importer, path: str, integration: Record) -> None:
    body = {name: integration[name] for name in _INTEGRATION if integration.get(name) is not None}
    behavior = integration.get("passthroughBehavior")
    more = {"passthroughBehavior": str(behavior).upper()} if behavior else {}
    await importer.call("PUT", path, {**body, **more, "type": str(integration.get("type") or "").upper()})
    for pattern, response in _record(integration.get("responses")).items():
        given = _record(response)
        said = {
            name: given[name]
            for name in ("responseParameters", "responseTemplates", "contentHandling")
            if given.get(name)
        }
        selecting = {} if pattern == "default" else {"selectionPattern": str(pattern)}
        await importer.call("PUT", f"{path}/responses/{given.get('statusCode') or 200}", {**said, **selecting})
