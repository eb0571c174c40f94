"""What AWS's console calls the settings whose names in the API nobody has seen: `passthroughBehavior`, `/*/*/throttling/rateLimit`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hol.words.text import Text, t

_LABELS = {
    # functions
    "Runtime": t("runtime"),
    "Handler": t("handler"),
    "Role": t("execution role"),
    "Timeout": t("timeout"),
    "MemorySize": t("memory"),
    "Environment": t("environment variables"),
    "Description": t("description"),
    # integrations
    "type": t("integration type"),
    "uri": t("function of the integration"),
    "httpMethod": t("HTTP method"),
    "passthroughBehavior": t("request body passthrough"),
    "requestTemplates": t("mapping template of the request"),
    "responseTemplates": t("mapping template of the response"),
    "responseParameters": t("header mappings"),
    "selectionPattern": t("Lambda error regex"),
    "contentHandling": t("content handling"),
    "timeoutInMillis": t("integration timeout"),
    "credentials": t("credentials"),
    # stages
    "description": t("description"),
    "rateLimit": t("rate"),
    "burstLimit": t("burst"),
    # public access
    "BlockPublicAcls": t("block new public ACLs"),
    "IgnorePublicAcls": t("ignore public ACLs"),
    "BlockPublicPolicy": t("block new public bucket policies"),
    "RestrictPublicBuckets": t("restrict public bucket policies"),
}
_MODEL, _VARIABLE, _PREFLIGHT = t("response model"), t("the note of what is deployed"), t("{} of the preflight request")


def label(name: str) -> Text:
    """The setting in words: by its name in the API, or by the path of a patch."""
    if name.startswith("/variables/"):
        return _VARIABLE
    if "/responseModels/" in name:
        return _MODEL
    last = re.split(r"[/.]", name)[-1]
    words = _LABELS.get(last) or Text("{}", (last,))
    return Text(_PREFLIGHT.template, (words,)) if name.startswith("/~1/OPTIONS/") else words


def labels(names: Iterable[str]) -> Text:
    """Several of them, each once."""
    return listed(list(dict.fromkeys(map(label, names))))


def listed(parts: Iterable[Text], between: str = ", ") -> Text:
    """The parts with commas between them."""
    said = tuple(parts)
    return Text(between.join(["{}"] * len(said)), said)


def changed(name: str, before: object, after: object) -> Text:
    """`timeout: 3 → 10`."""
    return Text("{}: {} → {}", (label(name), before, after))
