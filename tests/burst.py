"""microburst in front of the embedded AWS, for the faults that it can express."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Burst:
    """A running microburst; rules are its own, as data."""

    port: int

    def add(self, account: str, service: str, operation: str, **effect: Any) -> None:
        """A rule for the calls of one account (its access key is in every signed request)."""
        match = {"service": service, "operation": operation, "headers": {"Authorization": f"Credential={account}/"}}
        _ask(self.port, "PATCH", "rules", [match | effect])

    def fired(self, operation: str) -> int:
        """How often a fault of that operation has happened."""
        return len(_ask(self.port, "GET", f"fired?operation={operation}"))


@contextlib.contextmanager
def microburst(upstream: int, port: int) -> Iterator[Burst]:
    """microburst on that port in front of the other, loaded and ready; ended with the block."""
    command = [sys.executable, "-m", "microburst", "--no-resign", "--port", str(port)]
    command += ["--upstream", f"http://127.0.0.1:{upstream}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process, time.monotonic() + 90)
        _warm(port)
        yield Burst(port)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], until: float) -> None:
    while True:
        try:
            _ask(port, "GET", "health")
            return
        except OSError:
            assert process.poll() is None, "microburst ended"
            assert time.monotonic() < until, "microburst does not answer"
            time.sleep(0.1)


def _warm(port: int) -> None:
    """The first signed request makes it load every service description, for seconds or, on a busy machine, a minute."""
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sts/aws4_request"}
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, signed)
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=110).close()


def _ask(port: int, method: str, path: str, data: Any = None) -> Any:
    body = None if data is None else json.dumps(data).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_microburst/{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())
