"""The function: its name, its runtime, and the executions that the account has for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hol.aws import functions
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.operate import runtimes
from hol.operate.findings import Finding, Look, free
from hol.words.commands import same
from hol.words.errors import Exit
from hol.words.text import t

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_NEW_ACCOUNT = 10


def without_aws(config: Config, today: date) -> Iterator[Finding]:
    """Whether Lambda still takes the runtime."""
    found = runtimes.check(config.function.runtime, today)
    if found:
        yield found


def assets(config: Config) -> tuple[str, ...]:
    """The deployment package's folder."""
    return (config.function.code,)


def doctor(lab: Lab) -> Iterator[Look]:
    """Whether the name is nobody else's, and the account can run it."""
    yield free("HOL-D07", lambda: functions.find(lab, lab.config.function.name))
    yield Look("HOL-D22", lambda: _concurrency(lab))


def _concurrency(lab: Lab) -> Iterator[Finding]:
    limits = lab.find("lambda.get_account_settings")["AccountLimit"]
    if limits["ConcurrentExecutions"] <= _NEW_ACCOUNT:
        yield Finding(
            "HOL-D22",
            t("the account runs at most {} functions at once", limits["ConcurrentExecutions"]),
            t("new accounts begin so; when more people use the page at once, some are told to try again"),
            t("ask for more “Concurrent executions” in the Service Quotas console"),
            level="warning",
            exit=Exit.DONE,
        )
    wanted, free = lab.config.function.concurrency, limits["UnreservedConcurrentExecutions"]
    # Lambda keeps 100 executions that nobody can reserve:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    if wanted and free - wanted < 100:
        yield Finding(
            "HOL-D21",
            t("{} concurrent executions cannot be reserved", wanted),
            t("{} are unreserved in the account, and 100 of them must stay so", free),
            t("reserve fewer or none: {}", same(set="function.concurrency=0")),
            exit=Exit.PERMISSION,
        )
