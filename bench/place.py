"""Where the measurements happen: a local AWS of their own with a latency proxy in front, and processes timed in it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
_READ = re.compile(r"(GET|HEAD|OPTIONS) |POST .*[ .](Get|List|Describe)\w+$|POST /_aws/|POST .*/invocations$")


@dataclass(frozen=True)
class Timed:
    """One process: wall seconds, its AWS calls, and how much of both came after its last change of anything."""

    seconds: float
    calls: int
    seconds_after: float
    calls_after: int


@dataclass(frozen=True)
class Place:
    """A folder to run in, the port of the local AWS, and the proxies' ports by latency (milliseconds)."""

    folder: Path
    port: int
    proxies: dict[int, int]

    def environment(self) -> dict[str, str]:
        dull = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HOL_"))}
        return {**dull, "HOL_STATE_DIR": str(self.folder / "state"), "PYTHONPATH": str(HERE), "LANG": "C.UTF-8"}

    def timed(self, latency: int, *command: str) -> Timed:
        """Run `python -m …` through the proxy of that latency. Raises `CalledProcessError` when it fails."""
        self.calls(latency)
        began = time.time()
        subprocess.run(
            [sys.executable, "-m", *command], cwd=self.folder, env=self.environment(), check=True, capture_output=True
        )
        seconds = time.time() - began
        calls = sorted(self.calls(latency))
        written = [ended for ended, name in calls if not _READ.match(name)]
        after = [ended for ended, _ in calls if written and ended > max(written)]
        return Timed(seconds, len(calls), max(after) - max(written) if after else 0.0, len(after))

    def hol(self, latency: int, *arguments: str) -> Timed:
        """Run hol."""
        return self.timed(latency, "hol", *arguments, "--set", f"local.port={self.proxies[latency]}")

    def plain(self, latency: int, way: str, verb: str) -> Timed:
        """Run the plain boto3 script."""
        return self.timed(latency, "bench.plain", way, verb, f"http://127.0.0.1:{self.proxies[latency]}")

    def calls(self, latency: int) -> list[tuple[float, str]]:
        """When each call since the last question ended, and its name."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.proxies[latency]}/_bench/calls") as answer:
            return [(call["ended"], call["name"]) for call in json.load(answer)]


@contextmanager
def place(latencies: list[int]) -> Iterator[Place]:
    """A fresh local AWS with a proxy for each latency; everything ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        here = Place(Path(folder), free_port(), {})
        _hol(here, "start", here.port)
        proxies = [_proxy(here.port, latency) for latency in latencies]
        try:
            for latency, proxy in zip(latencies, proxies, strict=True):
                here.proxies[latency] = int((proxy.stdout or sys.stdin).readline())
                _hol(here, "start", here.proxies[latency])  # started by hand: `hol down` does not stop it
            yield here
        finally:
            for proxy in proxies:
                proxy.terminate()
                proxy.wait()
            _hol(here, "stop", here.port)


def _hol(here: Place, verb: str, port: int) -> None:
    command = [sys.executable, "-m", "hol", "local", verb, "--set", f"local.port={port}"]
    subprocess.run(command, cwd=here.folder, env=here.environment(), check=True, capture_output=True)


def _proxy(upstream: int, latency: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.proxy", "--upstream", str(upstream), "--latency", str(latency)]
    return subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
