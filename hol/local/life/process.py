"""The local AWS as a background process: start it, stop it.

There is no pid file: a running server is found by asking its port (`hol.local.port`), so a killed server leaves
nothing that lies, and any copy of hol finds it. Imports nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hol.local.life import state
from hol.local.life.port import SERVICE, Running, ask, not_ours, running
from hol.words.errors import LocalError
from hol.words.text import Text, t

PORT_TAKEN = 98  # exit code of a server that found its port in use
_ENOUGH_LOG = 1_000_000
_MOST_TAKEN = 8  # a server that ends is gone sooner; who holds the port without listening is not


def start(port: int, wait: float = 20.0) -> Running:
    """The local AWS on that port, started unless it runs already; returns when it answers.

    Raises LocalError when it is not installed, the port belongs to another program, or it ends or stays silent
    for `wait` seconds. Several callers at once get one server.
    """
    deadline = time.monotonic() + wait
    child: subprocess.Popen[bytes] | None = None
    taken = 0
    while not (found := _answer(port, child, deadline)):
        if child is None:
            child = _spawn(port)
        elif (code := child.poll()) == PORT_TAKEN:
            child, taken = None, taken + 1  # another start was first, or the last server has not quite ended
            if taken > _MOST_TAKEN:
                raise not_ours(port)
        elif code is not None:
            raise LocalError(t("the local AWS stopped while starting"), why=_last_line(port), fix=_read_log(port))
        time.sleep(0.02)
    return found


def _answer(port: int, child: subprocess.Popen[bytes] | None, deadline: float) -> Running | None:
    """Who answers; None while nothing listens. After the deadline the child is ended."""
    left = deadline - time.monotonic()
    try:
        found = running(port, max(left, 0.5))
    except LocalError:
        if child is None or child.poll() is not None:
            raise
        found = None
    if found or time.monotonic() < deadline:
        return found
    if child:
        child.kill()
        child.wait()
    raise LocalError(t("the local AWS did not answer on port {}", port), why=_last_line(port), fix=_read_log(port))


def stop(port: int, wait: float = 8.0) -> bool:
    """End the local AWS on that port with all that it started; False when none runs there.

    Raises LocalError when what listens there does not answer as the local AWS, or cannot be ended.
    """
    found = running(port)
    if not found:
        return False
    with contextlib.suppress(OSError, ValueError, HTTPException):  # it may end while it answers
        ask(port, "POST", "/_hol/shutdown", 2.0)
    _end(found, wait)
    return True


def _end(found: Running, wait: float) -> None:
    if _gone(found, time.monotonic() + wait):
        return
    if found.pid != os.getpid() and state.is_server(found.pid):
        os.kill(found.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    if not _gone(found, time.monotonic() + 2.0):
        raise LocalError(t("the local AWS on port {} does not end", found.port), fix=_read_log(found.port))


def stop_if_empty(found: Running, wait: float = 8.0) -> Text | None:
    """End that server if it says itself that nothing is in it and nobody asks for anything; else why it goes on.

    A server of another version, which does not know the question, goes on.
    """
    try:
        status, said = ask(found.port, "POST", "/_hol/shutdown-if-empty", 5.0)
    except (OSError, ValueError, HTTPException) as error:
        return t("it did not say whether it is empty ({})", type(error).__name__)
    if said.get("service") != SERVICE or "ending" not in said:
        return t("it is hol {}, which does not say whether it is empty ({})", found.version, status)
    if not said["ending"]:
        return _held(said)
    _end(found, wait)
    return None


def _held(said: dict[str, object]) -> Text:
    holds = said.get("holds")
    listed = [_place(one) for one in holds] if isinstance(holds, list) else []
    if not listed:
        return t("it is answering somebody")
    more = f", … ({len(listed)})" if len(listed) > 5 else ""
    return t("it still holds {}", ", ".join(listed[:5]) + more)


def _place(one: dict[str, object]) -> str:
    """`sqs queues: 1 (us-east-1, account 000000000000)`"""
    where = ", ".join(str(one[key]) for key in ("region", "account") if one.get(key))
    return f"{one['what']}: {one['count']}" + (f" ({where})" if where else "")


def _spawn(port: int) -> subprocess.Popen[bytes]:
    if not (find_spec("ministack") and find_spec("hypercorn")):
        from hol.words.install import extra

        raise LocalError(t("the local AWS is not installed"), fix=t("run: {}", extra("local")))
    folder = state.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = state.log(port)
        short = not log.exists() or log.stat().st_size < _ENOUGH_LOG
        with log.open("ab" if short else "wb") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "hol.local", "--port", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env=_environment(),
                **_detached(),
            )
    except OSError as error:
        raise state.not_writable(error) from error


def _detached() -> dict[str, Any]:
    """So that Ctrl-C in the terminal, or closing it, does not reach the server."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """Ours, with this very hol importable when it runs from a clone."""
    home = Path(__file__).resolve().parents[3]
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    own = [] if home.name in ("site-packages", "dist-packages") else [str(home)]
    paths = own + [str(Path(path).resolve()) for path in known if path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "HOL_STATE_DIR": str(state.folder())}


def _last_line(port: int) -> Text | None:
    try:
        lines = state.log(port).read_text(errors="replace").strip().splitlines()
    except OSError:
        return None
    return t("its last words: {}", lines[-1]) if lines else None


def _read_log(port: int) -> Text:
    return t("read its log: {}", state.log(port))


def _gone(server: Running, until: float) -> bool:
    while time.monotonic() < until:
        if not _alive(server):
            return True
        time.sleep(0.02)
    return False


def _alive(server: Running) -> bool:
    if sys.platform == "win32" or not server.pid:
        return _listening(server.port)
    try:
        if os.waitpid(server.pid, os.WNOHANG)[0]:  # our own child: reap it
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(server.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return _listening(server.port)
    return True


def _listening(port: int) -> bool:
    try:
        ask(port, "GET", "/_hol/health", 0.5)
    except ConnectionRefusedError:
        return False
    except (OSError, ValueError, HTTPException):
        return True
    return True
