"""The lab as one script: the guide's steps in order, as the `aws` lines that make it from nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hol.config.values import minutes
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.run import Run, blank
from hol.engine.step import Step
from hol.export.files import HERE, contents
from hol.export.made import told
from hol.teach import awscli
from hol.teach.blanks import beside
from hol.words.commands import cleaning
from hol.words.errors import HolError
from hol.words.text import Language, Text, t

NAME = "lab.sh"
# The account is asked for first: names hold its number.
_HEAD = """#!/usr/bin/env bash
# The lab {lab}, from hol export sh: run it in the lab's folder.
#
# It makes everything in an account that has nothing of it. It changes nothing that is there already, but stops at the
# first command that fails: then take back what that step has made (hol down 4, say), and go on from it with
# bash {name} 4.
set -euo pipefail
{here}
export AWS_REGION={region} AWS_DEFAULT_REGION={region} AWS_PAGER=
from=${{1:-0}}

account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != {account} ]; then
  echo "this script is for the account {account}, and this is $account" >&2
  exit 1
fi"""


# A time that hol has counted from now is counted anew from whenever the script runs.
_MOMENT = re.compile(r"'at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)'")
_UNTIL = """UNTIL=$(python3 -c 'from datetime import UTC, datetime, timedelta
print((datetime.now(UTC) + timedelta(minutes={minutes})).strftime("%Y-%m-%dT%H:%M:%S"))')"""


def script(run: Run, steps: Sequence[Step], language: Language) -> tuple[dict[str, bytes], list[tuple[Text, Text]]]:
    """The script with the files that it uses, and what is not in it: step and why."""
    empty = blank(run)
    events, errors = told(empty, steps)
    head = _HEAD.format(lab=run.config.lab, name=NAME, here=HERE, region=run.cloud.region, account=run.cloud.account)
    with beside() as used:
        blocks = [_block(empty, step, own, language) for step, own in events.items() if own]
    end = f"# To take it down:\n#   {cleaning()}"
    text = "\n\n".join([head, *blocks, end]) + "\n"
    return {NAME: text.encode(), **contents(used)}, list(_notes(errors))


def _block(run: Run, step: Step, events: Sequence[Event], language: Language) -> str:
    title = f"# {step.number} · {step.title(language)}"
    text = "\n".join(awscli.script(Lab(run, step.name), events))
    timed = _MOMENT.sub('"at($UNTIL)"', text)
    until = [_UNTIL.format(minutes=minutes(run.config.endpoint.ttl))] if timed != text else []
    return "\n".join([title, f'if [ "$from" -le {step.number} ]; then', *until, timed, "fi"])


def _notes(errors: dict[Step, HolError]) -> Iterator[tuple[Text, Text]]:
    for step, error in errors.items():
        yield t("step {}", step.number), t("not in the export: {}", error.what)
