"""The pages that are put beside the SDK."""

from __future__ import annotations

from hol.config.settings import Config


def assets(config: Config) -> tuple[str, ...]:
    """Their folder."""
    return (config.site.pages,)
