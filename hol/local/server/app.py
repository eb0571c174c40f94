"""The local AWS as one ASGI application: our layers in front of the emulator.

This server runs code, so `hol.local.server.door` comes first: it says what a request reaches before the body is read. A page's
request gets its answer from the API or the site that it names. What reaches the control plane is read whole, offered to
the layers in order, and answered by the first that wants it; what no layer wants goes to the emulator unchanged, streams
included.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace

import hol
from hol.local import constraints, machines, operations, quotas, schedules, tagging
from hol.local.answers import errors, in_json, in_xml
from hol.local.emulator import conditions
from hol.local.emulator import core as emulator
from hol.local.emulator import functions as emulator_functions
from hol.local.emulator import permissions as emulator_permissions
from hol.local.emulator import routing as emulator_routing
from hol.local.emulator import stacks as emulator_stacks
from hol.local.emulator.core import Application, Message, Receive, Send
from hol.local.functions import control as functions
from hol.local.functions import names as function_names
from hol.local.functions import rules as function_rules
from hol.local.gateway import api as gateway_api
from hol.local.gateway import control as gateway_control
from hol.local.gateway import imports, invoke_method, patch, patch_paths
from hol.local.gateway import stage as gateway
from hol.local.identities import control as identities
from hol.local.life.port import SERVICE
from hol.local.s3 import control as buckets
from hol.local.s3 import website
from hol.local.sagemaker import api as sagemaker
from hol.local.sagemaker import inference
from hol.local.sagemaker import stacks as sagemaker_stacks
from hol.local.sdk import generate as sdk
from hol.local.server import body, door
from hol.local.server.door import Reach
from hol.local.server.ending import traffic
from hol.local.wire import Layer, Request, Response

# Each answers what it wants; first come, first served.
LAYERS: tuple[Layer, ...] = (
    quotas.layer,
    constraints.layer,
    conditions.layer,
    inference.layer,
    sagemaker.layer,
    tagging.layer,
    sdk.layer,
    invoke_method.layer,
    patch_paths.layer,
    patch.layer,
    imports.layer,
    gateway_api.layer,
    gateway_control.layer,
    emulator_permissions.layer,
    identities.layer,
    schedules.layer,
    machines.layer,
    function_names.layer,
    functions.layer,
    function_rules.layer,
    buckets.layer,
)

_PAGES: dict[Reach, tuple[Layer, ...]] = {Reach.API: (gateway.layer,), Reach.SITE: (website.layer,)}


def create_app(end: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)) -> Application:
    """The application; `hol.local.emulator.configure` must have run. `end` is what a shutdown request calls."""
    emulated = emulator.application()
    emulator_functions.correct()
    emulator_permissions.correct()
    emulator_routing.correct()
    emulator_stacks.correct(sagemaker_stacks.TYPES)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await emulated(scope, receive, send)
        elif scope["type"] == "http":
            await _http(scope, receive, send, emulated, end)
        else:
            await _socket(scope, receive, send, emulated)

    return app


async def _socket(scope: Message, receive: Receive, send: Send, emulated: Application) -> None:
    try:
        door.admit(scope)
    except door.Refused:
        await send({"type": "websocket.close", "code": 1008})
    else:
        await emulated(scope, receive, send)


async def _http(
    scope: Message,
    receive: Receive,
    send: Send,
    emulated: Application,
    end: Callable[[], None],
) -> None:
    try:
        reach = door.admit(scope)
        request = await _read(scope, receive, reach)
    except door.Refused as refused:
        await _send_and_discard(refused.response, scope, receive, send)
        return
    if request is None:
        return
    try:
        await _answer(request, await _answered(request, scope, reach, end), scope, receive, send, emulated)
    finally:
        if reach is Reach.CONTROL:
            traffic.note(request)


async def _answer(
    request: Request, response: Response | None, scope: Message, receive: Receive, send: Send, emulated: Application
) -> None:
    if response is None:
        await emulated(scope, _replay(request.body, receive), send)
    elif request.too_large:
        await _send_and_discard(response, scope, receive, send)
    else:
        await _send(response, send)


async def _read(scope: Message, receive: Receive, reach: Reach) -> Request | None:
    """The request with its body, as far as such a request may have one; None when the client went away."""
    request = Request.of_scope(scope)
    most = door.largest_body(reach, request)
    if not body.expected(request.headers):
        return request
    if most == 0:
        return replace(request, too_large=True)
    try:
        content = await body.whole(receive, request.headers, most)
    except body.TooLargeError:
        if reach is Reach.API:
            return replace(request, too_large=True)
        raise door.Refused(f"a request body may have {most // door.MEGABYTE} MB here", 413) from None
    except body.TooSlowError:
        raise door.Refused("the request body does not come", 408) from None
    return None if content is None else replace(request, body=content)


async def _answered(request: Request, scope: Message, reach: Reach, end: Callable[[], None]) -> Response | None:
    """The answer of what the request reaches; None when that is the emulator's own answer."""
    if reach is Reach.HOL:
        return _own(request, scope, end)
    if reach is Reach.OBJECT:
        return await buckets.public(request)
    if reach in _PAGES:
        return await _layered(request, _PAGES[reach])
    request = request.without_nulls()
    response = await _layered(request, LAYERS)
    if response is None and operations.service_of(request):
        response = await emulator.emulate(request)
    if response is None:
        return None
    worded = in_xml.corrected(request, in_json.corrected(request, response))
    return in_json.identified(errors.enveloped(request, worded))


