"""A stranger's page, and one on another port of this machine, while somebody works in the practice console: no effect, no answer.

In real Chromium, which has the console's cookie; and from the raw socket what no browser can send.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import test_hostile_page as hostile
from console_server import Console, console
from playwright.sync_api import Browser, BrowserContext, expect
from test_hostile_page import ATTACK, HOSTILE, PASSIVE

from hol.local.life.port import ask
from hol.local.life.process import Running
from hol.serve.door import HEADERS

HOSTS = ["127.0.0.1", "localhost", "localhost.", "127.1", "0.0.0.0", "console.localhost", HOSTILE]
ATTEMPTS = [
    ("GET", "/", ""),
    ("GET", "/guide", ""),
    ("GET", "/?token=guessed", ""),
    ("GET", "/static/app.js", ""),
    ("GET", "/static/..%2f..%2fdoor.py", ""),
    ("GET", "/events", ""),
    ("GET", "/api/lab", ""),
    ("GET", "/api/guide?step=1", ""),
    ("GET", "/api/screen?id=iam.roles", ""),
    ("POST", "/api/do?step=1", "{}"),
    ("POST", "/api/undo?step=1", "{}"),
    ("POST", "/api/check?step=1", "{}"),
    ("POST", "/api/act?screen=iam.roles&button=delete", "{}"),
    ("POST", "/tokens", ""),
]


browser, stranger = hostile.browser, hostile.stranger


@pytest.fixture(scope="module")
def served(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with console(local_aws.port, tmp_path_factory.mktemp("console"), "--set", "attendee=hostile") as running:
        yield running


@pytest.fixture
def inside(served: Console, browser: Browser) -> Iterator[BrowserContext]:
    """A browser whose user is in the console."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.another_address())
    expect(page.get_by_test_id("mark")).to_be_visible()
    assert [cookie["httpOnly"] and cookie["sameSite"] for cookie in context.cookies()] == ["Strict"]
    yield context
    context.close()


def writes(local_aws: Running) -> object:
    """How many calls may have changed the local AWS."""
    return ask(local_aws.port, "GET", "/_hol/health", 5)[1]["writes"]


@pytest.mark.parametrize("attack", [ATTACK, PASSIVE], ids=["fetch", "elements"])
@pytest.mark.parametrize("host", [HOSTILE, "127.0.0.1"], ids=["stranger", "another port of this machine"])
def test_another_page_does_nothing_and_reads_nothing(
    inside: BrowserContext,
    served: Console,
    local_aws: Running,
    stranger: int,
    host: str,
    attack: str,
) -> None:
    before, page = writes(local_aws), inside.new_page()
    page.goto(f"http://{host}:{stranger}/")
    assert page.evaluate(attack, [HOSTS, served.port, ATTEMPTS]) == []
    assert writes(local_aws) == before


def test_a_rebound_name_is_no_way_in(inside: BrowserContext, served: Console, local_aws: Running) -> None:
    before, page = writes(local_aws), inside.new_page()
    answer = page.goto(f"http://{HOSTILE}:{served.port}/")
    assert answer and answer.status == 403
    read = page.evaluate(ATTACK, [[HOSTILE], served.port, ATTEMPTS])
    assert read and {status for _, _, _, status, _ in read} == {403}
    assert writes(local_aws) == before


def test_a_frame_shows_nothing(inside: BrowserContext, served: Console, stranger: int) -> None:
    page = inside.new_page()
    page.goto(f"http://127.0.0.1:{stranger}/")
    page.set_content(f'<iframe src="{served.origin}/"></iframe>')
    page.wait_for_timeout(300)
    assert [frame.evaluate("document.body.innerText.includes('hol')") for frame in page.frames[1:]] in ([], [False])


def test_the_console_itself_works_under_its_own_policy(inside: BrowserContext, served: Console) -> None:
    page, errors = inside.pages[0], list[str]()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.reload()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.wait_for_timeout(500)
    assert errors == []
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => new URL(one.name).origin)")
    assert set(asked) == {served.origin}


# What no browser can be made to send


def send(served: Console, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.putrequest(method, path, skip_host="host" in headers)
    for name, value in {"content-length": str(len(body)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, b""
    if "event-stream" not in found[1].get("content-type", ""):
        found = (*found[:2], answer.read())
    connection.close()
    return found


def enter(served: Console) -> str:
    """The cookie that an address is worth."""
    status, headers, _ = send(served, "GET", served.another_address().removeprefix(served.origin))
    assert status == 303
    return headers["set-cookie"].partition(";")[0]


def test_an_address_is_good_for_one_visit(served: Console) -> None:
    address = served.another_address().removeprefix(served.origin)
    assert [send(served, "GET", address)[0] for _ in range(2)] == [303, 401]


def test_every_file_and_answer_wants_the_cookie(served: Console) -> None:
    for method, path, body in ATTEMPTS:
        own = {"origin": served.origin} if method == "POST" else {}
        status, headers, _ = send(served, method, path, body, **own)
        assert status in (401, 403), path
        assert headers.items() >= HEADERS.items()
    assert send(served, "GET", "/", cookie=f"hol-{served.port}=guessed")[0] == 401
    assert send(served, "GET", "/", cookie=enter(served))[0] == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "localhost:{port}"},
        {"host": "127.0.0.1"},
        {"host": "evil.example:{port}"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost:{port}"},
        {"origin": "https://127.0.0.1:{port}"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "none"},
    ],
    ids=json.dumps,
)
def test_with_the_cookie_any_wrong_header_is_refused(
    served: Console, local_aws: Running, wrong: dict[str, str]
) -> None:
    before, cookie = writes(local_aws), enter(served)
    filled: dict[str, Any] = {name: value.format(port=served.port) for name, value in wrong.items()}
    for method, path in (("POST", "/api/do?step=1"), ("GET", "/api/lab")):
        assert send(served, method, path, "", **{"cookie": cookie, "origin": served.origin, **filled})[0] == 403
    assert send(served, "POST", "/api/do?step=1", "", cookie=cookie)[0] == 403  # a write without an origin
    assert writes(local_aws) == before


def test_only_hol_itself_gets_a_token(served: Console) -> None:
    assert send(served, "POST", "/tokens", x_hol_key="guessed")[0] == 403
    assert send(served, "POST", "/tokens", x_hol_key="")[0] == 403


def test_the_key_is_its_owners_alone(served: Console, local_aws: Running) -> None:
    from hol.local.life import state

    file = state.folder() / f"console-{served.port}.key"
    assert file.stat().st_mode & 0o077 == 0
    key = file.read_text()
    assert send(served, "POST", "/tokens", x_hol_key=key, origin=served.origin)[0] == 403
    assert send(served, "POST", "/tokens", x_hol_key=key)[0] == 200


def test_a_restart_keeps_who_was_in(served: Console) -> None:
    cookie, before = enter(served), served.address
    served.again()
    assert send(served, "GET", "/api/lab", cookie=cookie)[0] == 200
    assert send(served, "GET", before.removeprefix(served.origin))[0] == 401


def test_no_path_leads_out_of_the_shell(served: Console) -> None:
    cookie = enter(served)
    for path in ("/static/../door.py", "/static/%2e%2e/door.py", "/static//etc/passwd", "/static/app.py", "/door.py"):
        assert send(served, "GET", path, cookie=cookie)[0] == 404


def test_the_shell_has_no_script_of_its_own_in_it() -> None:
    html = (Path(__file__).parents[1] / "hol/serve/static/index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*src=)|\son\w+=|style=", html) == []
