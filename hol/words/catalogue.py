"""The Korean catalogues, and the language of this process.

`locale/ko/LC_MESSAGES/hol.po` holds what hol says, `click.po` what click says; the `.mo` beside each is what is read.
What a lab's steps say is translated in their folder: `steps/locale/ko/LC_MESSAGES/steps.po`, or `KOREAN` in a step's file.
`python -m scripts.catalogue` keeps them: how to translate stands in `hol/words/__init__.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gettext import NullTranslations
    from pathlib import Path

Language = Literal["ko", "en"]
LOCALE = os.path.join(os.path.dirname(__file__), "locale")  # text: pathlib takes 6 ms to import

_spoken: Language = "en"
_brought: dict[Path, Mapping[str, str]] = {}


def set_language(language: Language) -> None:
    """From here on this process, click included, speaks that language; said as often as more is known.

    click asks gettext at each sentence, and gettext goes by $LANGUAGE before any other variable of the locale.
    """
    import gettext

    global _spoken
    _spoken = language
    gettext.bindtextdomain("click", LOCALE)
    gettext.textdomain("click" if language == "ko" else "messages")
    if language == "ko":
        os.environ["LANGUAGE"] = language


def current_language() -> Language:
    """The language of this process."""
    return _spoken


def add_catalogue(steps: Path, said: Mapping[str, str]) -> None:
    """The Korean of the lab in that folder: in its catalogue, and English → Korean."""
    _brought[steps] = said


def korean(template: str) -> str:
    """The Korean template; one without a translation stays English."""
    if not template:
        return ""
    found = (
        said.get(template) or _translated(str(steps / "locale"), "steps", template) for steps, said in _brought.items()
    )
    return next((one for one in (_translated(LOCALE, "hol", template), *found) if one != template), template)


def _translated(locale: str, domain: str, template: str) -> str:
    return _catalogue(os.path.join(locale, "ko", "LC_MESSAGES", f"{domain}.mo")).gettext(template)


@cache
def _catalogue(file: str) -> NullTranslations:
    """Read when the first Korean sentence is shown; a lab need not have one."""
    from gettext import GNUTranslations, NullTranslations

    if not os.path.isfile(file):
        return NullTranslations()
    with open(file, "rb") as opened:
        return GNUTranslations(opened)
