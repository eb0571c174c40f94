"""A look at the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import endpoints
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.near import instead, peek, peek_all
from hol.words.text import Text, t

_PLACE = t("SageMaker AI → Inference → Endpoints")


def grade(lab: Lab) -> Iterator[Finding]:
    """It exists under the configured name, is in service, and hosts what the lab asks."""
    name = lab.config.endpoint.name
    found, what = endpoints.describe(lab, name), t("endpoint {}", name)
    if not found:
        yield Finding("missing", what, _missing(lab, name), _making(lab))
        return
    yield _status(lab, found, what)
    if found["EndpointStatus"] == "InService":
        yield from _image(lab, found)


def _missing(lab: Lab, name: str) -> Text:
    names = [one["EndpointName"] for one in peek_all(lab, "sagemaker.list_endpoints")]
    there = instead(lab, name, names, lambda other: peek(other, "sagemaker.describe_endpoint", EndpointName=name))
    return there or t("there is no such endpoint in {}; was it deleted?", lab.cloud.region)


def _making(lab: Lab) -> Text:
    return t(
        "{}: compare the name and the region; to make it: {}",
        _PLACE,
        lab.command("step", "endpoint"),
    )


def _status(lab: Lab, found: Any, what: Text) -> Finding:
    """In service; on its way there, which wants patience; or failed, which SageMaker gives a reason for."""
    status = found["EndpointStatus"]
    if status in ("Creating", "Updating", "SystemUpdating", "RollingBack"):
        wrong = t("its status is {}, not {}: it is on its way, which takes some minutes", status, "InService")
        return Finding("creating", what, wrong, t("wait, then look again: {}", lab.command("check", "endpoint")))
    wrong = t("its status is {}, not {}: {}", status, "InService", found.get("FailureReason") or "-")
    mend = t("{}: select it → Actions → Delete; then make it again: {}", _PLACE, lab.command("step", "endpoint"))
    return judged("failed", status == "InService", what, wrong, mend)


def _image(lab: Lab, found: Any) -> Iterator[Finding]:
    """The container that its model runs in; nothing is said where that may not be read."""
    config = peek(lab, "sagemaker.describe_endpoint_config", EndpointConfigName=found["EndpointConfigName"])
    for variant in (config or {}).get("ProductionVariants", []):
        model = peek(lab, "sagemaker.describe_model", ModelName=variant.get("ModelName", "")) or {}
        image = str(model.get("PrimaryContainer", {}).get("Image", ""))
        mend = t("{}: it must host a BlazingText model; to make one: {}", _PLACE, lab.command("step", "endpoint"))
        right = not image or "blazingtext" in image
        yield judged("image", right, t("container of the endpoint"), t("it is {}, not {}", image, "blazingtext"), mend)
