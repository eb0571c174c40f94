"""What a value of config.yaml must be.

A rule takes the value from YAML (or from `--set`) and returns the typed value, or raises `ValueError` with a `Text` that says
what it is not, as in "is not a whole number of seconds from 1 to 900".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from hol.words.shown import short
from hol.words.text import Text, t

Rule = Callable[[object], object]


def whole(low: int, high: int, unit: Text | None = None, also: tuple[int, ...] = ()) -> Rule:
    """A whole number in that range, or one of `also`."""

    def rule(value: object) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not (low <= number <= high or number in also):
            if unit:
                raise ValueError(t("is not a whole number of {} from {} to {}", unit, low, high))
            raise ValueError(t("is not a whole number from {} to {}", low, high))
        return number

    return rule


def duration(least: int, most: int) -> Rule:
    """A time span such as `90m`, `4h` or `2d`, within that many minutes; empty for none."""

    def rule(value: object) -> str:
        text = str(value) if isinstance(value, str) else ""
        if value == "" or (isinstance(value, str) and least <= minutes(text) <= most):
            return text
        raise ValueError(t("is not a time such as {}, from {} to {} minutes", "90m, 4h, 2d", least, most))

    return rule


def minutes(text: str) -> int:
    """`90m`, `4h`, `2d` → minutes; 0 for anything else."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", text)
    return int(found[1]) * {"m": 1, "h": 60, "d": 1440}[found[2]] if found else 0


def one_of(*choices: object) -> Rule:
    """One of the choices; `true`/`false` may also be written as text."""

    def rule(value: object) -> object:
        for choice in choices if isinstance(value, str | int) else ():
            if (type(value) is type(choice) and value == choice) or str(value).lower() == str(choice).lower():
                return choice
        raise ValueError(t("is none of {}", ", ".join(str(c).lower() for c in choices)))

    return rule


def matching(pattern: str, longest: int, meaning: Text, empty: bool = False) -> Rule:
    """Text that the pattern matches wholly, once its placeholders stand for something."""

    def rule(value: object) -> str:
        if not isinstance(value, str):
            raise ValueError(t("is not text"))
        sample = expand(value, attendee="a", account="0" * 12, region="us-east-1")
        left = re.search(r"\{[^}]*\}?", sample)
        if left and value:
            raise ValueError(
                t("has an unknown placeholder {} (known: {})", short(left[0]), "{attendee}, {account}, {region}")
            )
        if (not value and not empty) or (
            value and (len(sample) > longest or not re.fullmatch(pattern, sample, re.ASCII))
        ):
            raise ValueError(t("is not {}", meaning))
        return value

    return rule


def plain(longest: int = 256) -> Rule:
    """Any text on one line."""
    return matching(r"[^\n]*", longest, t("text of at most {} characters", longest), empty=True)


# What every service that hol tags takes: letters, digits and blanks of any script, and these signs; 50 tags, of which
# hol needs some. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
_TAG_SIGNS, _MOST_TAGS = "_.:/=+-@", 45


def _check_tag(key: str, text: str) -> None:
    for part, longest in ((key, 128), (text, 256)):
        wrong = next((one for one in part if one not in _TAG_SIGNS and unicodedata.category(one)[0] not in "LNZ"), "")
        if wrong:
            shown = wrong if wrong.isprintable() else f"U+{ord(wrong):04X}"
            raise ValueError(
                t(
                    "has the tag {}, but AWS takes no {} in tags: letters, digits, blanks and {} only",
                    key,
                    shown,
                    _TAG_SIGNS,
                )
            )
        if len(part) > longest or not key:
            raise ValueError(t("has the tag {}, but keys have 1 to 128 characters and values at most 256", key[:40]))


def tag_map(value: object) -> dict[str, str]:
    """More tags: text to text, no `hol:` or `aws:` key (tags of AWS and of hol itself)."""
    if not isinstance(value, dict):
        raise ValueError(t("is not a list of tags such as {}", "{course: nlp-2026}"))
    if len(value) > _MOST_TAGS:
        raise ValueError(t("has {} tags, and at most {} are possible", len(value), _MOST_TAGS))
    for key, text in value.items():
        if not isinstance(key, str) or not isinstance(text, str | int):
            raise ValueError(t("is not a list of tags such as {}", "{course: nlp-2026}"))
        if key.lower().startswith(("aws:", "hol:")):
            raise ValueError(t("has the tag {}, but tags that begin with aws: or hol: are reserved", short(key)))
        _check_tag(key, str(text))
    return {key: str(text) for key, text in value.items()}


def expand(name: str, **values: str) -> str:
    """Put the values in; an empty one takes the separator before it along."""
    for key, value in values.items():
        name = name.replace("{" + key + "}", value) if value else re.sub(r"[-_]?\{" + key + r"\}", "", name)
    return name
