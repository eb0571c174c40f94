"""The local AWS as a background process: start it, find it, stop it.

There is no pid file: a running server is found by asking its port, so a killed server leaves nothing that lies, and
any copy of hol finds it. Only the log and the server's temporary files live in the per-user state folder. Imports
nothing but the standard library, for `hol status` must be quick.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hol.errors import LocalError
from hol.files import write
from hol.text import t

PORT_TAKEN = 98  # exit code of a server that found its port in use
_ENOUGH_LOG = 1_000_000


@dataclass(frozen=True)
class Running:
    """A local AWS that answers."""

    port: int
    pid: int
    version: str

    @property
    def url(self) -> str:
        """Where boto3 finds it: its endpoint URL."""
        return f"http://127.0.0.1:{self.port}"


def state_folder() -> Path:
    """Where logs and temporary files go: HOL_STATE_DIR, else the user's state folder of this system."""
    if own := os.environ.get("HOL_STATE_DIR"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "hol"
    return Path(os.environ.get("XDG_STATE_HOME") or _home() / ".local" / "state") / "hol"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        fix = t("set HOL_STATE_DIR to a folder that can be written")
        raise LocalError(t("cannot start the local AWS: {}", error), fix=fix) from error


def log_path(port: int) -> Path:
    """The server's log."""
    return state_folder() / f"local-{port}.log"


def running(port: int, timeout: float = 2.0) -> Running | None:
    """The local AWS on that port of this machine; None when nothing, or something else, is there."""
    known = _ask(port, "GET", "/_hol/health", timeout)
    if known and known.get("service") == "hol-local":
        return Running(port, int(known["pid"]), str(known["version"]))
    return None


def start(port: int, wait: float = 20.0) -> Running:
    """The local AWS on that port, started unless it runs already; returns when it answers.

    Raises LocalError when it is not installed, the port belongs to another program, or it ends or stays silent
    for `wait` seconds. Several callers at once get one server.
    """
    found = running(port) if _listening(port) else None
    if found:
        return found
    if not (find_spec("ministack") and find_spec("hypercorn")):
        raise LocalError(t("the local AWS is not installed"), fix=t("run: {}", "pip install 'hol[local]'"))
    return _first_answer(port, _spawn(port), time.monotonic() + wait)


def stop(port: int, wait: float = 8.0) -> bool:
    """End the local AWS on that port with all that it started; False when none runs there."""
    found = running(port)
    if not found:
        return False
    _ask(port, "POST", "/_hol/shutdown", 2.0)
    if not _gone(found, time.monotonic() + wait):
        with contextlib.suppress(OSError):
            os.kill(found.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        _gone(found, time.monotonic() + 2.0)
    return True


def _ask(port: int, method: str, path: str, timeout: float) -> dict[str, Any] | None:
    """The JSON object that the port answers; None without one."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path)
        answer = json.loads(connection.getresponse().read(65_536))
    except (OSError, OverflowError, ValueError, HTTPException):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else None


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return 0 < port < 65_536 and probe.connect_ex(("127.0.0.1", port)) == 0


def _spawn(port: int) -> subprocess.Popen[bytes]:
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = log_path(port)
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
        raise LocalError(
            t("cannot start the local AWS: {}", error), fix=t("set HOL_STATE_DIR to a folder that can be written")
        ) from error


def _detached() -> dict[str, Any]:
    """So that Ctrl-C in the terminal, or closing it, does not reach the server."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """Ours, with this very hol importable when it runs from a clone."""
    home = Path(__file__).resolve().parents[2]
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    own = [] if home.name in ("site-packages", "dist-packages") else [str(home)]
    paths = own + [str(Path(path).resolve()) for path in known if path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "HOL_STATE_DIR": str(state_folder())}


def _first_answer(port: int, child: subprocess.Popen[bytes], deadline: float) -> Running:
    while time.monotonic() < deadline:
        if found := running(port, timeout=0.5):
            return found
        if child.poll() is not None:
            return _answer_of_another(port, child.returncode, deadline)
        time.sleep(0.02)
    child.kill()
    child.wait()
    raise LocalError(t("the local AWS did not answer on port {}", port), why=_last_line(port), fix=_read_log(port))


def _answer_of_another(port: int, code: int, deadline: float) -> Running:
    """Our server ended: perhaps another `start` was first, and its server is about to answer."""
    if code != PORT_TAKEN:
        raise LocalError(t("the local AWS stopped while starting"), why=_last_line(port), fix=_read_log(port))
    until = min(deadline, time.monotonic() + 8.0)
    while time.monotonic() < until:
        began = time.monotonic()
        if found := running(port, timeout=3.0):
            return found
        if time.monotonic() - began < 1.0 and _listening(port):
            break  # it answers at once, and it is not hol
        time.sleep(0.05)
    fix = t("choose another port: {}", "--set local.port=N")
    raise LocalError(t("port {} is used by another program", port), fix=fix)


def _last_line(port: int) -> Any:
    try:
        lines = log_path(port).read_text(errors="replace").strip().splitlines()
    except OSError:
        return None
    return t("its last words: {}", lines[-1]) if lines else None


def _read_log(port: int) -> Any:
    return t("read its log: {}", log_path(port))


def _gone(server: Running, until: float) -> bool:
    while time.monotonic() < until:
        if not _alive(server):
            return True
        time.sleep(0.02)
    return False


def _alive(server: Running) -> bool:
    if sys.platform == "win32":  # there, signal 0 would end the process
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
    return True


def keep(server: Running) -> None:
    """This server was started by hand: `hol down` does not stop it."""
    write(_keep_file(server.port), str(server.pid).encode())


def kept(server: Running) -> bool:
    """Whether it was started by hand; what an earlier server left does not count."""
    try:
        return _keep_file(server.port).read_text(encoding="utf-8") == str(server.pid)
    except OSError:
        return False


def _keep_file(port: int) -> Path:
    return state_folder() / f"local-{port}.keep"
