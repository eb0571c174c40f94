"""A REST API's own settings: its endpoint type when nobody names one, and what UpdateRestApi may change of it.

AWS makes an edge-optimised API by default, and changes type and address family by patch; the emulator makes a regional
one, ignores such patches, and takes every value for text and lists for objects. Recorded from AWS (`test_update_rest_api_ip_address_type`).
"""

from __future__ import annotations

import json
import re

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway.call import control_error
from hol.local.wire import Emulator, Record, Request, Response

TYPES = ("REGIONAL", "EDGE", "PRIVATE")
_API = re.compile(r"/restapis/(?P<api>[^/]+)")
_TYPE = re.compile(r"/endpointConfiguration/types/(?P<which>[^/]+)")
_FAMILY = "/endpointConfiguration/ipAddressType"
_SIZE = "/minimumCompressionSize"
_MEDIA = "/binaryMediaTypes"
_HIDDEN = "/disableExecuteApiEndpoint"
_LARGEST_COMPRESSION = 10_485_760
_OWN = ("/endpointConfiguration/", _SIZE, _MEDIA, _HIDDEN)


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers CreateRestApi and UpdateRestApi as far as the emulator does not."""
    if request.service != "apigateway":
        return None
    if request.method == "POST" and request.path.rstrip("/") == "/restapis":
        return await _created(request, emulate)
    named = _API.fullmatch(request.path) if request.method == "PATCH" else None
    return await _updated(request, named["api"], emulate) if named else None


def _given(request: Request) -> Record | None:
    try:
        parsed = request.json()
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


async def _created(request: Request, emulate: Emulator) -> Response | None:
    body = _given(request)
    if body is None or request.query.get("mode"):
        return None
    configuration = body.get("endpointConfiguration") or {}
    if not isinstance(configuration, dict):
        return None
    changed = {**body, "endpointConfiguration": {**configuration, "types": configuration.get("types") or ["EDGE"]}}
    if changed.get("minimumCompressionSize") in ("", None):  # chalice sends an empty one for none
        changed.pop("minimumCompressionSize", None)
    return await emulate(request.with_body(json.dumps(changed).encode()))


async def _updated(request: Request, api: str, emulate: Emulator) -> Response | None:
    operations = (_given(request) or {}).get("patchOperations")
    at = Home(emulator.account_of(request), request.region, api)
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        return None
    own = [one for one in operations if str(one.get("path", "")).startswith(_OWN)]
    if not own or not emulator_gateway.rest_api(at):
        return None
    denied = emulator.authorize(request, "apigateway:PATCH", f"arn:aws:apigateway:{request.region}::{request.path}")
    refused = denied or next(filter(None, map(_refusal, own)), None)
    if refused:
        return refused
    answer = await emulate(_with(request, [one for one in operations if one not in own]))
    if answer.status >= 300:
        return answer
    emulator_gateway.change_api(at, lambda record: _applied(record, own))
    return await emulate(_with(request, []))


def _with(request: Request, operations: list[Record]) -> Request:
    return request.with_body(json.dumps({"patchOperations": operations}).encode())


def _refusal(operation: Record) -> Response | None:
    path, value = str(operation.get("path")), operation.get("value")
    named = _TYPE.fullmatch(path)
    if operation.get("op") not in ("replace", "add", "remove"):
        return _bad("Invalid patch operation specified. Must be one of: [add, remove, replace]")
    if path == _SIZE:
        return _wrong_size(value)
    if named and (operation["op"] == "remove" or value in TYPES):
        return None
    if path.startswith((_MEDIA, _HIDDEN)) or (path == _FAMILY and value in ("ipv4", "dualstack")):
        return None
    if path.startswith("/endpointConfiguration/vpcEndpointIds"):
        return None
    what = f"Invalid value '{value}'" if named or path == _FAMILY else f"Invalid patch path '{path}'"
    return _bad(f"{what} specified for op '{operation['op']}'")


def _wrong_size(value: str | None) -> Response | None:
    if value in (None, "") or (re.fullmatch(r"\d{1,8}", str(value)) and int(value) <= _LARGEST_COMPRESSION):
        return None
    return _bad(
        "Invalid minimum compression size, must be between 0 and 10485760 (10M bytes, inclusive), or null to disable"
    )


def _bad(message: str) -> Response:
    return control_error(400, "BadRequestException", message)


def _applied(record: Record, operations: list[Record]) -> None:
    for one in operations:
        _apply(record, one)


def _apply(record: Record, operation: Record) -> None:
    path, value, gone = str(operation["path"]), operation.get("value"), operation["op"] == "remove"
    configuration = record["endpointConfiguration"] = dict(record.get("endpointConfiguration") or {"types": ["EDGE"]})
    if path == _SIZE:
        record.pop("minimumCompressionSize", None)
        if not gone and value not in (None, ""):
            record["minimumCompressionSize"] = int(str(value))
    elif path == _HIDDEN:
        record["disableExecuteApiEndpoint"] = not gone and value == "true"
    elif path.startswith(_MEDIA):
        last = path.removeprefix(_MEDIA).lstrip("/").replace("~1", "/").replace("~0", "~")
        kept = [kind for kind in record.get("binaryMediaTypes") or [] if kind != last]
        record["binaryMediaTypes"] = kept if gone else [*kept, value or last]
    elif path == _FAMILY and not gone:
        configuration["ipAddressType"] = value
    elif _TYPE.fullmatch(path) and not gone:
        configuration["types"] = [value]
        configuration["ipAddressType"] = (
            "dualstack" if value == "PRIVATE" else configuration.get("ipAddressType", "ipv4")
        )
