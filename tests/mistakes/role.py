"""IAM: who may take the role, what the role may, what takes it away again."""

from __future__ import annotations

import json
from typing import Any

from handmade import BASIC, Hands, ask, trust

from mistakes.made import ENDPOINT, Make, Mistake, document, statement, then

ASK, TELL = "sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"
EVERY = "arn:aws:sagemaker:*:*:endpoint/*"


def trusting(document_: str) -> Make:
    return lambda hands: hands.iam.update_assume_role_policy(RoleName=hands.config.role.name, PolicyDocument=document_)


def _trust(**changed: Any) -> str:
    one = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole", **changed}
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


def _also_denied() -> str:
    both = [json.loads(trust())["Statement"][0], {**json.loads(_trust(Effect="Deny"))["Statement"][0]}]
    return json.dumps({"Version": "2012-10-17", "Statement": both})


def _by_account(hands: Hands) -> None:
    principal = {"AWS": f"arn:aws:iam::{hands.world.account}:root"}
    trusting(_trust(Principal=principal))(hands)


def unlogged(hands: Hands) -> None:
    """The basic execution policy detached, under whichever name."""
    name = hands.config.role.name
    for policy in hands.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        hands.iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])


def inline(name: str, *statements: dict[str, Any]) -> Make:
    """One more inline policy."""
    return lambda hands: hands.iam.put_role_policy(
        RoleName=hands.config.role.name, PolicyName=name, PolicyDocument=document(*statements)
    )


def managed(name: str, *statements: dict[str, Any], attach: bool = True) -> Make:
    """A customer managed policy, attached to the role or forgotten."""

    def make(hands: Hands) -> None:
        arn = hands.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"]
        if attach:
            hands.iam.attach_role_policy(RoleName=hands.config.role.name, PolicyArn=arn)

    return make


def bounded(name: str, *statements: dict[str, Any]) -> Make:
    """A permissions boundary on the role."""

    def make(hands: Hands) -> None:
        arn = hands.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"]
        hands.iam.put_role_permissions_boundary(RoleName=hands.config.role.name, PermissionsBoundary=arn)

    return make


