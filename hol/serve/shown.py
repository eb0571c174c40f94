"""Sentences, errors and events as the pages get them: in both languages, so that switching asks nobody."""

from __future__ import annotations

from hol.engine.events import Checked, Event, Message, Output, Progress
from hol.teach.grade.finding import Finding
from hol.words.errors import HolError
from hol.words.text import Text, t

Both = dict[str, str]


def both(text: Text) -> Both:
    """The sentence in both languages."""
    return {"ko": text.render("ko"), "en": text.render("en")}


def maybe(text: Text | None) -> Both | None:
    return None if text is None else both(text)


def error(found: HolError) -> dict[str, object]:
    """What happened, why, what to do; AWS's own words where they were AWS's."""
    own = found.failure and {"code": found.failure.code, "message": found.failure.message}
    return {"what": both(found.what), "why": maybe(found.why), "fix": maybe(found.fix), "aws": own}


def finding(found: Finding) -> dict[str, object]:
    return {
        "facet": found.facet,
        "right": found.right,
        "what": both(found.what),
        "wrong": maybe(found.wrong or (found.mend if found.waits else None)),
        "failures": [both(one) for one in found.failures],
        "mend": None if found.waits else maybe(found.mend),
    }


def told(said: Message) -> dict[str, object]:
    """One line of what hol tells, as the terminal writes it: its mark, what, and why."""
    if isinstance(said, Event):
        return {"step": said.step, "mark": said.mark, "what": both(said.what), "why": maybe(said.why)}
    if isinstance(said, Checked):
        return {"step": said.step, "mark": "✓", "what": both(said.what), "why": both(said.detail)}
    if isinstance(said, Output):
        return {"step": said.step, "mark": "", "what": both(t("{}", said.name)), "why": both(t("{}", said.value))}
    assert isinstance(said, Progress)
    return {"step": said.step, "mark": "…", "what": both(t("waiting: {}", said.what)), "why": None}
