"""Two commands for the same lab at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from comparing import anonymous
from fault_proxy import Action, Proxy, before, error, said
from harness import STEPS, World
from sampling import some

from hol.operate import cleanup
from hol.words.errors import HolError


def _at_once(*commands: Callable[[], object]) -> list[Exception]:
    """Run the commands side by side; returns what they raised."""
    raised: list[Exception] = []
    start = threading.Barrier(len(commands))

    def one(command: Callable[[], object]) -> None:
        start.wait()
        try:
            command()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=one, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("turn", some(range(3), 3))
def test_two_ups_end_with_one_lab(
    new_world: Callable[..., World], tmp_path_factory: pytest.TempPathFactory, clean: str, turn: int
) -> None:
    """Two `hol up`, each in a folder of its own: both end well, the lab is one and works."""
    one = new_world()
    other = World(one.port, one.account, tmp_path_factory.mktemp("second"))
    assert _at_once(one.up, other.up) == []
    assert len(one.listing()["apis"]) == 1
    one.check()
    assert anonymous(one) == clean
    for world in (one, other):  # two deployments: the one that is live may have to be deployed, or fetched, once more
        made = [line for line in world.up().lines if ": + " in line]
        assert made in ([], ["stage: + deployment to prod"])


def test_an_integration_that_another_up_puts_anew(
    front: Proxy, new_world: Callable[..., World], tmp_path_factory: pytest.TempPathFactory, clean: str
) -> None:
    """The responses go with the integration, and come back with the rest of the other's run."""
    world = new_world(front.url)
    other = World(world.port, world.account, tmp_path_factory.mktemp("other"))
    gateway = other.cloud().client("apigateway")

    def put_anew() -> None:
        api = gateway.get_rest_apis()["items"][0]["id"]
        at = {
            "restApiId": api,
            "resourceId": gateway.get_resources(restApiId=api)["items"][0]["id"],
            "httpMethod": "POST",
        }
        there = gateway.get_integration(**at)
        gateway.put_integration(**at, type="AWS", integrationHttpMethod="POST", uri=there["uri"])

    other.up(cors__origin="https://a.example")
    lost = front.add("apigateway.UpdateIntegrationResponse", before(put_anew))
    back = front.add("apigateway.UpdateIntegrationResponse", before(other.up))
    world.up()
    assert (lost.fired, back.fired) == (1, 1)
    assert anonymous(world) == clean
    world.check()


AT_THE_API = (
    "PutMethod", "PutMethodResponse", "PutIntegration", "PutIntegrationResponse", "UpdateMethodResponse",
    "UpdateIntegrationResponse", "PutGatewayResponse", "CreateDeployment", "UpdateStage", "GetSdk",
)  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "8"])
@pytest.mark.parametrize("operation", some(AT_THE_API, 3))
def test_an_api_that_another_up_has_replaced(
    faulty: World, front: Proxy, clean: str, operation: str, jobs: str
) -> None:
    """Of two APIs made in the same second another run keeps the other one, whatever this run has come to: it goes on there."""
    gateway = World(faulty.port, faulty.account, faulty.home).cloud().client("apigateway")

    def replace() -> None:
        mine = gateway.get_rest_apis()["items"][0]
        types = {"types": ["REGIONAL"]}
        gateway.create_rest_api(name=mine["name"], endpointConfiguration=types, tags=mine["tags"])
        gateway.delete_rest_api(restApiId=mine["id"])

    rule = front.add(f"apigateway.{operation}", before(replace))
    faulty.up(jobs=jobs)
    assert rule.fired == 1
    assert anonymous(faulty) == clean
    assert faulty.check().checks


NO_TAG_SET = error("NoSuchTagSet", "The TagSet does not exist", 404)


@pytest.mark.parametrize(
    ("read", "nothing", "about"),
    [
        ("s3.GetBucketTagging", NO_TAG_SET, "text-classification-webservice"),
        ("s3.GetBucketTagging", NO_TAG_SET, "hol-model"),
        ("logs.ListTagsForResource", said(200, b'{"tags": {}}'), "aws/lambda"),
        ("sagemaker.ListTags", said(200, b'{"Tags": []}'), "endpoint/blazingtext"),
    ],
)
def test_made_between_the_look_at_the_tags_and_the_look_at_it(
    faulty: World, front: Proxy, read: str, nothing: Action, about: str
) -> None:
    """Tags are read beside the resource, and another run may make it in between: that is no stranger's."""
    faulty.up()
    rule = front.add(read, nothing, when=lambda request: about in request.target + request.body.decode("latin-1"))
    recorded = faulty.up()
    assert (rule.fired, recorded.marks) == (1, {"="})


@pytest.mark.parametrize("turn", some(range(3), 3))
def test_up_against_down(new_world: Callable[..., World], clean: str, turn: int) -> None:
    """`up` against `down`: whatever came of it, either command then completes."""
    world = new_world()
    before = world.listing()
    if turn:
        world.up()
    raised = _at_once(world.up, lambda: cleanup.clean_up(world.run(), STEPS))
    assert all(isinstance(error, HolError) for error in raised), raised
    if turn == 1:
        world.up()
        assert anonymous(world) == clean
        world.check()
    run = world.run()
    assert cleanup.clean_up(run, STEPS) == []
    assert run.left == []
    assert world.listing() == before
