"""The site folder, made as by hand."""

from __future__ import annotations

from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.export.plan import After
from hol.words.text import t

from ..recipe import sdk


def after(lab: Lab) -> After:
    """The SDK of the deployed stage, with the pages."""
    return After([sdk.recipe(lab, Event(lab.step, "+", t("{}", lab.config.site.folder))).shell], ["api_id"])
