"""Ports for servers that tests start, which no other test process takes in between.

A port that the system proposes is anybody's until it is listened on, and its neighbours may be other tests' servers.
So each process has a block of its own, below those that the system gives away, and holds it by listening on the first.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle

_FIRST, _BLOCK, _LAST = 12_000, 800, 32_000
_APART = 8  # `hol` proposes one of the next when a port is taken


def free_port() -> int:
    """A port that nothing listens on, as on the seven above it, and that stays this process's own."""
    return next(port for port in _block() if not any(_taken(port + more) for more in range(_APART)))


@cache
def _block() -> Iterator[int]:
    for first in range(_FIRST, _LAST, _BLOCK):
        held = socket.socket()
        try:
            held.bind(("127.0.0.1", first))
            held.listen()
        except OSError:
            held.close()
            continue
        _blocks.append(held)
        return cycle(range(first + _APART, first + _BLOCK, _APART))
    raise RuntimeError(f"no block of ports is free between {_FIRST} and {_LAST}")


_blocks: list[socket.socket] = []  # listening as long as this process lives


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
