"""The section `class:` of config.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from hol.config.settings import Config
from hol.config.values import matching, one_of, whole
from hol.words.text import t

SECTION = "class"


@dataclass(frozen=True)
class Settings:
    """hol class: a lab for each line of a roster"""

    name: Annotated[str, matching(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", 12, t("1 to 12 of a-z, 0-9 and -"))]
    endpoint: Annotated[str, one_of("shared", "each")]
    hours: Annotated[int, whole(1, 720, t("hours"))]
    together: Annotated[int, whole(1, 64)]
    role: Annotated[
        str,
        matching(r"[\w+=,.@-]+", 64, t("an IAM name: letters, digits and + = , . @ _ -, at most {} characters", 64)),
    ]
    signin: Annotated[str, one_of("auto", "role", "user")]


def settings(config: Config) -> Settings:
    """What it says."""
    return config.of(Settings)
