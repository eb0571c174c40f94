"""CloudWatch log groups of ours.

Lambda makes a function's log group by itself at the first invocation: without tags, kept for ever, and never
deleted with the function. hol makes it first, so that it has an owner and a retention, and takes it down last.
"""

from __future__ import annotations

from hol.aws import tags
from hol.cloud.answers import Structure
from hol.cloud.tags import manager
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.text import counted, t

# A function that may create log groups can bring its own back while it dies: this long after it was deleted.
LATE = Kind[bool]("log groups may come back")
LATE_SECONDS = 15.0
LOG_GROUP = Kind[Structure | None]("log group")
DELETED = Kind[bool]("deleted log group")


def find(lab: Lab, name: str) -> Structure | None:
    """Our log group with its `tags`; None when there is none, or it is somebody else's, whom hol leaves it to."""
    found = describe(lab, name)
    return found if found is not None and lab.owns(found["tags"]) else None


def describe(lab: Lab, name: str) -> Structure | None:
    """The log group with its `tags`, whoever's it is; None without one. The name is exact, though AWS matches prefixes."""

    def read() -> Structure | None:
        group, found = lab.each((_group, _tags), lambda one: one(lab, name))
        if group is not None and not lab.owns(found):  # they may have been read just before another run made it
            found = _tags(lab, name)
        return None if group is None else {**group, "tags": found}

    return lab.once(LOG_GROUP(name), read)


def _group(lab: Lab, name: str) -> Structure | None:
    groups = lab.pages("logs.describe_log_groups", logGroupNamePrefix=name)
    return next((group for group in groups if group["logGroupName"] == name), None)


def _tags(lab: Lab, name: str) -> dict[str, str]:
    found = lab.find("logs.list_tags_for_resource", "ResourceNotFoundException", resourceArn=arn(lab, name))
    return dict((found or {}).get("tags", {}))


def ensure(lab: Lab, name: str, retention: int) -> None:
    """The log group with tags and retention (days); somebody else's is used as it is, and said so."""
    found, what = describe(lab, name), t("log group {}", name)
    if found is not None and not lab.owns(found["tags"]):
        lab.note(what, t("it was there before and is not this lab's; the function writes to it, hol leaves it alone"))
        return
    if found is None:
        there = ("ResourceAlreadyExistsException",)
        lab.change("+", what, "logs.create_log_group", already=there, logGroupName=name, tags=lab.tags)
        lab.learn(LOG_GROUP(name), {"tags": lab.tags})
    else:
        tags.ensure(lab, tags.LOG_GROUP, t("tags of the log group {}", name), arn(lab, name), found["tags"])
        lab.same(what)
    _retention(lab, name, (found or {}).get("retentionInDays"), retention)


def _retention(lab: Lab, name: str, current: int | None, wanted: int) -> None:
    what = t("retention of the log group {}", name)
    if current == wanted:
        lab.same(what)
        return
    why = counted(wanted, t("1 day"), t("{} days", wanted))
    lab.change("~", what, "logs.put_retention_policy", why=why, logGroupName=name, retentionInDays=wanted)


def remove(lab: Lab, name: str) -> None:
    """The log group gone. One that came back after we deleted it in this run is ours, though it has no tags."""
    found = describe(lab, name)
    if found is None:
        return
    if not lab.owns(found["tags"]) and not lab.run.facts.has(DELETED(name)):
        tool = manager(found["tags"])
        why = t("{} manages it; hol leaves it alone", tool) if tool else t("it is not this lab's; hol leaves it alone")
        lab.note(t("log group {}", name), why)
        return
    lab.learn(DELETED(name), True)
    lab.change(
        "-",
        t("log group {}", name),
        "logs.delete_log_group",
        already=("ResourceNotFoundException",),
        created=found.get("creationTime"),
        logGroupName=name,
    )
    lab.learn(LOG_GROUP(name), None)


def arn(lab: Lab, name: str) -> str:
    """The log group's ARN."""
    # describe_log_groups returns ARNs that end with ":*"; the tag calls take them without.
    return lab.cloud.arn("logs", f"log-group:{name}")
