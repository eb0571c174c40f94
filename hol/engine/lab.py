"""The kernel: the only way a step touches AWS.

A step gets a `Lab` and says what should be so. `find` reads; `change` writes, and since every write passes
through that one function, the events, the dry-run, the retry table and the transcript each live in one place.
The steps do not know whether a run is dry, which AWS they talk to, or who shows what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from hol.cloud.actions import Call
from hol.cloud.answers import Structure
from hol.cloud.session import Cloud
from hol.cloud.tags import Tags
from hol.config.files import asset
from hol.config.settings import Config
from hol.engine.calls import read, write
from hol.engine.events import Checked, Event, Mark, Message, Output, Progress, key_of, moment
from hol.engine.facts import Fact
from hol.engine.ordered_output import emitter, in_parallel
from hol.engine.overlap import ignoring_errors, once_passed
from hol.engine.ownership import Ownership, strangers
from hol.engine.run import Interrupted, Left, Run
from hol.engine.unknown import UNKNOWN, is_unknown
from hol.words.commands import Command, command
from hol.words.errors import HolError, PrerequisiteError
from hol.words.text import Text, t

T = TypeVar("T")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Lab:
    """One step's view of the run."""

    run: Run
    step: str

    @property
    def config(self) -> Config:
        return self.run.config

    @property
    def cloud(self) -> Cloud:
        return self.run.cloud

    @cached_property
    def ownership(self) -> Ownership:
        """By which tags the lab's things are known."""
        return Ownership(self.config, self.cloud.region, self.run.lenient)

    @property
    def owner(self) -> str:
        """The value of the owner tag."""
        return self.ownership.owner

    @property
    def tags(self) -> dict[str, str]:
        """The tags of everything that this lab creates."""
        return self.ownership.tags

    def owns(self, tags: Tags) -> bool:
        """Whether the tags prove that a resource is this lab's."""
        return self.ownership.owns(tags)

    def require_own(self, what: Text, tags: Tags) -> None:
        """Refuse a namesake. Raises `ForeignError` unless the tags prove that it is ours."""
        self.ownership.require_own(what, tags)

    def command(self, verb: str, step: str) -> Command:
        """`hol step N` for that step's name: what a sentence tells people to run."""
        return command(verb, self.run.number(step))

    def facet(self, name: str) -> Any:
        """What this step brings under that name; None where it brings none."""
        step = self.run.steps.get(self.step)
        return step and step.facet(name)

    def asset(self, path: str) -> Path:
        """A file or folder of the lab, the user's own before the packaged one. Raises `ConfigError` without either."""
        return asset(path, self.run.home, self.run.root)

    # --- reading ---

    def find(self, operation: str, *missing: str, **arguments: object) -> Structure | None:
        """The answer of a read; None when its error is one of `missing`, or an argument is not known yet.

        Each of `missing` is a code, or `code: part of the message`.
        """
        if self.run.blank or is_unknown(arguments):
            return None
        return read(self.run, Call(operation, arguments), self._pause, missing)

    def read(self, operation: str, **arguments: object) -> Structure:
        """The answer of a read of what is there; `UNKNOWN` when an argument is not known yet."""
        answer = self.find(operation, **arguments)
        return UNKNOWN if answer is None else answer

    def pages(self, operation: str, *missing: str, **arguments: object) -> list[Any]:
        """All items of a paginated read; an empty list when it is missing or an argument is not known yet."""
        return next(iter(self.all_pages(operation, *missing, **arguments).values()), [])

    def all_pages(self, operation: str, *missing: str, **arguments: object) -> dict[str, list[Any]]:
        """The items of a paginated read that has several lists in its answer: the list's name → its items."""
        found: dict[str, list[object]] = {}
        page = self.find(operation, *missing, **arguments)
        while page is not None:
            how = self.cloud.pagination(operation)
            for name in how.lists:
                found.setdefault(name, []).extend(page.get(name, []))
            more = {token: page[answered] for token, answered in how.tokens.items() if page.get(answered)}
            page = self.find(operation, *missing, **arguments, **more) if more else None
        return found

    def visited(self, method: str, url: str, asked: Mapping[str, object], answer: Mapping[str, object]) -> None:
        """Note a request of a deployed API or a website, where calls are written down."""
        if self.cloud.recorder:
            self.cloud.recorder.visit(method, url, asked, answer)

    def once(self, fact: Fact[T], read: Callable[[], T]) -> T:
        """A read that several steps need, made once a run; `learn` and `forget` keep it true."""
        return self.run.facts.once(fact, read)

    def learn(self, fact: Fact[T], value: T) -> T:
        """What a read of this fact would now return."""
        return self.run.facts.learn(fact, value)

    def forget(self, fact: Fact[T]) -> None:
        """The fact must be read again."""
        self.run.facts.forget(fact)

    # --- deciding ---

    def change(
        self,
        mark: Mark,
        what: Text,
        operation: str,
        /,
        *,
        why: Text | None = None,
        already: tuple[str, ...] = (),
        lost: Callable[[], Structure | None] | None = None,
        created: object = None,
        key: str = "",
        **arguments: object,
    ) -> Any:
        """A write, and the line that tells of it.

        Returns the answer; `UNKNOWN` in a dry-run; None when the error is one of `already` (it is there, or gone,
        already), each a code, or `code: part of the message`. `lost` looks whether a call whose answer was lost took effect: what it returns, unless
        None, is the answer, and the call is not made again. Raises `HolError` "could not …".
        """
        call = Call(operation, arguments)
        about = self._event(mark, what, why, (call,), created, key)
        answer = write(self.run, what, call, about, self._pause, already, lost)
        if mark == "-" and not is_unknown(answer):
            self.run.deleted.append(call)
        return answer

    def change_each(
        self,
        mark: Mark,
        what: Text,
        operation: str,
        requests: Iterable[Structure],
        /,
        *,
        why: Text | None = None,
        key: str = "",
    ) -> list[object]:
        """The same write for many requests, side by side, as one decision; the answers in order."""
        listed = [Call(operation, request) for request in requests]
        about = self._event(mark, what, why, tuple(listed), key=key)
        if self.run.dry:
            return []
        answers = self.each(listed, lambda call: write(self.run, what, call, about, self._pause))
        if mark == "-":
            self.run.deleted += listed
        return answers

    def same(self, what: Text) -> None:
        """It is as it should be."""
        self._event("=", what, None, ())

    def note(self, what: Text, why: Text) -> None:
        """Something that a person should look at; hol left it alone."""
        self._event("!", what, why, ())

    def before_asking(self, what: Text, look: Callable[[], list[Text]]) -> None:
        """Name what is in something of ours without being ours, and goes with it: to whoever is shown what would be done.

        It costs calls of its own, so nobody else pays them; what may not be looked at is not named.
        """
        if self.run.dry and not self.run.blank and (why := strangers(look)):
            self.note(what, why)

    def leave(self, what: Text, why: Text, fix: Text) -> None:
        """Something of ours has to stay: said now, and again at the end of the run, which then ends with exit 6."""
        self._event("!", what, why, ())
        self.run.left.append(Left(what, why, fix))

    def local(self, mark: Mark, what: Text, do: Callable[[], T], /, *, key: str, why: Text | None = None) -> T:
        """A change on this machine (the site folder): like `change`, without AWS."""
        self._event(mark, what, why, (), key=key)
        if self.run.dry or self.run.lenient:
            return UNKNOWN  # type: ignore[no-any-return]  # it is everything
        done = do()
        self.run.made.add(key.partition(" ")[0])
        return done

    def require(self, value: T | None, step: str) -> T:
        """What an earlier step makes. Raises `PrerequisiteError` with the command to run first."""
        if value is None:
            raise PrerequisiteError(
                t("this step needs what the step “{}” makes, and that is not there yet", step),
                fix=t("run first: {}", self.command("step", step)),
            )
        return value

    # --- waiting, doing many, results ---

    def wait(
        self, what: Text, ready: Callable[[], T | None], every: float = 1.0, up_to: float = 60.0, first: float = 0.05
    ) -> T:
        """Look until `ready` returns something; the looks come seldomer, from `first` to `every` seconds.

        Raises `HolError` after `up_to` seconds. In a dry-run there is nothing to wait for.
        """
        if self.run.dry:
            return UNKNOWN  # type: ignore[no-any-return]  # it is everything
        began, delay = self.run.clock.now(), first
        while (found := ready()) is None:
            waited = self.run.clock.now() - began
            if waited >= up_to:
                raise HolError(
                    t("waited {} s for {}", round(waited), what),
                    fix=t("run the same command again: it goes on where it stopped"),
                )
            self._pause(what, delay, waited, up_to)
            delay = min(delay * 1.3, every)
        return found

    def each(self, items: Iterable[Item], do: Callable[[Item], T]) -> list[T]:
        """`do` for every item, side by side as `jobs` allows; the results in the items' order."""
        return in_parallel(list(items), do, self.config.jobs, emitter(self.run.emit))

    def in_parallel(self, *facets: Callable[[], object]) -> None:
        """Independent facets, side by side."""
        self.each(facets, lambda facet: facet())

    def in_background(self, do: Callable[[], object]) -> None:
        """What no later step waits for: this step passes without it, and ends with it."""
        running = self.run.running_steps.get(self.step)
        if running is None or self.config.jobs == 1:
            do()
        else:
            running.in_background(do, emitter(self.run.emit))

    def read_ahead(self, step: str, read: Callable[[], object]) -> None:
        """A read that the step `step` makes with `once`: begun now, if that step is part of this run."""
        if step in self.run.running_steps and self.config.jobs > 1:
            self.in_background(lambda: ignoring_errors(read))

    def awaited(self, step: str, look: Callable[[], T | None]) -> Callable[[], T]:
        """What a step in `AWAITS` makes: required now, or, when that step is part of this run, by the answered call."""
        return once_passed(self.run.running_steps.get(step), lambda: self.require(look(), step))

    def passed(self, what: Text, detail: Text, key: str = "") -> None:
        """A check that passed; `key` names it for a program."""
        self._emit(Checked(self.step, what, detail, key))

    def output(self, name: str, value: object) -> None:
        """A result for whoever ran this."""
        if not is_unknown(value):
            self._emit(Output(self.step, name, str(value)))

    def _event(
        self, mark: Mark, what: Text, why: Text | None, calls: tuple[Call, ...], created: object = None, key: str = ""
    ) -> str:
        """Tell of a decision; returns its key."""
        key = key or (key_of(calls[0]) if calls else "")
        self._emit(Event(self.step, mark, what, why, calls, moment(created), key))
        return key

    def _emit(self, message: Message) -> None:
        emitter(self.run.emit)(message)

    def _pause(self, what: Text, seconds: float, waited: float, at_most: float) -> None:
        self._emit(Progress(self.step, what, waited, at_most))
        self.run.clock.sleep(seconds, self.run.stop)
        if self.run.stop.is_set():
            raise Interrupted