async def _layered(request: Request, layers: tuple[Layer, ...]) -> Response | None:
    try:
        for layer in layers:
            if response := await layer(request, emulator.emulate):
                return response
    except Exception:
        logging.getLogger("hol.local").exception("%s %s failed", request.method, request.path)
        return Response.of_json(500, {"message": "Internal server error"}, x_amzn_errortype="InternalFailure")
    return None


def _replay(content: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _own(request: Request, scope: Message, end: Callable[[], None]) -> Response:
    """What hol itself asks the server: is it there, and please end."""
    if request.path == "/_hol/health" and request.method == "GET":
        port = (scope.get("server") or ("", 0))[1]
        known = {
            "service": SERVICE,
            "version": hol.__version__,
            "pid": os.getpid(),
            "port": port,
            "writes": traffic.writes,
        }
        return Response.of_json(200, known)
    if request.path == "/_hol/touched" and request.method == "GET":
        since = request.query.get("since", ["0"])[-1]
        return Response.of_json(200, traffic.since(int(since) if since.isdecimal() else 0))
    if request.path == "/_hol/shutdown" and request.method == "POST":
        asyncio.get_running_loop().call_later(0.05, end)
        return Response.of_json(200, {"service": SERVICE, "pid": os.getpid()})
    if request.path == "/_hol/shutdown-if-empty" and request.method == "POST":
        said = traffic.end_if_empty()
        if said["ending"]:
            asyncio.get_running_loop().call_later(0.05, end)
        return Response.of_json(200, {"service": SERVICE, **said})
    if request.path == "/_hol/quotas" and request.method == "POST":
        quotas.enforce()
        return Response.of_json(200, {"service": SERVICE})
    return Response.of_json(404, {"message": "hol asks for health, shutdown, quotas and what was touched only"})


async def _send_and_discard(response: Response, scope: Message, receive: Receive, send: Send) -> None:
    """Answer before the body is read; the client, still sending, gets to see it."""
    if not body.expected(Request.of_scope(scope).headers):
        await _send(response, send)
        return
    await _send(response, send, more_body=True)
    await body.discard(receive)
    await send({"type": "http.response.body", "body": b""})


async def _send(response: Response, send: Send, more_body: bool = False) -> None:
    headers = [pair for name, value in response.headers.items() for pair in _header_lines(name, value)]
    if not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": more_body})


def _header_lines(name: str, value: str) -> list[tuple[bytes, bytes]]:
    lines = value.split("\n") if name.lower() == "set-cookie" else [value.replace("\n", " ").replace("\r", " ")]
    return [(name.lower().encode("latin-1"), line.encode()) for line in lines]
