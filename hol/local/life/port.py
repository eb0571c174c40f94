"""Who answers on the local AWS's port.

That it does not run is concluded from one thing only: the system refuses the connection, because nothing listens.
Whatever listens and does not answer as the local AWS, or not in time, is an error: there may be everything in it.
Imports nothing but the standard library, for `hol status` must be quick.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from hol.local.life import state
from hol.words.commands import same
from hol.words.errors import LocalError
from hol.words.text import t

SERVICE = "hol-local"
TIMEOUT = 10.0
_BUSIEST = 60.0  # so long one is waited for that is silent but at work, on a machine with too much to do
_STOPPING = 2.0  # so long a server that is being stopped may break off connections
_BUSY = (429, 503)


@dataclass(frozen=True)
class Running:
    """A local AWS that answers; `pid` is 0 when it does not say."""

    port: int
    pid: int
    version: str

    @property
    def url(self) -> str:
        """Where boto3 finds it: its endpoint URL."""
        return f"http://127.0.0.1:{self.port}"


def running(port: int, timeout: float = TIMEOUT) -> Running | None:
    """The local AWS on that port of this machine; None when nothing listens there.

    Raises `LocalError` when something listens that within `patience` seconds does not answer, or not as the local AWS;
    one that is seen to work has more time.
    """
    began = time.monotonic()
    until, used = began + timeout, state.seconds_used(port)
    while True:
        left = until - time.monotonic()
        try:
            status, known = ask(port, "GET", "/_hol/health", max(left, 0.1))
        except (ConnectionRefusedError, OverflowError):
            return None
        except TimeoutError:
            before, used = used, state.seconds_used(port)
            if used > before and time.monotonic() - began < _BUSIEST:
                until = time.monotonic() + timeout
                continue
            raise _silent(port, time.monotonic() - began) from None
        except (OSError, ValueError, HTTPException):
            status, known = 0, {}
        if known.get("service") == SERVICE and "version" in known:
            return Running(port, _number(known.get("pid")), str(known["version"]))
        if time.monotonic() - began > (timeout if status in _BUSY else min(_STOPPING, timeout)):
            raise _silent(port, timeout) if status in _BUSY else not_ours(port)
        time.sleep(0.05)


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 1 else 0


def ask(port: int, method: str, path: str, seconds: float) -> tuple[int, dict[str, object]]:
    """The status and the JSON object that the port answers within that time, all in all.

    Raises `ConnectionRefusedError` when nothing listens, `TimeoutError` when no whole answer came; other `OSError`,
    `HTTPException` and `ValueError` when it is none.
    """
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    ending = threading.Timer(seconds, _break_off, (connection,))
    ending.daemon = True
    try:
        connection.connect()
        ending.start()
        connection.request(method, path, headers={"X-Hol": "1", "Connection": "close"})
        answer = connection.getresponse()
        found = json.loads(answer.read(65_536))
    except ConnectionRefusedError:
        raise
    except (OSError, ValueError, HTTPException):
        if time.monotonic() - began >= seconds:
            raise TimeoutError from None
        raise
    finally:
        ending.cancel()
        connection.close()
    return answer.status, found if isinstance(found, dict) else {}


def _break_off(connection: HTTPConnection) -> None:
    """However slowly it drips."""
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _silent(port: int, seconds: float) -> LocalError:
    if not (pid := state.holder(port)):
        return not_ours(port)
    return LocalError(
        t("the local AWS on port {} does not answer", port),
        why=t("its process {} was silent for {} s: stopped, or too busy", pid, round(seconds)),
        fix=t("try again in a moment; or end it, with all that is in it: {}", f"kill -9 {pid}"),
    )


def not_ours(port: int) -> LocalError:
    """Somebody else holds the port."""
    return LocalError(
        t("port {} is used by another program", port),
        why=t("something listens there, and does not answer as the local AWS does"),
        fix=t("choose another port: {}", same(set=f"local.port={next_free(port)}")),
    )


def next_free(port: int) -> int:
    """A port above that one on which nothing listens; the same one when all are taken."""
    above = range(port + 1, min(port + 100, 65_536))
    return next((one for one in above if not _listening(one)), port)


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
