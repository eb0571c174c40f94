"""A look at the endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws import endpoints
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.text import t


def grade(lab: Lab) -> Iterator[Finding]:
    """It exists under the configured name and is in service."""
    name = lab.config.endpoint.name
    found, what = endpoints.describe(lab, name), t("endpoint {}", name)
    status = found["EndpointStatus"] if found else None
    wrong = (
        t("its status is {}, not InService", status)
        if found
        else t("there is no such endpoint in {}", lab.cloud.region)
    )
    mend = t(
        "SageMaker AI → Inference → Endpoints: compare the name and the region; to make it: {}",
        lab.command("step", "endpoint"),
    )
    yield judged("endpoint", status == "InService", what, wrong, mend)
