"""The script beside an export: what the tool makes, then what no tool makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hol.export.files import HERE
from hol.export.plan import Plan


@dataclass(frozen=True)
class Tool:
    """How a tool is called: to make all of it, for the value of an output, and to take it down."""

    made: Sequence[str]
    output: Callable[[str], str]
    gone: Sequence[str]


def deploy(plan: Plan, tool: Tool) -> str:
    """The whole way, as bash for the lab's folder."""
    return "\n".join([*_lines(plan, tool), ""])


def _lines(plan: Plan, tool: Tool) -> Iterator[str]:
    yield from (
        "#!/usr/bin/env bash",
        f"# The lab {plan.run.config.lab}: run it in the lab's folder.",
        "set -euo pipefail",
        *([HERE] if plan.used else []),
    )
    region = plan.run.cloud.region
    yield from (f"export AWS_REGION={region} AWS_DEFAULT_REGION={region}", "", *tool.made)
    for name in plan.wants:
        yield f"{name.upper()}=$({tool.output(name)})"
    for step, after in plan.afters:
        if after.lines:
            yield from ("", f"# {plan.title(step)}", *after.lines)
    emptied = [f'aws s3 rm "s3://${name.upper()}" --recursive' for name in plan.wants if name.endswith("bucket_name")]
    yield from ("", "# To take it down:", *(f"#   {line}" for line in (*emptied, *tool.gone)))
