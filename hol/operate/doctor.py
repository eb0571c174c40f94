"""`hol doctor`: would `hol up` work here? Looked at before anything is changed, and without changing anything.

`examine` makes all looks; `hol up --target aws` makes the cheap ones. Each look is a function of `machine`,
`account` or `resources` that yields findings; one that the account forbids becomes a plain "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hol.cloud.session import Cloud, Place
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.engine.step import Step
from hol.operate import account, machine, resources, runtimes
from hol.operate.findings import Finding, of_error
from hol.operate.machine import Machine
from hol.words.errors import HolError

Look = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Patient:
    """What is examined; `begin` makes a dry run in a cloud, `expires` overrides what the credentials say."""

    config: Config
    place: Place
    machine: Machine
    steps: Sequence[Step]
    begin: Callable[[Cloud], Run]
    expires: datetime | None = None


def examine(patient: Patient) -> list[Finding]:
    """Every finding, in the order of the codes."""
    findings = without_aws(patient)
    cloud = account.connected(patient.config, patient.place)
    if isinstance(cloud, Finding):
        return _sorted([*findings, cloud])
    lab = Lab(patient.begin(cloud), "doctor")
    findings += cheap(lab, patient)
    looks: tuple[tuple[str, Look], ...] = (
        ("HOL-D04", lambda: account.permissions(lab, patient.steps)),
        ("HOL-D07", lambda: resources.namesakes(lab)),
        ("HOL-D08", lambda: resources.endpoint(lab)),
        ("HOL-D11", lambda: account.quotas(lab)),
    )
    for found in lab.each(looks, lambda look: _made(*look)):
        findings += found
    return _sorted(findings)


def cheap(lab: Lab, patient: Patient) -> list[Finding]:
    """The looks that cost a handful of reads and need no rights beyond the lab's own."""
    expires = patient.expires or account.expiry(lab.cloud)
    looks: tuple[tuple[str, Look], ...] = (
        ("HOL-D02", lambda: account.lifetime(lab, patient.machine, expires)),
        ("HOL-D13", lambda: account.clock(lab, patient.machine)),
        ("HOL-D05", lambda: account.public_access(lab)),
        ("HOL-D06", lambda: resources.bucket_names(lab)),
        ("HOL-D20", lambda: resources.assets(lab)),
    )
    return [finding for found in lab.each(looks, lambda look: _made(*look)) for finding in found]


def before_up(lab: Lab, patient: Patient) -> list[Finding]:
    """What `hol up --target aws` looks at by itself."""
    return _sorted([*without_aws(patient), *cheap(lab, patient)])


def without_aws(patient: Patient) -> list[Finding]:
    """What can be seen from this machine and the configuration alone."""
    runtime = runtimes.check(patient.config.function.runtime, patient.machine.now.date())
    found = [*machine.check(patient.machine, patient.config), *account.region(patient.config)]
    return [*found, runtime] if runtime else found


def _made(code: str, look: Look) -> list[Finding]:
    findings = []
    try:
        for finding in look():
            findings.append(finding)
    except HolError as error:
        findings.append(of_error(code, error))
    return findings


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.code)
