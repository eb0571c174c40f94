"""A look at the test event: its keys are what the code reads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding
from hol.words.text import Text, t

from ..site import checks

_SHAPE = '{"sentences": [{"query": "…"}, {"query": "…"}]}'


def event(lab: Lab) -> Iterator[Finding]:
    """The test event's keys."""
    mend = t("the event in {} must look like this: {}", checks.EVENT, _SHAPE)
    problem = event_problem(lab)
    yield Finding("event", t("test event myTestEvent"), problem, mend if problem else None)


def event_problem(lab: Lab) -> Text | None:
    """What is wrong with the event; None when nothing is."""
    text = checks.event(lab).decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError as error:
        curly = next((sign for sign in "“”‘’＂" if sign in text), None)
        return t("it is no JSON: it has {} instead of {}", curly, '"') if curly else t("it is no JSON: {}", error)
    if not isinstance(found, dict) or not isinstance(found.get("sentences"), list):
        have = ", ".join(found) if isinstance(found, dict) else type(found).__name__
        return t("it has no list “{}” but: {}", "sentences", have)
    if not found["sentences"]:
        return t("its list “{}” is empty", "sentences")
    for row in found["sentences"]:
        if not isinstance(row, dict) or not isinstance(row.get("query"), str):
            return t("a sentence has no text “{}” but: {}", "query", ", ".join(row) if isinstance(row, dict) else row)
    return None
