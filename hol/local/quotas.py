"""The quotas of API Gateway, as an AWS account has them: off unless asked for (`local.quotas` in config.yaml).

Each account and region has a bucket a quota, which fills evenly and holds `burst` calls at most; a call takes one from
every bucket that it counts in, or is refused and takes none. The numbers stand in `hol/cloud/quotas.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from botocore import xform_name

from hol.cloud.quotas import QUOTAS, Quota
from hol.local import operations
from hol.local.emulator import core as emulator
from hol.local.inputs import WrongType
from hol.local.wire import Emulator, Request, Response


@dataclass
class Enforcement:
    """Who has called how often, by a clock that says seconds; exact, whatever the numbers are."""

    now: Callable[[], float] = time.monotonic
    full: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)  # when a bucket is full again
    refusals: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, account: str, region: str, operation: str) -> bool:
        """Whether the call (`apigateway.delete_rest_api`) is within all quotas; it counts if it is."""
        covering = [quota for quota in QUOTAS if quota.covers(operation)]
        with self.lock:
            now = Fraction(self.now())
            filled = {(account, region, quota.name): self._after(account, region, quota, now) for quota in covering}
            if any(filled[account, region, quota.name] - now > _most(quota) for quota in covering):
                self.refusals += 1
                return False
            self.full |= filled
            return True

    def _after(self, account: str, region: str, quota: Quota, now: Fraction) -> Fraction:
        """When the bucket would be full again, with this call taken from it."""
        return max(self.full.get((account, region, quota.name), now), now) + Fraction(quota.seconds) / quota.calls


def _most(quota: Quota) -> Fraction:
    """How long an empty bucket takes to fill."""
    return Fraction(quota.seconds) / quota.calls * quota.burst


_enforcement: list[Enforcement] = []


def enforce() -> None:
    """From now on, and for as long as this server runs."""
    _enforcement[:] = _enforcement or [Enforcement()]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what is beyond a quota; None for everything else."""
    if not _enforcement or request.service != "apigateway":
        return None
    operation = _operation(request)
    if not operation or _enforcement[0].allows(emulator.account_of(request), request.region, operation):
        return None
    return Response.of_json(429, {"message": "Too Many Requests"}, x_amzn_errortype="TooManyRequestsException")


def _operation(request: Request) -> str:
    try:
        asked = operations.asked(request, request.service)
    except WrongType:  # refused elsewhere
        return ""
    return f"{request.service}.{xform_name(asked.operation.name)}" if asked else ""
