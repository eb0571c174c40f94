"""Whether the account runs the functions of a whole class at once, and where an attendee puts a sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hol.aws import functions, logs
from hol.aws import tags as aws_tags
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.operate.findings import Finding
from hol.operate.quotas import Quota
from hol.words.commands import same
from hol.words.errors import Exit
from hol.words.text import t

# “Concurrent executions”: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_CODE, _USUAL = "L-B99A9384", 1000
# Lambda keeps 100 executions that nobody can reserve.
_UNRESERVED = 100


def room(lab: Lab, labs: int) -> Iterator[Finding]:
    """One execution at a time for each attendee; and reserved ones leave some for everybody else."""
    limits = lab.read("lambda.get_account_settings")["AccountLimit"]
    most = int(limits["ConcurrentExecutions"])
    if most < labs:
        yield Finding(
            "HOL-C02",
            t("the account runs at most {} functions at once, for {} attendees", most, labs),
            t("new accounts begin so; whoever asks while {} others are being answered is told to try again", most),
            t("ask for more, which may take days: {}", Quota("lambda", _CODE, most).raised_to(_USUAL)),
            level="warning",
            exit=Exit.DONE,
        )
    wanted, free = lab.config.function.concurrency * labs, int(limits["UnreservedConcurrentExecutions"])
    if wanted and free - wanted < _UNRESERVED:
        yield Finding(
            "HOL-C03",
            t("{} concurrent executions cannot be reserved for {} attendees", wanted, labs),
            t("{} are unreserved in the account, and {} of them must stay so", free, _UNRESERVED),
            t("reserve none in a class: {}", same(set="function.concurrency=0")),
            exit=Exit.PERMISSION,
        )


def sign(lab: Lab, tags: Mapping[str, str]) -> dict[str, str]:
    """The tags of the function's log group, with these put on it.

    It is made where it is not there yet, as the lab makes it anyway: whoever is stuck at the first step has nothing else of
    his own. One that Lambda made is his too, though it bears no tag; the name says so. Raises `ForeignError` for another's.
    """
    name = functions.log_group(lab.config.function.name)
    found = logs.describe(lab, name)
    have = dict((found or {}).get("tags", {}))
    if OWNER in have:
        lab.require_own(t("log group {}", name), have)
    if tags and found is None:
        lab.change("+", t("log group {}", name), "logs.create_log_group", logGroupName=name, tags={**lab.tags, **tags})
    elif tags:
        how = aws_tags.LOG_GROUP
        aws_tags.ensure(lab, how, t("tags of the log group {}", name), logs.arn(lab, name), have, tags)
    return {**have, **tags}
