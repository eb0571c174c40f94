"""A local AWS that is there and does not answer is an error, never "nothing"; and it is stopped only when empty."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_lab import Session
from ports import free_port
from terminals import Terminal

from hol.local.life import port as ports
from hol.local.life import process, state

VERBS = (
    ("down", "--yes"), ("down", "--dry-run"), ("status",), ("check",), ("doctor",), ("adopt", "--yes"), ("open",),
    ("extend", "2h"), ("local", "status"), ("local", "stop"), ("local", "start"), ("up",), ("step", "1", "--cli"),
    ("step", "1", "--explain"),
)  # fmt: skip
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>hi</html>"
HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"service": "hol-l'


def all_fail(terminal: Terminal, words: str) -> None:
    for started in [(verb, terminal.start(*verb)) for verb in VERBS]:
        out, err = started[1].communicate(timeout=100)
        assert started[1].returncode == 1, (started[0], out, err)
        assert words in out + err, (started[0], out, err)
        assert "Traceback" not in err and "nothing in it" not in out + err, (started[0], out, err)


def test_a_stopped_local_aws_is_not_nothing(terminal: Terminal) -> None:
    assert terminal.hol("step", "1").returncode == 0
    (terminal.home / "site").mkdir()
    found = process.running(terminal.port)
    assert found
    os.kill(found.pid, signal.SIGSTOP)
    try:
        all_fail(terminal, f"the local AWS on port {terminal.port} does not answer")
    finally:
        os.kill(found.pid, signal.SIGCONT)
    assert (terminal.home / "site").is_dir()
    assert "role" in terminal.hol("down", "--yes").stdout


@contextlib.contextmanager
def stranger(port: int, answer: bytes | None) -> Iterator[None]:
    """Something else on the port, which answers every connection so; None: never."""
    kept: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                kept.append(client)
                if answer is not None:
                    client.sendall(answer)
                    client.close()

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        threading.Thread(target=serve, daemon=True).start()
        yield
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer", [None, b"", b"220 mail\r\n", HTML, HALF], ids=["silent", "empty", "mail", "html", "half"]
)
def test_another_program_is_not_nothing(terminal: Terminal, answer: bytes | None) -> None:
    with stranger(terminal.port, answer):
        all_fail(terminal, f"port {terminal.port} is used by another program")


def test_a_server_of_another_version_is_left_running(terminal: Terminal) -> None:
    """It is found; it does not know the question whether it is empty, and so it is not stopped."""
    body = b'{"service": "hol-local", "version": "0.0.1"}'
    old = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with stranger(terminal.port, old):
        found = ports.running(terminal.port)
        assert found == ports.Running(terminal.port, 0, "0.0.1")
        assert "hol 0.0.1" in str(process.stop_if_empty(found))


HELD = (
    ("sqs queues", "sqs", "eu-west-1", "create_queue", {"QueueName": "q"}),
    ("ssm parameters", "ssm", "us-east-1", "put_parameter", {"Name": "p", "Value": "v", "Type": "String"}),
    ("cloudwatch logs log groups", "logs", "us-west-2", "create_log_group", {"logGroupName": "g"}),
    ("s3 buckets", "s3", "us-east-1", "create_bucket", {"Bucket": "of-another-account"}),
    ("apigateway v1 rest apis", "apigateway", "ap-northeast-2", "create_rest_api", {"name": "a"}),
    ("sns topics", "sns", "us-east-1", "create_topic", {"Name": "t"}),
)


@pytest.mark.parametrize(("what", "service", "region", "call", "arguments"), HELD, ids=[one[1] for one in HELD])
def test_what_is_in_any_account_and_region_is_not_lost(
    terminal: Terminal,
    what: str,
    service: str,
    region: str,
    call: str,
    arguments: dict[str, str],
) -> None:
    assert terminal.hol("step", "1").returncode == 0
    found = process.running(terminal.port)
    assert found
    client = Session(found)(service, account="111122223333", region=region)
    getattr(client, call)(**arguments)
    down = terminal.hol("down", "--yes")
    assert (down.returncode, f"it still holds {what}: 1" in down.stderr) == (0, True), down.stderr
    assert "111122223333" in down.stderr
    assert process.running(terminal.port) == found


def test_a_lease_keeps_the_local_aws(terminal: Terminal) -> None:
    assert terminal.hol("step", "1").returncode == 0
    state.lease(terminal.port)
    down = terminal.hol("down", "--yes")
    assert (down.returncode, "another hol works with it" in down.stderr) == (0, True), down.stderr
    assert state.alone(terminal.port)
    assert "was stopped" not in terminal.hol("status").stderr


BUSY = """
import socket, sys, time  # hol.local
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    print("listens", flush=True)
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        pass
    while True:
        with listener.accept()[0] as client:
            client.recv(4096)
            body = b'{"service": "hol-local", "version": "1"}'
            client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
"""


def test_one_at_work_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with too much to do a server may be silent for long: it is busy, not stopped, while it uses time."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path))
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", BUSY, str(port)], stdout=subprocess.PIPE) as busy:
        try:
            assert busy.stdout and busy.stdout.readline()
            state.scratch(port, busy.pid).mkdir()
            assert ports.running(port, 0.7) == ports.Running(port, 0, "1")
        finally:
            busy.kill()
