"""API Gateway as it is on AWS: lost answers and twins, quotas, conflicts, permissions and deployments that lag."""

from __future__ import annotations

import json
from typing import Any

import pytest
from burst import Burst
from comparing import anonymous
from fault_proxy import Proxy, before, changed, error, said
from harness import STEPS, World
from runs import Runs, as_json, refused, waits

from hol.cloud.session import Place
from hol.engine import runner
from hol.local.life.place import place
from hol.words.errors import CheckFailed, Exit

API = "SageMakerTextClassificationLambdaGateway"


def test_F7_answer_of_create_rest_api_lost(bursting: World, burst: Burst, burst_front: Proxy, clean: str) -> None:
    """The API was made and nobody heard: it is found by its tag, and no twin is made."""
    burst.add(bursting.account, "apigateway", "CreateRestApi", times=1, response={"abort_frac": 0.0})
    bursting.up()
    assert burst.fired("CreateRestApi")
    assert burst_front.seen.count("apigateway.CreateRestApi") == 1
    assert anonymous(bursting) == clean


def test_F8_two_deployed_apis_of_ours(world: World) -> None:
    """Two deployed APIs with our name and tag are both ours: the older one is used, which is said, and both are deleted."""
    world.up()
    twin = _twin(world)
    gateway = world.client("apigateway")
    gateway.put_method(restApiId=twin, resourceId=_root(world, twin), httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=twin, resourceId=_root(world, twin), httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=twin, stageName="prod")
    notes = [event for event in world.up().events if event.mark == "!"]
    ids = [api["id"] for api in gateway.get_rest_apis()["items"]]
    assert [one for one in ids if one in str(notes[0].why)]  # dates have whole seconds: either may be the older one
    assert Runs(world).down()[0].left == []
    assert world.listing()["apis"] == []


def test_F8_undeployed_twin_removed(world: World, clean: str) -> None:
    """A twin that was never deployed serves nobody: it is removed."""
    world.up()
    _twin(world)
    recorded = world.up()
    assert [line for line in recorded.lines if line.startswith("api: - API")]
    assert anonymous(world) == clean


def test_F8_twin_removed_by_another_run(faulty: World, front: Proxy, clean: str) -> None:
    """The twin is gone between the listing and the look at its stages: a second run was quicker."""
    faulty.up()
    twin = _twin(faulty)
    gone = before(lambda: faulty.client("apigateway").delete_rest_api(restApiId=twin))
    rule = front.add("apigateway.GetStages", gone, when=lambda request: twin in request.target)
    faulty.up()
    assert rule.fired == 1
    assert anonymous(faulty) == clean


def _twin(world: World) -> str:
    gateway = world.client("apigateway")
    tags = gateway.get_rest_apis()["items"][0]["tags"]
    return str(gateway.create_rest_api(name=API, endpointConfiguration={"types": ["REGIONAL"]}, tags=tags)["id"])


def _root(world: World, api: str) -> str:
    return str(world.client("apigateway").get_resources(restApiId=api)["items"][0]["id"])


def test_F9_deletions_one_in_thirty_seconds(faulty: World, front: Proxy) -> None:
    """DeleteRestApi is throttled for 30 seconds: hol waits them out once, and does not knock in between."""
    before = faulty.listing()
    faulty.up(STEPS[1:5])
    runs = Runs(faulty)
    slow = error("TooManyRequestsException", "Too Many Requests", 429)
    front.add("apigateway.DeleteRestApi", slow, times=99, when=runs.within(30))
    run, recorded = runs.down()
    assert "the API Gateway quota" in waits(recorded)
    assert front.seen.count("apigateway.DeleteRestApi") == 2
    assert run.left == []
    assert faulty.listing() == before


