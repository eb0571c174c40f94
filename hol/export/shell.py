"""The script beside an export: what the tool makes, then what no tool makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hol.export.files import HERE
from hol.export.plan import Plan

SCRIPT = "deploy.sh"


@dataclass(frozen=True)
class Tool:
    """How a tool is called: to make all of it, for the value of an output, and to take it down.

    `folder` is the export's, quoted for bash; `known` are the variables that both ways use.
    """

    folder: str
    made: Sequence[str]
    output: Callable[[str], str]
    gone: Sequence[str]
    known: Sequence[str] = ()


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
    yield from (
        f"export AWS_REGION={region} AWS_DEFAULT_REGION={region}",
        *tool.known,
        "",
        *_down(plan, tool),
        *tool.made,
    )
    for name in plan.wants:
        yield _asked(tool, name)
    for step, after in plan.afters:
        if after.lines:
            yield from ("", f"# {plan.title(step)}", *after.lines)
    yield from ("", "# To take it down:", f"#   bash {tool.folder}/{SCRIPT} down")


def is_there(bucket: str) -> str:
    """Whether there is such a bucket; what is no bucket's name (Terraform answers a warning, once all is gone) is none."""
    return f'aws s3api head-bucket --bucket "{bucket}" > /dev/null 2>&1'


def _asked(tool: Tool, name: str) -> str:
    return f"{name.upper()}=$({tool.output(name)})"


def _down(plan: Plan, tool: Tool) -> Iterator[str]:
    """The way back, which may be gone again: what the tool does not empty, then the tool."""
    yield 'if [ "${1:-}" = down ]; then'
    for name in plan.wants:
        if name.endswith("bucket_name"):
            bucket = f"${name.upper()}"
            yield f'  if {_asked(tool, name)} && {is_there(bucket)}; then aws s3 rm "s3://{bucket}" --recursive; fi'
    yield from (*(f"  {line}" for line in tool.gone), "  exit", "fi", "")
