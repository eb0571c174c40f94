"""Commands that hol prints, for pasting into the same shell in the same folder.

`hol up --target aws --set attendee=alice` that ends with "hol down" would send its reader to another lab. So a printed
command is not a string but a `Command`: it is written when it is shown, with the options of this process that say which
lab is meant (target, configuration, settings, region, profile) and in which language. What only belongs to one call
(`--json`, `--debug`, `--jobs`, `--yes`, `--dry-run`) is not repeated; nor is the environment, which the shell still has.
A value that nobody can know stands as `YOUR-…`.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

Option: TypeAlias = tuple[str, ...]  # ("--yes",) or ("--target", "aws")


class Given(NamedTuple):
    """How this process was called: the program, its verb with what is the verb's own, and the options of every verb."""

    program: tuple[str, ...] = ("hol",)
    verb: tuple[str, ...] = ("up",)
    own: tuple[Option, ...] = ()
    common: tuple[Option, ...] = ()
    variables: tuple[str, ...] = ()  # NAME=value before an `aws` command
    aws: tuple[str, ...] = ()  # where an `aws` command goes
    lab: tuple[Option, ...] = ()  # of a class: whose lab is spoken of just now


_given = Given()


def called(**how: tuple[str, ...] | tuple[Option, ...]) -> None:
    """Note how this process was called; said once each, where it is known."""
    global _given
    _given = _given._replace(**how)  # type: ignore[arg-type]  # each field has its own type


def reads(region: str, profile: str, local: tuple[str, tuple[str, str]] | None) -> None:
    """Note where the lab is, for `aws` commands; `local`: the local AWS's address and access key."""
    place = ("--region", region)
    if local is None:
        called(variables=(), aws=(*(("--profile", profile) if profile else ()), *place))
    else:
        address, (key, secret) = local
        variables = (f"AWS_ACCESS_KEY_ID={key}", f"AWS_SECRET_ACCESS_KEY={secret}")
        called(variables=variables, aws=("--endpoint-url", address, *place))


@dataclass(frozen=True)
class Command:
    """A command of hol's, as `str` writes it; without a verb it is the one that this process was called with."""

    verb: tuple[str, ...]
    changed: tuple[Option, ...] = ()
    own: Option = ()
    without: str = ""
    then: Command | None = None

    def __str__(self) -> str:
        lab = () if self._verb[:1] == ("class",) else _given.lab
        options = {_slot(one): one for one in (*_given.common, *lab, *self.changed)}
        taken = [one for one in options.values() if one[0] != self.without and _takes(self._verb, one)]
        line = joined([*_given.program, *self._verb, *(word for option in taken for word in option)])
        return f"{line} && {self.then}" if self.then else line

    @property
    def _verb(self) -> tuple[str, ...]:
        kept = [word for one in _given.own if one[:1] != self.own[:1] for word in one]
        return self.verb or (*_given.verb, *kept, *self.own)


@dataclass(frozen=True)
class Aws:
    """A command of the AWS CLI, which goes where hol goes."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return joined([*_given.variables, "aws", *_given.aws, *self.words])


@dataclass(frozen=True)
class Shell:
    """Another program's command."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return joined(self.words)


def command(verb: str, *words: object, **changed: object) -> Command:
    """`command("step", 3)`, `command("up", "--ttl", "4h", target="local", set="local.port=4600")`."""
    return Command((verb, *map(str, words)), _options(changed))


def same(*own: str, without: str = "", **changed: object) -> Command:
    """This process's own command with an option of the verb's (`"--output", "x.md"`) or other common ones."""
    return Command((), _options(changed), own, without)


def cleaning() -> Command:
    """`hol down` for all that this process was to make or to take down: of one step, of everything, of a class."""
    if _given.verb[-1:] == ("down",):
        return same()
    return _for_all("down")


def making() -> Command:
    """`hol up` for all that this process is about: of a lab, or of a class."""
    return _for_all("up")


def _for_all(verb: str) -> Command:
    roster = next((one for one in _given.own if len(one) == 1 and not one[0].startswith("-")), ())
    return command("class", verb, *roster) if _given.verb[:1] == ("class",) else command(verb)


@contextmanager
def of_lab(settings: Iterable[str]) -> Iterator[None]:
    """Commands for one lab of a class, by what sets it apart (`key=value`): they are for whoever goes on with it."""
    called(lab=tuple(("--set", setting) for setting in settings))
    try:
        yield
    finally:
        called(lab=())


def aws(*words: str) -> Aws:
    """`aws("sts", "get-caller-identity")`."""
    return Aws(words)


def shell(*words: object) -> Shell:
    """`shell("mv", path, "elsewhere")`."""
    return Shell(tuple(map(str, words)))


def in_turn(*commands: Command) -> Command:
    """One after the other, as long as each is done."""
    first, *rest = commands
    return replace(first, then=in_turn(*rest)) if rest else first


def joined(words: Iterable[str]) -> str:
    """The words as the shell of this system reads them."""
    if sys.platform != "win32":
        return " ".join(map(_quoted, words))
    from subprocess import list2cmdline

    return list2cmdline(list(words))


def _quoted(word: str) -> str:
    name, equals, value = word.partition("=")
    plain = name.replace("_", "a").replace(".", "a").isalnum() and name.isascii()
    return f"{name}={shlex.quote(value) if value else ''}" if equals and plain else shlex.quote(word)


def _options(changed: dict[str, object]) -> tuple[Option, ...]:
    return tuple((f"--{name}", str(value)) for name, value in changed.items())


def _slot(option: Option) -> Option:
    """What a later option replaces an earlier one in: a key of --set, or the option."""
    return (option[0], option[1].partition("=")[0]) if option[0] == "--set" else option[:1]


def _takes(verb: tuple[str, ...], option: Option) -> bool:
    return option[0] == "--lang" or verb[0] != "init"
