"""S3 as it is on AWS: names that are taken, buckets that are not there yet, ACLs that are not allowed, leftovers."""

from __future__ import annotations

from typing import Any

import pytest
from burst import Burst
from comparing import anonymous
from fault_proxy import Proxy, error, said
from harness import STEPS, World
from runs import Runs, refused, waits

from hol.engine import runner
from hol.words.errors import Exit

SITE = [step for step in STEPS if step.name == "bucket"]


def _bucket(world: World) -> str:
    return f"text-classification-webservice-{world.account}-hol"


def test_F14_own_bucket_without_our_tag(faulty: World, front: Proxy) -> None:
    """us-east-1 answers 200 to a second CreateBucket and resets the ACL: hol looks first, and refuses."""
    s3, name = faulty.client("s3"), _bucket(faulty)
    s3.create_bucket(Bucket=name)
    before = s3.get_bucket_acl(Bucket=name)["Grants"]
    refused(lambda: faulty.step(8), Exit.FAILED, name, "not this lab's", "hol:lab")
    assert not [seen for seen in front.seen if seen.startswith(("s3.Put", "s3.Create", "s3.Delete"))]
    assert s3.get_bucket_acl(Bucket=name)["Grants"] == before
    assert Runs(faulty).down()[0].left
    assert faulty.listing()["buckets"] == [name]


def test_F15_bucket_of_another_account(faulty: World, other_world: World, front: Proxy) -> None:
    """The name is taken by a stranger, here by a real one: no call but looks."""
    name = _bucket(faulty)
    other_world.client("s3").create_bucket(Bucket=name)
    refused(
        lambda: faulty.step(8), Exit.FAILED, f"the bucket name {name} is taken", "another account", "--set bucket.name"
    )
    assert [seen for seen in front.seen if not seen.startswith(("sts.Get", "s3.Head", "s3.Get", "s3.List"))] == []
    assert other_world.listing()["buckets"] == [name]


def test_F16_bucket_not_there_yet(bursting: World, burst: Burst, burst_front: Proxy) -> None:
    """A bucket that was just made is not found twice."""
    gone = {"code": "NoSuchBucket", "status": 404, "message": "The specified bucket does not exist"}
    burst.add(bursting.account, "s3", "PutPublicAccessBlock", times=2, error=gone)
    recorded = bursting.step(8)
    assert burst_front.seen.count("s3.PutPublicAccessBlock") == 3
    assert "AWS to see what was just created" in waits(recorded)
    assert bursting.step(8).marks == {"="}


def test_F17_acls_not_supported_yet(faulty: World, front: Proxy, clean: str) -> None:
    """Right after the change of object ownership ACLs are refused; two objects wait for it."""
    not_yet = error("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
    rule = front.add("s3.PutObjectAcl", not_yet, times=2)
    recorded = faulty.up()
    assert rule.fired == 2
    assert "the bucket's new access settings to take effect" in waits(recorded)
    assert anonymous(faulty) == clean


def test_F17_account_blocks_public_access(faulty: World, front: Proxy) -> None:
    """The account's own Block Public Access does not go away by waiting: it is named, and nobody changes it."""
    message = (
        "User: arn:aws:iam::111122223333:root is not authorized to perform: s3:PutObjectAcl on resource: "
        '"arn:aws:s3:::b/index.html" because public access control lists (ACLs) are blocked by the BlockPublicAcls '
        "block public access setting."
    )
    front.add("s3.PutObjectAcl", error("AccessDenied", message, 403), times=9999)
    refused(faulty.up, Exit.PERMISSION, "Block Public Access", "account's owner")
    assert not [seen for seen in front.seen if "AccountPublicAccess" in seen]
    front.rules.clear()
    faulty.up()
    faulty.check(10)


def test_F18_deletion_that_answers_200_with_errors(faulty: World, front: Proxy) -> None:
    """DeleteObjects says 200 and lists what it did not delete: that is a failure, and a second `down` completes."""
    before = faulty.listing()
    faulty.up()
    errors = (
        b'<?xml version="1.0"?><DeleteResult><Error><Key>index.html</Key><Code>InternalError</Code>'
        b"<Message>We encountered an internal error. Please try again.</Message></Error></DeleteResult>"
    )
    ours = _bucket(faulty).encode()
    front.add("s3.DeleteObjects", said(200, errors, "application/xml"), times=99, when=_about(ours))
    run, _ = Runs(faulty).down()
    assert any("index.html" in str(left.why) or "index.html" in str(left.what) for left in run.left)
    assert faulty.listing()["buckets"] == [_bucket(faulty)]
    front.rules.clear()
    assert Runs(faulty).down()[0].left == []
    assert faulty.listing() == before


def _about(name: bytes) -> Any:
    return lambda request: name in request.target.encode()


def test_F19_versions_and_delete_markers(faulty: World, front: Proxy) -> None:
    """A versioned bucket of ours with 1,001 things in it is emptied, in two calls, and goes."""
    before = faulty.listing()
    faulty.up()
    s3, name = faulty.client("s3"), _bucket(faulty)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    there = len(s3.list_objects_v2(Bucket=name)["Contents"])
    for start in range(0, 1001 - there, 500):
        keys = [{"Key": f"gone/{n}"} for n in range(start, min(start + 500, 1001 - there))]
        s3.delete_objects(Bucket=name, Delete={"Objects": keys})
    front.seen.clear()
    run, _ = Runs(faulty).down()
    assert run.left == []
    assert faulty.listing() == before
    assert front.seen.count("s3.DeleteObjects") == 3  # two for this bucket, one for the model's


def test_F19_somebody_elses_object_keeps_the_bucket(world: World) -> None:
    """An object that hol did not upload is left, with the bucket around it, and named."""
    world.up()
    s3, name = world.client("s3"), _bucket(world)
    s3.put_object(Bucket=name, Key="thesis.txt", Body=b"mine")
    run, _ = Runs(world).down()
    assert ["thesis.txt" in str(left.why) for left in run.left] == [True]
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=name)["Contents"]] == ["thesis.txt"]


def test_F20_bucket_name_still_busy(bursting: World, burst: Burst, burst_front: Proxy) -> None:
    """A name that was just given back is busy for a while."""
    message = "A conflicting conditional operation is currently in progress against this resource. Please try again."
    busy = {"code": "OperationAborted", "status": 409, "message": message}
    burst.add(bursting.account, "s3", "CreateBucket", times=3, error=busy)
    recorded = bursting.step(8)
    assert burst_front.seen.count("s3.CreateBucket") == 4
    assert "S3 to finish with the bucket's name" in waits(recorded)
    assert bursting.listing()["buckets"] == [_bucket(bursting)]


@pytest.mark.parametrize("word", ["bucket", "upload"])
def test_F29c_stopped_between_two_calls_of_the_site(faulty: World, front: Proxy, clean: str, word: str) -> None:
    """A run that dies between CreateBucket and its facets, or between two uploads, is completed by the next."""
    calls = {"bucket": "s3.PutBucketOwnershipControls", "upload": "s3.PutObject"}
    expired = error("ExpiredToken", "The provided token has expired.", 400)
    rule = front.add(calls[word], expired, times=9999, skip=int(word == "upload"))
    refused(faulty.up, Exit.CREDENTIALS, "expired")
    assert rule.fired
    front.rules.clear()
    runner.up(faulty.run(), STEPS)
    assert anonymous(faulty) == clean
