"""What all verbs have in common on the command line: their language, their order, their options, and how they are called."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from hol.cli.options import Options, language_of
from hol.words import commands
from hol.words.catalogue import current_language, set_language
from hol.words.text import t

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

set_language(language_of(sys.argv[1:]))
_ONCE = ("yes", "dry_run", "text")


def _(template: str, *values: object) -> str:
    """Help in the language of the locale, or of --lang."""
    return t(template, *values).render(current_language())


class Number(click.types.IntParamType):
    """The number of a step, in digits of ASCII; Python would also take "1_0", " 3 " and "٣"."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, str) and not re.fullmatch("[0-9]{1,4}", value):
            self.fail(_("this is not the number of a step"), param, ctx)
        return int(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from hol.cli.screen import completion

        return completion.step_numbers(ctx, param, incomplete)


NUMBER = Number()


def _keys(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from hol.cli.screen import completion

    return completion.keys(ctx, param, incomplete)


def _made(*options: Callable[[Callable[..., object]], Callable[..., object]]) -> list[click.Parameter]:
    """The options, made once for all verbs, the last one first."""

    def carrier() -> None: ...

    for option in reversed(options):
        option(carrier)
    made: list[click.Parameter] = vars(carrier)["__click_params__"]
    return made


_COMMON = _made(
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
        shell_complete=_keys,
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
    click.option("--lang", type=click.Choice(["ko", "en"]), help=_("The language of what is printed.")),
    click.option("--json", "as_json", is_flag=True, help=_("JSON lines on stdout.")),
    click.option("--verbose", "-v", is_flag=True, help=_("Also list what is as it should be.")),
    click.option("--debug", is_flag=True, help=_("Show the traceback of an error.")),
)


def common(command: Callable[..., object]) -> Callable[..., object]:
    """The options that every verb which touches AWS takes; also before the verb."""
    vars(command).setdefault("__click_params__", []).extend(_COMMON)
    return command


recording = click.option(
    "--record", metavar="FILE", help=_("Write every call and its answer into this file, without what is only yours.")
)


def run(verb: str, *arguments: object, module: str = "hol.cli.provisioning", **own: object) -> None:
    """Call the verb's command with its options; its exit code is ours."""
    context = click.get_current_context()
    options = _options(context, own)
    commands.called(verb=_verb(context), own=_own(context), common=options.repeated())
    own = {name: value for name, value in own.items() if name not in Options._fields}
    code = getattr(import_module(module), verb)(options, *arguments, **own)
    if code:
        context.exit(int(code))


def _options(context: click.Context, here: dict[str, object]) -> Options:
    """The common options, wherever they stand: `hol --lang ko status` is `hol status --lang ko`."""
    found: dict[str, Any] = {}
    above = [one.params for one in _chain(context)[:-1]]
    for params in (*above, {**context.params, **here}):
        for name in Options._fields:
            if (value := params.get(name)) not in (None, (), False):
                found[name] = (*found.get(name, ()), *value) if name == "overrides" else value
    return Options(**found)


def _chain(context: click.Context) -> list[click.Context]:
    """The contexts from the root to the verb."""
    return [*(_chain(context.parent) if context.parent else []), context]


def _verb(context: click.Context) -> tuple[str, ...]:
    return tuple(str(one.info_name) for one in _chain(context)[1:])


def _own(context: click.Context) -> tuple[tuple[str, ...], ...]:
    """The verb's own arguments and options as given, without those that belong to one call only."""
    names = {param.name: param for param in context.command.params}
    given = {
        name: value
        for name, value in context.params.items()
        if name in names
        and name not in (*Options._fields, *_ONCE)
        and value is not None
        and value is not False
        and context.get_parameter_source(name) == ParameterSource.COMMANDLINE
    }
    return tuple(_written(names[name], value) for name, value in given.items())


def _written(param: click.Parameter, value: object) -> tuple[str, ...]:
    if isinstance(param, click.Argument):
        return (str(value),)
    flag = max(param.opts, key=len)
    if isinstance(value, tuple):  # an option that may be repeated
        return tuple(word for one in value for word in (flag, str(one)))
    return (flag,) if value is True else (flag, str(value))
