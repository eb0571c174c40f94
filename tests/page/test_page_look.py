"""How the page holds up on a phone, in the dark, with less motion, for a screen reader, and with no other server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_site import LAB, NEGATIVE, PHONE, WEB, answer, ask, reply, result
from playwright.sync_api import Page, ViewportSize, expect


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 600}, {"width": 1200, "height": 900}])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_horizontal_scrolling_and_no_shift(opened: Callable[..., Page], viewport: ViewportSize, scheme: str) -> None:
    page = opened(viewport=viewport, color_scheme=scheme)
    place = "document.querySelector('.examples').getBoundingClientRect().top + scrollY"
    page.fill("#sentence", NEGATIVE)  # the field grows with the text
    before = page.evaluate(place)
    page.press("#sentence", "Enter")
    expect(result(page)).to_have_attribute("data-label", "0")
    assert page.evaluate(place) == pytest.approx(before, abs=1)
    ask(page, "가" * 3000)
    expect(page.locator("#history li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


HIDDEN = """() => [...document.querySelectorAll('#answer, #answer *, #verdict')].filter(e => {
  for (let up = e; up; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (style.overflowY !== 'visible' && up.scrollHeight > up.clientHeight + 1 && up !== document.documentElement) return true;
  }
  return e.getBoundingClientRect().right > innerWidth + 1;
}).length"""


@pytest.mark.parametrize("text", ["가" * 5000, "정말 재미있는 영화였어요 " * 300, "재미\n\n있어요\n"])
def test_an_answer_of_any_length_is_shown_whole(opened: Callable[..., Page], text: str) -> None:
    page = opened(viewport={"width": 320, "height": 600})
    ask(page, text)
    expect(page.locator("#answer")).to_have_text(f"[{' '.join(text.split())}]는 99.51%의 확률로 부정입니다.")
    assert page.evaluate(HIDDEN) == 0
    page.locator("#history summary").click()
    expect(page.locator("#history .whole")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


STATES = ["idle", "reminded", "pending", "positive", "negative", "unknown", "unreadable", "failed", "history"]
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1200, "height": 900}},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "forced_colors": "active"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["desktop", "phone-dark", "forced"])
def test_axe_finds_nothing_in_any_state(opened: Callable[..., Page], look: dict[str, Any]) -> None:
    page = opened(**look, reduced_motion="reduce")
    for state in STATES:
        _bring_about(page, state)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"


def _bring_about(page: Page, state: str) -> None:
    replies: dict[str, dict[str, Any]] = {
        "pending": {"wait": True},
        "positive": {"resolve": answer("1", 0.97)},
        "negative": {"resolve": answer("0", 0.97)},
        "unknown": {"resolve": answer("0", 0.51)},
        "failed": {"reject": {"response": {"status": 500, "data": {"message": "x"}}}},
    }
    if state == "reminded":
        ask(page, " ")
    elif state == "unreadable":
        ask(page, "12345")
    elif state == "history":
        page.locator("#history summary").first.click()
    elif state in replies:
        reply(page, **replies[state])
        ask(page, f"영화 이야기 {state}")
        expect(page.locator("#stage")).to_have_attribute("aria-busy", str(state == "pending").lower())


def test_the_button_is_seen_in_forced_colours(opened: Callable[..., Page]) -> None:
    page = opened(forced_colors="active")
    border = "getComputedStyle(document.querySelector('#submit')).border"
    width, style, colour = page.evaluate(border).split(" ", 2)
    assert (float(width.removesuffix("px")) >= 1, style) == (True, "solid")
    assert colour != page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize(
    ("label", "value", "at"), [("1", 0.97, 0.97), ("0", 0.97, 0.03), ("1", 1.0, 1.0), ("0", 0.5, 0.5)]
)
def test_the_marker_stands_where_the_answer_is(
    opened: Callable[..., Page], label: str, value: float, at: float
) -> None:
    page = opened(reduced_motion="reduce")
    reply(page, resolve=answer(label, value))
    ask(page)
    expect(page.locator("#gauge")).to_have_class("gauge known")
    track, marker = (page.locator(name).bounding_box() for name in ("#gauge", ".marker"))
    assert track and marker
    assert (marker["x"] + marker["width"] / 2 - track["x"]) / track["width"] == pytest.approx(at, abs=0.01)


CONTRAST = """() => {
  const light = color => { const c = color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  const style = getComputedStyle(document.documentElement);
  const value = name => { const d = document.createElement("i"); d.style.color = style.getPropertyValue(name);
    document.body.append(d); const c = getComputedStyle(d).color; d.remove(); return light(c); };
  const pairs = [["ink", "paper"], ["soft", "paper"], ["soft", "card"], ["good", "card"], ["bad", "card"],
    ["open", "card"],
    ["good", "good-wash"], ["bad", "bad-wash"], ["open", "open-wash"], ["soft", "good-wash"], ["soft", "bad-wash"],
    ["soft", "open-wash"], ["key-ink", "key"]];
  return pairs.map(([a, b]) => { const [x, y] = [value("--" + a), value("--" + b)].sort((p, q) => q - p);
    return [a + " on " + b, (x + 0.05) / (y + 0.05)]; });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(opened: Callable[..., Page], scheme: str) -> None:
    """WCAG AA: 4.5 to 1."""
    page = opened(color_scheme=scheme)
    pairs = page.evaluate(CONTRAST)
    assert len(pairs) == 13
    assert [pair for pair in pairs if not pair[1] >= 4.5] == []  # a color that is not there is NaN, and no contrast


def test_reduced_motion(opened: Callable[..., Page]) -> None:
    page = opened(reduced_motion="reduce")
    reply(page, wait=True)
    ask(page)
    expect(page.locator("#stage")).to_have_attribute("aria-busy", "true")
    name = "getComputedStyle(document.querySelector('.progress'), '::after').animationName"
    assert page.evaluate(name) == "none"


def test_named_for_a_screen_reader(opened: Callable[..., Page]) -> None:
    page = opened()
    ask(page, NEGATIVE)
    expect(page.get_by_label("영화 리뷰")).to_have_value(NEGATIVE)
    expect(page.get_by_role("button", name="분류하기")).to_be_visible()
    expect(page.locator("#stage")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("meter", name="확률")).to_have_attribute("aria-valuetext", "부정 쪽 99.51%")


def test_nothing_comes_from_elsewhere() -> None:
    for name in ("index.html", "error.html"):
        html = (WEB / name).read_text(encoding="utf-8")
        assert "Content-Security-Policy" in html
        assert re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", html) == []
        assert re.findall(r"\son\w+=", html) == []
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", (WEB / "app.js").read_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_error_page_needs_no_other_file(opened: Callable[..., Page], scheme: str) -> None:
    page = opened((WEB / "error.html").as_uri(), color_scheme=scheme, viewport=PHONE)
    expect(page).to_have_title(f"페이지를 열 수 없어요 – {LAB}")
    expect(page.get_by_role("heading")).to_have_text("페이지를 열 수 없어요")
    expect(page.locator("main div[lang=en]")).to_contain_text("cannot be shown")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("performance.getEntriesByType('resource').filter(r => r.name.startsWith('http')).length") == 0
