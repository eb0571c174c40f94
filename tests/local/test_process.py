"""The local AWS as a process: one per port, loopback only, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from local_lab import Session, call, make_function
from ports import free_port

from hol.local.life import process, state
from hol.local.life.process import Running
from hol.words.errors import LocalError

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A free port and a state folder of its own; whatever runs there afterwards is ended."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path))
    free = free_port()
    yield free
    process.stop(free)


def until(true: Callable[[], Any], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def parents() -> dict[int, int]:
    """Process id → id of its parent."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            found[int(stat.parent.name)] = int(fields[1])
    return found


def children(pid: int) -> set[int]:
    return {child for child, parent in parents().items() if parent == pid}


def listening(pid: int) -> set[tuple[str, int]]:
    """(address, port) of the sockets that a process listens on; TCP and UDP, IPv4 and IPv6."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for kind, listens in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == listens and fields[9] in inodes:
                address, _, number = fields[1].partition(":")
                found.add((address, int(number, 16)))
    return found


def with_worker(server: Running) -> set[int]:
    """Make the server start a function's worker process; returns its id."""
    session = Session(server)
    function = make_function(session)
    session("lambda").invoke(FunctionName=function, Payload=b"{}")
    return children(server.pid)


def test_start_finds_and_stop_ends(port: int) -> None:
    assert process.running(port) is None
    server = process.start(port)
    assert server == process.running(port) == process.start(port)
    assert server.url == f"http://127.0.0.1:{port}"
    assert state.log(port).exists()
    assert process.stop(port) is True
    assert process.running(port) is None
    assert process.stop(port) is False
    assert [path.name for path in state.folder().iterdir()] == [state.log(port).name]


def test_an_open_connection_does_not_hold_up_the_end(port: int) -> None:
    process.start(port)
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/_hol/health", headers={"X-Hol": "1"})
    connection.getresponse().read()
    began = time.monotonic()
    assert process.stop(port)
    assert time.monotonic() - began < 4
    connection.close()


def test_a_port_that_cannot_be_had(port: int) -> None:
    with pytest.raises(LocalError) as caught:
        process.start(65_536)
    assert str(caught.value.what) == "the local AWS stopped while starting"
    assert "port 65536" in str(caught.value.why)


def test_two_starts_at_once_get_one_server(port: int) -> None:
    found: list[Running] = []
    threads = [threading.Thread(target=lambda: found.append(process.start(port))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.0 200 OK\r\n\r\n{}", b"220 mail.example.com ESMTP\r\n"])
def test_a_port_of_another_program(port: int, greeting: bytes) -> None:
    def serve(listener: socket.socket) -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            client.sendall(greeting)
            client.close()

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        with pytest.raises(LocalError) as caught:
            process.start(port)
        assert str(caught.value.what) == f"port {port} is used by another program"
        assert "--set local.port=" in str(caught.value.fix)
        with pytest.raises(LocalError):
            process.stop(port)
        listener.shutdown(socket.SHUT_RDWR)


def test_a_crash_shows_its_last_words(port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false" if Path("/bin/false").exists() else "/usr/bin/false")
    state.folder().mkdir(exist_ok=True)
    state.log(port).write_text("first\nthe last words\n")
    with pytest.raises(LocalError) as caught:
        process.start(port)
    assert "the last words" in str(caught.value.why)
    assert str(state.log(port)) in str(caught.value.fix)


def test_without_the_extra(port: int, tmp_path: Path) -> None:
    """In an interpreter that sees hol and the standard library only."""
    home = Path(process.__file__).resolve().parents[3]
    code = (
        f"import sys; sys.path.insert(0, {str(home)!r})\n"
        "from hol.local.life import process\n"
        f"try:\n    process.start({port})\n"
        "except process.LocalError as error:\n    print(error.what, error.fix, sep='\\n')\n"
    )
    base = getattr(sys, "_base_executable", sys.executable)
    shown = subprocess.run([base, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=20)
    what, fix = shown.stdout.splitlines()
    assert what == "the local AWS is not installed"
    assert fix.startswith("run: ") and fix.endswith("[local]'") and "'hol[" not in fix  # nobody's name of an index


@needs_proc
def test_only_loopback_and_only_one_port(port: int) -> None:
    server = process.start(port)
    workers = with_worker(server)
    assert len(workers) == 1
    assert listening(server.pid) == {("0100007F", port)}
    assert all(listening(worker) == set() for worker in workers)


@needs_proc
@pytest.mark.parametrize("sent", [None, signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_functions_end_with_the_server(port: int, sent: signal.Signals | None) -> None:
    server = process.start(port)
    workers = with_worker(server)
    assert workers
    if sent is None:
        assert process.stop(port)
    else:
        os.kill(server.pid, sent)
    assert until(lambda: process.running(port) is None)
    assert until(lambda: not workers & set(parents()))


def test_servers_side_by_side(local_aws: Running, port: int) -> None:
    other = process.start(port)
    Session(other)("s3").create_bucket(Bucket="only-here")
    names = [bucket["Name"] for bucket in Session(local_aws)("s3").list_buckets()["Buckets"]]
    assert "only-here" not in names
    with_worker(other)
    process.stop(port)
    assert process.running(local_aws.port) == local_aws


def test_a_restart_follows_a_kill(port: int) -> None:
    first = process.start(port)
    with_worker(first)
    os.kill(first.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert until(lambda: process.running(port) is None)
    second = process.start(port)
    assert second.pid != first.pid
    process.stop(port)
    assert [path.name for path in state.folder().iterdir()] == [state.log(port).name]


def test_real_credentials_do_not_reach_functions(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-the-learner")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.com")
    server = process.start(port)
    monkeypatch.delenv("AWS_PROFILE")
    session = Session(server)
    source = (
        "import os\ndef handler(event, context):\n    return {n: v for n, v in os.environ.items() if n[:4] == 'AWS_'}\n"
    )
    function = make_function(session, source)
    answer = session("lambda").invoke(FunctionName=function, Payload=b"{}")["Payload"].read().decode()
    assert "of-the-learner" not in answer and "example.com" not in answer
    assert f"http://127.0.0.1:{port}" in answer


def test_web_pages_reach_only_what_is_meant_for_them(local_aws: Running, session: Session) -> None:
    """A key in the query or header needs no secret here; a page of a stranger must not get that far."""
    url, page = local_aws.url, {"origin": "https://example.com"}
    key = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=000000000000/20260101/us-east-1"
    signed = f"AWS4-HMAC-SHA256 Credential={key.rpartition('=')[2]}/iam/aws4_request, SignedHeaders=host, Signature=0"
    assert call(f"{url}/", b"Action=CreateUser&UserName=x", authorization=signed).status == 200
    assert call(f"{url}/", b"Action=CreateUser&UserName=y", authorization=signed, **page).status == 403
    assert call(f"{url}/2015-03-31/functions?{key}/lambda/aws4_request", b"{}", **page).status == 403
    assert (
        call(f"{url}/?{key}/iam/aws4_request&Action=ListUsers", None, "GET", sec_fetch_site="cross-site").status == 403
    )
    assert call(f"{url}/_ministack/reset", b"", **page).status == 403
    assert call(f"{url}/_hol/shutdown", b"", origin="null").status == 403
    users = session("iam").list_users()["Users"]
    assert [user["UserName"] for user in users if len(user["UserName"]) == 1] == ["x"]
    session("iam").delete_user(UserName="x")
