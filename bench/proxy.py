"""A loopback proxy that makes every AWS call take longer, and remembers when each was made.

It forwards bytes unchanged, so signatures and hosts stay valid. A request is held for the latency before it goes on,
as a longer way to AWS would; what hol asks its own server (`/_hol/…`) is neither held nor remembered.
`GET /_bench/calls` returns what was remembered, as JSON, and forgets it. Runs as a process of its own, so that it
shares no interpreter lock with whoever is measured: `python -m bench.proxy --port 0 --upstream 4599 --latency 80`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import time
from dataclasses import asdict, dataclass, field

_REQUEST = re.compile(rb"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1\.1\r\n")
_TARGET = re.compile(rb"(?i)\r\nx-amz-target: ?([^\r]+)")
_ACTION = re.compile(rb"(?:^|&|\n)Action=(\w+)")


@dataclass(frozen=True)
class Call:
    """One request: when it came and was answered (seconds of this machine's clock), and what it asked."""

    began: float
    ended: float
    name: str


@dataclass
class Proxy:
    """Latency in seconds; `calls` in the order of their answers."""

    upstream: int
    latency: float
    calls: list[Call] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client connection, until either side closes it."""
        first = await reader.read(65_536)
        if first.startswith(b"GET /_bench/calls"):
            await _answer(writer, [asdict(call) for call in self.calls])
            self.calls.clear()
            return
        with contextlib.suppress(OSError):
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
            line = _Line()
            back = asyncio.create_task(self._back(server_reader, writer, line))
            await self._forth(first, reader, server_writer, line)
            server_writer.close()
            await back
        writer.close()

    async def _forth(
        self, chunk: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _Line
    ) -> None:
        while chunk:
            if asked := _REQUEST.match(chunk):
                line.began, line.name = time.time(), _name(asked, chunk)
                if b"/_hol/" not in asked[2]:
                    await asyncio.sleep(self.latency)
            elif line.name and (action := _ACTION.search(chunk)):  # the body of a query protocol comes later
                line.name += action[1].decode()
            writer.write(chunk)
            chunk = await reader.read(65_536)

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _Line) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65_536):
                if line.name and not chunk.startswith(b"HTTP/1.1 100"):
                    if "/_hol/" not in line.name:
                        self.calls.append(Call(line.began, time.time(), line.name))
                    line.name = ""
                writer.write(chunk)
        writer.close()


@dataclass
class _Line:
    """The request that a connection is busy with."""

    began: float = 0.0
    name: str = ""


def _name(asked: re.Match[bytes], chunk: bytes) -> str:
    target = _TARGET.search(chunk) or _ACTION.search(chunk)
    words = (asked[1], b" ", asked[2].split(b"?x-id=")[0], b" ", target[1] if target else b"")
    return b"".join(words).decode("latin-1")


async def _answer(writer: asyncio.StreamWriter, data: object) -> None:
    body = json.dumps(data).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


async def _main(port: int, upstream: int, latency: float) -> None:
    server = await asyncio.start_server(Proxy(upstream, latency).serve, "127.0.0.1", port, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.proxy")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--upstream", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0, help="milliseconds")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(given.port, given.upstream, given.latency / 1000))
