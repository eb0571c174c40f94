"""What is deployed: the resources, methods and integrations as they were when CreateDeployment was called.

The emulator keeps a deployment's gateway responses but serves its live methods; AWS serves the snapshot, so that a
change is invisible until the next deployment. A deployment made some other way (an import, a CloudFormation stack)
has no snapshot of ours and is frozen when it is first asked for.
"""

from __future__ import annotations

from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home

Resources = dict[str, dict[str, object]]
_snapshots: dict[Home, dict[str, Resources]] = {}


def freeze(at: Home, deployment_id: str) -> Resources:
    """Keep the API's present resources as that deployment's; returns them."""
    return _snapshots.setdefault(at, {}).setdefault(deployment_id, emulator_gateway.resources(at))


def forget(at: Home, deployment_id: str | None = None) -> None:
    """Drop a deployment's snapshot, or all of an API."""
    if deployment_id is None:
        _snapshots.pop(at, None)
    else:
        _snapshots.get(at, {}).pop(deployment_id, None)


def deployed(at: Home, stage: str) -> Resources | None:
    """The resources by id that the stage serves: records with `path`, `resourceMethods` and `methodIntegration`.

    None when there is no such stage, or it points nowhere.
    """
    record = emulator_gateway.stages(at).get(stage)
    deployment_id = (record or {}).get("deploymentId")
    if not deployment_id or deployment_id not in emulator_gateway.deployments(at):
        return None
    return _snapshots.get(at, {}).get(deployment_id) or freeze(at, deployment_id)
