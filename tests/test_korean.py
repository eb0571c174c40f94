"""The Korean catalogues: nothing that hol or click says is missing from them, and nothing in hol's is never said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import GNUTranslations
from importlib.metadata import version
from pathlib import Path

import pytest

from hol.words.catalogue import LOCALE
from hol.words.text import Text, t
from scripts import catalogue

ROOT = Path(__file__).resolve().parents[1]
HANGUL = re.compile(r"[가-힣]")
# Words that Korean leaves as they are, and keys of config.yaml.
TERMS = re.compile(r"\b(API Gateway|API|CloudWatch Logs|CORS|MB|[a-z]+\.[a-z_]+)\b")


def _translations(domain: str) -> dict[str, str]:
    """English → Korean; of a plural the English singular."""
    messages = [message for message in catalogue.read(domain) if message.id]
    return {_first(message.id): _first(message.string) for message in messages}


def _first(said: str | Sequence[str]) -> str:
    """A sentence, or the first of a plural's."""
    return said if isinstance(said, str) else said[0]


def _needs_korean(template: str) -> bool:
    return bool(re.search(r"[A-Za-z]", TERMS.sub("", re.sub(r"\{[^}]*\}", "", template))))


@pytest.mark.parametrize(("domain", "least"), [("hol", 500), ("steps", 150), ("click", 50)])
def test_nothing_is_missing_stale_fuzzy_or_uncompiled(domain: str, least: int) -> None:
    assert catalogue.problems(domain) == []
    assert len(_translations(domain)) > least


@pytest.mark.parametrize("domain", catalogue.FOLDERS)
def test_every_translation_is_korean(domain: str) -> None:
    said = _translations(domain).items()
    assert [text for text, korean in said if _needs_korean(text) and not HANGUL.search(korean)] == []


@pytest.mark.parametrize("domain", ["hol", "steps"])
def test_every_translation_can_be_filled(domain: str) -> None:
    """With as many values as the English sentence takes."""
    for text, korean in _translations(domain).items():
        korean.format(*range(len(catalogue.fields(text))))


def test_clicks_catalogue_is_of_the_click_that_is_pinned() -> None:
    """Its sentences change with its versions: raise the pin and the catalogue together."""
    pinned = re.search(r"^click==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned and pinned[1] == version("click")
    said = catalogue.extracted("click")
    assert {"Usage:", "Options", "Missing argument", "Show this message and exit."} <= {
        message.id for message in said if isinstance(message.id, str)
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('msgstr "먼저 실행하세요: {}"', 'msgstr "먼저 실행하세요"'), "other fields"),
        (('msgstr "{1}개 중 {0}개 통과({2}초)"', 'msgstr "{}개 중 {0}개 통과({2}초)"'), "other fields"),
        (('msgid "seconds"', 'msgid "secondss"'), "stale"),
        (('msgid "seconds"', 'msgid "secondss"'), "missing"),
        (('msgid "seconds"', '#, fuzzy\nmsgid "seconds"'), "fuzzy"),
        (('msgid "seconds"', '#, fuzzy\nmsgid "seconds"'), "not compiled"),
    ],
)
def test_the_check_finds(
    change: tuple[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (catalogue.FOLDERS["hol"] / "hol.po").read_text(encoding="utf-8")
    assert whole.count(change[0]) == 1
    (tmp_path / "hol.po").write_text(whole.replace(*change), encoding="utf-8")
    (tmp_path / "hol.mo").write_bytes((catalogue.FOLDERS["hol"] / "hol.mo").read_bytes())
    monkeypatch.setattr(catalogue, "FOLDERS", dict.fromkeys(catalogue.FOLDERS, tmp_path))
    assert any(f"hol: {problem}" in found for found in catalogue.problems("hol"))


def test_update_changes_nothing_where_nothing_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    was = {domain: (catalogue.FOLDERS[domain] / f"{domain}.po").read_bytes() for domain in catalogue.FOLDERS}
    for domain, content in was.items():
        (tmp_path / f"{domain}.po").write_bytes(content)
    monkeypatch.setattr(catalogue, "FOLDERS", dict.fromkeys(catalogue.FOLDERS, tmp_path))
    catalogue.main(["update"])
    assert {domain: (tmp_path / f"{domain}.po").read_bytes() for domain in was} == was


def test_gettext_reads_what_is_shown() -> None:
    with Path(LOCALE, "ko", "LC_MESSAGES", "hol.mo").open("rb") as file:
        read = GNUTranslations(file)
    assert {text: read.gettext(text) for text in _translations("hol")} == _translations("hol")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            t("waited {} s for {}", 12, t("the endpoint {} to be gone", "e")),
            "엔드포인트 e 삭제 완료를 12초 기다렸지만 끝나지 않았어요",
        ),
        (t("could not {}", t("change {}", t("role {}", "r"))), "역할 r 변경에 실패했어요"),
        (t("{} answers with an error", t("the function")), "함수가 오류를 반환했어요"),
        (t("{}", "a {brace} of the user's"), "a {brace} of the user's"),
        (t(""), ""),
    ],
)
def test_sentences_put_together_read_as_korean(text: Text, expected: str) -> None:
    assert text.render("ko") == expected
