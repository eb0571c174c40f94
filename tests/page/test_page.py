"""What the page answers, to whom, and in which language."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_site import NEGATIVE, POSITIVE, TITLE, WEB, answer, ask, gauge, reply, result
from playwright.sync_api import Page, expect

# The certainty from which the page answers, read where it is kept.
SURE = float(re.findall(r"SURE = ([\d.]+)", (WEB / "app.js").read_text(encoding="utf-8"))[0])


def test_enter_asks_the_sdk_as_the_lab_does_and_shows_the_answer(opened: Callable[..., Page]) -> None:
    page = opened()
    expect(page).to_have_title(TITLE)
    ask(page, NEGATIVE)
    expect(result(page)).to_have_attribute("data-label", "0")
    expect(page.locator("#probability")).to_have_text("99.51%")
    expect(result(page)).to_contain_text(f"[{NEGATIVE}]는 99.51%의 확률로 부정입니다.")
    assert page.evaluate("window.asked") == [[None, {"sentences": [{"query": NEGATIVE}]}, {}]]
    assert gauge(page) == pytest.approx(0.49)
    assert page.title() == TITLE


def test_a_positive_answer(opened: Callable[..., Page]) -> None:
    page = opened()
    reply(page, resolve=answer("1", 1.00001))
    page.fill("#sentence", POSITIVE)
    page.click("#submit")
    expect(result(page)).to_have_attribute("data-label", "1")
    expect(page.locator("#probability")).to_have_text("99.99%")
    expect(result(page)).to_contain_text("긍정입니다.")
    assert gauge(page) == 100


def test_opened_from_disk(opened: Callable[..., Page], folder: Path) -> None:
    page = opened((folder / "index.html").as_uri())
    ask(page, NEGATIVE)
    expect(result(page)).to_have_attribute("data-label", "0")
    page.click("#language")
    expect(page.locator("#verdict")).to_have_text("Negative")


@pytest.mark.parametrize(("label", "value"), [("1", 0.55), ("0", 0.5), ("0", SURE - 0.0001)])
def test_a_close_call_is_no_answer(opened: Callable[..., Page], label: str, value: float) -> None:
    page = opened()
    reply(page, resolve=answer(label, value))
    ask(page)
    expect(result(page)).to_have_attribute("data-label", "unknown")
    expect(page.locator("#verdict")).to_have_text("판단하기 어려워요")


def test_from_the_threshold_on_it_is_an_answer(opened: Callable[..., Page]) -> None:
    page = opened()
    reply(page, resolve=answer("1", SURE))
    ask(page)
    expect(result(page)).to_have_attribute("data-label", "1")


@pytest.mark.parametrize("text", ["...!?", "😀👍", "a", "음", "12345", "This movie was great"])
def test_a_text_without_korean_is_not_guessed_at(opened: Callable[..., Page], text: str) -> None:
    page = opened()
    ask(page, text)
    expect(result(page)).to_have_attribute("data-label", "unknown")
    assert page.evaluate("window.asked") == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_field_is_a_hint_and_no_verdict(opened: Callable[..., Page], text: str) -> None:
    page = opened()
    ask(page, NEGATIVE)
    expect(result(page)).to_have_attribute("data-label", "0")
    ask(page, text)
    expect(page.locator("#hint")).to_have_text("분류할 문장을 먼저 적어 주세요.")
    expect(page.locator("#sentence")).to_be_focused()
    expect(page.locator("#sentence")).to_have_attribute("aria-invalid", "true")
    expect(result(page)).to_have_attribute("data-label", "0")
    page.fill("#sentence", "재")
    expect(page.locator("#hint")).to_have_text("Enter 키로도 보낼 수 있어요.")
    assert len(page.evaluate("window.asked")) == 1


@pytest.mark.parametrize("text", ["ㅋㅋ", "ㅠㅠ!!", "ㅎㅎ ㅎㅎ"])
def test_jamo_alone_tell_neither(opened: Callable[..., Page], text: str) -> None:
    page = opened()
    ask(page, text)
    expect(result(page)).to_have_attribute("data-label", "unknown")
    expect(page.locator("#answer")).to_contain_text("자음이나 모음만으로는")
    assert page.evaluate("window.asked") == []


@pytest.mark.parametrize("text", ["꿀잼ㅋㅋ", "굿 ㅠㅠ"])
def test_jamo_beside_words_are_korean(opened: Callable[..., Page], text: str) -> None:
    page = opened()
    ask(page, text)
    expect(result(page)).to_have_attribute("data-label", "0")


def test_syllables_written_letter_by_letter_are_korean(opened: Callable[..., Page]) -> None:
    """Decomposed Hangul looks the same, but has no letter that the model or the page knows."""
    page = opened()
    apart = unicodedata.normalize("NFD", NEGATIVE)
    assert apart != NEGATIVE
    ask(page, apart)
    expect(result(page)).to_have_attribute("data-label", "0")
    assert page.evaluate("window.asked") == [[None, {"sentences": [{"query": NEGATIVE}]}, {}]]


def test_examples(opened: Callable[..., Page]) -> None:
    page = opened()
    shown = page.locator(".example").all_text_contents()
    assert shown[:2] == [POSITIVE, NEGATIVE]
    for number, text in enumerate(shown):
        page.locator(".example").nth(number).click()
        expect(result(page)).to_contain_text(text)
        expect(page.locator("#sentence")).to_have_value(text)
    expect(page.locator("#history li")).to_have_count(len(shown))


def test_a_row_of_the_history_opens_and_stays_open(opened: Callable[..., Page]) -> None:
    page = opened()
    ask(page, NEGATIVE)
    page.locator("#history summary").click()
    expect(page.locator("#history .whole")).to_contain_text(f"[{NEGATIVE}]는 99.51%의 확률로 부정입니다.")
    ask(page, "두 번째 영화")
    expect(page.locator("#history li")).to_have_count(2)
    expect(page.locator("#history li").nth(1).locator(".whole")).to_be_visible()
    expect(page.locator("#history li").nth(0).locator(".whole")).to_be_hidden()


def test_history_is_of_this_visit_and_bounded(opened: Callable[..., Page]) -> None:
    page = opened()
    for number in range(12):
        ask(page, f"그저 그런 영화 {number}")
    expect(page.locator("#history li")).to_have_count(10)
    expect(page.locator("#history li").first).to_contain_text("그저 그런 영화 11")
    page.reload()
    expect(page.locator("#history li")).to_have_count(0)


ATTACKS = (
    "<img src=x onerror=window.pwned=1> 영화",
    "<script>window.pwned=1</script> 영화",
    '"><svg/onload=window.pwned=1> 영화',
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_the_user_writes_is_text(opened: Callable[..., Page], attack: str) -> None:
    page = opened()
    ask(page, attack)
    expect(result(page)).to_contain_text(attack)
    expect(page.locator("#history li")).to_contain_text(attack)
    reply(page, reject={"response": {"status": 500, "data": {"message": attack}}})
    ask(page, "영화 이야기")
    page.click("#error summary")
    expect(page.locator("#technical")).to_contain_text(json.dumps(attack, ensure_ascii=False))
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, main svg, main script").count() == 0


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_the_enter_of_an_input_method_sends_nothing(opened: Callable[..., Page], event: dict[str, Any]) -> None:
    page = opened()
    page.fill("#sentence", "재미있어요")
    dispatch = """(input, init) => input.dispatchEvent(
        new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true, ...init}))"""
    assert page.locator("#sentence").evaluate(dispatch, event) is False  # default prevented: no submission
    assert page.evaluate("window.asked") == []
    page.locator("#sentence").evaluate(dispatch, {"shiftKey": True})  # a new line
    assert page.evaluate("window.asked") == []
    page.locator("#sentence").evaluate(dispatch, {})
    assert len(page.evaluate("window.asked")) == 1


def test_keyboard_alone(opened: Callable[..., Page]) -> None:
    page = opened()
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order == ["language", "sentence", "submit", "example"]
    page.keyboard.press("Space")
    expect(result(page)).to_have_attribute("data-label", "0")


def test_both_languages_and_the_choice_is_remembered(opened: Callable[..., Page]) -> None:
    page = opened()
    ask(page)
    for language, word in (("en", "Negative"), ("ko", "부정"), ("en", "Negative")):
        page.click("#language")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#verdict")).to_have_text(word)
    hangul = page.locator("[data-say]").filter(has_text=re.compile("[가-힣]"))
    expect(hangul).to_have_count(0)
    page.reload()
    expect(page.locator("#submit")).to_have_text("Classify")


def test_without_local_storage(opened: Callable[..., Page], address: str) -> None:
    page = opened()
    forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('SecurityError'); }})"
    page.context.add_init_script(forbid)
    page.goto(address)
    page.click("#language")
    ask(page)
    expect(page.locator("#verdict")).to_have_text("Negative")


def test_every_sentence_has_both_languages(opened: Callable[..., Page]) -> None:
    source = (WEB / "app.js").read_text(encoding="utf-8")
    korean, english = source.split("    en: {")[0], source.split("    en: {")[1].split("\n  };")[0]
    keys = [re.findall(r"(\w+): (?=[\"\[{])", part.split("ko: {")[-1]) for part in (korean, english)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 40


def test_progress(opened: Callable[..., Page]) -> None:
    page = opened()
    reply(page, wait=True)
    ask(page, "재미있어요")
    page.press("#sentence", "Enter")  # the same question again: not sent twice
    expect(page.locator("#stage")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#verdict")).to_have_text("분석하는 중…")
    assert len(page.evaluate("window.asked")) == 1
    page.evaluate("data => window.finish(data)", answer("1", 0.9))
    expect(page.locator("#stage")).to_have_attribute("aria-busy", "false")
    expect(result(page)).to_have_attribute("data-label", "1")


def test_a_late_answer_does_not_overwrite_a_newer_one(opened: Callable[..., Page]) -> None:
    page = opened()
    reply(page, wait=True)
    ask(page, "첫 번째 문장")
    reply(page, resolve=answer("1", 0.9))
    ask(page, "두 번째 문장")
    expect(result(page)).to_have_attribute("data-label", "1")
    page.evaluate("data => window.finish(data)", answer("0", 0.9))
    expect(result(page)).to_contain_text("두 번째 문장")
    expect(page.locator("#history li")).to_have_count(1)
