"""Whether the account runs the functions of a whole class at once."""

from __future__ import annotations

from collections.abc import Iterator

from hol.engine.lab import Lab
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
