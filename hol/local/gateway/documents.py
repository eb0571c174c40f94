"""An OpenAPI document as the calls that would make the same API by hand.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

import yaml

from hol.local.emulator import core as emulator
from hol.local.wire import Emulator, Record

X = "x-amazon-apigateway-"
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options", f"{X}any-method")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
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


class Known(NamedTuple):
    """What methods refer to by the document's names."""

    security: Mapping[str, Record]
    validators: Mapping[str, str]
    document: Record


async def fill(importer: Importer, document: Record) -> None:
    """Everything of the document into the API; what is there under the same path and verb is replaced."""
    await _models(importer, document)
    known = Known(await _security(importer, document), await _validators(importer, document), document)
    for kind, response in record(document.get(f"{X}gateway-responses")).items():
        body = {name: record(response)[name] for name in ("statusCode", "responseParameters", "responseTemplates") if name in record(response)}  # fmt: skip
        await importer.call("PUT", f"/gatewayresponses/{kind}", {**body, "statusCode": str(body["statusCode"])} if "statusCode" in body else body)  # fmt: skip
    ids = {one["path"]: one["id"] for one in (await importer.call("GET", "/resources"))["item"]}
    for path, item in (document.get("paths") or {}).items():
        resource = await _resource(importer, str(path), ids)
        for verb, operation in record(item).items():
            if str(verb).lower() in _VERBS:
                shared = [*(record(item).get("parameters") or []), *(record(operation).get("parameters") or [])]
                await _method(importer, resource, str(verb).lower(), {**record(operation), "parameters": shared}, known)


def record(value: object) -> Record:
    """The value where it is one, else an empty one."""
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
    schemas = document.get("definitions") or record(document.get("components")).get("schemas")
    for name, schema in record(schemas).items():
        if name not in present:
            body = {"name": name, "contentType": "application/json", "schema": json.dumps(schema)}
            await importer.call("POST", "/models", body)


async def _validators(importer: Importer, document: Record) -> dict[str, str]:
    found = {}
    for name, what in record(document.get(f"{X}request-validators")).items():
        found[name] = (await importer.call("POST", "/requestvalidators", {"name": name, **record(what)}))["id"]
    return found


async def _security(importer: Importer, document: Record) -> dict[str, Record]:
    """The document's name of a scheme → what a method says of it."""
    schemes = document.get("securityDefinitions") or record(document.get("components")).get("securitySchemes")
    return {name: await _scheme(importer, name, record(one)) for name, one in record(schemes).items()}


async def _scheme(importer: Importer, name: str, scheme: Record) -> Record:
    extension, kind = record(scheme.get(f"{X}authorizer")), str(scheme.get(f"{X}authtype") or "")
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
    for status, response in record(operation.get("responses")).items():
        if re.fullmatch(r"[1-5]\d\d", str(status)):
            await importer.call("PUT", f"{path}/responses/{status}", _of_response(record(response), known.document))
    integration = record(operation.get(f"{X}integration"))
    if integration:
        await _integration(importer, f"{path}/integration", integration)


def _of_method(operation: Record, known: Known) -> Record:
    body: Record = {"authorizationType": "NONE", "apiKeyRequired": False}
    security = operation.get("security", known.document.get("security")) or []
    for scheme in (name for one in security for name in record(one)):
        body.update(known.security.get(scheme, {}))
    given = [_resolved(one, known.document) for one in operation.get("parameters") or []]
    places = {f"method.request.{_PLACES[one['in']]}.{one['name']}": bool(one.get("required")) for one in given if one.get("in") in _PLACES}  # fmt: skip
    schemas = [("application/json", one.get("schema")) for one in given if one.get("in") == "body"]
    schemas += [(kind, record(one).get("schema")) for kind, one in record(record(operation.get("requestBody")).get("content")).items()]  # fmt: skip
    validator = operation.get(f"{X}request-validator", known.document.get(f"{X}request-validator"))
    if str(validator) in known.validators:
        body["requestValidatorId"] = known.validators[str(validator)]
    if operation.get("operationId"):
        body["operationName"] = operation["operationId"]
    return {**body, "requestParameters": places, "requestModels": _named_models(schemas)}


def _of_response(response: Record, document: Record) -> Record:
    response = _resolved(response, document)
    schemas = [("application/json", response.get("schema"))]
    schemas += [(kind, record(one).get("schema")) for kind, one in record(response.get("content")).items()]
    headers = {f"method.response.header.{name}": False for name in record(response.get("headers"))}
    return {"responseParameters": headers, "responseModels": _named_models(schemas)}


def _named_models(schemas: list[tuple[str, object]]) -> dict[str, str]:
    """Content type → model, for schemas that refer to one."""
    named = ((kind, str(record(schema).get("$ref") or "")) for kind, schema in schemas)
    return {kind: reference.rpartition("/")[2] for kind, reference in named if reference}


def _resolved(value: object, document: Record) -> Record:
    """A record, or what its `$ref` names in the document."""
    given = record(value)
    if not str(given.get("$ref") or "").startswith("#/"):
        return given
    found: object = document
    for step in given["$ref"][2:].split("/"):
        found = record(found).get(step)
    return record(found)


async def _integration(importer: Importer, path: str, integration: Record) -> None:
    body = {name: integration[name] for name in _INTEGRATION if integration.get(name) is not None}
    behavior = integration.get("passthroughBehavior")
    more = {"passthroughBehavior": str(behavior).upper()} if behavior else {}
    await importer.call("PUT", path, {**body, **more, "type": str(integration.get("type") or "").upper()})
    for pattern, response in record(integration.get("responses")).items():
        given = record(response)
        said = {
            name: given[name]
            for name in ("responseParameters", "responseTemplates", "contentHandling")
            if given.get(name)
        }
        selecting = {} if pattern == "default" else {"selectionPattern": str(pattern)}
        await importer.call("PUT", f"{path}/responses/{given.get('statusCode') or 200}", {**said, **selecting})
