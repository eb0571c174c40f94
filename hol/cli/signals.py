"""Ctrl-C, SIGTERM and SIGHUP: the first lets running calls finish, the second ends hol at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

_CAUGHT: list[int] = []
_STOP: list[threading.Event] = []
_OTHERS = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]


def listen(stop: threading.Event | None = None) -> None:
    """From now on a signal sets `stop` and raises `KeyboardInterrupt`; what is ignored (nohup) stays ignored."""
    _CAUGHT.clear()
    _STOP[:] = [stop] if stop else []
    signal.signal(signal.SIGINT, _end)
    for number in _OTHERS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def exit_code() -> int:
    """128 and the signal's number: 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP."""
    return 128 + (_CAUGHT[0] if _CAUGHT else int(signal.SIGINT))


def _end(number: int, frame: FrameType | None) -> None:
    if _CAUGHT:
        if sys.stderr.isatty():
            os.write(2, b"\x1b[?25h\n")  # a progress line hides the cursor
        os._exit(128 + number)
    _CAUGHT.append(number)
    for stop in _STOP:
        stop.set()
    raise KeyboardInterrupt
