"""ImportRestApi and PutRestApi: an API made of an OpenAPI document, which the emulator makes into an empty one.

A document becomes the calls that would make the same by hand, as the account's root; the caller is asked for the import alone.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
import re

from hol.local.emulator import core as emulator
from hol.local.gateway.call import control_error
from hol.local.gateway.documents import Importer, Rejected, X, fill, read, record
from hol.local.wire import Emulator, Record, Request, Response

_API = re.compile(r"/restapis/(?P<api>[^/]+)")
# Of an API: the member of CreateRestApi ← the extension of the document.
_SETTINGS = {
    "binaryMediaTypes": "binary-media-types",
    "minimumCompressionSize": "minimum-compression-size",
    "apiKeySource": "api-key-source",
    "policy": "policy",
}


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


def _settings(document: Record, request: Request) -> Record:
    info = record(document.get("info"))
    found = {name: document.get(X + extension) for name, extension in _SETTINGS.items()}
    if isinstance(found["policy"], dict):
        found["policy"] = json.dumps(found["policy"])
    given = record(document.get(f"{X}endpoint-configuration"))
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
