"""What a run tells, for a program: a JSON object a line, described in docs/json.md.

No program needs a sentence: every line has its `type`, and whatever it is about has a `key` that stays the same in
either language and however the sentence beside it is worded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from hol.engine.events import Checked, Event, Message, Progress
from hol.words.shown import harmless_json
from hol.words.text import Language, Text

SCHEMA = "hol/1"


def facts(said: Message, language: Language) -> dict[str, object]:
    """The line of one message of a run."""

    def text(one: Text | None) -> str | None:
        return None if one is None else one.render(language)

    if isinstance(said, Event):
        about = {"mark": said.mark, "key": said.key, "what": text(said.what), "why": text(said.why)}
        return {"type": "event", "step": said.step, **about, "calls": [call.operation for call in said.calls]}
    if isinstance(said, Progress):
        waited = {"waited": round(said.waited, 1), "at_most": said.at_most}
        return {"type": "progress", "step": said.step, "what": text(said.what), **waited}
    if isinstance(said, Checked):
        seen = {"what": text(said.what), "detail": text(said.detail)}
        return {"type": "check", "step": said.step, "key": said.key, "ok": True, **seen}
    return {"type": "output", "step": said.step, "name": said.name, "value": said.value}


def write(line: Mapping[str, object], to: TextIO) -> None:
    """One line; in ASCII where the stream takes no UTF-8."""
    narrow = (to.encoding or "utf-8").lower().replace("-", "") != "utf8"
    print(harmless_json(json.dumps({"schema": SCHEMA, **line}, ensure_ascii=narrow)), file=to, flush=True)
