"""`python -m hol.local --port N`: the local AWS in the foreground, until a signal or `POST /_hol/shutdown`.

It listens on 127.0.0.1 and on nothing else. The port is taken before the slow imports, so that of several servers
started at once all but one end at once. `hol` starts it through `hol.local.process`.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

from hol.local.life import process, state

_LAST_RESORT_SECONDS = 6.0


def main() -> None:
    """Parse `--port`, serve, and clean up; exits with `process.PORT_TAKEN` when that port is."""
    parser = argparse.ArgumentParser(prog="python -m hol.local", description="hol's local AWS")
    parser.add_argument("--port", type=int, default=4566)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    listener = _listen(port)
    scratch = _scratch(port)
    try:
        _serve(port, listener, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    # Reuse means "despite old connections" on Unix, but "although somebody listens" on Windows.
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        print(f"port {port}: {error}", file=sys.stderr)
        sys.exit(process.PORT_TAKEN if getattr(error, "errno", 0) == errno.EADDRINUSE else 1)
    return listener


def _scratch(port: int) -> Path:
    """A new folder for temporary files; those of killed servers of this port (which we hold) are removed."""
    for old in state.folder().glob(f"local-{port}-*"):
        shutil.rmtree(old, ignore_errors=True)
    scratch = state.scratch(port, os.getpid())
    scratch.mkdir(parents=True)
    return scratch


def _serve(port: int, listener: socket.socket, scratch: Path) -> None:
    from hol.local.emulator import contents as emulator_contents
    from hol.local.emulator import core as emulator

    emulator.configure(port, scratch)
    emulator_contents.watch()
    from hypercorn.config import Config

    from hol.local.server import connections

    connections.limit()
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.backlog = 1024
    config.keep_alive_timeout = connections.KEEP_ALIVE_SECONDS
    config.keep_alive_max_requests = 1_000_000_000
    config.h11_max_incomplete_size = 64 * 1024
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    try:
        asyncio.run(_until_told(config, scratch))
    finally:
        emulator.end_functions()


async def _until_told(config: object, scratch: Path) -> None:
    from hypercorn.asyncio import serve

    from hol.local.emulator import contents as emulator_contents
    from hol.local.emulator import core as emulator
    from hol.local.server.app import create_app
    from hol.local.server.ending import traffic

    ending, loop = asyncio.Event(), asyncio.get_running_loop()

    def end(*_: object) -> None:
        last_resort = threading.Timer(_LAST_RESORT_SECONDS, _give_up, (scratch,))
        last_resort.daemon = True
        last_resort.start()
        # Calls that still run are cut off; the server would wait for their ends.
        threading.Thread(target=emulator.end_functions, daemon=True).start()
        loop.call_soon_threadsafe(ending.set)

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, end)
    app = traffic.counted(create_app(end))
    emulator_contents.note_all()
    await serve(app, config, shutdown_trigger=ending.wait)  # type: ignore[arg-type]  # hypercorn ignores what it returns


def _give_up(scratch: Path) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
