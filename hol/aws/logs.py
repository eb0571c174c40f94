"""CloudWatch log groups of ours.

Lambda makes a function's log group by itself at the first invocation: without tags, kept for ever, and never
deleted with the function. hol makes it first, so that it has an owner and a retention, and takes it down last.
"""

from __future__ import annotations

from typing import Any

from hol.cloud.tags import manager
from hol.engine.lab import Lab
from hol.words.text import t

# A function that may create log groups can bring its own back while it dies: this long after it was deleted.
LATE = ("log groups may come back",)
LATE_SECONDS = 15.0


def find(lab: Lab, name: str) -> Any:
    """The log group with its `tags`; None when there is none. The name is exact, though AWS matches prefixes."""

    def read() -> Any:
        group, tags = lab.each((_group, _tags), lambda one: one(lab, name))
        if group is not None and not lab.owns(tags):  # they may have been read just before another run made it
            tags = _tags(lab, name)
        return None if group is None else {**group, "tags": tags}

    return lab.once(("log group", name), read)


def _group(lab: Lab, name: str) -> Any:
    groups = lab.pages("logs.describe_log_groups", "logGroups", logGroupNamePrefix=name)
    return next((group for group in groups if group["logGroupName"] == name), None)


def _tags(lab: Lab, name: str) -> Any:
    tags = lab.find("logs.list_tags_for_resource", "ResourceNotFoundException", resourceArn=_arn(lab, name))
    return (tags or {}).get("tags", {})


def ensure(lab: Lab, name: str, retention: int) -> None:
    """The log group with tags and retention (days); somebody else's is used as it is, and said so."""
    found, what = find(lab, name), t("log group {}", name)
    if found is not None and not lab.owns(found["tags"]):
        lab.note(what, t("it was there before and is not this lab's; the function writes to it, hol leaves it alone"))
        return
    if found is None:
        there = ("ResourceAlreadyExistsException",)
        lab.change("+", what, "logs.create_log_group", already=there, logGroupName=name, tags=lab.tags)
        lab.learn(("log group", name), {"tags": lab.tags})
    else:
        missing = lab.missing_tags(found["tags"])
        if missing:
            arn = _arn(lab, name)
            lab.change("~", t("tags of the log group {}", name), "logs.tag_resource", resourceArn=arn, tags=missing)
        lab.same(what)
    _retention(lab, name, (found or {}).get("retentionInDays"), retention)


def _retention(lab: Lab, name: str, current: int | None, wanted: int) -> None:
    what = t("retention of the log group {}", name)
    if current == wanted:
        lab.same(what)
        return
    why = t("{} days", wanted)
    lab.change("~", what, "logs.put_retention_policy", why=why, logGroupName=name, retentionInDays=wanted)


def is_ours(lab: Lab, name: str) -> bool:
    """Whether the log group is there and bears our tag."""
    found = find(lab, name)
    return found is not None and lab.owns(found["tags"])


def remove(lab: Lab, name: str) -> None:
    """The log group gone. One that came back after we deleted it in this run is ours, though it has no tags."""
    found = find(lab, name)
    if found is None:
        return
    if not lab.owns(found["tags"]) and ("deleted log group", name) not in lab.run.known:
        tool = manager(found["tags"])
        why = t("{} manages it; hol leaves it alone", tool) if tool else t("it is not this lab's; hol leaves it alone")
        lab.note(t("log group {}", name), why)
        return
    lab.learn(("deleted log group", name), True)
    lab.change(
        "-",
        t("log group {}", name),
        "logs.delete_log_group",
        already=("ResourceNotFoundException",),
        created=found.get("creationTime"),
        logGroupName=name,
    )
    lab.learn(("log group", name), None)


def _arn(lab: Lab, name: str) -> str:
    # describe_log_groups returns ARNs that end with ":*"; the tag calls take them without.
    return lab.cloud.arn("logs", f"log-group:{name}")
