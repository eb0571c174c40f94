"""The Korean catalogues, and the language of this process.

`locale/ko/LC_MESSAGES/hol.po` holds what hol says, `click.po` what click says; the `.mo` beside each is what is read.
`python -m scripts.catalogue` keeps them: how to translate stands in `hol/words/__init__.py`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gettext import GNUTranslations

Language = Literal["ko", "en"]
LOCALE = Path(__file__).with_name("locale")

_spoken: Language = "en"


def speak(language: Language) -> None:
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


def spoken() -> Language:
    """The language of this process."""
    return _spoken


def korean(template: str) -> str:
    """The Korean template; one without a translation stays English."""
    return _hol().gettext(template) if template else ""


@cache
def _hol() -> GNUTranslations:
    """Read when the first Korean sentence is shown."""
    from gettext import GNUTranslations

    with (LOCALE / "ko" / "LC_MESSAGES" / "hol.mo").open("rb") as file:
        return GNUTranslations(file)
