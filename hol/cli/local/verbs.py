"""`hol local`: parses; what its verbs do is in the modules beside it."""

from __future__ import annotations

from typing import Any

import click

from hol.cli.screen.help import Verbs
from hol.cli.verbs import _, common, run


@click.group("local", cls=Verbs, help=_("The embedded AWS of this machine."))
@common
def local(**options: Any) -> None:
    """start, stop, status, logs, compare."""


@local.command(
    "compare",
    help=_(
        "Replay a record that --record wrote against an empty account of the local AWS, and name every difference.\n\n"
        "Exit codes: 0 no difference, 3 differences."
    ),
)
@click.argument("path", metavar=_("FILE"))
@common
def compare(path: str, **options: Any) -> None:
    run("compare", path, module="hol.cli.records.comparing", **options)


def _local_verb(name: str, text: str) -> None:
    @local.command(name, help=_(text))
    @common
    def verb(**options: Any) -> None:
        run(name, module="hol.cli.local.server", **options)


_local_verb("start", "Start it; it then stays until `hol local stop`.")
_local_verb("stop", "Stop it; everything in it is gone.")
_local_verb("status", "Say whether it runs, and where.")
_local_verb("logs", "Show its log.")
