"""Korean particles after words that are known only when a sentence is shown: `을(를)` becomes 을 or 를.

The particle follows the last sound of the word as a Korean reads it. For Hangul and digits that is certain; for Latin
letters it is read off the spelling, and where nothing can be read (`*을(를)`) both stay, as AWS's console writes them.
"""

from __future__ import annotations

import re

# as written → (after a consonant, after a vowel)
_PARTICLES = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라서": ("이라서", "라서"),
    "(이)에요": ("이에요", "예요"),
}
_WORD = re.compile(
    r"(?P<word>[A-Za-z]+|[0-9]|[가-힣])(?P<closing>[^A-Za-z0-9가-힣\s*]{0,3})(?P<particle>"
    + "|".join(map(re.escape, _PARTICLES))
    + ")"
)
_CONSONANT = re.compile(r"(?i)([lmn]|ng|[aeiou][lmn]e|[aeiou](p|k|ck|c))$")
_SPELT_OUT = re.compile(r"[A-Z]+|[^AEIOUYaeiouy]+")  # read letter by letter: 엘, 엠, 엔, 알 end in a consonant
_L = re.compile(r"(?i)(l|[aeiou]le)$")


def settled(text: str) -> str:
    """The text with every particle that can be decided."""
    return _WORD.sub(_decided, text) if "(" in text else text


def _decided(found: re.Match[str]) -> str:
    word, particle = found["word"], found["particle"]
    consonant = _ends_in_consonant(word)
    if particle == "(으)로" and _ends_in_l(word):
        consonant = False
    return word + found["closing"] + _PARTICLES[particle][0 if consonant else 1]


def _ends_in_consonant(word: str) -> bool:
    if "가" <= word <= "힣":
        return (ord(word) - ord("가")) % 28 > 0
    if word.isdigit():
        return word in "013678"
    if _SPELT_OUT.fullmatch(word):
        return word[-1].upper() in "LMNR"
    return bool(_CONSONANT.search(word))


def _ends_in_l(word: str) -> bool:
    if "가" <= word <= "힣":
        return (ord(word) - ord("가")) % 28 == 8
    if word.isdigit():
        return word in "178"
    return bool(_L.search(word)) or (bool(_SPELT_OUT.fullmatch(word)) and word[-1].upper() == "R")
