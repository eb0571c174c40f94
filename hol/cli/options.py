"""The options that every verb shares, as given on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from hol.words.text import Language

LANGUAGES: tuple[Language, ...] = ("ko", "en")


class Options(NamedTuple):
    """None or empty means: as config.yaml says."""

    target: str | None = None
    overrides: tuple[str, ...] = ()
    file: str | None = None
    region: str | None = None
    profile: str | None = None
    jobs: str | None = None
    lang: Language | None = None
    as_json: bool = False
    debug: bool = False
    verbose: bool = False
    record: str | None = None
    ttl: str | None = None

    def repeated(self) -> tuple[tuple[str, str], ...]:
        """What says which lab is meant, and in which language, as options of a command line."""
        named = {"target": self.target, "config": self.file, "region": self.region, "profile": self.profile}
        given = [(f"--{name}", value) for name, value in named.items() if value is not None]
        given += [("--set", override) for override in (*self.overrides, *self._until)]
        return (*given, *([("--lang", self.lang)] if self.lang else []))

    def settings(self) -> list[tuple[str, str]]:
        """(option, `key=value`) for each of them, the dedicated options last, so that they win."""
        named = (
            ("--target", "target", self.target),
            ("--region", "region", self.region),
            ("--profile", "profile", self.profile),
            ("--jobs", "jobs", self.jobs),
            ("--lang", "language", self.lang),
        )
        given = [("--set", override) for override in self.overrides] + [("--ttl", until) for until in self._until]
        return [*given, *((option, f"{key}={value}") for option, key, value in named if value is not None)]

    @property
    def _until(self) -> tuple[str, ...]:
        return () if self.ttl is None else (f"endpoint.ttl={self.ttl or 'none'}",)


def locale_language() -> Language:
    """ko when the locale is Korean, else en."""
    value = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not value and sys.platform == "win32":
        import locale

        value = locale.getlocale()[0] or ""
    return "ko" if value.lower().startswith(("ko", "korean")) else "en"


def language_of(arguments: Sequence[str]) -> Language:
    """The language that the command line asks for, before it is parsed; else the locale's."""
    asked = [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    asked += [following for one, following in pairwise(arguments) if one == "--lang"]
    return "ko" if "ko" in asked else "en" if "en" in asked else locale_language()
