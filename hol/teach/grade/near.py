"""What is there instead: a name that is nearly right, the right name in another region, a sign that nobody sees."""

from __future__ import annotations

import difflib
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hol.cloud.answers import Structure
from hol.engine.facts import Facts
from hol.engine.lab import Lab
from hol.words.errors import HolError
from hol.words.text import Text, t

# Where a console may happen to be open: https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
_REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-northeast-2", "ap-northeast-1", "ap-southeast-1", "eu-west-1",
    "eu-central-1",
)  # fmt: skip


def peek(lab: Lab, operation: str, *missing: str, **arguments: object) -> Structure | None:
    """A read that helps to explain; None as well when it is not allowed."""
    try:
        return lab.find(operation, *missing, **arguments)
    except HolError:
        return None


def peek_all(lab: Lab, operation: str, **arguments: object) -> list[Any]:
    """All items of a read that helps to explain; none when it is not allowed, or the look is to be brief."""
    if lab.run.brief:
        return []
    try:
        return lab.pages(operation, **arguments)
    except HolError:
        return []


def similar(lab: Lab, wanted: str, names: Iterable[str]) -> str:
    """The name that somebody may have meant to be the wanted one; "" when none is like it."""
    lower = {name.strip().lower(): name for name in names if name != wanted and name not in lab.run.others}
    found = difflib.get_close_matches(wanted.lower(), list(lower), 1, 0.8)
    return lower[found[0]] if found else ""


def elsewhere(lab: Lab, look: Callable[[Lab], object]) -> str:
    """The region in which `look` finds it; "" when it is in none of the usual ones, or the look is to be brief."""
    if lab.run.brief:
        return ""
    regions = [region for region in _REGIONS if region != lab.cloud.region]

    def there(region: str) -> bool:
        cloud = replace(lab.cloud, region=region, _clients={}, _lock=threading.Lock())
        try:
            return bool(look(replace(lab, run=replace(lab.run, cloud=cloud, facts=Facts(), answers=None, paces={}))))
        except HolError:
            return False

    found = zip(regions, lab.each(regions, there), strict=True)
    return next((region for region, is_there in found if is_there), "")


def instead(lab: Lab, wanted: str, names: Iterable[str], look: Callable[[Lab], object]) -> Text | None:
    """What is there instead of the wanted name, in a sentence."""
    if region := elsewhere(lab, look):
        return t("it is in the region {}, not in {}", region, lab.cloud.region)
    name = similar(lab, wanted, names)
    return t("there is {} instead: compare it letter by letter", visible(name)) if name else None


def visible(text: str) -> str:
    """The text with the signs made visible that nobody sees, and with its blanks marked at both ends."""
    inner = text.strip(" ")
    left, right = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    signs = (f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cf", "Cc", "Zs") and c != " " else c for c in inner)
    return "␣" * left + "".join(signs) + ("␣" * right if inner else "")
