"""The function: its name, its runtime, and the executions that the account has for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hol.aws import functions
from hol.cloud.runtimes import NEVER, RETIRED
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.operate.findings import Finding, Look, free
from hol.words.commands import command, same
from hol.words.errors import Exit, HolError
from hol.words.text import t

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_NEW_ACCOUNT = 10
_SOON = timedelta(days=30)


def without_aws(config: Config, today: date) -> Iterator[Finding]:
    """Whether Lambda still takes the runtime."""
    yield from _retired(config.function.runtime, today)


def _retired(runtime: str, today: date) -> Iterator[Finding]:
    """That a function cannot be created with the runtime on that day, or soon."""
    closed = RETIRED.get(runtime, NEVER)[0]
    if today + _SOON < closed:
        return
    best = max(RETIRED, key=lambda name: (RETIRED[name][0] > today, int(name.split(".")[1])))
    fix = t("choose another runtime: {}", same(set=f"function.runtime={best}"))
    if today >= closed:
        why = t("AWS has refused new functions with it since {}", closed.isoformat())
        yield Finding("HOL-D12", t("the runtime {} can no longer be created", runtime), why, fix)
    else:
        why = t("AWS refuses new functions with it from {}", closed.isoformat())
        yield Finding("HOL-D12", t("the runtime {} ends soon", runtime), why, fix, "warning")


def assets(config: Config) -> tuple[str, ...]:
    """The deployment package's folder."""
    return (config.function.code,)


def doctor(lab: Lab) -> Iterator[Look]:
    """Whether the name is nobody else's, and the account can run it."""
    yield free("HOL-D07", lambda: functions.find(lab, lab.config.function.name))
    yield Look("HOL-D22", lambda: _concurrency(lab))
    yield Look("HOL-D23", lambda: _throttled(lab))


def _throttled(lab: Lab) -> Iterator[Finding]:
    """Whether somebody has stopped the function by reserving nothing for it."""
    name = lab.config.function.name
    try:
        found = functions.find(lab, name)
    except HolError:  # which the look at its name tells
        return
    if found and functions.reserved(found) == 0:
        yield Finding(
            "HOL-D23",
            t("the function {} does not run", name),
            t("0 executions are reserved, so the function never runs"),
            t("hol takes the reservation away: {}", command("up")),
            level="warning",
            exit=Exit.DONE,
        )


def _concurrency(lab: Lab) -> Iterator[Finding]:
    limits = lab.read("lambda.get_account_settings")["AccountLimit"]
    if limits["ConcurrentExecutions"] <= _NEW_ACCOUNT:
        yield Finding(
            "HOL-D22",
            t("functions that the account runs at once: at most {}", limits["ConcurrentExecutions"]),
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