def test_F10_quota_of_apis_reached(bursting: World, burst: Burst, burst_front: Proxy, clean: str) -> None:
    """A hard quota has the status of a throttle; it is not waited out, and afterwards `up` goes on."""
    message = "Maximum number of Regional APIs has been reached."
    limit = {"code": "LimitExceededException", "status": 429, "message": message}
    burst.add(bursting.account, "apigateway", "CreateRestApi", times=1, error=limit)
    refused(bursting.up, Exit.PERMISSION, "quota", message, "Service Quotas")
    assert burst_front.seen.count("apigateway.CreateRestApi") == 1
    assert bursting.listing()["apis"] == []
    bursting.up()
    assert anonymous(bursting) == clean


def test_F11_method_there_already(faulty: World, front: Proxy, clean: str) -> None:
    """A listing that does not show the methods yet: PutMethod says 409, and all goes on."""
    faulty.up()
    hidden = changed(as_json(lambda answer: [item.pop("resourceMethods", None) for item in _items(answer)]))
    front.add("apigateway.GetResources", hidden, times=99)
    already = error("ConflictException", "Method already exists for this resource", 409)
    rule = front.add("apigateway.PutMethod", already, times=99)
    answer = error("ConflictException", "Response already exists for this resource", 409)
    front.add("apigateway.PutMethodResponse", answer, times=99)
    faulty.up()
    assert rule.fired == 2
    front.rules.clear()
    assert anonymous(faulty) == clean


def _items(answer: dict[str, Any]) -> list[dict[str, Any]]:
    items = answer.get("_embedded", {}).get("item", answer.get("item", answer.get("items", [])))
    return items if isinstance(items, list) else [items]


def test_F12_permission_not_seen_by_the_gateway_yet(faulty: World, front: Proxy) -> None:
    """API Gateway's test says "Invalid permissions" for six seconds after the permission was given."""
    runs = Runs(faulty)
    log = "Execution failed due to configuration error: Invalid permissions on Lambda function"
    failing = said(
        200, json.dumps({"status": 500, "body": '{"message": "Internal server error"}', "log": log}).encode()
    )
    rule = front.add("apigateway.TestInvokeMethod", failing, times=99, when=runs.within(6))
    run, _ = runs.up()
    runner.check(run, STEPS)
    assert rule.fired > 1


def test_F12_permission_missing_for_good(faulty: World, front: Proxy) -> None:
    """A permission that never comes is a failed check with the step to run."""
    faulty.up()
    log = "Execution failed due to configuration error: Invalid permissions on Lambda function"
    front.add("apigateway.TestInvokeMethod", said(200, json.dumps({"status": 500, "log": log}).encode()), times=99)
    with pytest.raises(CheckFailed) as raised:
        faulty.check(4)
    assert raised.value.code == Exit.CHECK_FAILED
    assert "hol step 4" in str(raised.value.fix)


class _Public(World):
    """A world whose page and API are reached through the proxy, too."""

    @property
    def place(self) -> Place:
        assert self.endpoint
        return place(int(self.endpoint.rsplit(":", 1)[1]), self.account)


def test_F13_stage_not_public_yet(faulty: World, front: Proxy) -> None:
    """The invoke URL answers 403 for ten seconds after the deployment."""
    public = _Public(faulty.port, faulty.account, faulty.home, faulty.endpoint)
    runs = Runs(public)
    missing = said(403, b'{"message":"Missing Authentication Token"}')
    rule = front.add("http.POST", missing, times=99, when=runs.within(10))
    run, _ = runs.up()
    runner.check(run, STEPS)
    assert rule.fired > 1


def test_F13_stage_never_public(faulty: World, front: Proxy) -> None:
    """A 403 that stays is a failed check which says what 403 means."""
    public = _Public(faulty.port, faulty.account, faulty.home, faulty.endpoint)
    runs = Runs(public)
    front.add("http.POST", said(403, b'{"message":"Missing Authentication Token"}'), times=9999)
    run, _ = runs.up()
    refused(lambda: runner.check(run, STEPS), Exit.CHECK_FAILED, "403", "Missing Authentication Token", "not deployed")
