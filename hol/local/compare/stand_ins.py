"""What the placeholders of a record stand for, here.

An id is what the local AWS gave where AWS gave that id. Who was asked is made up, the same wherever it stands: an account,
a name, an address. What nothing here has given cannot be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hol.cloud.anonymous import BYTES, PLACEHOLDER, Anonymous, written
from hol.local.compare.likeness import pattern, placeholders

_MADE_UP: dict[str, Callable[[int], str]] = {
    "address": lambda number: f"192.0.2.{number % 250}",
    "digest": lambda number: f"a{number:011x}",
    "email": lambda number: f"somebody{number}@example.com",
    "id": lambda number: f"00000000-0000-4000-8000-{number:012x}",
    "key": lambda number: f"AKIA{number:016}",
    "secret": lambda number: f"secret-{number}",
    "session": lambda number: f"session-{number}",
    "token": lambda number: f"token-{number}",
    "user": lambda number: f"user-{number}",
}
# What tells the members of a list apart.
_NAMES = ("name", "path", "Name", "Key", "Arn", "RoleName", "PolicyName", "FunctionName", "stageName", "statusCode")


class Unknown(Exception):
    """Nothing here has given what a placeholder stands for; it is the argument."""


@dataclass
class StandIns:
    """The placeholders of one run; `own` are those that our own answers would have got."""

    account: str
    own: Anonymous
    stored: Callable[[str], bytes | None]
    paired: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def resolved(self, value: object) -> object:
        """The value with what is here in place of the placeholders. Raises `Unknown`."""
        if isinstance(value, Mapping):
            if set(value) == {BYTES}:
                known: Any = self.resolved(value[BYTES])
                return written(known, self.stored)
            return self.within(value)
        if isinstance(value, list):
            return [self.resolved(one) for one in value]
        return PLACEHOLDER.sub(lambda found: self._of(found[0]), value) if isinstance(value, str) else value

    def within(self, members: Mapping[str, object]) -> dict[str, object]:
        """The members likewise, and their names."""
        return {str(self.resolved(name)): self.resolved(one) for name, one in members.items()}

    def _of(self, placeholder: str) -> str:
        kind, number = placeholder[1:-1].split(":")
        if kind == "account":
            return self.account if number == "1" else f"{900000000000 + int(number)}"
        known = self.paired.get(placeholder) or self.own.stands_for.get(placeholder)
        if known:
            return known
        if placeholder in self.answered or kind not in _MADE_UP:
            raise Unknown(placeholder)
        return _MADE_UP[kind](int(number))

    def pair(self, recorded: object, here: object) -> None:
        """What stands in our answer where a placeholder stands in the recorded one."""
        if isinstance(recorded, Mapping) and isinstance(here, Mapping):
            for name in recorded.keys() & here.keys():
                self.pair(recorded[name], here[name])
        elif isinstance(recorded, list) and isinstance(here, list):
            for one, other in _side_by_side(recorded, here):
                self.pair(one, other)
        elif isinstance(recorded, str):
            self._pair_text(recorded, here)

    def _pair_text(self, recorded: str, here: object) -> None:
        found = PLACEHOLDER.findall(recorded) and pattern(recorded).fullmatch(here if isinstance(here, str) else "")
        named = placeholders(recorded)
        self.answered.update(named)
        if found:
            for placeholder, value in zip(named, found.groups(), strict=True):
                self.paired.setdefault(placeholder, value)


def _side_by_side(recorded: list[object], here: list[object]) -> list[tuple[object, object]]:
    """The members that go by the same name, else those in the same place."""
    by_name = {_name(one): one for one in here if _name(one)}
    return [(one, by_name.get(_name(one), here[at] if at < len(here) else None)) for at, one in enumerate(recorded)]


def _name(member: object) -> str:
    if not isinstance(member, Mapping):
        return ""
    name = next((str(member[one]) for one in _NAMES if member.get(one)), "")
    return "" if PLACEHOLDER.search(name) else name
