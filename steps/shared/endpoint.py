"""One endpoint serves a whole class: it is billed by the hour, however many ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.operate import quotas
from hol.operate.findings import Finding, unknown
from hol.words.commands import same
from hol.words.errors import Exit
from hol.words.text import t


def shared(config: Config, owner: Config) -> Config:
    """An attendee's settings where the endpoint is the class's: his lab asks it, and neither makes nor deletes one."""
    return replace(config, endpoint=replace(config.endpoint, name=owner.endpoint.name, create=False, ttl=""))


def room(lab: Lab, labs: int) -> Iterator[Finding]:
    """Whether the account may run so many endpoints of that kind."""
    mine = lab.config.endpoint
    if not lab.config.creates_endpoint or mine.serverless_memory or lab.config.target != "aws":
        return
    name = f"{mine.instance_type} for endpoint usage"
    quota = quotas.named(lab, "sagemaker", name)
    if quota is None:
        yield unknown("HOL-C01", t("Service Quotas does not list {}", name))
    elif quota.value < labs:
        yield Finding(
            "HOL-C01",
            t("the account may run {} endpoints on {}, and the class needs {}", quota.value, mine.instance_type, labs),
            t("the quota “{}” is {}", name, quota.value),
            t(
                "ask for more: {}\n    or choose one that is billed by the request: {}",
                quota.raised_to(labs),
                same(set="endpoint.serverless_memory=2048"),
            ),
            exit=Exit.PERMISSION,
        )
