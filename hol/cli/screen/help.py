"""How help is laid out: a verb's own options first, then those that every verb has; the verbs by what they are for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from hol.words.catalogue import current_language
from hol.words.text import t


def _(template: str) -> str:
    return t(template).render(current_language())


_LAB = ("target", "overrides", "file", "region", "profile")
_RUN = ("jobs", "lang", "as_json", "verbose", "debug")
# What is for what; a verb that is in none of them comes last.
_FOLLOWING = ("step", "guide", "console", "check", "adopt")
_WHOLE = ("up", "status", "open", "extend", "down")


class Verb(click.Command):
    """A verb whose usage is in the language of its help."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.options_metavar = _("[OPTIONS]")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        format_options(self, ctx, formatter)


class Later(click.Command):
    """Stands for a verb with verbs of its own, which are imported when it is called."""

    def __init__(self, name: str, module: str, attribute: str, *, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.module, self.attribute = module, attribute

    def command(self) -> click.Command:
        found: click.Command = getattr(import_module(self.module), self.attribute)
        return found


class Verbs(click.Group):
    """The verbs in the order of the story, not of the alphabet."""

    command_class = Verb

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.options_metavar, self.subcommand_metavar = _("[OPTIONS]"), _("COMMAND [ARGS]...")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        return found.command() if isinstance(found, Later) else found

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = self.list_commands(ctx)
        groups: dict[str, tuple[str, ...]] = {_("Commands"): tuple(listed)}
        if ctx.parent is None:
            groups = {_("Follow the guide"): _FOLLOWING, _("The whole lab at once"): _WHOLE}
            named = {name for names in groups.values() for name in names}
            groups[_("Around it")] = tuple(name for name in listed if name not in named)
        wide = max(map(len, listed)) + 2
        for heading, names in groups.items():
            rows = [
                (name.ljust(wide), self.commands[name].get_short_help_str(formatter.width - wide - 4))
                for name in names
                if name in listed
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


def format_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The options under headings: the command's own, which lab is meant, how it runs."""
    rows: dict[str, list[tuple[str, str]]] = {_("Options"): [], _("Which lab"): [], _("How it runs"): []}
    own, lab, run = rows
    for param in command.get_params(ctx):
        record = None if isinstance(param, click.Argument) else param.get_help_record(ctx)
        if record:
            rows[lab if param.name in _LAB else run if param.name in _RUN else own].append(record)
    for heading, found in rows.items():
        if found:
            with formatter.section(heading):
                formatter.write_dl(found)
