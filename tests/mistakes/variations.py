"""What is otherwise than in the guide, and right: nothing is said against it. Each is made in a lab that is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handmade import CODE, HEADERS, Hands, ask, trust

from mistakes import function as functions
from mistakes.api import forbid, header, permit
from mistakes.function import _again as function_again
from mistakes.made import ENDPOINT, code, configure, guides, integrate, settle, stage, statement, then
from mistakes.role import EVERY, bounded, inline, managed, trusting, unasking, unlogged
from mistakes.site import policy, rule, unpublish

ASKS = ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"]


@dataclass(frozen=True)
class Variation:
    """One other way; `other` are the keys of what is then said to be other than in the guide, and to work."""

    name: str
    make: Callable[[Hands], object]
    other: tuple[str, ...] = ()


def _by_policy(hands: Hands) -> None:
    """ACLs disabled, as new buckets have them, and a bucket policy."""
    unpublish(hands)
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    hands.s3.put_bucket_ownership_controls(Bucket=hands.config.bucket.name, OwnershipControls=controls)
    policy(rule("Allow"))(hands)


def _owned(ownership: str) -> Callable[[Hands], object]:
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    return lambda hands: hands.s3.put_bucket_ownership_controls(
        Bucket=hands.config.bucket.name, OwnershipControls=controls
    )


def _versioned(hands: Hands) -> None:
    hands.s3.put_bucket_versioning(Bucket=hands.config.bucket.name, VersioningConfiguration={"Status": "Enabled"})
    hands.upload()
    hands.publish()


def _own_file(hands: Hands) -> None:
    (hands.folder() / "about.html").write_text("<p>me</p>", encoding="utf-8")
    hands.upload()
    hands.publish()


def _in_the_root(hands: Hands) -> None:
    """The role made in the IAM console: its path is /."""
    name = hands.config.role.name
    unlogged(hands)
    unasking(hands)
    hands.iam.delete_role(RoleName=name)
    hands.iam.create_role(RoleName=name, Path="/", AssumeRolePolicyDocument=trust())
    managed("AWSLambdaBasicExecutionRole-0a1b", statement("Allow", "logs:*", "*"))(hands)
    hands.policy()
    configure(Role=f"arn:aws:iam::{hands.world.account}:role/{name}")(hands)


def _two_services(hands: Hands) -> None:
    both: dict[str, Any] = json.loads(trust())
    both["Statement"][0]["Principal"]["Service"] = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    trusting(json.dumps(both))(hands)


def _another_method(hands: Hands) -> None:
    hands.method(verb="GET")
    hands.gateway.put_method_response(**hands.at("POST"), statusCode="400")
    hands.gateway.put_gateway_response(restApiId=hands.api, responseType="DEFAULT_4XX", responseParameters={})
    hands.deploy()


def _hols_code(hands: Hands) -> None:
    functions._hols(ENDPOINT_NAME=ENDPOINT)(hands)


def _another_file(hands: Hands) -> None:
    code(guides().replace("lambda_handler", "classify"), "reviews.py")(hands)
    configure(Handler="reviews.classify")(hands)


def _site_as_origin(hands: Hands) -> None:
    site = hands.world.cloud().website_url(hands.config.bucket.name)
    header("Origin", f"'{site}'")(hands)
    header("Origin", f"'{site}'", "POST")(hands)


VARIATIONS = (
    Variation("headers: *", header("Headers", "'*'")),
    Variation("methods: *", header("Methods", "'*'")),
    Variation("only Content-Type among the headers", header("Headers", "'Content-Type'")),
    Variation("methods with blanks, and more of them", header("Methods", "'OPTIONS, GET, POST'")),
    Variation("headers in small letters", header("Headers", HEADERS.lower())),
    Variation("the site's own origin", _site_as_origin),
    Variation("a policy of another name", then(unasking, inline("ask-the-model", statement("Allow", ASKS, EVERY))), ("policy.missing",)),
    Variation("a customer managed policy", then(unasking, managed("AskTheModel", statement("Allow", ASKS, EVERY))), ("policy.missing",)),
    Variation("everything of SageMaker allowed", lambda h: h.policy(document=ask("sagemaker:*", resource="*"))),
    Variation("two statements, one an action", lambda h: inline(h.config.policy.name, *(statement("Allow", one, EVERY) for one in ASKS))(h)),
    Variation("other denials", managed("NoDeletion", statement("Deny", ["s3:Delete*", "sagemaker:Delete*"], "*"))),
    Variation("denied outside this region", managed("OnlyHere", statement("Deny", "*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}))),
    Variation("a boundary that allows it", bounded("Class", statement("Allow", ["logs:*", "sagemaker:*"], "*"))),
    Variation("a role in the path /", _in_the_root),
    Variation("trusts Lambda@Edge as well", _two_services),
    Variation("a longer timeout", configure(Timeout=25), ("function.timeout",)),
    Variation("a timeout of ten minutes", configure(Timeout=600), ("function.timeout",)),
    Variation("more memory", configure(MemorySize=512)),
    Variation("Python 3.12", configure(Runtime="python3.12"), ("function.runtime",)),
    Variation("arm64", lambda h: function_again(Architectures=["arm64"])(h) or forbid(h) or h.permission()),
    Variation("hol's code and its variable", _hols_code),
    Variation("another file, another handler", _another_file),
    Variation("the code with a line more", code("import logging\n" + guides())),
    Variation("permission for the whole API", permit("arn:aws:execute-api:us-east-1:{account}:{api}/*")),
    Variation("permission for the account's APIs", permit("arn:aws:execute-api:us-east-1:{account}:*")),
    Variation("a template that hands the body on", integrate(requestTemplates={"application/json": "$input.json('$')"})),
    Variation("one more method, and gateway responses", _another_method),
    Variation("one more stage", lambda h: h.deploy("test")),
    Variation("other limits", stage(("replace", "/*/*/throttling/rateLimit", "100"), ("replace", "/*/*/throttling/burstLimit", "50"))),
    Variation("a bucket policy instead of ACLs", _by_policy),
    Variation("only the two locks of ACLs open", lambda h: h.block(BlockPublicPolicy=True, RestrictPublicBuckets=True)),
    Variation("bucket owner preferred", _owned("BucketOwnerPreferred")),
    Variation("a versioned bucket", _versioned),
    Variation("a page of one's own", _own_file),
)  # fmt: skip
__all__ = ["CODE", "VARIATIONS", "Variation", "settle"]
