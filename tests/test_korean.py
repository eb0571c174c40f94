"""The Korean catalogue: nothing that hol says is missing from it, and nothing in it is never said.

The sentences are found in the source: the literal argument of every `t(…)` and `_(…)`, and of functions that pass
theirs on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from hol.words.korean import _OWN, KOREAN
from hol.words.korean_aws import AWS
from hol.words.korean_cli import CLI
from hol.words.korean_config import CONFIG
from hol.words.korean_operate import OPERATE
from hol.words.korean_teach import TEACH
from hol.words.text import Text, t

ROOT = Path(__file__).resolve().parents[1]
# Who says its argument, and which argument that is.
SAYING = {"t": 0, "_": 0, "_local_verb": 1}
HANGUL = re.compile(r"[가-힣]")
# Words that Korean leaves as they are, and keys of config.yaml.
TERMS = re.compile(r"\b(API Gateway|API|CloudWatch Logs|CORS|MB|[a-z]+\.[a-z_]+)\b")


def _sources() -> list[Path]:
    files = [*ROOT.glob("hol/**/*.py"), *ROOT.glob("steps/*.py")]
    return sorted(file for file in files if not file.name.startswith("korean"))


def _literals(node: ast.expr) -> Iterator[str]:
    """The sentences that an expression may be: a literal, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _said() -> dict[str, str]:
    """Template → where it is said first."""
    found: dict[str, str] = {}
    for file in _sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            place = SAYING.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
            if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                for template in _literals(node.args[place]):
                    found.setdefault(template, f"{file.relative_to(ROOT)}:{node.lineno}")
    return found


def _written() -> set[str]:
    """Every string of the source, so that a template which reaches `t` by a variable counts as said."""
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in _sources())
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _fields(template: str) -> list[str]:
    """The positions of the values: "{} {}" → ["0", "1"], "{1} {0}" → ["0", "1"]."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    return sorted(name or str(place) for place, name in enumerate(names))


def _needs_korean(template: str) -> bool:
    return bool(re.search(r"[A-Za-z]", TERMS.sub("", re.sub(r"\{\d*\}", "", template))))


def test_every_sentence_is_translated() -> None:
    needed = {text: where for text, where in _said().items() if _needs_korean(text)}
    assert len(needed) > 400
    missing = {text: where for text, where in needed.items() if text not in KOREAN}
    assert not missing, "\n".join(f"{where}: {text!r}" for text, where in missing.items())


def test_every_translation_is_korean() -> None:
    foreign = [text for text, korean in KOREAN.items() if _needs_korean(text) and not HANGUL.search(korean)]
    assert not foreign


def test_values_keep_their_places() -> None:
    differing = {text: korean for text, korean in KOREAN.items() if _fields(text) != _fields(korean)}
    assert not differing


def test_nothing_is_translated_in_vain() -> None:
    unused = set(KOREAN) - _written()
    assert not unused


def test_no_sentence_is_translated_twice() -> None:
    """The catalogue's parts do not overlap."""
    assert len(KOREAN) == sum(len(part) for part in (_OWN, AWS, CLI, CONFIG, OPERATE, TEACH))


def test_messages_are_formal_throughout() -> None:
    """합니다체: no sentence ends in 해요체."""
    polite = [korean for korean in KOREAN.values() if re.search(r"(해|어|아|예|이에|세)요[.!]?$", korean)]
    assert polite == ["아니요"] or not polite


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            t("waited {} seconds for {}", 12, t("the endpoint {} to be gone", "e")),
            "엔드포인트 e 삭제 완료: 12초를 기다렸지만 끝나지 않았습니다",
        ),
        (t("could not {}", t("change {}", t("role {}", "r"))), "역할 r 변경에 실패했습니다"),
        (t("{} answers with an error", t("the function")), "함수: 오류로 답했습니다"),
        (t("{}", "a {brace} of the user's"), "a {brace} of the user's"),
    ],
)
def test_sentences_put_together_read_as_korean(text: Text, expected: str) -> None:
    assert text.render("ko") == expected
