"""Deployments and stages: what of an API is live.

CreateDeployment is never idempotent, so what was deployed is fingerprinted: a stage variable, named after the
deployment's id, holds the digest of the methods that went into it. A deployment made by hand changes the id, a
changed method the digest; either way the next `up` deploys again, and otherwise it does not. Whoever sets its variable
is answered with those of all that deployed before, several `up` at once included: what of them no stage points to any
longer is deleted.
"""

from __future__ import annotations

import hashlib
import json

from hol.aws.gateway import methods
from hol.cloud.answers import Structure
from hol.cloud.labels import labels
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.text import Text, t

VARIABLE = "hol_"
_STAGE = Kind[Structure | None]("stage")


def find(lab: Lab, api: str, name: str) -> Structure | None:
    """The stage; None when there is none."""

    def read() -> Structure | None:
        if methods.is_new(lab, api):
            return None
        return lab.find("apigateway.get_stage", "NotFoundException", restApiId=api, stageName=name)

    return lab.once(_STAGE(api, name), read)


def fingerprint(*parts: object) -> str:
    """A digest of what a deployment is made of."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=vars).encode()).hexdigest()[:16]


def ensure(lab: Lab, api: str, name: str, descriptions: tuple[str, str], digest: str, limits: tuple[int, int]) -> None:
    """The stage with a deployment of exactly that digest.

    `descriptions`: of the stage and of the deployment; `limits`: requests a second and at once, (0, 0) for none. The
    preflight, which reaches no function, may come ten times as often.
    """
    found = find(lab, api, name)
    deployment = found["deploymentId"] if found else None
    as_deployed = found is not None and _variables(found).get(f"{VARIABLE}{deployment}") == digest
    if not as_deployed or methods.changed(lab, api):
        deployment = _deploy(lab, api, name, descriptions, found)
    else:
        lab.same(t("deployment to {}", name))
    lab.learn(_STAGE(api, name), {"deploymentId": deployment, "variables": {f"{VARIABLE}{deployment}": digest}})
    patch = _settings(found or {}, descriptions[0], limits, (f"{VARIABLE}{deployment}", digest))
    lab.in_background(lambda: _set(lab, api, name, patch))


def remove(lab: Lab, api: str, name: str, description: str) -> None:
    """The stage gone, and then what hol deployed: what the stage's variables name, and whatever bears that description
    and no other stage points to. The API that both are in is ours by its tag.

    Without the stage its variables are gone too; a deployment that is left from then is found by its description.
    """
    stages = (lab.find("apigateway.get_stages", "NotFoundException", restApiId=api) or {}).get("item", [])
    deployments = lab.pages("apigateway.get_deployments", "NotFoundException", restApiId=api, limit=500)
    stage = next((one for one in stages if one["stageName"] == name), None)
    used = {one["deploymentId"] for one in stages if one is not stage}
    known = {key.removeprefix(VARIABLE) for key in _variables(stage or {}) if key.startswith(VARIABLE)}
    if stage is not None:
        _delete(lab, api, stage)
    for one in deployments:
        if one["id"] not in used and (one["id"] in known or one.get("description") == description):
            _delete_deployment(lab, api, one["id"], t("deployment {}", one["id"]), one.get("createdDate"))


def _delete(lab: Lab, api: str, stage: Structure) -> None:
    name = stage["stageName"]
    gone, created = ("NotFoundException",), stage.get("createdDate")
    what = t("stage {}", name)
    lab.change("-", what, "apigateway.delete_stage", already=gone, created=created, restApiId=api, stageName=name)
    lab.learn(_STAGE(api, name), None)


def _delete_deployment(lab: Lab, api: str, deployment: str, what: Text, created: object = None) -> None:
    """The deployment gone, unless a stage points to it by now."""
    lab.change(
        "-",
        what,
        "apigateway.delete_deployment",
        already=("NotFoundException", "BadRequestException: Active stages"),
        created=created,
        restApiId=api,
        deploymentId=deployment,
    )


def content(stage: Structure) -> str:
    """What the stage serves: the digest of what hol deployed to it, or the id of a deployment made by hand."""
    return _variables(stage).get(f"{VARIABLE}{stage['deploymentId']}") or str(stage["deploymentId"])


def _set(lab: Lab, api: str, name: str, patch: list[dict[str, str]]) -> None:
    if patch:
        answer = lab.change(
            "~",
            t("settings of the stage {}", name),
            "apigateway.update_stage",
            why=labels(p["path"] for p in patch),
            restApiId=api,
            stageName=name,
            patchOperations=patch,
        )
        if not is_unknown(answer):
            _tidy(lab, api, name, answer)
    else:
        lab.same(t("stage {}", name))


def _tidy(lab: Lab, api: str, name: str, stage: Structure) -> None:
    """What hol deployed and this stage no longer points to is gone, unless another stage does."""
    left = [key for key in _variables(stage) if key.startswith(VARIABLE) and key != VARIABLE + stage["deploymentId"]]
    for key in left:
        former = key.removeprefix(VARIABLE)
        _delete_deployment(lab, api, former, t("former deployment {}", former))
    if left:
        lab.change(
            "~",
            t("settings of the stage {}", name),
            "apigateway.update_stage",
            already=("NotFoundException", "BadRequestException"),  # another hol was first
            restApiId=api,
            stageName=name,
            patchOperations=[{"op": "remove", "path": f"/variables/{key}"} for key in left],
        )


def _variables(stage: Structure) -> dict[str, str]:
    return stage.get("variables") or {}


def _deploy(lab: Lab, api: str, name: str, descriptions: tuple[str, str], found: Structure | None) -> str:
    why = None if found is None else t("the methods have changed since the last deployment, or it was made by hand")
    answer = lab.change(
        "+",
        t("deployment to {}", name),
        "apigateway.create_deployment",
        why=why,
        lost=lambda: _latest(lab, api, name, found),
        restApiId=api,
        stageName=name,
        stageDescription=descriptions[0],
        description=descriptions[1],
    )
    return answer["id"]  # type: ignore[no-any-return]  # UNKNOWN in a dry run


def _latest(lab: Lab, api: str, name: str, before: Structure | None) -> Structure | None:
    now = lab.find("apigateway.get_stage", "NotFoundException", restApiId=api, stageName=name)
    return {"id": now["deploymentId"]} if now and now["deploymentId"] != (before or {}).get("deploymentId") else None


def _settings(
    found: Structure, description: str, limits: tuple[int, int], variable: tuple[str, str]
) -> list[dict[str, str]]:
    patch = []
    if found and found.get("description") != description:
        patch.append({"op": "replace", "path": "/description", "value": description})
    settings = found.get("methodSettings", {})
    patch += _throttling(settings.get("*/*", {}), "/*/*", limits)
    # A throttled preflight would be a network error to the page, which could not tell the cause any more.
    preflight: Structure = next((one for method, one in settings.items() if method.endswith("/OPTIONS")), {})
    patch += _throttling(preflight, "/~1/OPTIONS", (min(limits[0] * 10, 10000), min(limits[1] * 10, 5000)))
    if is_unknown(variable) or _variables(found).get(variable[0]) != variable[1]:
        patch.append({"op": "replace", "path": f"/variables/{variable[0]}", "value": variable[1]})
    return patch


def _throttling(have: Structure, method: str, limits: tuple[int, int]) -> list[dict[str, str]]:
    if not limits[0]:
        return [{"op": "remove", "path": method}] if have else []
    wanted = (("throttlingRateLimit", "rateLimit", limits[0]), ("throttlingBurstLimit", "burstLimit", limits[1]))
    return [
        {"op": "replace", "path": f"{method}/throttling/{path}", "value": str(value)}
        for key, path, value in wanted
        if have.get(key) != value
    ]
