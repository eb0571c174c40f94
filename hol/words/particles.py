"""Korean particles after words that are known only when a sentence is shown: `을(를)` becomes 을 or 를.

The particle follows the last sound of the word as a Korean reads it. For Hangul and digits that is certain; for Latin
letters it is read off the spelling (GET 겟이, PUT 풋이, POST 포스트가, bucket 버킷이, endpoint 엔드포인트가, API 에이피아이가).
What cannot be read at all (`*`) takes the form after a vowel: both forms side by side are never shown.
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
_PLACE = re.compile("|".join(map(re.escape, _PARTICLES)))
_ASIDE = re.compile(r"\([^()]*\)$")
_READABLE = re.compile(r"[A-Za-z]+|[0-9]+|[가-힣]")
_SIGNS = {"-": True, "_": True, ".": True}  # 하이픈, 밑줄, 점: a value that is nothing but signs
_CONSONANT = re.compile(
    r"""(?ix)(
      [lmn] | ng | [aeiou][lmn]e       # model, region, string; file, time, zone
    | [aeiou](p|k|ck|c) | web | type   # group, hook, stack, public
    | (?<![aeiou])[aeiou]t | out       # get, put, bucket, input, timeout; but not root, nor list, event, default
    )$"""
)
# Abbreviations with a vowel, which are read letter by letter all the same; words in capitals (GET, MOCK) are not.
_LETTERS = {"API", "URL", "URI", "ARN", "IAM", "AWS", "ACL", "UTC", "USD", "SQS", "ECR", "SSE"}
_L = re.compile(r"(?i)(l|[aeiou]le)$")
_DIGITS_CLOSED, _DIGITS_L = "013678", "178"


def settled(text: str) -> str:
    """The text with every particle decided."""
    if "(" not in text:
        return text
    out, at = [], 0
    for found in _PLACE.finditer(text):
        out.append(text[at : found.start()])
        out.append(_decided("".join(out), found[0]))
        at = found.end()
    return "".join([*out, text[at:]])


def _decided(before: str, particle: str) -> str:
    word = _last_word(before)
    closed = (
        _ends_in_l(word) is False and _ends_in_consonant(word) if particle == "(으)로" else _ends_in_consonant(word)
    )
    return _PARTICLES[particle][0 if closed else 1]


def _last_word(before: str) -> str:
    """The last thing that is read out: quotes around it are not, nor what stands in brackets after it."""
    word = before.rstrip()
    while (shorter := _ASIDE.sub("", word).rstrip()) not in ("", word):
        word = shorter
    run = re.split(r"\s", word)[-1]
    readable = _READABLE.findall(run)
    return readable[-1] if readable else run[-1:]


def _ends_in_consonant(word: str) -> bool:
    if not word or not _READABLE.fullmatch(word):
        return _SIGNS.get(word, False)
    if "가" <= word[-1] <= "힣":
        return (ord(word[-1]) - ord("가")) % 28 > 0
    if word.isdigit():
        return word[-1] in _DIGITS_CLOSED
    if _is_spelt_out(word):
        return word[-1].upper() in "LMNR"
    return bool(_CONSONANT.search(word))


def _ends_in_l(word: str) -> bool:
    if not word or not _READABLE.fullmatch(word):
        return False
    if "가" <= word[-1] <= "힣":
        return (ord(word[-1]) - ord("가")) % 28 == 8
    if word.isdigit():
        return word[-1] in _DIGITS_L
    return word[-1].upper() in "LR" if _is_spelt_out(word) else bool(_L.search(word))


def _is_spelt_out(word: str) -> bool:
    """Whether it is read letter by letter (엘, 엠, 엔, 알 end in a consonant): an abbreviation, or without a vowel."""
    if word in _LETTERS or not re.search("[AEIOUYaeiouy]", word):
        return True
    return len(word) <= 2 and word.isupper()
