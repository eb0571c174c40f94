"""API Gateway's GetSdk: the JavaScript SDK of a deployed stage as a zip.

The layout is the union of those that API Gateway has given out over the years, so pages written for any of them find
their files; all of it is our own code, in `sdk_js/`. Generated is only `apigClient.js`: the stage's invoke URL and
one function for each deployed method. As on AWS, `ANY` methods get none, and an API of nothing but `ANY` methods
gets no `apigClient.js`.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from string import Template

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway import deployments as gateway_deployments
from hol.local.wire import Emulator, Record, Request, Response

GET_SDK = re.compile(r"/restapis/(?P<api>[^/]+)/stages/(?P<stage>[^/]+)/sdks/(?P<type>[^/]+)")
SDK_TYPES = re.compile(r"/sdktypes(?:/(?P<type>[^/]+))?")
TOP = "apiGateway-js-sdk"
OTHER_TYPES = ("android", "java", "objectivec", "ruby", "swift")
JAVASCRIPT = {
    "id": "javascript",
    "friendlyName": "JavaScript",
    "description": "JavaScript SDK for browsers",
    "configurationProperties": [],
}
VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")

_CORE = "lib/CryptoJS/rollups/crypto-js.js"
_SHA256 = "lib/CryptoJS/rollups/sha256.js"
_HMAC = "lib/CryptoJS/components/hmac.js"
# The files of the zip and what each is put together of, when that is not the source of the same name.
LIBRARY: dict[str, tuple[str, ...]] = {
    "lib/axios/dist/axios.standalone.js": ("lib/axios/axios.js",),
    _CORE: (),
    _SHA256: (_CORE, _SHA256),
    "lib/CryptoJS/rollups/hmac-sha256.js": (_CORE, _SHA256, _HMAC),
    _HMAC: (),
    "lib/CryptoJS/components/enc-base64.js": (),
    "lib/moment/moment.js": (),
    "lib/url-template/url-template.js": (),
    "lib/apiGatewayCore/sigV4Client.js": (),
    "lib/apiGatewayCore/simpleHttpClient.js": (),
    "lib/apiGatewayCore/utils.js": (),
    "lib/apiGatewayCore/apiGatewayClient.js": (),
    "README.md": (),
    "CHANGELOG.md": (),
}


@dataclass(frozen=True)
class Method:
    """A deployed method; the parameter names are those its requests declare."""

    path: str
    verb: str
    parameters: dict[str, list[str]]
    has_model: bool

    @property
    def name(self) -> str:
        """`GET /pets/{petId}` → `petsPetIdGet`; the root resource is called `root`."""
        words = re.findall(r"[A-Za-z0-9]+", self.path) or ["root"]
        joined = "".join(word[0].upper() + word[1:] for word in [*words, self.verb.lower()])
        return joined[0].lower() + joined[1:]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers GetSdk, GetSdkTypes and GetSdkType."""
    if request.method != "GET" or request.service != "apigateway":
        return None
    asked, types = GET_SDK.fullmatch(request.path), SDK_TYPES.fullmatch(request.path)
    if not asked and not types:
        return None
    denied = emulator.authorize(request, "apigateway:GET", f"arn:aws:apigateway:{request.region}::{request.path}")
    if denied:
        return denied
    return _sdk(request, asked["api"], asked["stage"], asked["type"]) if asked else _types(types and types["type"])


def _types(type_id: str | None) -> Response:
    if type_id is None:
        return Response.of_json(200, {"item": [JAVASCRIPT]})
    if type_id != JAVASCRIPT["id"]:
        return _error(404, "NotFoundException", "Invalid sdk type identifier specified")
    return Response.of_json(200, JAVASCRIPT)


