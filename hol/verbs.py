"""What all verbs have in common on the command line: their language, their order, their options, and how they are called."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from hol.options import Options, language_of
from hol.text import t

LANGUAGE = language_of(sys.argv[1:])


def _(template: str) -> str:
    """Help in the language of the locale, or of --lang."""
    return t(template).render(LANGUAGE)


class Number(click.types.IntParamType):
    """The number of a step, in digits of ASCII; Python would also take "1_0", " 3 " and "٣"."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, str) and not re.fullmatch("[0-9]{1,4}", value):
            self.fail(_("this is not the number of a step"), param, ctx)
        return int(value)


NUMBER = Number()


class Verbs(click.Group):
    """The verbs in the order of the story, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


_COMMON = (
    click.option(
        "--target",
        type=click.Choice(["local", "aws"]),
        help=_("The embedded AWS of this machine, or your account."),
    ),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help=_("Change one key of config.yaml for this command."),
    ),
    click.option(
        "--config",
        "file",
        metavar="PATH",
        help=_("The lab's config.yaml or its folder; default: this folder's."),
    ),
    click.option("--region", metavar="NAME", help=_("The AWS region.")),
    click.option("--profile", metavar="NAME", help=_("The profile of ~/.aws/config.")),
    click.option("--jobs", metavar="N", help=_("How many things may run side by side; 1: one after the other.")),
    click.option("--lang", type=click.Choice(["ko", "en"]), help=_("The language of all texts.")),
    click.option("--json", "as_json", is_flag=True, help=_("JSON lines on stdout.")),
    click.option("--debug", is_flag=True, help=_("Show the traceback of an error.")),
)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every verb which touches AWS takes."""
    for option in reversed(_COMMON):
        command = option(command)
    return command


def run(verb: str, *arguments: Any, module: str = "hol.commands", **options: Any) -> None:
    """Call the verb's command with its options; its exit code is ours."""
    own = {name: options.pop(name) for name in list(options) if name not in Options.__dataclass_fields__}
    code = getattr(import_module(module), verb)(Options(**options), *arguments, **own)
    if code:
        click.get_current_context().exit(int(code))
