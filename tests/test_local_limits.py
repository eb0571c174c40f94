"""What nobody can make the local AWS do: read what it does not want, wait without end, start processes without end."""

from __future__ import annotations

import gzip
import io
import socket
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from local_lab import Api, Session, call, make_function, make_role
from ports import free_port
from sampling import FULL

from hol.local.emulator import workers as emulator_workers
from hol.local.life import process, state
from hol.local.life.process import Running
from hol.local.sagemaker import serving
from hol.words.errors import LocalError

SLEEP = "import time\ndef handler(event, context):\n    time.sleep(event.get('seconds', 0))\n    return event\n"
SLOW_TO_COME_UP = "import time\ntime.sleep(6)\ndef handler(event, context):\n    return event\n"
AGAIN = """
import urllib.request
def handler(event, context):
    if event['depth'] == 0:
        return 'end'
    body = b'{"url": "%s", "depth": %d}' % (event['url'].encode(), event['depth'] - 1)
    try:
        return urllib.request.urlopen(event['url'], body, 60).read().decode()
    except urllib.error.HTTPError as error:
        return error.code
"""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A local AWS of its own, which waits for headers and bodies for a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOL_STATE_DIR", str(tmp_path_factory.mktemp("limits")))
        patch.setenv("HOL_LOCAL_HEADER_SECONDS", "1")
        patch.setenv("HOL_LOCAL_PAUSE_SECONDS", "1")
        server = process.start(free_port())
        yield server
        process.stop(server.port)


def seconds_until_closed(server: Running, text: bytes) -> tuple[float, bytes]:
    """How long the server bears a client that says this and no more, and what it answers."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as wire:
        began = time.monotonic()
        wire.sendall(text)
        found = b""
        while chunk := wire.recv(65536):
            found += chunk
    return time.monotonic() - began, found


@pytest.mark.parametrize("text", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A:"])
def test_half_a_header_is_not_waited_for(impatient: Running, text: bytes) -> None:
    assert seconds_until_closed(impatient, text)[0] < 10


def test_half_a_body_is_not_waited_for(impatient: Running) -> None:
    signed = b"Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/iam/aws4_request\r\n"
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + signed
    took, answer = seconds_until_closed(impatient, head + b"Content-Length: 10\r\n\r\nAct")
    assert took < 10
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.alone
def test_idle_connections_make_room(impatient: Running) -> None:
    """More of them than there may be, and the server still answers at once."""
    held = []
    try:
        for _ in range(600):
            held.append(socket.create_connection(("127.0.0.1", impatient.port), timeout=5))
        began = time.monotonic()
        assert process.running(impatient.port)
        assert time.monotonic() - began < 1
    finally:
        for one in held:
            one.close()


@pytest.mark.parametrize(("service", "announced"), [("iam", 71), ("s3", 1025)])
def test_a_body_larger_than_the_service_takes_is_not_read(impatient: Running, service: str, announced: int) -> None:
    connection = HTTPConnection("127.0.0.1", impatient.port, timeout=10)
    signed = f"AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/{service}/aws4_request"
    connection.putrequest("PUT", "/bucket/key")
    connection.putheader("Authorization", signed)
    connection.putheader("Content-Length", str(announced * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_chunked_body_is_counted(impatient: Running) -> None:
    """Of the page's API, 10 MB; nothing was announced."""
    session = Session(impatient)
    api = Api(session, make_function(session, role=make_role(session)))
    api.deploy()
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as wire:
        path = api.invoke_url().partition(str(impatient.port))[2].encode()
        wire.sendall(b"POST %b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" % path)
        for _ in range(12):
            wire.sendall(chunk)
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def children(pid: int) -> set[str]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {child for one in tasks for child in one.read_text().split()} if listed.exists() else set()


def is_there(server: Running) -> bool:
    try:
        return process.running(server.port, timeout=5) is not None
    except LocalError:
        return False


@pytest.fixture
def watched(impatient: Running) -> Iterator[Callable[[], tuple[float, int]]]:
    """While the test runs: the longest answer to "are you there", and the most processes at once."""
    over, slowest, most = Event(), [0.0], [0]

    def watch() -> None:
        while not over.is_set():
            began = time.monotonic()
            answers = is_there(impatient)
            slowest[0] = max(slowest[0], time.monotonic() - began if answers else 99)
            most[0] = max(most[0], len(children(impatient.pid)))
            over.wait(0.05)

    thread = Thread(target=watch)
    thread.start()
    yield lambda: (slowest[0], most[0])
    over.set()
    thread.join()