def _sdk(request: Request, api_id: str, stage: str, type_id: str) -> Response:
    account = emulator.account_of(request)
    at = Home(account, request.region, api_id)
    if emulator_gateway.home(api_id) != at:
        return _error(404, "NotFoundException", f"Invalid API identifier specified {account}:{api_id}")
    deployed = gateway_deployments.deployed(at, stage)
    if deployed is None:
        return _error(404, "NotFoundException", "Invalid stage identifier specified")
    if type_id != JAVASCRIPT["id"]:
        why = "Not in the local AWS" if type_id in OTHER_TYPES else "Unknown"
        return _error(400, "BadRequestException", f"{why}: SDK type {type_id}")
    port = request.headers.get("host", "").rpartition(":")[2]
    invoke_url = f"http://127.0.0.1:{port if port.isdigit() else 80}/_aws/execute-api/{api_id}/{stage}"
    return _download(bundle(invoke_url, methods(deployed), _changed(at, stage)))


def _download(content: bytes) -> Response:
    moment = datetime.now(UTC).strftime("%Y-%m-%d_%H-%MZ")
    disposition = f'attachment; filename="javascript_{moment}.zip"'
    return Response(200, {"content-type": "application/octet-stream", "content-disposition": disposition}, content)


def _error(status: int, code: str, message: str) -> Response:
    return Response.of_json(status, {"message": message}, x_amzn_errortype=code)


def _changed(at: Home, stage: str) -> datetime:
    """When the stage was last deployed: the zip of an unchanged stage stays the same, byte for byte."""
    record = emulator_gateway.stages(at)[stage]
    deployment = emulator_gateway.deployments(at).get(record.get("deploymentId", ""), {})
    try:
        return datetime.fromtimestamp(float(deployment["createdDate"]), UTC)
    except (KeyError, TypeError, ValueError):
        return datetime(2024, 5, 20, tzinfo=UTC)


def methods(resources: Mapping[str, Record]) -> list[Method]:
    """The methods that get a function, by path and then in the order of `VERBS`."""
    return [
        _method(resource["path"], verb, resource["resourceMethods"][verb])
        for resource in sorted(resources.values(), key=lambda resource: str(resource["path"]))
        for verb in VERBS
        if verb in (resource.get("resourceMethods") or {})
    ]


def _method(path: str, verb: str, record: Record) -> Method:
    parameters: dict[str, list[str]] = {"path": [], "header": [], "querystring": []}
    for declared in record.get("requestParameters") or {}:
        _, _, place, name = declared.split(".", 3)
        parameters.get(place, []).append(name)
    return Method(path, verb, parameters, bool(record.get("requestModels")))


def bundle(invoke_url: str, deployed: list[Method], changed: datetime) -> bytes:
    """The zip of an SDK."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(invoke_url, deployed):
            archive.writestr(zipfile.ZipInfo(f"{TOP}/{name}", changed.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _contents(invoke_url: str, deployed: list[Method]) -> Iterator[tuple[str, str]]:
    if deployed:
        yield "apigClient.js", client(invoke_url, deployed)
    for name, parts in LIBRARY.items():
        yield name, "".join(_source(part) for part in parts or (name,))


def client(invoke_url: str, deployed: list[Method]) -> str:
    """The text of `apigClient.js`."""
    functions = "\n".join(_function(method) for method in deployed)
    return Template(_source("apigClient.js")).substitute(invoke_url=invoke_url, methods=functions)


def _function(method: Method) -> str:
    path, header, query = method.parameters.values()
    required = [*path, *header, *query, *(["body"] if method.has_model else [])]
    names = json.dumps({"path": path, "header": header, "query": query, "required": required})
    return (
        f"    apigClient.{method.name} = function (params, body, additionalParams) {{\n"
        f"        var names = {names};\n"
        f"        return call({json.dumps(method.verb)}, {json.dumps(method.path)}, names, params, body, "
        "additionalParams);\n"
        "    };\n"
    )


def _source(name: str) -> str:
    return files("hol.local").joinpath("sdk_js", name).read_text(encoding="utf-8")
