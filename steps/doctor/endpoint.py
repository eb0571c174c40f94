"""The endpoint: its names and its quota, or whether somebody else's answers as the page expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hol.aws import buckets, endpoints, roles, schedules
from hol.aws.images import ACCOUNTS
from hol.cloud.failures import SMALLER
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.operate.findings import Finding, Look, free, of_error, unknown
from hol.words.commands import same
from hol.words.errors import Exit, HolError
from hol.words.text import t

_SAMPLE = {"instances": ["재미있게 봤습니다."]}


def without_aws(config: Config, today: date) -> Iterator[Finding]:
    """Whether SageMaker can host the model in the region."""
    if config.creates_endpoint and config.region not in ACCOUNTS:
        fix = t("choose a region that has it, for example: {}", same(region="ap-northeast-2"))
        yield Finding("HOL-D03", t("SageMaker has no BlazingText in {}", config.region), fix=fix)


def assets(config: Config) -> tuple[str, ...]:
    """The model archive."""
    return (config.endpoint.model,) if config.creates_endpoint else ()


def waits(config: Config) -> int:
    """Seconds that it may take until the endpoint is in service."""
    return config.endpoint.wait if config.creates_endpoint else 0


def doctor(lab: Lab) -> Iterator[Look]:
    """An endpoint of hol's making: its names and its quota; another: whether it answers."""
    settings = lab.config.endpoint
    if not lab.config.creates_endpoint:
        yield Look("HOL-D08", lambda: _verified(lab))
        return
    yield free("HOL-D06", lambda: buckets.find(lab, settings.bucket), cheap=True)
    yield free("HOL-D07", lambda: roles.find(lab, settings.role))
    yield free("HOL-D07", lambda: endpoints.find(lab, settings.name))
    if settings.ttl:
        yield free("HOL-D07", lambda: schedules.find_group(lab, settings.switch))
        yield free("HOL-D07", lambda: roles.find(lab, settings.switch))
    if not settings.serverless_memory and lab.config.target == "aws":
        yield Look("HOL-D11", lambda: _instances(lab))


def _verified(lab: Lab) -> Iterator[Finding]:
    """An endpoint that hol does not create: there, in service, and answering as the page expects."""
    name = lab.config.endpoint.name
    found = endpoints.describe(lab, name)
    try:
        endpoints.verify(lab, name)
    except HolError as error:
        yield of_error("HOL-D08" if found is None else "HOL-D09", error)
        return
    yield from _answers(lab, name)


def _answers(lab: Lab, name: str) -> Iterator[Finding]:
    try:
        answer = lab.read(
            "sagemaker-runtime.invoke_endpoint",
            EndpointName=name,
            ContentType="application/json",
            Body=json.dumps(_SAMPLE),
        )
    except HolError as error:
        finding = of_error("HOL-D10", error)
        yield finding if finding.level == "unknown" else _wrong(name, f"{error.why}")
        return
    said, body = answer.get("ContentType", ""), answer["Body"]
    if not said.startswith("application/json") or not _labelled(body):
        yield _wrong(name, f"{said}: {body[:100].decode('utf-8', 'replace')}")


def _wrong(name: str, said: str) -> Finding:
    return Finding(
        "HOL-D10",
        t("the endpoint {} does not answer as BlazingText does", name),
        t("{}", said),
        t("name another endpoint: {}\n    or let hol create one, which is billed: {}", same(set="endpoint.name=YOUR-ENDPOINT"),
          same(set="endpoint.create=true")),
    )  # fmt: skip


def _labelled(body: bytes) -> bool:
    try:
        answer: Any = json.loads(body)
        return all(item["label"] and item["prob"] for item in answer) and bool(answer)
    except (ValueError, TypeError, KeyError):
        return False


def _instances(lab: Lab) -> Iterator[Finding]:
    kind = lab.config.endpoint.instance_type
    listed = lab.pages("service-quotas.list_service_quotas", ServiceCode="sagemaker", MaxResults=100)
    quota = next((q for q in listed if q["QuotaName"] == f"{kind} for endpoint usage"), None)
    if quota is None:
        yield unknown("HOL-D11", t("Service Quotas does not list {}", f"{kind} for endpoint usage"))
    elif quota["Value"] < 1:
        yield Finding(
            "HOL-D11",
            t("the account may not run an endpoint on {}", kind),
            t("the quota “{}” is {}", quota["QuotaName"], int(quota["Value"])),
            SMALLER,
            exit=Exit.PERMISSION,
        )  # fmt: skip
