"""API Gateway's quotas: the local AWS enforces them exactly, and a class goes as fast as they let it, no faster."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import class_room
import pytest
from fault_proxy import Proxy
from harness import World
from ports import free_port
from sampling import FULL

from hol.cloud.clock import JumpingClock
from hol.cloud.quotas import ALL, LOOKING, QUOTAS, Line, Quotas
from hol.local.life import port, process
from hol.local.quotas import Enforcement


@dataclass
class Telling:
    """The same clock, whose waits do something."""

    clock: JumpingClock
    sleep: Callable[[float, threading.Event], None]

    def now(self) -> float:
        return self.clock.at


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_a_quota_lets_its_burst_through_and_then_one_in_each_interval(quota: object) -> None:
    operation = {
        "CreateRestApi": "create_rest_api", "DeleteRestApi": "delete_rest_api", "CreateDeployment": "create_deployment",
        "CreateResource": "create_resource", "GetResources": "get_resources", ALL.name: "get_stage",
    }[quota.name]  # fmt: skip
    clock = JumpingClock(at=0.0)
    quotas = Enforcement(lambda: clock.at)

    def allowed() -> bool:
        return quotas.allows("1", "us-east-1", f"apigateway.{operation}")

    assert [allowed() for _ in range(quota.burst + 1)] == [True] * quota.burst + [False]
    clock.at = quota.interval - 0.001
    assert not allowed()
    clock.at = quota.interval
    assert allowed()
    assert not allowed()
    assert quotas.allows("2", "us-east-1", f"apigateway.{operation}")
    assert quotas.allows("1", "eu-west-1", f"apigateway.{operation}")
    assert quotas.allows("1", "us-east-1", "lambda.create_function")


def test_a_refused_call_takes_nothing_from_the_other_quotas() -> None:
    quotas = Enforcement(lambda: 0.0)
    assert quotas.allows("1", "r", "apigateway.delete_rest_api")
    assert not any(quotas.allows("1", "r", "apigateway.delete_rest_api") for _ in range(100))
    assert sum(quotas.allows("1", "r", "apigateway.get_stage") for _ in range(100)) == ALL.burst - 1


def test_a_line_never_goes_beyond_a_quota_and_wastes_little_of_it() -> None:
    clock, stop = JumpingClock(at=0.0), threading.Event()
    pace, quotas = Quotas(), Enforcement(lambda: clock.at)
    for _ in range(30):
        pace.wait("apigateway.delete_rest_api", clock, stop)
        clock.at += 0.4  # on its way
        assert quotas.allows("1", "r", "apigateway.delete_rest_api")
        pace.answered("apigateway.delete_rest_api", clock.at)
        for _ in range(40):
            pace.wait("apigateway.get_stage", clock, stop)
            assert quotas.allows("1", "r", "apigateway.get_stage")
    assert clock.at <= 1.10 * 29 * 30
    assert pace.refusals == quotas.refusals == 0


def test_a_line_learns_from_a_refusal() -> None:
    clock, stop, pace = JumpingClock(at=0.0), threading.Event(), Quotas()
    pace.wait("apigateway.create_deployment", clock, stop)
    pace.answered("apigateway.create_deployment", clock.at, "TooManyRequestsException")
    assert pace.refusals == 1
    pace.wait("apigateway.create_deployment", clock, stop, again=True)
    assert clock.at >= 5
    before = clock.at
    pace.answered("apigateway.create_deployment", clock.at)
    pace.wait("apigateway.create_deployment", clock, stop)
    assert 5 < clock.at - before < 6


def test_the_next_scarce_call_waits_until_the_last_one_is_answered_and_not_for_ever() -> None:
    clock, stop, pace = JumpingClock(at=0.0), threading.Event(), Quotas()
    pace.wait("apigateway.create_deployment", clock, stop)
    late = threading.Event()
    waited = list[float]()

    def answer(seconds: float, stop: threading.Event) -> None:
        waited.append(seconds)
        clock.at += seconds
        if clock.at > 8 and not late.is_set():
            late.set()
            pace.answered("apigateway.create_deployment", clock.at)

    pace.wait("apigateway.create_deployment", Telling(clock, answer), stop)
    assert 13 <= clock.at < 14
    pace.wait("apigateway.create_deployment", clock, stop)  # the answer to the second never comes
    assert 70 <= clock.at - 13 < 80


def test_other_services_wait_for_nothing() -> None:
    clock, pace = JumpingClock(at=0.0), Quotas()
    for _ in range(1000):
        pace.wait("iam.get_role", clock, threading.Event())
    assert clock.waits == []


def test_whoever_is_told_to_stop_leaves_the_line() -> None:
    clock, stop, pace = JumpingClock(at=0.0), threading.Event(), Quotas()
    pace.wait("apigateway.delete_rest_api", clock, stop)
    stop.set()
    pace.wait("apigateway.delete_rest_api", clock, stop)
    assert pace.waiting() == 0
    assert clock.waits == []


def test_the_server_enforces_them_when_asked_to(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path))
    server = process.start(free_port())
    try:
        world = World(server.port, "123456789012", tmp_path)
        gateway = world.client("apigateway")
        ids = [gateway.create_rest_api(name=f"n{number}")["id"] for number in range(3)]
        port.ask(server.port, "POST", "/_hol/quotas", 10)
        gateway.delete_rest_api(restApiId=ids[0])
        gateway.meta.config.retries = {"total_max_attempts": 1}
        with pytest.raises(gateway.exceptions.TooManyRequestsException) as refused:
            _once(world).delete_rest_api(restApiId=ids[1])
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert len(gateway.get_rest_apis()["items"]) == 2
    finally:
        process.stop(server.port)


def _once(world: World):
    import boto3
    from botocore.config import Config

    return boto3.client(
        "apigateway",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{world.port}",
        aws_access_key_id=world.account,
        aws_secret_access_key="local",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("labs", [2, *([8, 30, 300] if FULL else [])])
def test_a_class_goes_as_fast_as_the_quotas_let_it(labs: int, faulty: World, front: Proxy, record_property) -> None:
    before = faulty.listing()
    with class_room.limited(front) as aws:
        one = _gateway_calls(aws, lambda: class_room.up(class_room.group(faulty, 1, aws.clock)))
        one_down = _gateway_calls(aws, lambda: class_room.down(class_room.group(faulty, 1, aws.clock)))
        aws.clock.at += 60
        front.seen.clear()
        began = aws.clock.at
        made = class_room.up(class_room.group(faulty, labs, aws.clock))
        up = aws.clock.at - began
        assert class_room.failures(made.values()) == {}
        calls = Counter(name for name in front.seen if name.startswith("apigateway."))
        refused_up = aws.enforcement.refusals
        front.seen.clear()
        began = aws.clock.at
        ended = class_room.down(class_room.group(faulty, labs, aws.clock))
        down = aws.clock.at - began
        assert class_room.failures(ended.outcomes) == {}
        calls_down = Counter(name for name in front.seen if name.startswith("apigateway."))
    said = f"{labs} attendees: up {up:.0f} s (floor {5 * labs}), down {down:.0f} s (floor {30 * labs}), "
    said += f"429: {refused_up} up, {aws.enforcement.refusals - refused_up} down, "
    said += f"API Gateway calls: {calls.total()} up ({one.total()} for one), {calls_down.total()} down ({one_down.total()} for one)"
    record_property("counted", said)
    print(said)
    assert faulty.listing() == before
    assert aws.enforcement.refusals <= labs // 15  # each was asked again: nobody's lab failed
    assert up <= 1.10 * 5 * labs
    assert down <= 1.10 * 30 * labs
    # Nobody asks whether it is his turn: what a class calls is what its labs call.
    assert {name: n for name, n in calls.items() if n > labs * one[name]} == {}
    assert {name: n for name, n in calls_down.items() if n > labs * one_down[name]} == {}


def _gateway_calls(aws: class_room.Limited, do: Callable[[], object]) -> Counter[str]:
    aws.front.seen.clear()
    do()
    return Counter(name for name in aws.front.seen if name.startswith("apigateway."))


def test_whoever_goes_before_the_others_goes_behind_those_who_did_so_earlier() -> None:
    line = Line(LOOKING, LOOKING.burst)
    entered = [line.enter(first=first) for first in (False, True, False, True)]
    assert [entered.index(one) for one in line.waiting] == [1, 3, 0, 2]
