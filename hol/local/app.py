"""The local AWS as one ASGI application: our layers in front of the emulator.

Each HTTP request is read whole, offered to the layers in order, and answered by the first that wants it; what no
layer wants goes to the emulator unchanged, streams included. This server runs code, so `hol.local.door` comes first.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from importlib import import_module
from urllib.parse import parse_qs, quote

import hol
from hol.local import door, emulator, emulator_functions, emulator_permissions
from hol.local.emulator import Application, Message, Receive, Send
from hol.local.ending import traffic
from hol.local.port import SERVICE
from hol.local.wire import Layer, Request, Response

LAYERS = (
    "website",
    "gateway",
    "inference",
    "sagemaker",
    "tagging",
    "sdk",
    "gateway_test",
    "gateway_patch",
    "gateway_control",
    "emulator_permissions",
    "functions",
    "buckets",
)


def create_app(end: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)) -> Application:
    """The application; `hol.local.emulator.configure` must have run. `end` is what a shutdown request calls."""
    layers = _layers()
    emulated = emulator.application()
    emulator_functions.correct()
    emulator_permissions.correct()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await emulated(scope, receive, send)
        elif scope["type"] == "http":
            await _http(scope, receive, send, layers, emulated, end)
        elif door.is_this_machine(scope):
            await emulated(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    return app


def _layers() -> tuple[Layer, ...]:
    return tuple(import_module(f"hol.local.{name}").layer for name in LAYERS)


async def _http(
    scope: Message,
    receive: Receive,
    send: Send,
    layers: tuple[Layer, ...],
    emulated: Application,
    end: Callable[[], None],
) -> None:
    if not door.is_this_machine(scope):
        await _send(door.forbidden("it answers this machine only"), send)
        return
    body = await _whole_body(receive)
    if body is None:
        return
    request = _request(scope, body)
    response = door.refusal(request) or _own(request, scope, end) or await _layered(request, layers)
    if response:
        await _send(response, send)
    else:
        await emulated(scope, _replay(body, receive), send)


async def _layered(request: Request, layers: tuple[Layer, ...]) -> Response | None:
    try:
        for layer in layers:
            if response := await layer(request, emulator.emulate):
                return response
    except Exception:
        logging.getLogger("hol.local").exception("%s %s failed", request.method, request.path)
        return Response.of_json(500, {"message": "Internal server error"}, x_amzn_errortype="InternalFailure")
    return None


async def _whole_body(receive: Receive) -> bytes | None:
    """The body; None when the client went away before it was complete."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _request(scope: Message, body: bytes) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return Request(scope["method"], scope["path"], raw_path, query, headers, body)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _own(request: Request, scope: Message, end: Callable[[], None]) -> Response | None:
    """What hol itself asks the server: is it there, and please end."""
    if request.path == "/_hol/health" and request.method == "GET":
        port = (scope.get("server") or ("", 0))[1]
        known = {"service": SERVICE, "version": hol.__version__, "pid": os.getpid(), "port": port}
        return Response.of_json(200, known)
    if request.path == "/_hol/shutdown" and request.method == "POST":
        asyncio.get_running_loop().call_later(0.05, end)
        return Response.of_json(200, {"service": SERVICE, "pid": os.getpid()})
    if request.path == "/_hol/shutdown-if-empty" and request.method == "POST":
        said = traffic.end_if_empty()
        if said["ending"]:
            asyncio.get_running_loop().call_later(0.05, end)
        return Response.of_json(200, {"service": SERVICE, **said})
    return None


async def _send(response: Response, send: Send) -> None:
    headers = [pair for name, value in response.headers.items() for pair in _header_lines(name, value)]
    if not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _header_lines(name: str, value: str) -> list[tuple[bytes, bytes]]:
    lines = value.split("\n") if name.lower() == "set-cookie" else [value.replace("\n", " ").replace("\r", " ")]
    return [(name.lower().encode("latin-1"), line.encode()) for line in lines]
