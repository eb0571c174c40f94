"""The labs of a class: which settings each has, and the runs that make them and take them down.

An attendee's lab is an ordinary lab whose `attendee` is his id. What a class has once for all (a step that brings
`shared(config, owner)` says how an attendee's settings then read) is the lab of one more attendee, called as the class.
Everything that the class makes also bears the tag `hol:class`, by which it is found when the roster has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path

from hol.cloud.clock import Clock, SystemClock
from hol.cloud.pace import Pace
from hol.cloud.quotas import Quotas
from hol.cloud.session import Cloud
from hol.config import files as configuration
from hol.config.settings import Config, Section
from hol.engine.events import Message
from hol.engine.ownership import CLASS
from hol.engine.run import Run
from hol.engine.step import Step
from hol.group.handout import people
from hol.group.roster import Attendee
from hol.group.settings import Settings, settings

# A lab alone may do many things side by side; of many labs each does a few.
_JOBS = 6


@dataclass
class Account:
    """An account of the class, and what all runs in it share."""

    cloud: Cloud
    quotas: Quotas
    paces: dict[str, Pace] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Group:
    """A class: its settings as written, its steps and attendees, and how to reach an account by its number ("": the caller's).

    `paced`: the accounts have AWS's quotas.
    """

    config: Config
    steps: Sequence[Step]
    attendees: Sequence[Attendee]
    root: Path
    home: Path
    connect: Callable[[str], Cloud]
    paced: bool = True
    quotas: Callable[[], Quotas] = Quotas
    blank: bool = False  # there is no account (any more): every read finds nothing
    clock: Clock = field(default_factory=SystemClock)
    stop: threading.Event = field(default_factory=threading.Event)
    accounts: dict[str, Account] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ids: set[str] = field(default_factory=set)  # of whom something was found that bears the class's tag
    handed: set[tuple[str, str]] = field(default_factory=set)  # the places of whoever may sign in himself

    @property
    def settings(self) -> Settings:
        return settings(self.config)

    @property
    def shares(self) -> bool:
        """Whether all attendees of an account share what they can."""
        return self.settings.endpoint == "shared"

    @property
    def common(self) -> list[Step]:
        """The steps that are done once for all."""
        return [step for step in self.steps if self.shares and step.facet("shared")]

    @property
    def each(self) -> list[Step]:
        """The steps that are done for every attendee."""
        common = {step.name for step in self.common}
        return [step for step in self.steps if step.name not in common]

    @property
    def numbers(self) -> list[str]:
        """The accounts that the roster names, each once; "" is the caller's own."""
        return list(dict.fromkeys(one.account for one in self.attendees))

    def account(self, number: str) -> Account:
        """The account, connected once. Raises `HolError` when it cannot be reached."""
        with self.lock:
            if number not in self.accounts:
                self.accounts[number] = Account(self.connect(number), self.quotas() if self.paced else Quotas({}))
            return self.accounts[number]

    def everybody(self, number: str) -> Attendee:
        """Whose the shared things of that account are."""
        return Attendee(self.settings.name, self.settings.name, account=number)

    @property
    def shared(self) -> list[Attendee]:
        """Whose the shared things are, account by account."""
        return [self.everybody(number) for number in self.numbers] if self.common else []

    def steps_of(self, attendee: Attendee) -> list[Step]:
        """The steps that are done for him."""
        return self.common if attendee.id == self.settings.name else self.each

    def settings_of(self, attendee: Attendee) -> Config:
        """The attendee's settings, every name resolved."""
        own = self._resolved(attendee)
        if attendee.id == self.settings.name:
            return own
        owner = self._resolved(self.everybody(attendee.account))
        for step in self.common:
            own = step.facet("shared")(own, owner)
        return self._bounded(own, attendee) if attendee.place in self.handed else own

    def _bounded(self, own: Config, attendee: Attendee) -> Config:
        """The roles of whoever may change them himself have a boundary."""
        cloud = self.account(attendee.account).cloud
        boundary = people.boundary(cloud.partition, cloud.account, own.lab, self.settings.name, attendee.id)
        return replace(own, role=replace(own.role, boundary=boundary))

    def apart(self, attendee: Attendee) -> list[str]:
        """What sets his lab apart from the lab of config.yaml, as `key=value`."""
        own, plain = self.settings_of(attendee), self._resolved(attendee)
        changed = [] if attendee.id == self.settings.name else _differences(own, plain)
        return [f"attendee={attendee.id}", *changed]

    def _resolved(self, attendee: Attendee) -> Config:
        named = replace(
            self.config,
            attendee=attendee.id,
            tags={**self.config.tags, CLASS: self.settings.name},
            jobs=min(self.config.jobs, _JOBS),
        )
        return configuration.resolved(named, self.account(attendee.account).cloud.account)

    def run(self, attendee: Attendee, emit: Callable[[Message], None], dry: bool = False) -> Run:
        """A run of the attendee's lab, not started yet."""
        account = self.account(attendee.account)
        return Run(
            self.settings_of(attendee),
            account.cloud,
            self.root,
            self.home,
            emit,
            {step.name: step for step in self.steps},
            dry,
            blank=self.blank,
            clock=self.clock,
            stop=self.stop,
            paces=account.paces,
            lock=account.lock,
            quotas=account.quotas,
        )


def _differences(own: Section, plain: Section, prefix: str = "") -> list[str]:
    """The keys in which two settings differ, with the values of the first."""
    found = list[str]()
    for item in fields(own):
        value, other = getattr(own, item.name), getattr(plain, item.name)
        if is_dataclass(value):
            found += _differences(value, other, f"{prefix}{item.name}.")
        elif value != other:
            found.append(f"{prefix}{item.name}={str(value).lower() if isinstance(value, bool) else value}")
    return found
