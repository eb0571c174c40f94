"""The Lambda function of the engine: one attendee's lab, made or deleted.

Lambda ends a call after a quarter of an hour, whatever it waits for. So the function stops itself before that and says that
it is `Unfinished`; the state machine then calls it again, and it goes on where it stopped, as hol always does. It also stops when its execution
has been stopped: a call that has begun is not ended by that.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hol.cloud.session import Cloud, Place, assumed, connect
from hol.config import files as configuration
from hol.config.settings import Config
from hol.engine.run import Interrupted, Run
from hol.engine.step import Step, discover, sections
from hol.group import teardown, work
from hol.group.engine.package import OVERRIDES, PROJECT
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.settings import SECTION, Settings, settings
from hol.group.work import Outcome
from hol.words.errors import HolError
from hol.words.text import Language, Text, t

# Before Lambda ends the call: a call of AWS's under way may take this long.
_SPARE, _LEAST = 75.0, 0.3
_LOOK = 10.0  # seconds between looks whether the execution still runs
_LONGEST = 8000  # characters that tell what is wrong
_CODE = Path(__file__).parents[3]


class Context(Protocol):
    """What Lambda tells of the call."""

    def get_remaining_time_in_millis(self) -> int: ...


class Unfinished(Exception):
    """There is no time left in this call; the next one goes on."""


class Broken(Exception):
    """The lab is not as it should be: a list of what, why and fix, as JSON."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, int]:
    """The lab of `event["attendee"]` up or down, as `event["verb"]` says; how many things of AWS's were changed."""
    group = _group(event)
    do = {"up": work.make(group), "down": teardown.take(group)}[event["verb"]]
    with _ending(group, event["execution"], context.get_remaining_time_in_millis() / 1000):
        outcome = _done(group, do)
    if outcome.failed:
        wrong = json.dumps(_wrong(outcome, event["language"]), ensure_ascii=False)
        raise Broken(wrong if len(wrong) <= _LONGEST else json.dumps([{"what": wrong[:_LONGEST]}]))
    return {"changed": sum(event.things for event in outcome.events if event.mark in "+~-" and event.calls)}


def _done(group: Group, do: Callable[[Run, Outcome], None]) -> Outcome:
    try:
        return work.side_by_side(group, group.attendees, do)[0]
    except (KeyboardInterrupt, Interrupted) as error:
        raise Unfinished from error
    except HolError as error:
        return Outcome(group.attendees[0], "failed", errors=[error])


@contextmanager
def _ending(group: Group, execution: str, seconds: float) -> Iterator[None]:
    """The group stops when its time is up, or its execution no longer runs."""
    over = threading.Event()
    timer = threading.Timer(max(_LEAST, seconds - _SPARE), group.stop.set)
    looking = threading.Thread(target=_look, args=(group, execution, over), daemon=True)
    timer.start()
    looking.start()
    try:
        yield
    finally:
        over.set()
        timer.cancel()


def _look(group: Group, execution: str, over: threading.Event) -> None:
    client = group.account("").cloud.client("stepfunctions")
    while not over.is_set():
        try:
            if client.describe_execution(executionArn=execution)["status"] != "RUNNING":
                group.stop.set()
        except (BotoCoreError, ClientError):
            pass  # it says nothing now; the next look may
        over.wait(_LOOK)


def _wrong(outcome: Outcome, language: Language) -> list[dict[str, str]]:
    """What is wrong, why and what to do, in that language."""
    texts: list[tuple[Text, Text | None, Text | None]] = [(one.what, one.why, one.fix) for one in outcome.errors]
    texts += [(t("left: {}", one.what), one.why, one.fix) for one in outcome.left]
    texts += [(t("still there: {}", one.what), one.why, None) for one in outcome.still]
    named = (dict(zip(("what", "why", "fix"), one, strict=True)) for one in texts)
    return [{key: text.render(language) for key, text in one.items() if text} for one in named]


# --- the class, from the package ---


@cache
def _project() -> tuple[configuration.Folder, tuple[Step, ...], Config]:
    """The lab in the package, as it was read when it was packed; `home` is a copy that may be written to."""
    own, home = _CODE / PROJECT, Path(tempfile.mkdtemp())
    shutil.copytree(own, home, dirs_exist_ok=True)
    file = own / configuration.FILE_NAME
    root = own if (own / "steps").is_dir() else configuration.packaged()
    steps = discover(root / "steps")
    read = file if file.exists() else configuration.packaged() / configuration.FILE_NAME
    folder = configuration.Folder(root, home, read)
    overrides = json.loads((own / OVERRIDES).read_text(encoding="utf-8"))
    return folder, tuple(steps), configuration.load(folder, overrides, {**sections(steps), SECTION: Settings})


def _group(event: Mapping[str, Any]) -> Group:
    """The class of that one attendee."""
    folder, steps, config = _project()
    mine = event["attendee"]
    attendee = Attendee(mine["id"], mine["id"], account=mine["account"])
    cloud = connect(config, _place(event["addresses"]))
    group = Group(config, steps, [attendee], folder.root, folder.home, _connect(cloud, config), paced=False)
    if mine["bounded"]:
        group.handed.add(attendee.place)
    return group


def _place(addresses: Mapping[str, str]) -> Place:
    """Where calls go, and where APIs and sites answer, as whoever packed this saw it."""
    return Place(
        None,
        None,
        lambda api, stage, region, suffix: addresses["invoke"].format(api=api, stage=stage),
        lambda bucket, region, suffix: addresses["website"].format(bucket=bucket),
    )


def _connect(cloud: Cloud, config: Config) -> Callable[[str], Cloud]:
    return lambda number: cloud if number in ("", cloud.account) else assumed(cloud, number, settings(config).role)
