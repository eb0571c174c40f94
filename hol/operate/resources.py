"""The lab's names and what is there already: bucket names, namesakes of somebody else, and the endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from hol.aws import apis, buckets, endpoints, functions, roles, schedules
from hol.config.files import packaged
from hol.engine.lab import Lab
from hol.operate.findings import Finding, of_error
from hol.words.again import same
from hol.words.errors import ForeignError, HolError, NameTaken
from hol.words.text import t

_SAMPLE = {"instances": ["재미있게 봤습니다."]}


def bucket_names(lab: Lab) -> Iterator[Finding]:
    """Whether the buckets' names are free, or ours already."""
    mine = (lab.config.endpoint.bucket,) if lab.config.creates_endpoint else ()
    for name in (lab.config.bucket.name, *mine):
        yield from _looked(lab, "HOL-D06", lambda lab, name=name: buckets.find(lab, name))  # type: ignore[misc]


def namesakes(lab: Lab) -> Iterator[Finding]:
    """Whether anything that hol would make is there already and somebody else's."""
    config, looks = lab.config, list[Callable[[Lab], object]]()
    looks.append(lambda lab: roles.find(lab, config.role.name))
    looks.append(lambda lab: functions.find(lab, config.function.name))
    looks.append(lambda lab: apis.find(lab, config.api.name))
    if config.creates_endpoint:
        looks.append(lambda lab: roles.find(lab, config.endpoint.role))
        looks.append(lambda lab: endpoints.find_own(lab, config.endpoint.name))
    if config.creates_endpoint and config.endpoint.ttl:
        looks.append(lambda lab: schedules.find_group(lab, config.endpoint.switch))
        looks.append(lambda lab: roles.find(lab, config.endpoint.switch))
    for found in lab.each(looks, lambda look: list(_looked(lab, "HOL-D07", look))):
        yield from found


def _looked(lab: Lab, code: str, look: Callable[[Lab], object]) -> Iterator[Finding]:
    try:
        look(lab)
    except ForeignError as error:
        yield of_error("HOL-D06" if isinstance(error, NameTaken) else "HOL-D07", error)
    except HolError as error:
        yield of_error(code, error)


def endpoint(lab: Lab) -> Iterator[Finding]:
    """An endpoint that hol does not create: there, in service, and answering as the page expects."""
    if lab.config.creates_endpoint:
        return
    name = lab.config.endpoint.name
    found = endpoints.find(lab, name)
    try:
        endpoints.verify(lab, name)
    except HolError as error:
        yield of_error("HOL-D08" if found is None else "HOL-D09", error)
        return
    yield from _answers(lab, name)


def _answers(lab: Lab, name: str) -> Iterator[Finding]:
    try:
        answer = lab.find(
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


def assets(lab: Lab) -> Iterator[Finding]:
    """Whether the files that hol uploads are there."""
    mine = (lab.config.endpoint.model,) if lab.config.creates_endpoint else ()
    for path in (*mine, lab.config.function.code, lab.config.site.pages):
        try:
            lab.asset(path)
        except (StopIteration, HolError):
            fix = t("put it there; hol's own files lie in {}", packaged())
            yield Finding("HOL-D20", t("{} is not there", path), fix=fix)
