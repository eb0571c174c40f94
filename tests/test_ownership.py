"""Ownership is the tag: what bears it is found and taken down, whatever the configuration says by now."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from fault_proxy import Proxy, error, said
from harness import STEPS, Recorded, World
from sampling import some

from hol.cli.screen import receipt
from hol.cli.terminal import Ui
from hol.engine import runner
from hol.engine.events import Event
from hol.engine.run import Run
from hol.operate import cleanup
from hol.teach.grade import check as grade
from hol.words.errors import Exit
from hol.words.text import t

ENDPOINT = [step for step in STEPS if step.name == "endpoint"]
OTHER = {
    "endpoint__name": "Another-endpoint",
    "endpoint__bucket": "another-model-{account}",
    "endpoint__role": "anotherEndpointRole",
    "endpoint__switch": "another-switch",
    "role__name": "anotherRole",
    "policy__name": "another-policy",
    "function__name": "anotherFunction",
    "api__name": "another API",
    "bucket__name": "another-site-{account}",
}


def gone(world: World, **settings: str) -> Run:
    """`hol down --yes` with these settings; the run, with what it had to leave."""
    run = world.run(**settings)
    assert cleanup.clean_up(run, STEPS) == []
    return run


def refuse(front: Proxy, name: str) -> None:
    front.add(name, error("AccessDeniedException", "User: x is not authorized to perform: it", 403), times=999)


# --- B1: flags and names that have changed ---


@pytest.mark.parametrize(("create", "ttl"), some([*itertools.product(("true", "auto", "false"), ("", "4h"))], 3))
def test_the_endpoint_is_gone_after_any_order_of_flags(world: World, create: str, ttl: str) -> None:
    before = world.listing()
    world.up(ENDPOINT, target="aws", endpoint__create="true", endpoint__ttl="4h")
    run = gone(world, target="aws", endpoint__create=create, endpoint__ttl=ttl)
    assert run.left == []
    assert world.listing() == before


@pytest.mark.parametrize("only", some(["all", *OTHER], 5))
def test_a_name_that_has_changed_hides_nothing(world: World, only: str) -> None:
    before = world.listing()
    made = OTHER if only == "all" else {only: OTHER[only]}
    world.up(endpoint__ttl="4h", **made)
    assert gone(world).left == []
    assert world.listing() == before


def test_what_the_dry_run_shows_is_what_is_deleted_under_other_names_too(world: World) -> None:
    world.up(endpoint__ttl="4h", **OTHER)
    shown = world.remaining()
    assert sorted(line for line in world.down().lines) == shown
    assert any("Another-endpoint" in line for line in shown)
    assert world.remaining() == []


def test_status_names_what_the_configuration_does_not(world: World) -> None:
    world.up(endpoint__ttl="4h", **OTHER)
    run = world.run(dry=True, target="aws")
    runner.survey(run, STEPS)
    named = {event.key for event in cleanup.others(run)}
    assert {"sagemaker.endpoint Another-endpoint", "lambda.function anotherFunction", "iam.role anotherRole"} <= named
    assert world.listing()["endpoints"] == ["Another-endpoint"]


def test_an_attendee_never_takes_another_ones_down(world: World) -> None:
    world.up(attendee="kim", **OTHER)
    before = world.listing()
    for owner in ("", "ki", "kimm", "KIM".lower() + "-2"):
        assert gone(world, **({"attendee": owner} if owner else {})).left == []
    assert world.listing() == before


def test_a_copied_tag_on_what_hol_does_not_make_is_named_and_left(world: World) -> None:
    queue = world.client("sqs").create_queue(QueueName="mine", tags={"hol:lab": "text-classification"})["QueueUrl"]
    recorded = Recorded()
    run = world.run(recorded)
    cleanup.clean_up(run, STEPS)
    assert any(event.mark == "!" and "sqs" in str(event.what) for event in recorded.events)
    assert run.left == []
    assert world.client("sqs").get_queue_attributes(QueueUrl=queue)


def test_strangers_things_in_what_was_renamed_stay(world: World) -> None:
    world.up(**OTHER)
    bucket, role = f"another-site-{world.account}", "anotherRole"
    world.client("s3").put_object(Bucket=bucket, Key="theirs", Body=b"1")
    world.client("iam").put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=_allowing("s3:*"))
    run = gone(world)
    assert sorted(str(one.what) for one in run.left) == [f"bucket {bucket}", f"role {role}"]
    assert [item["Key"] for item in world.client("s3").list_objects_v2(Bucket=bucket)["Contents"]] == ["theirs"]


# --- the listing by tag: denied, late, long ---


def test_without_the_listing_by_tag_the_last_word_is_a_smaller_one(
    faulty: World, front: Proxy, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.up(ENDPOINT)
    refuse(front, "tagging.GetResources")
    run = faulty.run()
    still = cleanup.clean_up(run, STEPS)
    assert receipt.show(Ui(), receipt.lines([], still, {}), run.left, run.unseen) == Exit.DONE
    word = capsys.readouterr().err
    assert "nothing left" not in word
    assert "tag:GetResources is not allowed" in word


def test_a_listing_that_fails_is_no_proof(faulty: World, front: Proxy) -> None:
    front.add("tagging.GetResources", error("InvalidParameterException", "no"), times=99)
    run = faulty.run()
    cleanup.clean_up(run, STEPS)
    assert [str(one.what) for one in run.left] == ["could not read resourcegroupstaggingapi.get_resources"]


def test_ghosts_do_not_count(faulty: World, front: Proxy) -> None:
    """AWS lists deleted things for a while."""
    base = "arn:aws:{}:us-east-1:" + faulty.account + ":{}"
    arns = [
        base.format("sagemaker", "endpoint/ghost"), base.format("sagemaker", "endpoint-config/ghost-1"),
        base.format("sagemaker", "model/ghost-1"), base.format("lambda", "function:ghost"),
        base.format("logs", "log-group:/aws/lambda/ghost"), base.format("scheduler", "schedule-group/ghost"),
        "arn:aws:s3:::ghost-bucket-of-nobody", "arn:aws:apigateway:us-east-1::/restapis/ghost12345",
        f"arn:aws:iam::{faulty.account}:policy/service-role/AWSLambdaBasicExecutionRole-ghost",
    ]  # fmt: skip
    answer = {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []} for arn in arns], "PaginationToken": ""}
    front.add("tagging.GetResources", said(200, json.dumps(answer).encode()), times=99)
    recorded = Recorded()
    run = faulty.run(recorded)
    assert cleanup.clean_up(run, STEPS) == []
    assert run.left == []
    assert recorded.lines == []


def test_the_local_listing_filters_and_pages(world: World) -> None:
    world.up(endpoint__ttl="4h")
    client = world.client("resourcegroupstaggingapi")
    mine = [{"Key": "hol:lab", "Values": ["text-classification"]}]
    pages = client.get_paginator("get_resources").paginate(TagFilters=mine, ResourcesPerPage=2)
    found = [one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]]
    kinds = {(arn.split(":")[2], arn.split(":", 5)[5].lstrip("/").split("/")[0].split(":")[0]) for arn in found}
    assert len(found) == len(set(found)) == 11
    assert {service for service, _ in kinds} == {"sagemaker", "lambda", "logs", "s3", "apigateway", "scheduler", "iam"}
    other = [{"Key": "hol:lab", "Values": ["text-classification/kim"]}]
    assert client.get_resources(TagFilters=other)["ResourceTagMappingList"] == []
    kind = client.get_resources(TagFilters=mine, ResourceTypeFilters=["lambda:function"])["ResourceTagMappingList"]
    assert [one["ResourceARN"].split(":")[2] for one in kind] == ["lambda"]


# --- B6: no false alarm, and no half a change ---


def test_two_deployed_apis_of_ours_are_both_ours(world: World) -> None:
    before = world.listing()
    world.up()
    gateway = world.client("apigateway")
    first = gateway.get_rest_apis()["items"][0]
    twin = gateway.create_rest_api(name=first["name"], tags={"hol:lab": "text-classification"})["id"]
    root = gateway.get_resources(restApiId=twin)["items"][0]["id"]
    gateway.put_method(restApiId=twin, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=twin, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=twin, stageName="prod")
    recorded = world.up()
    assert [str(event.why) for event in recorded.events if event.mark == "!"]
    oldest = min(
        gateway.get_rest_apis()["items"], key=lambda api: (api["createdDate"], api["id"])
    )  # whole seconds: may tie
    assert oldest["id"] in recorded.outputs["invoke_url"]
    assert gone(world).left == []
    assert world.listing() == before


def test_a_role_that_has_to_stay_is_not_changed(world: World) -> None:
    world.up()
    iam, name = world.client("iam"), world.run().config.role.name
    iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=_allowing("s3:*"))
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_instance_profile(InstanceProfileName="theirs")
    iam.add_role_to_instance_profile(InstanceProfileName="theirs", RoleName=name)
    before = _role(world, name)
    run = gone(world)
    assert [str(one.what) for one in run.left] == [f"role {name}"]
    assert _role(world, name) == before


def _role(world: World, name: str) -> list[Any]:
    iam = world.client("iam")
    return [
        iam.list_role_policies(RoleName=name)["PolicyNames"],
        iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
        [one["InstanceProfileName"] for one in iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"]],
    ]


def _allowing(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


# --- B5: the receipt, and what events are known by ---


def test_a_site_folder_that_still_stands_is_left(world: World) -> None:
    world.up()
    page = world.home / "site" / "index.html"
    page.write_text("mine")
    run = gone(world)
    assert [str(one.what) for one in run.left] == ["site folder site"]
    assert page.read_text() == "mine"
    page.unlink()
    assert gone(world).left == []
    assert not (world.home / "site").exists()


def test_files_that_hol_did_not_write_stay_and_are_said(world: World) -> None:
    world.up()
    (world.home / "site" / "notes.txt").write_text("mine")
    recorded = Recorded()
    cleanup.clean_up(world.run(recorded), STEPS)
    assert "sdk: - hol's files in the site folder site" in recorded.lines
    assert [path.name for path in (world.home / "site").iterdir()] == ["notes.txt"]


def test_events_are_known_by_a_key_whatever_the_words(world: World) -> None:
    deletes = [event for event in (world.up(), world.down())[1].events if event.mark == "-"]
    keys = [event.key for event in deletes]
    assert len(set(keys)) == len(keys) > 15
    assert "iam.role myTextClassificationLambdaRole-hol" in keys
    one, other = (Event("s", "-", t(words), key="iam.role r") for words in ("role r", "역할 r"))
    listed = receipt.lines([one], [other], {})
    assert [(line.key, line.absent) for line in listed] == [("iam.role r", False)]


def test_what_a_stranger_has_put_into_our_api_is_named_before_anybody_is_asked(faulty: World, front: Proxy) -> None:
    """In the plan and nowhere else: the reads are made for who is shown it, and a lab without strangers says nothing."""
    faulty.up()
    assert not [said for said in _told(faulty).events if said.mark == "!"]
    gateway = faulty.client("apigateway")
    api = gateway.get_rest_apis()["items"][0]["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    made = gateway.create_resource(restApiId=api, parentId=root, pathPart="theirs")["id"]
    for resource, verb in ((made, "GET"), (root, "DELETE")):
        gateway.put_method(restApiId=api, resourceId=resource, httpMethod=verb, authorizationType="NONE")
    deployment = gateway.get_deployments(restApiId=api)["items"][0]["id"]
    gateway.create_stage(restApiId=api, stageName="their-stage", deploymentId=deployment)
    (said,) = [said for said in _told(faulty).events if said.mark == "!"]
    for name in ("stage their-stage", "resource /theirs", "method DELETE on /"):
        assert name in str(said.why)
    assert "POST" not in str(said.why)
    front.seen.clear()
    faulty.down()
    assert not {"apigateway.GetStages", "apigateway.GetResources"} & set(front.seen)


def test_a_strangers_version_and_alias_of_our_function_are_named_too(faulty: World, front: Proxy) -> None:
    faulty.up()
    functions, name = faulty.client("lambda"), faulty.run().config.function.name
    version = functions.publish_version(FunctionName=name)["Version"]
    functions.create_alias(FunctionName=name, Name="theirs", FunctionVersion=version)
    (said,) = [said for said in _told(faulty).events if said.mark == "!"]
    assert str(said.why).endswith(f"goes with it: version {version}, alias theirs")
    front.seen.clear()
    faulty.down()
    assert not {"lambda.ListVersionsByFunction", "lambda.ListAliases"} & set(front.seen)


def _told(world: World) -> Recorded:
    """What `hol down` shows before it asks."""
    recorded = Recorded()
    cleanup.remaining(world.run(), STEPS, recorded.all.append)
    return recorded


def test_the_question_counts_every_object(world: World) -> None:
    world.up()
    s3 = world.client("s3")
    objects = [s3.list_objects_v2(Bucket=name)["KeyCount"] for name in world.listing()["buckets"]]
    obsolete = [event for event in cleanup.remaining(world.run(), STEPS) if event.key.startswith("s3.objects")]
    assert sum(event.things for event in obsolete) == sum(objects) > len(obsolete)


def test_the_batches_of_a_large_bucket_are_not_one_line() -> None:
    first, second = (Event("s", "-", t("1000 objects of b"), key=f"s3.objects b/{number}") for number in (0, 1))
    assert len(receipt.lines([first, second], [], {})) == 2


# --- C3: a stranger's API of the same name ---


def test_check_looks_at_the_tagged_one_and_mentions_a_strangers_once(world: World) -> None:
    gateway = world.client("apigateway")
    name = world.run().config.api.name
    theirs = gateway.create_rest_api(name=name)["id"]  # earlier than ours, and wrong in every way
    world.up()
    recorded = Recorded()
    step = next(step for step in STEPS if step.name == "api")
    run = grade.lenient(world.run(recorded))
    assert [finding for finding in grade.findings(run, step) if not finding.right] == []
    assert len([event for event in recorded.events if theirs in str(event.why)]) == 1
    runner.check(run, STEPS)


def test_check_takes_the_only_namesake_and_says_which_of_several(world: World) -> None:
    gateway = world.client("apigateway")
    step = next(step for step in STEPS if step.name == "api")
    first = gateway.create_rest_api(name=world.run().config.api.name)["id"]
    found = grade.findings(grade.lenient(world.run()), step)
    assert found[0].right
    assert "twins" not in [finding.facet for finding in found]
    gateway.create_rest_api(name=world.run().config.api.name)
    listed = gateway.get_rest_apis()["items"]
    first = min(listed, key=lambda api: (api["createdDate"], api["id"]))["id"]  # dates have whole seconds
    twins = [one for one in grade.findings(grade.lenient(world.run()), step) if one.facet == "twins"]
    assert str(twins[0].wrong) == f"there are 2 of that name; looked at is {first}"
