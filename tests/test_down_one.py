"""`hol down N` takes back what step N alone did, proved ours and proved gone; `hol step N` makes it again, and only it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from comparing import anonymous
from fault_proxy import Proxy
from harness import STEPS, Recorded, World
from killed import PHASES, killed_at, moments
from sampling import FULL, some
from terminals import Terminal

from hol.cloud import actions
from hol.engine import runner
from hol.engine.step import Step, resting_on
from hol.operate import cleanup
from hol.words.errors import HolError, PrerequisiteError

# What of later steps lies inside what step N made, and goes with it. A function cannot follow a role made anew.
INSIDE = {
    "role": {"policy", "function"},
    "function": {"api"},
    "api": {"cors", "stage", "sdk", "upload", "public"},
    "bucket": {"upload", "public"},
    "upload": {"public"},
}
every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


def not_in_place(world: World) -> set[str]:
    """The steps that `hol status` does not call in place."""
    recorded = Recorded()
    errors = runner.survey(world.run(recorded, dry=True), STEPS)
    named = {step.name for step in STEPS if step.number in errors}
    return named | {event.step for event in recorded.events if event.mark in "+~-"}


def resting(step: Step) -> set[str]:
    return {one.name for one in resting_on(STEPS, step)}


# --- for every N ---


@pytest.mark.parametrize("step", some(STEPS, 4), ids=lambda step: step.name)
def test_up_down_n_and_step_n(world: World, clean: str, step: Step) -> None:
    world.up()
    dry = world.undoable(step.number)
    recorded = world.undo(step.number)
    assert recorded.marks - {"!"} == {"-"}
    assert sorted(line for line in recorded.lines if ": - " in line) == dry
    assert {event.step for event in recorded.events} == {step.name}
    differing = not_in_place(world)
    assert step.name in differing
    assert differing <= {step.name, *resting(step)}
    assert world.undo(step.number).lines == []
    assert world.undoable(step.number) == []
    again = world.step(step.number)
    assert {event.step for event in again.events} == {step.name}
    assert not_in_place(world) <= INSIDE.get(step.name, set())
    world.up()
    assert anonymous(world) == clean
    assert world.check().checks


@every_step
def test_on_nothing_it_is_quiet(world: World, step: Step) -> None:
    assert world.undo(step.number).lines == []
    assert world.undo(step.number, with_later=True).lines == []


@every_step
def test_its_calls_are_covered_by_its_permissions(world: World, step: Step) -> None:
    world.up(endpoint__ttl="4h")
    run = world.run(endpoint__ttl="4h")
    cleanup.undo(run, [step])
    assert run.transcript or step.name == "sdk"
    needed = {action for call in run.transcript for action in actions.needed(call)}
    assert needed <= set(step.module.PERMISSIONS)


# --- in any order ---


def test_one_by_one_from_the_last_leaves_the_account_as_before(world: World) -> None:
    before = world.listing()
    world.up()
    for step in reversed(STEPS):
        run = world.run()
        assert cleanup.clean_up(run, [step], cleanup.undo) == []
        assert run.left == []
        assert step.name in not_in_place(world)
        assert {one.name for one in STEPS if one.number < step.number}.isdisjoint(not_in_place(world))
    assert world.listing() == before
    assert not list(world.home.iterdir())


@pytest.mark.parametrize("seed", some(range(12), 12))
def test_in_any_order_with_later(world: World, seed: int) -> None:
    order = random.Random(seed).sample(STEPS, len(STEPS))
    before = world.listing()
    world.up()
    for step in order:
        world.undo(step.number, with_later=True)
        assert {step.name, *resting(step)} <= not_in_place(world)
    assert world.listing() == before
    assert not list(world.home.iterdir())


def test_the_latest_goes_first(world: World) -> None:
    world.up()
    recorded = world.undo(8, with_later=True)
    steps = list(dict.fromkeys(event.step for event in recorded.events))
    assert steps == ["public", "upload", "bucket"]


# --- what each takes back, and what it leaves ---


def _gateway(world: World) -> tuple[Any, str, str]:
    gateway = world.client("apigateway")
    api = gateway.get_rest_apis()["items"][0]["id"]
    return gateway, api, gateway.get_resources(restApiId=api)["items"][0]["id"]


def test_cors_off_is_the_api_as_step_4_made_it(world: World, other_world: World) -> None:
    world.up()
    world.undo(5)
    runner.up(other_world.run(), STEPS[:5])
    resources = []
    for one in (world, other_world):
        gateway, api, _ = _gateway(one)
        text = json.dumps(gateway.get_resources(restApiId=api, embed=["methods"])["items"])
        resources.append(text.replace(one.account, "ACCOUNT").replace(_gateway(one)[2], "ROOT"))
        customised = [r for r in gateway.get_gateway_responses(restApiId=api)["items"] if not r["defaultResponse"]]
        assert customised == []
    assert resources[0] == resources[1]


def test_without_cors_what_is_live_stays_and_the_stage_differs(world: World) -> None:
    world.up()
    world.undo(5)
    assert world.check(6).checks
    assert "stage" in not_in_place(world)
    with pytest.raises(PrerequisiteError) as raised:
        world.step(6)
    assert str(raised.value.fix) == "run first: hol step 5"
    world.up()
    assert not_in_place(world) == set()
    assert len(_gateway(world)[0].get_deployments(restApiId=_gateway(world)[1])["items"]) == 1


def test_a_stage_made_anew_is_never_without_what_its_fingerprint_says(world: World) -> None:
    """Deployed without CORS it would carry the digest of an API with CORS, and never be deployed again."""
    world.up()
    world.undo(6)
    world.undo(5)
    with pytest.raises(PrerequisiteError):
        world.step(6)
    world.step(5)
    world.step(6)
    assert world.check(5).checks


def test_deployments_of_the_stage_go_and_others_stay(world: World) -> None:
    world.up()
    gateway, api, _ = _gateway(world)
    own = gateway.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    theirs = gateway.create_deployment(restApiId=api, stageName="prod", description="by hand")["id"]
    kept = gateway.create_deployment(restApiId=api, stageName="other", description="by hand")["id"]
    assert [line for line in world.undo(6).lines if own in line]
    assert {one["id"] for one in gateway.get_deployments(restApiId=api)["items"]} == {theirs, kept}
    assert [one["stageName"] for one in gateway.get_stages(restApiId=api)["item"]] == ["other"]
    world.step(6)
    assert world.check(6).checks
    assert world.step(7).marks == {"="}  # what the stage serves is the same


def test_a_deployment_that_another_stage_serves_stays(world: World) -> None:
    world.up()
    gateway, api, _ = _gateway(world)
    own = gateway.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    gateway.create_stage(restApiId=api, stageName="other", deploymentId=own)
    world.undo(6)
    assert [one["id"] for one in gateway.get_deployments(restApiId=api)["items"]] == [own]
    assert world.undo(6).lines == []


def test_the_invoke_permission_goes_with_the_api(world: World) -> None:
    world.up()
    world.undo(4)
    name = world.run().config.function.name
    with pytest.raises(world.client("lambda").exceptions.ResourceNotFoundException):
        world.client("lambda").get_policy(FunctionName=name)


@pytest.mark.parametrize("number", [9, 10])
def test_objects_of_others_are_left_alone(world: World, number: int) -> None:
    world.up()
    s3, bucket = world.client("s3"), world.run().config.bucket.name
    s3.put_object(Bucket=bucket, Key="theirs.html", Body=b"theirs", ACL="public-read")
    before = _grants(world, "theirs.html")
    world.undo(number)
    assert _grants(world, "theirs.html") == before
    listed = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    public = [key for key in listed if _grants(world, key) > 1]
    assert (listed if number == 9 else public) == ["theirs.html"]


def _grants(world: World, key: str) -> int:
    s3, bucket = world.client("s3"), world.run().config.bucket.name
    return len(s3.get_object_acl(Bucket=bucket, Key=key)["Grants"])


def test_versions_go_as_well(world: World) -> None:
    world.up()
    s3, bucket = world.client("s3"), world.run().config.bucket.name
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    (world.home / "site" / "index.html").write_text("edited")
    world.step(9)
    world.undo(9)
    found = s3.list_object_versions(Bucket=bucket)
    assert (found.get("Versions", []), found.get("DeleteMarkers", [])) == ([], [])


def test_only_the_policy_goes_from_a_role_with_others(world: World) -> None:
    world.up()
    iam, name = world.client("iam"), world.run().config.role.name
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=document)
    world.undo(2)
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["theirs"]


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
NAMESAKES: dict[int, Callable[[World, Any], object]] = {
    1: lambda world, config: world.client("iam").create_role(RoleName=config.role.name, AssumeRolePolicyDocument=TRUST),
    8: lambda world, config: world.client("s3").create_bucket(Bucket=config.bucket.name),
}


@pytest.mark.parametrize("number", [1, 2, 8, 9, 10])
def test_a_namesake_is_left_alone_and_said_so(world: World, number: int) -> None:
    config = world.run().config
    NAMESAKES[1 if number <= 2 else 8](world, config)
    before = world.listing()
    run = world.run()
    cleanup.clean_up(run, [STEPS[number]], cleanup.undo)
    assert [str(one.what) for one in run.left]
    assert world.listing() == before


def test_an_api_of_others_is_no_ones_business(world: World) -> None:
    world.client("apigateway").create_rest_api(name=world.run().config.api.name)
    before = world.listing()
    for number in (4, 5, 6):
        assert world.undo(number).lines == []
    assert world.listing() == before


def test_what_a_lost_answer_left_goes_as_well(faulty: World, front: Proxy) -> None:
    """The stage is deleted, and the process dies before its deployment is: the next one finds it."""
    faulty.up()
    whole = World(faulty.port, faulty.account, faulty.home)
    gateway, api, _ = _gateway(whole)
    gateway.delete_stage(restApiId=api, stageName="prod")
    assert [line.split()[1:3] for line in whole.undo(6).lines] == [["-", "deployment"]]
    assert gateway.get_deployments(restApiId=api)["items"] == []


# --- killed at any moment ---

KILLED = [
    (f"down {step.number}{later}", part)
    for step in STEPS
    for later in (("", " --with-later") if FULL and resting(step) else ("",))
    for part in range(3 if FULL else 1)
]


@pytest.mark.timeout(7200 if FULL else 120)
@pytest.mark.parametrize(("verb", "part"), KILLED)
def test_killed_at_any_request(
    verb: str,
    part: int,
    front: Proxy,
    new_world: Callable[..., World],
    clean: str,
    record_property: Callable[[str, str], None],
) -> None:
    """Run again it completes: nothing of the step is left, and `up` makes the lab as an undisturbed one does."""
    whole = killed_at(front, _up(new_world(front.url)), verb, number=10**9, jobs="1")
    assert not whole.killed
    calls, tried, failed = list(front.seen), 0, []
    boundaries = list(_boundaries(calls, part))
    for number, phase in boundaries:
        world = _up(new_world(front.url))
        tried += killed_at(front, world, verb, number, phase, jobs="1").killed
        if complaint := _complaint(verb, World(world.port, world.account, world.home), clean):
            failed.append(f"{number} {calls[number - 1]}, {PHASES[phase]}: {complaint}")
    record_property(
        "counted", f"killed {verb}, part {part}: {len(calls)} requests, {tried} kills, {len(failed)} failed"
    )
    assert failed == []
    assert tried or not boundaries


def _up(world: World) -> World:
    World(world.port, world.account, world.home).up()
    return world


def _boundaries(calls: list[str], part: int) -> Iterator[tuple[int, int]]:
    """(number of the request, phase) of each kill: in the default run one, right after a write's effect."""
    if FULL:
        yield from moments(calls)[part::3]
        return
    writes = [n for n, name in enumerate(calls, 1) if name.split(".")[1].startswith(("Delete", "Put", "Update"))]
    yield (writes[len(writes) // 2] if writes else len(calls), 1)


def _complaint(verb: str, world: World, clean: str) -> str:
    """What is wrong after the same command was run again; "" when nothing is."""
    number, later = int(verb.split()[1]), verb.endswith("--with-later")
    try:
        run = world.run()
        still = cleanup.clean_up(run, _steps(number, later), cleanup.undo)
        if still or run.left:
            return f"left: {[str(event.what) for event in still]} {run.left}"
        world.up()
        return "" if anonymous(world) == clean else "it differs from an undisturbed run"
    except HolError as error:
        return repr(error)


def _steps(number: int, later: bool) -> list[Step]:
    return [STEPS[number], *(resting_on(STEPS, STEPS[number]) if later else ())]


# --- on the command line ---


@pytest.fixture
def made(terminal: Terminal) -> Terminal:
    assert terminal.hol("up", "--no-check").returncode == 0
    return terminal


def test_it_shows_names_what_rests_on_it_deletes_and_proves(made: Terminal) -> None:
    dry = made.hol("down", "5", "--dry-run")
    assert dry.returncode == 0
    assert "- method OPTIONS" in dry.stdout
    assert "still stand" in dry.stdout
    assert "6 · Deployment and stage, 7 · " in dry.stdout
    assert f"hol down 5 --with-later --set local.port={made.port}" in dry.stdout + dry.stderr
    asked = made.hol("down", "5")
    assert (asked.returncode, "there is no terminal to ask on" in asked.stderr) == (2, True)
    done = made.hol("down", "5", "--yes")
    assert done.returncode == 0
    assert "7 deleted and verified absent, nothing left behind" in done.stdout
    status = made.hol("status")
    assert status.returncode == 3
    assert [line[0] for line in status.stdout.splitlines() if " · " in line] == [*"=====~~====="][:11]
    again = made.hol("down", "5", "--yes")
    assert (again.returncode, again.stdout.strip()) == (0, "nothing of step 5 is here")
    assert made.hol("step", "5").returncode == 0
    assert made.hol("status").returncode == 0
    assert made.hol("down", "12").returncode == 2
    assert made.hol("down", "--with-later").returncode == 2


def test_with_later_as_json(made: Terminal) -> None:
    answer = made.hol("down", "8", "--with-later", "--yes", "--json")
    said = [json.loads(line) for line in answer.stdout.splitlines()]
    receipt = [line for line in said if line["type"] == "receipt"]
    assert all(line["verified_absent"] and line["deleted"] for line in receipt)
    assert [line["key"].split()[0] for line in receipt] == ["s3.object_acl", "s3.objects", "s3.bucket"]
    assert said[-1] == {"schema": "hol/1", "type": "end", "code": 0}


def test_the_printed_commands_do_the_same(made: Terminal) -> None:
    for words in (("down", "7", "--cli"), ("down", "6", "--cli"), ("down", "5", "--boto3")):
        program = ["bash", "-e"] if words[2] == "--cli" else [sys.executable]
        printed = made.hol(*words).stdout
        ran = subprocess.run([*program, "-c", printed], cwd=made.home, env=made.environment(), check=False, timeout=120)
        assert ran.returncode == 0
        assert f"nothing of step {words[1]} is here" in made.hol(*words[:2], "--yes").stdout


def test_the_whole_is_printed_in_an_order_that_works(made: Terminal) -> None:
    headings = [line[2:4].strip() for line in made.hol("down", "--cli").stdout.splitlines() if line.startswith("# ")]
    assert headings == [str(step.number) for step in reversed(STEPS)]


def test_what_has_to_stay_ends_with_6_and_the_same_command(made: Terminal) -> None:
    page = made.home / "site" / "index.html"
    page.write_text("edited")
    left = made.hol("down", "7", "--yes")
    assert left.returncode == 6
    assert f"then run: hol down 7 --set local.port={made.port}" in left.stdout + left.stderr
    assert page.read_text() == "edited"
