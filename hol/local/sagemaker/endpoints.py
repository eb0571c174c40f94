"""What the local SageMaker holds: models, endpoint configurations and endpoints, by account and region.

Nothing here runs in the background but the loading of a model: the status of an endpoint follows from the clock and
from that loading whenever somebody asks. An endpoint is `Creating` for `HOL_LOCAL_ENDPOINT_SECONDS` (0.3 by
default; minutes on AWS), and as long as its model needs; an update keeps the former variants in service until the
new ones are, or for good when the new ones fail. The state ends with the server.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from hol.cloud.clock import Clock, SystemClock
from hol.local.sagemaker import serving
from hol.local.sagemaker.serving import Classifier, Unservable
from hol.local.wire import Body

SECONDS = "HOL_LOCAL_ENDPOINT_SECONDS"
LONGEST_DELETION = 1.0
_LONGEST_WAIT = 120.0  # seconds
IN_PROGRESS = ("Creating", "Updating", "Deleting")

_loaders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="model-loader")


@dataclass(frozen=True)
class Definition:
    """A model or an endpoint configuration: the create call's own fields, kept to be described again."""

    name: str
    arn: str
    fields: Body
    created: float = field(default_factory=time.time)


@dataclass(frozen=True)
class Variant:
    """One production variant in service, or on its way there."""

    fields: Body
    image: str
    loading: Future[Classifier]

    @property
    def name(self) -> str:
        return str(self.fields["VariantName"])

    @property
    def weight(self) -> float:
        return float(self.fields.get("InitialVariantWeight", 1.0))


@dataclass(frozen=True)
class Endpoint:
    """An endpoint at a moment; changes replace it. `ready_at` and `gone_at` are seconds of its clock."""

    name: str
    arn: str
    config: str
    variants: tuple[Variant, ...]
    ready_at: float
    former: Endpoint | None = None
    gone_at: float | None = None
    created: float = field(default_factory=time.time)
    modified: float = field(default_factory=time.time)
    clock: Clock = field(default_factory=SystemClock)

    @property
    def settling(self) -> bool:
        return self.clock.now() < self.ready_at or not all(v.loading.done() for v in self.variants)

    @property
    def failure(self) -> str | None:
        """Why the variants cannot serve; None while loading and when all is well."""
        errors = [v.loading.exception() for v in self.variants] if not self.settling else []
        return next((str(error) for error in errors if error), None)

    @property
    def status(self) -> str:
        """SageMaker's EndpointStatus."""
        if self.gone_at is not None:
            return "Deleting"
        if self.settling:
            return "Updating" if self.former else "Creating"
        return "Failed" if self.failure and not self.former else "InService"

    @property
    def answers(self) -> bool:
        """Whether it can be invoked; an endpoint answers also while it is updated."""
        return self.status in ("InService", "Updating")

    @property
    def current(self) -> Endpoint:
        """The endpoint as it serves: during and after a failed update that is the former one."""
        return self.former if self.former and (self.settling or self.failure) else self

    def await_change(self, longest: float) -> None:
        """Waits until its status may be another one, at most so many seconds: its time has come, or a model is loaded."""
        due = (self.ready_at if self.gone_at is None else self.gone_at) - self.clock.now()
        changed, loading = threading.Event(), [v.loading for v in self.variants if not v.loading.done()]
        if due > 0:
            self.clock.sleep(min(longest, due), changed)
        elif loading:
            loading[0].add_done_callback(lambda loaded: changed.set())
            self.clock.sleep(longest, changed)


@dataclass(frozen=True)
class Shelf:
    """Everything of one account in one region; `tags` are by ARN. What takes time goes by `clock`."""

    models: dict[str, Definition] = field(default_factory=dict)
    configs: dict[str, Definition] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)

    def endpoint(self, name: str) -> Endpoint | None:
        """The endpoint of that name unless its deletion is over."""
        found = self.endpoints.get(name)
        if found and found.gone_at is not None and self.clock.now() >= found.gone_at:
            del self.endpoints[name]
            self.tags.pop(found.arn, None)
            return None
        return found

    def all_endpoints(self) -> list[Endpoint]:
        return [found for name in list(self.endpoints) if (found := self.endpoint(name))]

    def begin(
        self, name: str, arn: str, config: str, variants: Iterable[Variant], former: Endpoint | None = None
    ) -> None:
        """A new endpoint, or the update of `former`."""
        created = former.created if former else time.time()
        ready_at, before = self.clock.now() + _seconds(), former and former.current
        self.endpoints[name] = Endpoint(
            name, arn, config, tuple(variants), ready_at, before, created=created, clock=self.clock
        )

    def end(self, endpoint: Endpoint) -> None:
        """The endpoint is on its way out."""
        gone_at = self.clock.now() + min(_seconds(), LONGEST_DELETION)
        self.endpoints[endpoint.name] = replace(endpoint, gone_at=gone_at, modified=time.time())

    def settled(self, name: str) -> Endpoint | None:
        """Waits until nothing is under way with the endpoint, two minutes at most; None when it is gone."""
        until = self.clock.now() + _LONGEST_WAIT
        while (found := self.endpoint(name)) and found.status in IN_PROGRESS:
            if (left := until - self.clock.now()) <= 0:
                break
            found.await_change(left)
        return found


_shelves: dict[tuple[str, str], Shelf] = {}


def shelf(account: str, region: str) -> Shelf:
    """The shelf of an account in a region, made when first asked for."""
    return _shelves.setdefault((account, region), Shelf())


def held() -> Iterator[tuple[str, str, str, int]]:
    """Account, region, kind and number of whatever is there."""
    for (account, region), one in _shelves.items():
        one.all_endpoints()
        for kind in (one.endpoints, "endpoints"), (one.configs, "endpoint configurations"), (one.models, "models"):
            if kind[0]:
                yield account, region, kind[1], len(kind[0])


def variant(fields: dict[str, object], image: str, archive: bytes | Unservable) -> Variant:
    """A variant whose model begins to load now; an `Unservable` instead of the archive makes it fail."""
    loading: Future[Classifier] = Future()
    if isinstance(archive, Unservable):
        loading.set_exception(archive)
    else:
        loading = _loaders.submit(serving.load, archive)
    return Variant(fields, image, loading)


def choose(endpoint: Endpoint, name: str | None = None) -> Variant | None:
    """The variant that answers a request: the named one, else one by weight; None when there is none."""
    variants = [v for v in endpoint.current.variants if name in (None, v.name)]
    if not variants:
        return None
    weights = [v.weight for v in variants]
    return random.choices(variants, weights)[0] if sum(weights) > 0 else variants[0]


def _seconds() -> float:
    try:
        return max(float(os.environ.get(SECONDS, "0.3")), 0.0)
    except ValueError:
        return 0.3