def _logs_elsewhere(hands: Hands) -> None:
    group = f"arn:aws:logs:us-east-1:{hands.world.account}:log-group:/aws/lambda/anotherFunction:*"
    inline("logs", statement("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], group))(hands)


def unasking(hands: Hands) -> None:
    """The lab's inline policy deleted."""
    hands.iam.delete_role_policy(RoleName=hands.config.role.name, PolicyName=hands.config.policy.name)


def asking(*actions: str, **changed: Any) -> Make:
    """The lab's inline policy, otherwise."""
    return lambda hands: hands.policy(document=ask(*(actions or (TELL, ASK)), **changed))


def _allowing(**changed: Any) -> Make:
    one = {"Effect": "Allow", "Action": [TELL, ASK], "Resource": EVERY, **changed}
    one = {name: value for name, value in one.items() if value is not None}
    return lambda hands: hands.policy(document=document(one))


def _endpoint(region: str = "us-east-1", account: str = "*", name: str = ENDPOINT, partition: str = "aws") -> str:
    return f"arn:{partition}:sagemaker:{region}:{account}:endpoint/{name}"


def _other_role_asks(hands: Hands) -> None:
    unasking(hands)
    hands.role(name="someOtherRole")
    hands.iam.put_role_policy(RoleName="someOtherRole", PolicyName=hands.config.policy.name, PolicyDocument=ask())


def _renamed(hands: Hands) -> None:
    """The role made under another name, and the function running as it: deleted, made anew."""
    name = hands.config.role.name
    unlogged(hands)
    unasking(hands)
    hands.iam.delete_role(RoleName=name)
    hands.role(name=name.replace("Classification", "Clasification"))


def _role(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("role", f"role.{key}", name, make, shows, also)


def _policy(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("policy", f"policy.{key}", name, make, shows, also)


_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]

ROLE = (
    _role("missing", "role name typo", _renamed, "Clasification"),
    _role("trust", "trusts EC2", trusting(trust("ec2.amazonaws.com")), "ec2.amazonaws.com"),
    _role("trust", "trusts API Gateway", trusting(trust("apigateway.amazonaws.com")), "apigateway.amazonaws.com"),
    _role("trust", "trusts Lambda@Edge only", trusting(trust("edgelambda.amazonaws.com")), "edgelambda.amazonaws.com"),
    _role("trust", "trusts the account, not the service", _by_account, "root"),
    _role("trust", "trust is a Deny", trusting(_trust(Effect="Deny")), "Deny"),
    _role("trust", "trust allows and denies", trusting(_also_denied()), "Deny"),
    _role("trust", "trust with another action", trusting(_trust(Action="sts:AssumeRoleWithWebIdentity")), "sts:AssumeRoleWithWebIdentity"),
    _role("trust", "trust for another account's functions", trusting(_trust(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})), "999999999999"),
    _role("trust", "trust for another function", trusting(_trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:lambda:us-east-1:*:function:other"}})), "other"),
    _role("logs", "no basic execution policy", unlogged, "logs:PutLogEvents"),
    _role("logs", "a policy that only reads logs", then(unlogged, managed("ReadLogs", statement("Allow", ["logs:Get*", "logs:Describe*"], "*"))), "logs:PutLogEvents"),
    _role("logs", "logs of another function", then(unlogged, _logs_elsewhere), "anotherFunction"),
    _role("logs", "logs in another region", then(unlogged, inline("logs", statement("Allow", _LOGS, "arn:aws:logs:us-west-2:*:*"))), "us-west-2"),
    _role("logs", "writing of logs denied", inline("quiet", statement("Deny", "logs:PutLogEvents", "*")), "quiet"),
    _role("logs", "logs denied by an attached policy", managed("NoLogs", statement("Deny", "logs:*", "*")), "NoLogs"),
    _role("boundary", "boundary of S3 only", bounded("OnlyS3", statement("Allow", "s3:*", "*")), "OnlyS3"),
)  # fmt: skip

POLICY = (
    _policy("missing", "no inline policy", unasking),
    _policy("missing", "policy on another role", _other_role_asks),
    _policy("missing", "managed policy made, not attached", then(unasking, managed("AskEndpoint", statement("Allow", [TELL, ASK], EVERY), attach=False))),
    _policy("action", "InvokeEndpointAsync", asking("sagemaker:InvokeEndpointAsync", TELL), "sagemaker:InvokeEndpointAsync"),
    _policy("action", "only DescribeEndpoint", asking(TELL), ASK),
    _policy("action", "only InvokeEndpoint", asking(ASK), TELL),
    _policy("action", "action misspelt", asking("sagemaker:InvokeEndpiont", TELL), "sagemaker:InvokeEndpiont"),
    _policy("action", "action of the runtime's name", asking("sagemaker-runtime:InvokeEndpoint", TELL), "sagemaker-runtime:InvokeEndpoint"),
    _policy("action", "NotAction instead of Action", _allowing(Action=None, NotAction=[TELL, ASK]), "NotAction"),
    _policy("resource", "another region", asking(resource=_endpoint("us-west-2")), "us-west-2"),
    _policy("resource", "another account", asking(resource=_endpoint(account="999999999999")), "999999999999"),
    _policy("resource", "endpoint name typo", asking(resource=_endpoint(name="blazingtext-text-clasification")), "clasification"),
    _policy("resource", "half of the endpoint's name", asking(resource=_endpoint(name="blazingtext")), "endpoint/blazingtext"),
    _policy("resource", "model instead of endpoint", asking(resource="arn:aws:sagemaker:*:*:model/*"), "model/"),
    _policy("resource", "endpoint-config instead of endpoint", asking(resource="arn:aws:sagemaker:*:*:endpoint-config/*"), "endpoint-config/"),
    _policy("resource", "partition of China", asking(resource=_endpoint("*", name="*", partition="aws-cn")), "aws-cn"),
    _policy("resource", "a space after the ARN", asking(resource=_endpoint() + " "), ENDPOINT),
    _policy("resource", "NotResource instead of Resource", _allowing(Resource=None, NotResource=EVERY), "NotResource"),
    _policy("condition", "only from an address", _allowing(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.7/32"}}), "203.0.113.7"),
    _policy("condition", "only in another region", _allowing(Condition={"StringEquals": {"aws:RequestedRegion": "ap-northeast-2"}}), "ap-northeast-2"),
    _policy("denied", "Deny instead of Allow", asking(effect="Deny"), "sagemaker-lambda-policy-hol"),
    _policy("denied", "a second inline policy denies", inline("no-costs", statement("Deny", "sagemaker:*", "*")), "no-costs"),
    _policy("denied", "an attached policy denies", managed("NoInference", statement("Deny", "sagemaker:Invoke*", "*")), "NoInference"),
    _policy("denied", "everything but S3 denied", managed("OnlyStorage", {"Effect": "Deny", "NotAction": ["s3:*", "logs:*"], "Resource": "*"}), "OnlyStorage"),
    _policy("denied", "denied outside a region", managed("OnlySeoul", statement("Deny", "sagemaker:*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": "ap-northeast-2"}})), "OnlySeoul"),
    _policy("boundary", "boundary of logs only", bounded("OnlyLogs", statement("Allow", "logs:*", "*")), "OnlyLogs"),
    _policy("boundary", "boundary denies the model", bounded("NoModel", statement("Allow", "*", "*"), statement("Deny", "sagemaker:InvokeEndpoint", "*")), "NoModel"),
)  # fmt: skip

MISTAKES = ROLE + POLICY
__all__ = ["BASIC", "MISTAKES"]
