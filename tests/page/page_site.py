"""The page's folder, the stub that stands in for the generated SDK, and what the tests of the page do with them.

The stub resolves or rejects with what a test puts into `window.reply`, and keeps what it was asked in `window.asked`.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

WEB = Path(__file__).parents[2] / "assets" / "web"
POSITIVE = "재미있게 봤습니다. 제 점수는요 100점 만점에 80점 드리겠습니다."
NEGATIVE = "스토리가 너무 단방향이라 재미가 없고 성우 더빙도 그닥이네요..."
LAB = "BlazingText Text Classification Hands-On-Lab"
TITLE = f"영화 리뷰 긍정·부정 분류 – {LAB}"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 720}
STUB = """
window.asked = [];
window.reply = {resolve: {data: [{label: ["__label__0"], prob: [0.99512]}]}};
var apigClientFactory = {newClient: function () { return {rootPost: function (params, body, more) {
  window.asked.push([params, body, more]);
  if ("resolve" in window.reply) return Promise.resolve(window.reply.resolve);
  if ("reject" in window.reply) return Promise.reject(window.reply.reject);
  if ("throw" in window.reply) throw window.reply.throw;
  return new Promise(function (resolve) { window.finish = resolve; });
}}; }};
"""


def chromium() -> str:
    """The browser of HOL_CHROMIUM, or the first one on PATH; without one the tests fail."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("HOL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("no Chromium found: install one (apt-get install chromium) or name it in HOL_CHROMIUM")
    return found


def reply(page: Page, **what: Any) -> None:
    page.evaluate("what => { window.reply = what; }", what)


def answer(label: str, probability: float) -> dict[str, Any]:
    return {"data": [{"label": [f"__label__{label}"], "prob": [probability]}]}


def ask(page: Page, text: str = "배우들의 연기가 좋았습니다") -> None:
    page.fill("#sentence", text)
    page.press("#sentence", "Enter")


def cause(page: Page) -> str | None:
    expect(page.locator("#error")).to_be_visible()
    return page.locator("#error").get_attribute("data-cause")


def gauge(page: Page) -> float:
    return float(page.locator("#gauge").get_attribute("aria-valuenow") or "nan")


def result(page: Page) -> Locator:
    return page.locator("#result")
