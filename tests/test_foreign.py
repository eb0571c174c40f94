"""Nothing is changed or deleted that is not provably the lab's, whatever its name and its tags look like.

The default run makes some foreign resources, HOL_FULL=1 a thousand; each is described in full before and after.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from foreign import endpoint_of_theirs, make
from harness import STEPS, World
from sampling import FULL

from hol.config import files as configuration
from hol.operate import cleanup
from hol.words.errors import HolError

ROUNDS, EACH = (20, 50) if FULL else (3, 24)
COLLIDING = ("none", "function", "role", "bucket", "policy", "group", "api")


@pytest.mark.timeout(3600 if FULL else 120)
def test_foreign_resources_are_left_alone(
    new_world: Callable[..., World], record_property: Callable[[str, str], None]
) -> None:
    """None changed, none deleted, over `up`, `up` and `down`, with and without a collision that stops `up`."""
    made, changed, stopped = Counter[str](), [], 0
    for number in range(ROUNDS):
        world, drawn = new_world(), random.Random(number)
        foreign = list(make(world, drawn, EACH, COLLIDING[number % len(COLLIDING)]))
        made.update(one.kind for one in foreign)
        listing, before = world.listing(), [one.now() for one in foreign]
        for verb in (world.up, world.up, lambda world=world: cleanup.clean_up(world.run(), STEPS)):
            try:
                verb()
            except HolError as error:
                assert error.why and error.fix
                stopped += 1
            after = [one.now() for one in foreign]
            changed += [
                f"{one.kind} {one.name}: {old} → {new}"
                for one, old, new in zip(foreign, before, after, strict=True)
                if old != new
            ]
        assert world.listing() == listing
    record_property(
        "counted",
        f"foreign resources: {made.total()} made {dict(made)}, {len(changed)} changed or deleted; "
        f"{ROUNDS * 3} runs, {stopped} of them stopped by a namesake",
    )
    assert changed == []
    assert made.total() >= ROUNDS * EACH
    assert stopped > 0


@pytest.mark.parametrize("owner", ["", "text-classification/kim", "Text-classification"])
def test_objects_in_our_own_bucket(world: World, owner: str) -> None:
    """An object that somebody else put into the lab's bucket stays as it is, and keeps the bucket."""
    world.up()
    s3, bucket = world.client("s3"), f"text-classification-webservice-{world.account}-hol"
    metadata = {"hol-lab": owner} if owner else {}
    s3.delete_object(Bucket=bucket, Key="error.html")
    for key in ("error.html", "index.html.bak", "lib/theirs.js"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"theirs", Metadata=metadata)
    world.up()
    run = world.run()
    cleanup.clean_up(run, STEPS)
    assert [bucket in str(left.what) for left in run.left] == [True]
    kept = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert kept == {"error.html", "index.html.bak", "lib/theirs.js"}
    assert {s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in kept} == {b"theirs"}


def test_two_attendees_do_not_touch_each_other(world: World) -> None:
    """Two labs in one account, told apart by their attendee only."""
    world.up(attendee="kim", site__folder="site-kim")
    before = world.listing()
    world.up(attendee="kimm", site__folder="site-kimm")
    run = world.run(attendee="kimm", site__folder="site-kimm")
    assert cleanup.clean_up(run, STEPS) == []
    assert run.left == []
    assert world.listing() == before
    assert world.up(attendee="kim", site__folder="site-kim").marks == {"="}


def test_an_endpoint_of_our_name_keeps_nothing_of_ours(world: World) -> None:
    """Somebody else's endpoint under the lab's name stops `up`; `down` then still takes all that is ours."""
    name = configuration.resolved(world.config(), world.account).endpoint.name
    endpoint_of_theirs(world, name)
    before, described = world.listing(), world.client("sagemaker").describe_endpoint(EndpointName=name)["EndpointArn"]
    with pytest.raises(HolError):
        world.up()
    run = world.run()
    assert cleanup.clean_up(run, STEPS) == []
    assert [name in str(left.what) for left in run.left] == [True]
    assert world.listing() == before
    assert world.client("sagemaker").describe_endpoint(EndpointName=name)["EndpointArn"] == described
