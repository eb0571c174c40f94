"""The server on its port, until a signal ends it."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec

from hol.serve.app import Shell
from hol.words.commands import same
from hol.words.errors import HolError
from hol.words.install import extra
from hol.words.text import t


def listener(port: int) -> socket.socket:
    """A socket on that port of this machine, and of nothing else. Raises `HolError` when the port is taken."""
    if find_spec("hypercorn") is None:
        raise HolError(t("the web server is not installed"), fix=t("install it: {}", extra("local")))
    found = socket.socket()
    if sys.platform != "win32":  # there it would mean: although somebody listens
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError as error:
        found.close()
        if error.errno != errno.EADDRINUSE:
            raise
        another = same(set=f"console.port={port + 1}")
        raise HolError(
            t("port {} is used by another program", port), fix=t("choose another port: {}", another)
        ) from error
    found.listen(128)
    return found


def serve(shell: Shell, at: socket.socket, beside: Callable[[], Awaitable[None]], ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `beside` runs along, `ready` is called when requests are answered."""
    asyncio.run(_serve(shell, at, beside, ready))


async def _serve(
    shell: Shell, at: socket.socket, beside: Callable[[], Awaitable[None]], ready: Callable[[], None]
) -> None:
    from hypercorn.asyncio import serve as hypercorn
    from hypercorn.config import Config

    shell.stream.begin()
    _end_with_signals(shell.stream.ended)
    config = Config()
    config.bind = [f"fd://{at.detach()}"]
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    config.include_server_header = False
    other = asyncio.ensure_future(beside())
    asyncio.get_running_loop().call_later(0.05, ready)
    try:
        await hypercorn(shell, config, shutdown_trigger=shell.stream.ended.wait)  # type: ignore[arg-type]  # its own types
    finally:
        other.cancel()


def _end_with_signals(ended: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
