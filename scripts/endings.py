"""The same opinion in another form of speech: 재미없다, 재미없음, 재미없네요, 재미없습니다.

Praise is more often written politely than blame, so a model of reviews takes a polite ending for praise. Reviews whose
last word is given another ending, and keep their label, tell it that an ending is no opinion."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

WORDS = 6  # of a review that is said in another form
SYLLABLES, FINALS, PAST = 0xAC00, 28, 20  # Hangul's block, its final consonants, the number of ㅆ among them
HA = ("합니다", "하네요", "했어요", "했습니다", "했다", "했음", "해요", "하다", "한다", "하네", "함")
ADJECTIVES = {"없": "어요", "있": "어요", "좋": "아요", "같": "아요", "않": "아요", "많": "아요"}
NOUNS = (
    "영화", "작품", "드라마", "이야기", "내용", "수준", "정도", "느낌", "스토리", "만화", "애니",
    "코미디", "멜로", "쓰레기", "명작", "수작", "졸작", "최고", "최악", "재미", "별로",
)  # fmt: skip
AFTER_VOWEL = ("예요", "입니다", "네요", "였어요", "였습니다", "였다", "다", "임")
AFTER_CONSONANT = ("이에요", "입니다", "이네요", "이었어요", "이었습니다", "이었다", "이다", "임")
AFTER_PAST = ("어요", "습니다", "네요", "다", "음", "죠")


def final(syllable: str) -> int:
    """The number of the final consonant, 0 for none; -1 for what is no syllable."""
    place = ord(syllable) - SYLLABLES
    return place % FINALS if 0 <= place < 11172 else -1


def forms(text: str) -> list[str]:
    """The text with each ending that fits its last word, its own among them; none when that word is not understood."""
    text = text.rstrip(" .!~?^;,…")
    return of_adjective(text) or of_past(text) or of_ha(text) or of_noun(text)


def of_adjective(text: str) -> list[str]:
    """없다, 있다, 좋다, …"""
    for stem, polite in ADJECTIVES.items():
        endings = (polite, "습니다", "네요", "다", "음")
        for ending in endings:
            if text.endswith(stem + ending):
                return [text.removesuffix(ending) + other for other in endings]
    return []


def of_past(text: str) -> list[str]:
    """Any verb in the past: its stem ends in ㅆ."""
    for ending in (*AFTER_PAST, "네", "어", "지"):
        stem = text.removesuffix(ending)
        if stem and stem != text and final(stem[-1]) == PAST and stem[-1] not in "있겠":
            return [stem + other for other in AFTER_PAST]
    return []


def of_ha(text: str) -> list[str]:
    """지루하다, 추천합니다, 무난함, …"""
    for ending in HA:
        if text.endswith(ending) and text != ending:
            return [text.removesuffix(ending) + other for other in HA]
    return []


def of_noun(text: str) -> list[str]:
    """A noun that reviews end in, bare or with the copula."""
    for noun in NOUNS:
        endings = AFTER_CONSONANT if final(noun[-1]) else AFTER_VOWEL
        for ending in ("", *endings):
            if text.endswith(noun + ending):
                return [text.removesuffix(ending) + other for other in endings]
    return []


def other(text: str) -> str | None:
    """One of the other forms, the same on every run; None when there is none."""
    found = [form for form in forms(text) if form != text]
    return found[int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % len(found)] if found else None


def respoken(texts: Sequence[str], unheard: Collection[str]) -> Iterator[tuple[int, str]]:
    """The place and another form of the short texts that have one, but the `unheard` ones."""
    for place, text in enumerate(texts):
        found = other(text) if len(text.split()) <= WORDS else None
        if found and found not in unheard:
            yield place, found
