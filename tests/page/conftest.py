"""A browser, and the page in it: alone, with an SDK that answers as each test says."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from page_site import FLAGS, STUB, WEB, chromium
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's folder as the SDK step leaves it, with the stub for an SDK."""
    site = tmp_path_factory.mktemp("page") / "site"
    shutil.copytree(WEB, site)
    index = site / "index.html"
    html = index.read_text(encoding="utf-8")
    assert html.count("\n<!-- hol:sdk -->\n") == 1
    index.write_text(html.replace("<!-- hol:sdk -->", '<script src="apigClient.js"></script>'), encoding="utf-8")
    (site / "apigClient.js").write_text(STUB, encoding="utf-8")
    return site


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the console."""


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a context of its own; afterwards the console must have stayed clean."""
    contexts, complaints = [], []

    def open_page(url: str = address, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
