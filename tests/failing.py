"""A lab that is up, the ways in which it can fail, and a browser that asks it from two origins.

`Broken` is what a way of failing works on: everything is done through AWS's own calls, as somebody in the console
would, and mended by `hol step`.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from harness import World
from local_lab import Answer, call
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hol.config import files as configuration

REVIEW = {"sentences": [{"query": "배우들의 연기가 정말 좋았어요"}]}
# Everything that a handler could give away, in one exception.
BUG = """
def lambda_handler(event, context):
    raise RuntimeError("[oops] arn:aws:iam::%s:role/secret in /var/task/inference.py")
"""
SLOW = "import time\ndef lambda_handler(event, context):\n    time.sleep(3)\n"
NONSENSE = """
from real import ask
def lambda_handler(event, context):
    return ask({"instances": "not a list"})
"""
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True)
class Broken:
    """A lab in an account of the local AWS."""

    world: World
    outputs: dict[str, str]

    @functools.cached_property
    def config(self) -> Any:
        return configuration.resolved(self.world.config(), self.world.account)

    @property
    def api(self) -> str:
        return str(self.world.client("apigateway").get_rest_apis()["items"][0]["id"])

    @property
    def invoke_url(self) -> str:
        """For clients that do not resolve *.localhost."""
        return f"http://127.0.0.1:{self.world.port}/_aws/execute-api/{self.api}/prod"

    def post(self, body: Any = REVIEW, origin: str = "http://elsewhere.example") -> Answer:
        """What a page of that origin is told."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return call(self.invoke_url, raw, content_type="application/json", origin=origin)

    def preflight(self, origin: str = "http://elsewhere.example") -> Answer:
        asked = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
        return call(self.invoke_url, None, "OPTIONS", origin=origin, **asked)

    def stage(self, *settings: tuple[str, str]) -> None:
        """UpdateStage, each a path and its value."""
        patch = [{"op": "replace", "path": path, "value": value} for path, value in settings]
        self.world.client("apigateway").update_stage(restApiId=self.api, stageName="prod", patchOperations=patch)

    def function(self, source: str, timeout: int = 10) -> None:
        """The function with other code, which finds the lab's own beside it as `real`."""
        client, name = self.world.client("lambda"), self.config.function.name
        own = (configuration.packaged() / "assets/lambda/inference.py").read_text(encoding="utf-8")
        client.update_function_code(FunctionName=name, ZipFile=_archive({"inference.py": source, "real.py": own}))
        updated = functools.partial(client.get_waiter("function_updated_v2").wait, FunctionName=name)
        updated(WaiterConfig={"Delay": 0.05})
        client.update_function_configuration(FunctionName=name, Timeout=timeout)
        updated(WaiterConfig={"Delay": 0.05})

    def without_policy(self) -> None:
        names = {"RoleName": self.config.role.name, "PolicyName": self.config.policy.name}
        self.world.client("iam").delete_role_policy(**names)

    def without_endpoint(self) -> None:
        self.world.client("sagemaker").delete_endpoint(EndpointName=self.config.endpoint.name)

    def without_permission(self) -> None:
        client, name = self.world.client("lambda"), self.config.function.name
        for statement in self.permissions():
            client.remove_permission(FunctionName=name, StatementId=statement["Sid"])

    def permissions(self) -> list[dict[str, Any]]:
        """The statements of the function's resource policy."""
        policy = self.world.client("lambda").get_policy(FunctionName=self.config.function.name)["Policy"]
        return list(json.loads(policy)["Statement"])

    def without_post(self) -> None:
        """Deployed again without the method POST."""
        client = self.world.client("apigateway")
        root = client.get_resources(restApiId=self.api)["items"][0]["id"]
        client.delete_method(restApiId=self.api, resourceId=root, httpMethod="POST")
        client.create_deployment(restApiId=self.api, stageName="prod")

    def without_stage(self) -> None:
        self.world.client("apigateway").delete_stage(restApiId=self.api, stageName="prod")


def _archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, source in files.items():
            archive.writestr(name, source)
    return buffer.getvalue()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the console."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder from another loopback origin; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium of this machine; a machine without one fails."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if not path:
        pytest.fail("no Chromium on PATH: install it (see the README's test command)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Said:
    """What the page says: its key of the cause ("" for an answer), in Korean, in English, and the details."""

    cause: str
    korean: str
    english: str
    technical: str = ""


def asked(page: Page, address: str, body: Any = None) -> Said:
    """Opens the page in Korean and asks; with `body` the SDK is given that instead of what was typed."""
    page.goto(address)
    if body is not None:
        page.evaluate(_OTHER_BODY, body)
    page.fill("#sentence", REVIEW["sentences"][0]["query"])
    page.press("#sentence", "Enter")
    expect(page.locator("#error:visible, #result[data-kind=answered]")).to_be_visible(timeout=15000)
    failed = page.locator("#error").is_visible()
    said = []
    for _ in ("ko", "en"):
        said.append(page.locator("#error" if failed else "#result").inner_text())
        page.click("#language")
    technical = page.locator("#technical").text_content() or ""
    return Said(page.locator("#error").get_attribute("data-cause") or "", said[0], said[1], technical if failed else "")


_OTHER_BODY = """body => {
  const make = apigClientFactory.newClient;
  apigClientFactory.newClient = (options) => {
    const client = make(options), post = client.rootPost;
    client.rootPost = (parameters, _, more) => post(parameters, body, more);
    return client;
  };
}"""
