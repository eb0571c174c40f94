"""`hol doctor`: would `hol up` work here? Looked at before anything is changed, and without changing anything.

`examine` makes all looks; `hol up --target aws` makes the cheap ones. Each look is a function of `machine`,
`account`, or of a step, that yields findings; one that the account forbids becomes a plain "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hol.cloud.session import Cloud, Place
from hol.config.files import packaged
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.engine.step import Step
from hol.operate import account, machine
from hol.operate.findings import Finding, Look, of_error
from hol.operate.machine import Machine
from hol.words.errors import ForeignError, HolError, NameTaken
from hol.words.text import t


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
    return _sorted([*findings, *_made(lab, _looks(lab, patient))])


def _looks(lab: Lab, patient: Patient) -> Iterator[Look]:
    """The doctor's own looks, and those of the steps."""
    expires = patient.expires or account.expiry(lab.cloud)
    waited = sum(_brought(patient, "waits", patient.config))
    files = [file for files in _brought(patient, "assets", lab.config) for file in files]
    yield Look("HOL-D02", lambda: account.lifetime(lab, patient.machine, expires, waited), cheap=True)
    yield Look("HOL-D13", lambda: account.clock(lab, patient.machine), cheap=True)
    yield Look("HOL-D20", lambda: _assets(lab, files), cheap=True)
    yield Look("HOL-D04", lambda: account.permissions(lab, patient.steps))
    for looks in _brought(patient, "doctor", lab):
        yield from looks


def _brought(patient: Patient, facet: str, *arguments: object) -> list[Any]:
    """What each of the steps that has that facet says."""
    found = [step.facet(facet, "doctor") for step in patient.steps]
    return [facet(*arguments) for facet in found if facet]


def _assets(lab: Lab, files: Iterable[str]) -> Iterator[Finding]:
    """Whether the files that the steps upload are there."""
    for path in files:
        try:
            lab.asset(path)
        except (StopIteration, HolError):
            fix = t("put it there; hol's own files lie in {}", packaged())
            yield Finding("HOL-D20", t("{} is not there", path), fix=fix)


def before_up(lab: Lab, patient: Patient) -> list[Finding]:
    """What `hol up --target aws` looks at by itself."""
    cheap = [look for look in _looks(lab, patient) if look.cheap]
    return _sorted([*without_aws(patient), *_made(lab, cheap)])


def without_aws(patient: Patient) -> list[Finding]:
    """What can be seen from this machine and the configuration alone."""
    today = patient.machine.now.date()
    found = [*machine.check(patient.machine, patient.config)]
    return [*found, *(one for brought in _brought(patient, "without_aws", patient.config, today) for one in brought)]


def _made(lab: Lab, looks: Iterable[Look]) -> list[Finding]:
    return [finding for found in lab.each(looks, _findings) for finding in found]


def _findings(look: Look) -> list[Finding]:
    findings = []
    try:
        for finding in look.find():
            findings.append(finding)
    except ForeignError as error:
        findings.append(of_error("HOL-D06" if isinstance(error, NameTaken) else "HOL-D07", error))
    except HolError as error:
        findings.append(of_error(look.code, error))
    return findings


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.code)
