"""SageMaker endpoints that are slow, refused, failed or busy; sessions that end while one waits for them."""

from __future__ import annotations

from burst import Burst
from comparing import anonymous
from fault_proxy import Proxy, changed, error
from harness import World
from runs import Runs, as_json, refused, waits

from hol.words.errors import Exit

ENDPOINT = "blazingtext-text-classification"


def test_F21_endpoint_deleted_while_busy(faulty: World, front: Proxy) -> None:
    """DeleteEndpoint is refused while the endpoint is being made: hol waits, then deletes."""
    before = faulty.listing()
    faulty.step(0)
    busy = error(
        "ValidationException", f'Cannot update in-progress endpoint "arn:aws:sagemaker:::endpoint/{ENDPOINT}".'
    )
    rule = front.add("sagemaker.DeleteEndpoint", busy, times=3)
    run, recorded = Runs(faulty).down()
    assert rule.fired == 3
    assert "the endpoint to finish what it is doing" in waits(recorded)
    assert run.left == []
    assert faulty.listing() == before


def test_F22_no_quota_for_the_instance_type(bursting: World, burst: Burst, clean: str) -> None:
    """The account may not have such an instance: said at once with the way out; nothing stays after `down`."""
    before = bursting.listing()
    message = (
        "The account-level service limit 'ml.m5.large for endpoint usage' is 0 Instances, with current utilization of 0 "
        "Instances and a request delta of 1 Instances."
    )
    burst.add(
        bursting.account,
        "sagemaker",
        "CreateEndpoint",
        times=1,
        error={"code": "ResourceLimitExceeded", "message": message},
    )
    refused(bursting.up, Exit.PERMISSION, "quota", "ml.m5.large for endpoint usage", "--set endpoint.instance_type")
    assert bursting.listing()["endpoints"] == []
    assert Runs(bursting).down()[0].left == []
    assert bursting.listing() == before
    bursting.up()
    assert anonymous(bursting) == clean


def test_F23_endpoint_failed(faulty: World, front: Proxy, clean: str) -> None:
    """A failed endpoint says why, and the next `up` replaces it."""
    reason = "The primary container for production variant AllTraffic did not pass the ping health check."
    failed = changed(as_json(lambda found: found.update(EndpointStatus="Failed", FailureReason=reason)))
    front.add("sagemaker.DescribeEndpoint", failed, times=1, skip=2)
    refused(faulty.up, Exit.FAILED, "Failed", reason, "hol down")
    front.rules.clear()
    front.add("sagemaker.DescribeEndpoint", failed, times=1)
    recorded = faulty.up()
    assert f"endpoint: - endpoint {ENDPOINT}" in recorded.lines
    front.rules.clear()
    assert anonymous(faulty) == clean


def test_F24_session_ends_while_waiting(faulty: World, front: Proxy, clean: str) -> None:
    """The token expires in the middle of the wait: exit 4, and the same command goes on after signing in."""
    expired = error("ExpiredTokenException", "The security token included in the request is expired", 403)
    rule = front.add("sagemaker.DescribeEndpoint", expired, times=9999, skip=3)
    refused(faulty.up, Exit.CREDENTIALS, "expired", "sign in again")
    assert rule.fired == 1
    front.rules.clear()
    faulty.up()
    assert anonymous(faulty) == clean


def test_F29b_configuration_not_seen_yet(faulty: World, front: Proxy, clean: str) -> None:
    """CreateEndpoint does not find the configuration that was just made, once."""
    late = error(
        "ValidationException", 'Could not find endpoint configuration "arn:aws:sagemaker:::endpoint-config/x".'
    )
    rule = front.add("sagemaker.CreateEndpoint", late)
    recorded = faulty.up()
    assert rule.fired == 1
    assert "AWS to see what was just created" in waits(recorded)
    assert anonymous(faulty) == clean
