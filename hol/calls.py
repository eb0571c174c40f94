"""One call to AWS, made as often as the retry table says.

botocore makes each attempt once; what to wait out, for how long, and what a lost answer means is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hol.aws.failures import failure_of
from hol.events import Call
from hol.retry import Failure, Rule, rule_for
from hol.run import Interrupted, Run
from hol.text import Text

# How each service goes on with a list: parameter of the next call → member of the answer.
TOKENS = {
    "iam": {"Marker": "Marker"},
    "logs": {"nextToken": "nextToken"},
    "apigateway": {"position": "position"},
    "sagemaker": {"NextToken": "NextToken"},
    "resourcegroupstaggingapi": {"PaginationToken": "PaginationToken"},
    "service-quotas": {"NextToken": "NextToken"},
    "s3.list_objects_v2": {"ContinuationToken": "NextContinuationToken"},
    "s3.list_object_versions": {"KeyMarker": "NextKeyMarker", "VersionIdMarker": "NextVersionIdMarker"},
    "s3.list_multipart_uploads": {"KeyMarker": "NextKeyMarker", "UploadIdMarker": "NextUploadIdMarker"},
}

Pause = Callable[[Text, float, float, float], None]


def send(run: Run, call: Call, pause: Pause, lost: Callable[[], Any] | None = None) -> Any:
    """The answer of the call.

    `pause(what, seconds, waited, at most)` waits between attempts. `lost` looks whether a call whose answer was lost
    took effect. Raises botocore's error when it must not be retried (any longer), `Interrupted` when the run stops.
    """
    service, name = call.operation.split(".")
    attempt = getattr(run.cloud.client(service), name)
    patience = _Patience(run, call.operation, pause)
    while True:
        if run.stop.is_set():
            raise Interrupted
        try:
            answer = attempt(**call.arguments)
            run.transcript.append(call)
            return answer
        except (ClientError, BotoCoreError) as error:
            failure = failure_of(error)
            if failure.lost and lost is not None and (took_effect := lost()) is not None:
                return took_effect
            patience.bear(failure, error)


@dataclass
class _Patience:
    """How long one call's errors have been borne already."""

    run: Run
    operation: str
    pause: Pause
    rule: Rule | None = None
    delays: Iterator[float] = field(default_factory=lambda: iter(()))
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = self.run.clock.now()

    def bear(self, failure: Failure, error: Exception) -> None:
        """Wait before the next attempt, or raise the error."""
        waited = self.run.clock.now() - self.began
        rule = rule_for(self.operation, failure, self.run.made)
        if rule is None or waited >= rule.patience(self.run.made):
            raise error
        if rule is not self.rule:
            self.rule, self.delays = rule, rule.delays(self.run.random)
        self.pause(rule.what, next(self.delays), waited, rule.patience(self.run.made))
