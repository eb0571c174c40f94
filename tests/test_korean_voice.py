"""One Korean voice: 해요체, AWS's own terms, particles that fit; in every message with real values, and in every text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from test_korean_screens import english

from hol.words.particles import settled
from scripts import catalogue

ROOT = Path(__file__).resolve().parents[1]
# What stands in a message: methods, names, ARNs, signs, numbers, nothing at all, and other messages.
VALUES = (
    "GET",
    "POST",
    "myTextClassificationLambdaRole-hol",
    "arn:aws:sagemaker:*:*:endpoint/*",
    "*",
    "",
    "10",
    "버킷 text-classification-webservice-hol",
    "엔드포인트 시작(AWS에서는 3~10분)",
    "hol step 4 --target aws",
)
TEXTS = [
    *ROOT.glob("steps/*.ko.md"),
    *ROOT.glob("assets/guide/*.ko.md"),
    ROOT / "config.ko.yaml",
    ROOT / "README.ko.md",
    ROOT / "assets" / "lambda" / "inference.py",
]
FORMAL = re.compile(r"[가-힣]니다(?![가-힣])|[가-힣]십시오|[가-힣]니까(?=[?!.]|$)")
# 만든다, 없다, 했다: a syllable that ends in ㄴ, ㅆ or ㅄ before 다, or 이다.
_ENDINGS = "".join(chr(code) for code in range(ord("가"), ord("힣") + 1) if (code - ord("가")) % 28 in (4, 18, 20))
PLAIN = re.compile(rf"(?:[{_ENDINGS}]|[가-힣]이|[않같많])다(?=[.!]|$)")
BOTH = re.compile(r"[은이을와]\([는가를과]\)|\((?:으|이)\)[가-힣]")
# What is said otherwise here: AWS's own term, or the more usual word.
OTHERWISE = {
    r"쌍둥이": "중복",
    r"지문": "해시",
    r"견주": "비교",
    r"가지 가운데|가지가 틀": "개 중",
    r"모르는 키": "알 수 없는 키",
    r"글이(?:어야| 아니)": "문자열",
    r"key=value 모양|모양의 (?:JSON|이벤트)": "형식",
    r"마지막으로 남긴 말": "마지막 로그",
    r"물어볼 터미널": "확인을 받을 터미널",
    r"(?:함수|엔드포인트|API)(?:를|을) (?:부르|부를|불러요)": "호출",
    r"디스크에서 (?:여는|연|바로)": "내 컴퓨터에서 파일로",
    r"(?:역할|엔드포인트|버킷|함수|객체|정책|리소스|API|로그 그룹)(?:도|을|를|은|는)? (?:지우|지워|지운|지웠)": "삭제",
    r"가장 엄한": "가장 엄격한",
    r"없음 확인": "삭제 확인",
    r"구성과 다(?:름|르)": "설정과 다름",
    r"답했": "응답, 반환",
    r"이\(가\) 아니라 -": "설정되지 않았어요",
}
FIELD = re.compile(r"\{[^}]*\}|%\(\w+\)s")
QUOTED = re.compile(r"^```.*?^```|\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def _said(domain: str) -> Iterator[tuple[str, str]]:
    """Every message of the catalogue, with each of the values in each of its places."""
    for message in catalogue.read(domain):
        for template in (message.string,) if isinstance(message.string, str) else message.string if message.id else ():
            for turn in range(len(VALUES)) if message.id and FIELD.search(template) else range(1):
                values = cycle([*VALUES[turn:], *VALUES[:turn]])
                yield template, settled(FIELD.sub(lambda _, values=values: next(values), template))


def _unlike(text: str) -> list[str]:
    """What is not in the one voice."""
    plain = QUOTED.sub("“”", text)
    return [
        *FORMAL.findall(plain),
        *(found for line in plain.splitlines() for found in PLAIN.findall(line)),
        *(f"{found[0]} → {better}" for pattern, better in OTHERWISE.items() if (found := re.search(pattern, plain))),
    ]


@pytest.mark.parametrize("domain", catalogue.FOLDERS)
def test_every_message_is_in_one_voice(domain: str) -> None:
    said = list(_said(domain))
    assert len(said) > 50
    assert {template: found for template, text in said if (found := _unlike(text))} == {}


@pytest.mark.parametrize("domain", catalogue.FOLDERS)
def test_no_message_shows_both_forms_of_a_particle(domain: str) -> None:
    assert {template: text for template, text in _said(domain) if BOTH.search(text)} == {}


@pytest.mark.parametrize("domain", catalogue.FOLDERS)
def test_no_message_has_an_english_sentence(domain: str) -> None:
    assert {template: found for template, text in _said(domain) if (found := english(text))} == {}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_text_is_in_one_voice(path: Path) -> None:
    assert _unlike(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "버킷을 만들었습니다",
        "다시 실행하십시오",
        "혹시 이것입니까?",
        "함수를 만든다. 정책이 없다.",
        "엔드포인트를 지워요",
        "함수를 불러요",
        "내용의 지문",
    ],
)
def test_the_detector_detects(text: str) -> None:
    assert _unlike(text)


def test_quotations_may_speak_otherwise() -> None:
    assert not _unlike("“재미있게 봤습니다.”는 긍정이에요")
