"""What the model learns beside reviews: sentences from patterns, and never one that the card, the guide or a test asks."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from hol.config.files import packaged


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, packaged() / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


patterns, sentences, endings = _script("patterns"), _script("sentences"), _script("endings")


def _lines() -> list[str]:
    return list(patterns.FILE.read_text(encoding="utf-8").splitlines(keepends=True))


def test_a_pattern_stands_for_all_combinations() -> None:
    assert list(patterns.expanded("{|a }b{c|d}")) == ["bc", "bd", "a bc", "a bd"]


def test_nothing_that_the_card_asks_is_learnt() -> None:
    learnt = {text for text, _, _ in patterns.made(_lines(), sentences.ALL, 60)}
    assert len(learnt) > 1000
    assert not learnt & sentences.ALL
    assert {*sentences.GUIDE, *sentences.MIDDLING} <= sentences.ALL
    assert {text for texts in sentences.APART.values() for text in texts} <= sentences.ALL


def test_the_eighty_apart_are_not_those_of_the_card() -> None:
    apart = [text for texts in sentences.APART.values() for text in texts]
    shown = {
        text for texts in (sentences.GUIDE, *sentences.KINDS.values(), *sentences.ATTACK.values()) for text in texts
    }
    assert len(set(apart)) == len(apart) == 80
    assert not shown & set(apart)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정말 재미없다", "정말 재미없습니다"),
        ("그냥 그랬음...", "그냥 그랬어요"),
        ("지루하네요", "지루해요"),
        ("무난함", "무난합니다"),
        ("평범한 영화", "평범한 영화였습니다"),
        ("좋은 작품이다", "좋은 작품이었어요"),
        ("연기가 좋네요!", "연기가 좋아요"),
    ],
)
def test_another_ending_leaves_the_opinion(text: str, expected: str) -> None:
    assert expected in endings.forms(text)
    assert endings.other(text) in endings.forms(text)
    assert endings.other(text) != text


@pytest.mark.parametrize("text", ["", "ㅋㅋ", "굿", "great", "쌈", "!!!"])
def test_a_word_that_is_not_understood_has_no_other_ending(text: str) -> None:
    assert endings.other(text) is None


def test_what_the_card_asks_is_not_said_in_another_form_either() -> None:
    texts = ["평범한 영화", "아주 아주 아주 아주 아주 긴 영화", "ㅋㅋ"]
    ((place, found),) = endings.respoken(texts, set())
    assert place == 0
    assert not list(endings.respoken(texts, {found}))


def test_a_line_counts_the_same_however_many_sentences_it_makes() -> None:
    made = list(patterns.made(["# no pattern\n", "0.5 {a|b|c} d\n", "1 e\n"], {"b d"}, 6))
    assert made == [("a d", 0.5, 3.0), ("c d", 0.5, 3.0), ("e", 1.0, 6.0)]


@pytest.mark.parametrize("line", _lines())
def test_every_line_is_a_target_and_a_pattern(line: str) -> None:
    if not line.startswith("#"):
        target, pattern = line.rstrip("\n").split(" ", 1)
        assert 0 <= float(target) <= 1
        assert "  " not in pattern.strip()
        assert pattern.count("{") == pattern.count("}") > 0