@pytest.mark.alone
@pytest.mark.parametrize("clients", [16, 64])
def test_under_load_it_stays_a_server(
    impatient: Running, watched: Callable[[], tuple[float, int]], clients: int
) -> None:
    """No error but 429, health within a second, 16 processes at most; also when calls take their time."""
    session = Session(impatient)
    api = Api(session, make_function(session, SLEEP, make_role(session), timeout=20))
    api.deploy()
    api.send({})
    calls = clients * (20 if FULL else 3)
    with ThreadPoolExecutor(clients) as pool:
        found = Counter(pool.map(lambda n: api.send({"seconds": 0.2 * (n % 2)}).status, range(calls)))
    slowest, most = watched()
    assert set(found) <= ({200, 429} if clients > emulator_workers.MOST else {200})
    assert found[200] >= calls / 4
    assert slowest < 1
    assert most <= emulator_workers.MOST


def test_the_first_process_of_a_function_is_waited_for(impatient: Running) -> None:
    """AWS starts one for each call; here the calls wait for the one, longer than they would for one at work."""
    session = Session(impatient)
    api = Api(session, make_function(session, SLOW_TO_COME_UP, make_role(session), timeout=20))
    api.deploy()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: api.send({}).status, range(4))) == {200}


def test_many_functions_share_the_processes(impatient: Running, watched: Callable[[], tuple[float, int]]) -> None:
    """The one that was idle longest makes room."""
    session = Session(impatient)
    role = make_role(session)
    for _ in range(emulator_workers.MOST + 3):
        name = make_function(session, role=role)
        answer = session("lambda").invoke(FunctionName=name, Payload=b"{}")
        assert "FunctionError" not in answer
    assert watched()[1] <= emulator_workers.MOST


def test_a_function_that_calls_itself_comes_to_an_end(impatient: Running) -> None:
    """Deeper than there are processes: the innermost call is throttled, and all the others get their answer."""
    session = Session(impatient)
    api = Api(session, make_function(session, AGAIN, make_role(session), timeout=60))
    api.deploy()
    answer = call(api.invoke_url(), b'{"url": "%s", "depth": 20}' % api.invoke_url().encode())
    assert answer.status == 200
    assert b"429" in answer.body


def archive(*members: tuple[str, int]) -> bytes:
    """A model archive of zeros."""
    raw = io.BytesIO()
    with gzip.open(raw, "wb", 1) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for name, size in members:
            info = tarfile.TarInfo(name)
            info.size = size
            tar.addfile(info, io.BytesIO(bytes(size)))
    return raw.getvalue()


@pytest.mark.parametrize("member", ["model.bin", "beside.bin"])
def test_a_model_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, member: str) -> None:
    monkeypatch.setattr(serving, "LARGEST_MODEL", 4 * 1024**2)
    with pytest.raises(serving.Unservable, match="unpacks to more than 4 MB"):
        serving.load(archive((member, 8 * 1024**2), ("model.bin", 1)))


def test_nothing_is_left_of_a_server_that_was_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process and no scratch folder, although calls were running when it was stopped."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path))
    server = process.start(free_port())
    session: Any = Session(server)
    name = make_function(session, SLEEP, make_role(session), timeout=60)
    busy = [
        Thread(target=lambda: call_quietly(session, name), daemon=True) for _ in range(3)
    ]  # their calls are cut off
    for one in busy:
        one.start()
    until = time.monotonic() + 10
    while not children(server.pid) and time.monotonic() < until:
        time.sleep(0.05)
    workers = children(server.pid)
    process.stop(server.port)
    assert workers
    assert [path.name for path in tmp_path.iterdir()] == [state.log(server.port).name]
    assert not [pid for pid in workers if Path(f"/proc/{pid}/cmdline").exists() and _alive(pid)]


def call_quietly(session: Any, name: str) -> None:
    try:
        session("lambda").invoke(FunctionName=name, Payload=b'{"seconds": 50}')
    except Exception:
        return


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
