"""Existence is not convergence: each facet that was changed by hand, or by a new setting, is put right by `hol up`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from comparing import anonymous
from harness import STEPS, World

from hol.config import files as configuration
from hol.engine.lab import Lab
from hol.engine.step import discover
from hol.engine.unknown import UNKNOWN, is_unknown
from hol.words.errors import CheckFailed, ConfigError

MORE = '{course: "nlp-2026"}'


def _api(world: World) -> dict[str, str]:
    gateway = world.client("apigateway")
    api = gateway.get_rest_apis()["items"][0]["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    return {"restApiId": api, "resourceId": root, "httpMethod": "POST"}


def _patch(path: str, value: str) -> list[dict[str, str]]:
    return [{"op": "replace", "path": path, "value": value}]


def _trust(world: World) -> None:
    anyone = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
    iam, name = world.client("iam"), world.run().config.role.name
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)


def _authorization(world: World) -> None:
    patch = _patch("/authorizationType", "AWS_IAM")
    world.client("apigateway").update_method(**_api(world), patchOperations=patch)


def _api_key(world: World) -> None:
    world.client("apigateway").update_method(**_api(world), patchOperations=_patch("/apiKeyRequired", "true"))


def _response(world: World) -> None:
    world.client("apigateway").delete_method_response(**_api(world), statusCode="200")


def _integration(world: World) -> None:
    world.client("apigateway").delete_integration(**_api(world))


def _website(world: World) -> None:
    name = configuration.resolved(world.config(), world.account).bucket.name
    other = {"IndexDocument": {"Suffix": "other.html"}}
    world.client("s3").put_bucket_website(Bucket=name, WebsiteConfiguration=other)


def _code(world: World) -> None:
    from local_lab import zipped

    name = world.run().config.function.name
    world.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped("x = 1", "inference.py"))


def _object(world: World) -> None:
    name = configuration.resolved(world.config(), world.account).bucket.name
    world.client("s3").put_object_acl(Bucket=name, Key="index.html", ACL="private")


def _inline(world: World) -> None:
    config = world.run().config
    none = {"Effect": "Deny", "Action": "sagemaker:InvokeEndpoint", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [none]})
    world.client("iam").put_role_policy(
        RoleName=config.role.name, PolicyName=config.policy.name, PolicyDocument=document
    )


def _throttle(world: World) -> None:
    """The console's Throttle button: nothing is reserved for the function, which is not the same as no reservation."""
    world.client("lambda").put_function_concurrency(
        FunctionName=world.run().config.function.name, ReservedConcurrentExecutions=0
    )


DRIFTS = {
    "role": _trust, "policy": _inline, "function": _code, "api": _authorization, "api key": _api_key,
    "method response": _response, "integration": _integration, "bucket": _website, "public": _object,
    "throttled": _throttle,
}  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS)
def test_what_was_changed_by_hand_is_put_right(world: World, clean: str, drift: str) -> None:
    """Seen by a dry-run, told as a change, mended; then there is nothing more to do, and the lab is as it was."""
    world.up()
    DRIFTS[drift](world)
    assert anonymous(world) != clean
    foretold = [line for line in world.up(dry=True).lines if ": = " not in line]
    recorded = [line for line in world.up().lines if ": = " not in line]
    assert recorded
    assert foretold[0] == recorded[0]
    assert world.up().marks == {"="}
    assert anonymous(world) == clean
    world.check()


def test_a_function_that_may_not_run_is_named_by_every_verb(world: World) -> None:
    """By the change that mends it, by the test of it, and by the doctor; not as a call that could not be read."""
    world.up()
    _throttle(world)
    name = world.run().config.function.name
    with pytest.raises(CheckFailed) as failed:
        world.check(3)
    assert name in str(failed.value.what)
    assert "TooManyRequestsException" in str(failed.value.why)
    assert "doctor" in str(failed.value.fix)
    looks = next(step for step in STEPS if step.name == "function").facet("doctor")(Lab(world.run(dry=True), "doctor"))
    found = [one for look in looks if look.code == "HOL-D23" for one in look.find()]
    assert [(str(one.what), one.level) for one in found] == [(f"the function {name} does not run", "warning")]
    (told,) = [event for event in world.up().events if event.mark != "="]
    assert (told.mark, name in str(told.what), "never runs" in str(told.why)) == ("-", True, True)


def test_a_tag_that_is_added_later_reaches_everything_and_changes_nothing_else(world: World) -> None:
    settings = {"endpoint__ttl": "4h"}
    world.up(**settings)
    recorded = world.up(tags=MORE, **settings)
    tagged = [str(event.what) for event in recorded.events if event.mark == "~" and "tags of" in str(event.what)]
    for kind in ("role", "policy", "API", "bucket", "schedule group"):
        assert [what for what in tagged if kind in what], (kind, tagged)
    assert world.up(tags=MORE, **settings).marks == {"="}
    config = configuration.resolved(world.config(), world.account)
    iam = world.client("iam")
    assert {"Key": "course", "Value": "nlp-2026"} in iam.list_role_tags(RoleName=config.role.name)["Tags"]
    assert world.client("apigateway").get_rest_apis()["items"][0]["tags"]["course"] == "nlp-2026"


@pytest.mark.parametrize(
    "use",
    [bool, list, lambda value: value == 1, lambda value: value.a["b"]().c == "x", lambda value: 1 if value else 2],
)
def test_what_aws_has_not_answered_cannot_be_decided_on(use: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="a dry-run cannot"):
        use(UNKNOWN)


@pytest.mark.parametrize("value", [UNKNOWN, UNKNOWN["a"].b(), f"a {UNKNOWN}", {"a": [{"b": UNKNOWN}]}, (1, UNKNOWN)])
def test_what_is_made_of_it_is_known_to_be(value: object) -> None:
    assert is_unknown(value)


@pytest.mark.parametrize("value", ["", "a", None, 1, [], {}, {"a": ["b"]}, ("c",)])
def test_what_is_not_made_of_it_is_known_too(value: object) -> None:
    assert not is_unknown(value)


@pytest.mark.parametrize(
    ("tags", "complaint"),
    [
        ("[a]", "is not a list of tags"), ("{a: [b]}", "is not a list of tags"), ("{'': b}", "keys have 1 to 128 characters"),
        ("{'hol:lab': b}", "reserved"), ("{'aws:x': b}", "reserved"), ("{'AWS:x': b}", "reserved"),
    ],
)  # fmt: skip
def test_tags_that_cannot_be_are_refused(world: World, tags: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        world.config(tags=tags)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "there are no steps in"),
        ({"step01_a.py": "", "step01_b.py": ""}, "have the same number"),
        ({"step01_a.py": "NEEDS = ('z',)"}, "needs the step z, which does not exist"),
    ],
)
def test_steps_that_make_no_lab_are_refused(tmp_path, files: dict[str, str], complaint: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        discover(tmp_path)
