"""One call to AWS, made as often as the retry table says.

botocore makes each attempt once; what to wait out, for how long, and what a lost answer means is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from botocore.exceptions import BotoCoreError, ClientError

from hol.cloud.actions import Call
from hol.cloud.answers import Structure
from hol.cloud.failures import explain, failure_of
from hol.cloud.pace import Attempts, Pace
from hol.engine.run import Interrupted, Run
from hol.engine.unknown import UNKNOWN
from hol.words.text import Text, t

Pause = Callable[[Text, float, float, float], None]
# How long a read may still miss what a call has done whose answer was lost, and how often it is looked for.
_SHOWS_AFTER, _LOOKS = 3.0, 3
# Whoever only looks asks again for so long and no longer, in seconds.
_LOOKING = 5.0


def send(
    run: Run,
    call: Call,
    pause: Pause,
    lost: Callable[[], Structure | None] | None = None,
    expected: Collection[str] = (),
) -> Structure:
    """The answer of the call; a streamed body is bytes.

    `pause(what, seconds, waited, at most)` waits between attempts. `lost` looks whether a call whose answer was lost
    took effect. `expected`: errors that are answers to the caller, and not waited out. Raises botocore's error when it
    must not be retried (any longer), `Interrupted` when the run stops.
    """
    service = call.operation.split(".")[0]
    pace, most = run.pace_of(service), _LOOKING if run.lenient else float("inf")
    attempts = None
    while True:
        _take_turn(run, call.operation, pace, again=attempts is not None)
        attempts = attempts or Attempts(call.operation, run.clock, run.random, run.made, pace, most)
        try:
            answer = run.cloud.call(call.operation, call.arguments)
        except (ClientError, BotoCoreError) as error:
            failure = failure_of(error)
            run.quotas.answered(call.operation, run.clock.now(), failure.code)
            if failure.lost and lost is not None and (took_effect := _effect(run, lost)) is not None:
                return took_effect
            if failure.is_one_of(expected):
                raise
            pause(*attempts.next_wait(failure, error))
        else:
            pace.passed()
            run.quotas.answered(call.operation, run.clock.now())
            run.transcript.append(call)
            return answer


def read(run: Run, call: Call, pause: Pause, missing: Collection[str]) -> Structure | None:
    """The answer of a read; None when its error is one of `missing`. Raises `HolError` "could not …"."""
    if run.answers is None:
        return _read(run, call, pause, missing)
    asked = f"{call.arguments} {sorted(missing)}"
    return run.answers.once(call.operation, asked, lambda: _read(run, call, pause, missing))


def _read(run: Run, call: Call, pause: Pause, missing: Collection[str]) -> Structure | None:
    try:
        return send(run, call, pause, expected=missing)
    except (ClientError, BotoCoreError) as error:
        if failure_of(error).is_one_of(missing):
            return None
        raise explain(t("read {}", call.operation), error) from error


def write(
    run: Run,
    what: Text,
    call: Call,
    about: str,
    pause: Pause,
    already: Collection[str] = (),
    lost: Callable[[], Structure | None] | None = None,
) -> object:
    """The answer of a write; `UNKNOWN` where nothing is changed, None when its error is one of `already`.

    Raises `HolError` "could not …", with `about` as the key of the event that it is about.
    """
    if run.dry or run.lenient:
        return UNKNOWN
    try:
        answer = send(run, call, pause, lost, already)
    except (ClientError, BotoCoreError) as error:
        if failure_of(error).is_one_of(already):
            return None
        explained = explain(t("change {}", what), error)
        explained.about = about
        raise explained from error
    run.made.add(call.operation)
    return answer


def _take_turn(run: Run, operation: str, pace: Pace, again: bool) -> None:
    """Wait for the account's quotas and for the service's pace. Raises `Interrupted` when the run stops."""
    run.quotas.wait(operation, run.clock, run.stop, again)
    if turn := pace.turn(run.clock.now()):
        run.clock.sleep(turn, run.stop)
    if run.stop.is_set():
        raise Interrupted


def _effect(run: Run, lost: Callable[[], Structure | None]) -> Structure | None:
    """What the look finds; looked again for a while, since reads may lag behind the call."""
    for _ in range(_LOOKS):
        if (found := lost()) is not None or run.stop.is_set():
            return found
        run.clock.sleep(_SHOWS_AFTER / _LOOKS, run.stop)
    return lost()
