"""The guide texts beside the steps, with the learner's own names in them.

A text is Markdown with `{{section.key}}` for the values of config.yaml, and a few names more that only the account
knows. Inside an address values are escaped, and while an API has no id yet its addresses lead to the list of APIs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from urllib.parse import quote

from hol.aws import managed, roles
from hol.cloud.session import Cloud
from hol.config.settings import Config, Section
from hol.engine.lab import Lab
from hol.engine.step import Step
from hol.words.particles import settled
from hol.words.text import Language

NO_ID = "API_ID"
CLEANUP = "assets/guide/cleanup"
CLEANUP_MINUTES = 10
_BLANK = re.compile(r"\{\{([\w.]+)\}\}")
_TARGET = re.compile(r"\]\(([^()\s]+)\)")
_WHOLE = ("invoke_url", "website_url")  # addresses already


def values(config: Config, cloud: Cloud, api: str | None) -> dict[str, str]:
    """What the placeholders stand for; `api` is the API's id once it has one. The names must be resolved."""
    known = _flat(config, "")
    known |= {
        "account": cloud.account,
        "region": cloud.region,
        "api_id": api or NO_ID,
        "invoke_url": cloud.invoke_url(api or NO_ID, config.stage.name),
        "website_url": cloud.website_url(config.bucket.name),
        "basic_execution_policy": managed.basic_execution(config.role.name),
        "basic_execution_arn": cloud.arn(
            "iam", f"policy{roles.PATH}{managed.basic_execution(config.role.name)}", region=""
        ),
    }
    return known


def text(step: Step, language: Language, known: Mapping[str, str]) -> str:
    """The step's guide text in Markdown, filled in; without one, its title alone."""
    path = step.guide(language)
    raw = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else f"# {step.title(language)}\n"
    return settled(filled(raw, known)) if language == "ko" else filled(raw, known)


def cleanup(lab: Lab, language: Language, known: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The clean-up by hand, which the original guide never had: its text, and the commands for bash."""
    raw = lab.asset(f"{CLEANUP}.{language}.md").read_text(encoding="utf-8")
    scripts = [f"{CLEANUP}.endpoint.sh"] if lab.config.creates_endpoint else []  # somebody else's stays
    commands = [lab.asset(name).read_text(encoding="utf-8") for name in (*scripts, f"{CLEANUP}.sh")]
    return settled(filled(raw, known)), tuple(_fill("".join(commands), known).splitlines())


def filled(raw: str, known: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; unknown ones stay as they are."""
    escaped = {key: value if key in _WHOLE else quote(value, safe="") for key, value in known.items()}

    def target(found: re.Match[str]) -> str:
        url = found[1]
        if "{{api_id}}" in url and known.get("api_id") == NO_ID:
            url = "https://{{region}}.console.aws.amazon.com/apigateway/main/apis?region={{region}}"
        return f"]({_fill(url, escaped)})"

    readable = {key: value.replace("`", "'") for key, value in known.items()}
    return _fill(_TARGET.sub(target, raw), readable)


def _fill(raw: str, known: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda found: known.get(found[1], found[0]), raw)


def _flat(section: Section, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    items = {item.name: getattr(section, item.name) for item in fields(section)}
    for name, value in {**items, **items.pop("own", {})}.items():
        found |= _flat(value, f"{prefix}{name}.") if is_dataclass(value) else {prefix + name: str(value)}
    return found
