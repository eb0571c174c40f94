"""What the console does when a learner follows a finding's mend: by the finding's key, and by what its text says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from typing import Any

from handmade import BASIC, Hands, ask

from hol.teach.grade.finding import Finding
from mistakes import endpoint
from mistakes.api import ORIGIN, drop
from mistakes.made import api, code, configure, guides, integrate, patched, settle, stage
from mistakes.site import account_wide, empty

Mend = Callable[[Hands, Finding], object]


def follow(hands: Hands, finding: Finding) -> None:
    """Do what the finding's mend says."""
    names = [finding.key, finding.key.partition(".")[0] + ".*"]
    mend = next(MENDS[name] for name in names if name in MENDS)
    mend(hands, finding)


def _said(finding: Finding, pattern: str) -> str:
    """What the printed mend says there."""
    found = re.search(pattern, str(finding.mend))
    assert found, (pattern, str(finding.mend))
    return found[1]


# --- IAM ---


def _trust(hands: Hands, finding: Finding) -> None:
    document = _said(finding, r"(\{.*\})")
    hands.iam.update_assume_role_policy(RoleName=hands.config.role.name, PolicyDocument=document)


def _unbound(hands: Hands, finding: Finding) -> None:
    hands.iam.delete_role_permissions_boundary(RoleName=hands.config.role.name)


def _take_away(hands: Hands, name: str) -> None:
    role = hands.config.role.name
    for one in hands.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        if one["PolicyName"] == name:
            hands.iam.detach_role_policy(RoleName=role, PolicyArn=one["PolicyArn"])
    if name in hands.iam.list_role_policies(RoleName=role)["PolicyNames"]:
        hands.iam.delete_role_policy(RoleName=role, PolicyName=name)


def _logs(hands: Hands, finding: Finding) -> None:
    if "detach" in str(finding.mend):
        _take_away(hands, _said(finding, r"delete (\S+)$"))
    else:
        assert "AWSLambdaBasicExecutionRole" in str(finding.mend)
        hands.iam.attach_role_policy(RoleName=hands.config.role.name, PolicyArn=BASIC)


def _edit_policy(hands: Hands, finding: Finding) -> None:
    actions = re.findall(r"sagemaker:\w+", str(finding.mend))
    hands.policy(document=ask(*actions, resource=_said(finding, r"resource (arn:\S+),")))


def _undeny(hands: Hands, finding: Finding) -> None:
    _take_away(hands, _said(finding, r"out of (\S+),"))


# --- Lambda ---


def _handler(hands: Hands, finding: Finding) -> None:
    if "such as" not in str(finding.mend):
        _paste(hands, finding)
        return
    configure(Handler=_said(finding, r"such as (\S+)$"))(hands)


def _paste(hands: Hands, finding: Finding) -> None:
    """Paste the code again: the file that the handler names."""
    name = hands.config.function.name
    handler = hands.functions.get_function_configuration(FunctionName=name)["Handler"]
    code(guides(), f"{handler.rpartition('.')[0]}.py")(hands)


def _variables(hands: Hands, change: Callable[[dict[str, str]], object]) -> None:
    name = hands.config.function.name
    now = hands.functions.get_function_configuration(FunctionName=name).get("Environment", {}).get("Variables", {})
    change(now)
    configure(Environment={"Variables": now})(hands)


def _endpoint_name(hands: Hands, finding: Finding) -> None:
    if "Environment variables" in str(finding.mend):
        key, value = _said(finding, r": (\w+) = "), _said(finding, r" = (\S+)$")
        _variables(hands, lambda now: now.update({key: value}))
    else:
        _paste(hands, finding)


def _event(hands: Hands, finding: Finding) -> None:
    from hol.config.files import packaged

    assert "sentences" in str(finding.mend)
    own = hands.world.home / "assets/events/myTestEvent.json"
    shutil.copy(packaged() / "assets/events/myTestEvent.json", own)


def _own_role(hands: Hands, finding: Finding) -> None:
    name = _said(finding, r"role: (\S+)$")
    configure(Role=f"arn:aws:iam::{hands.world.account}:role/service-role/{name}")(hands)


def _function(hands: Hands, finding: Finding) -> None:
    hands.function()


# --- API Gateway ---


def _one_api(hands: Hands, finding: Finding) -> None:
    kept = str(finding.wrong).rpartition(" ")[2]
    for one in hands.gateway.get_rest_apis()["items"]:
        if one["name"] == hands.config.api.name and one["id"] != kept:
            hands.gateway.delete_rest_api(restApiId=one["id"])
    hands.api = kept


def _permit(hands: Hands, finding: Finding) -> None:
    source = f"arn:aws:execute-api:us-east-1:{hands.world.account}:{hands.api}/*/POST/"
    hands.functions.add_permission(
        FunctionName=hands.config.function.name,
        StatementId=f"again-{hands.api}",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=source,
    )


def _post(hands: Hands, finding: Finding) -> None:
    """Create method, POST on /, and deploy."""
    hands.root = next(
        one["id"] for one in hands.gateway.get_resources(restApiId=hands.api)["items"] if one["path"] == "/"
    )
    hands.method()
    _again(hands)


def _integrate(hands: Hands, finding: Finding) -> None:
    """Lambda function anew: what was ticked or written otherwise is gone with it."""
    verb = hands.gateway.get_method(**hands.at("POST"))
    if "200" not in verb.get("methodResponses", {}):
        hands.gateway.put_method_response(
            **hands.at("POST"), statusCode="200", responseModels={"application/json": "Empty"}
        )
    headers = verb.get("methodResponses", {}).get("200", {}).get("responseParameters", {})
    if ORIGIN in headers:
        integrate()(hands)
        return
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{hands.function_arn()}/invocations"
    hands.gateway.put_integration(**hands.at("POST"), type="AWS", integrationHttpMethod="POST", uri=uri)
    hands.gateway.put_integration_response(**hands.at("POST"), statusCode="200")
    _again(hands)


def _answer(hands: Hands, finding: Finding) -> None:
    """The integration response 200 as the default, without a template."""
    integration = hands.gateway.get_integration(**hands.at("POST"))
    for status in integration.get("integrationResponses", {}):
        hands.gateway.delete_integration_response(**hands.at("POST"), statusCode=status)
    hands.gateway.put_integration_response(**hands.at("POST"), statusCode="200", responseParameters={ORIGIN: "'*'"})
    hands.deploy()


def _content_handling(hands: Hands, finding: Finding) -> None:
    (_answer if "Integration response" in str(finding.mend) else _integrate)(hands, finding)


def _unvalidated(hands: Hands, finding: Finding) -> None:
    patched("method", ("replace", "/requestValidatorId", ""))(hands)


def _open(verb: str) -> Mend:
    return lambda hands, finding: patched(
        "method",
        ("replace", "/authorizationType", "NONE"),
        ("replace", "/apiKeyRequired", "false"),
        verb=verb,
    )(hands)


def _binary(hands: Hands, finding: Finding) -> None:
    kinds = _said(finding, r"remove (.+);").split(", ")
    api(*(("remove", f"/binaryMediaTypes/{kind.replace('/', '~1')}", "") for kind in kinds))(hands)


def _again(hands: Hands) -> None:
    """Deploy again, where it can be deployed already."""
    if hands.gateway.get_stages(restApiId=hands.api).get("item"):
        hands.deploy()


def _enable_cors(hands: Hands, finding: Finding) -> None:
    """Enable CORS: OPTIONS made anew, the header on POST's answer, deployed again."""
    root = next(one for one in hands.gateway.get_resources(restApiId=hands.api)["items"] if one["path"] == "/")
    hands.root = root["id"]
    if "OPTIONS" in root.get("resourceMethods", {}):
        hands.gateway.delete_method(**hands.at("OPTIONS"))
    post = hands.gateway.get_method(**hands.at("POST"))
    mapped = post.get("methodIntegration", {}).get("integrationResponses", {}).get("200", {})
    if ORIGIN in mapped.get("responseParameters", {}):
        _dropped(hands, "update_integration_response")
    if ORIGIN in post.get("methodResponses", {}).get("200", {}).get("responseParameters", {}):
        _dropped(hands, "update_method_response")
    hands.cors()
    _again(hands)


def _dropped(hands: Hands, operation: str) -> None:
    patch = [{"op": "remove", "path": f"/responseParameters/{ORIGIN}"}]
    getattr(hands.gateway, operation)(**hands.at("POST"), statusCode="200", patchOperations=patch)


def _limits(hands: Hands, finding: Finding) -> None:
    """Rate and burst as the mend says, for all methods, and no others for one of them."""
    found = hands.gateway.get_stage(restApiId=hands.api, stageName="prod").get("methodSettings", {})
    for path in found:
        key = "/" + (path if path == "*/*" else "~1/" + path.rpartition("/")[2])
        stage(("replace", f"{key}/throttling/rateLimit", "10"), ("replace", f"{key}/throttling/burstLimit", "20"))(
            hands
        )


def _uncached(hands: Hands, finding: Finding) -> None:
    stage(("replace", "/~1/POST/caching/enabled", "false"), ("replace", "/cacheClusterEnabled", "false"))(hands)


def _uncanaried(hands: Hands, finding: Finding) -> None:
    operations = [{"op": "remove", "path": "/canarySettings"}]
    hands.gateway.update_stage(restApiId=hands.api, stageName="prod", patchOperations=operations)


# --- the site ---


def _sdk(hands: Hands, finding: Finding) -> None:
    """Generate the SDK, unzip it into the folder, and put the pages beside it, with their script tags."""
    shutil.rmtree(hands.folder(), ignore_errors=True)
    hands.sdk()


def _bucket(hands: Hands, finding: Finding) -> None:
    hands.bucket()


def _bucket_here(hands: Hands, finding: Finding) -> None:
    empty(hands)
    hands.s3.delete_bucket(Bucket=hands.config.bucket.name)
    hands.bucket()


def _unblock(hands: Hands, finding: Finding) -> None:
    if "for this account" in str(finding.mend):
        account_wide(hands).delete_public_access_block(AccountId=hands.world.account)
    else:
        hands.block()


def _owned(hands: Hands, finding: Finding) -> None:
    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    hands.s3.put_bucket_ownership_controls(Bucket=hands.config.bucket.name, OwnershipControls=controls)


def _undenied(hands: Hands, finding: Finding) -> None:
    """The statements with the effect Deny taken out of the bucket policy."""
    name = hands.config.bucket.name
    found = json.loads(hands.s3.get_bucket_policy(Bucket=name)["Policy"])
    found["Statement"] = [one for one in found["Statement"] if one["Effect"] != "Deny"]
    if found["Statement"]:
        hands.s3.put_bucket_policy(Bucket=name, Policy=json.dumps(found))
    else:
        hands.s3.delete_bucket_policy(Bucket=name)


def _encrypted(hands: Hands, finding: Finding) -> None:
    rule: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    hands.s3.put_bucket_encryption(Bucket=hands.config.bucket.name, ServerSideEncryptionConfiguration={"Rules": [rule]})


def _owner_pays(hands: Hands, finding: Finding) -> None:
    hands.s3.put_bucket_request_payment(
        Bucket=hands.config.bucket.name, RequestPaymentConfiguration={"Payer": "BucketOwner"}
    )


def _upload(hands: Hands, finding: Finding) -> None:
    """Upload what is inside the folder, then make it public again."""
    hands.upload()
    hands.publish()


def _publish(hands: Hands, finding: Finding) -> None:
    hands.publish()


def _by_hol(number: int) -> Mend:
    def run(hands: Hands, finding: Finding) -> None:
        assert f"step {number}" in str(finding.mend)
        if finding.key in ("endpoint.failed", "endpoint.image"):
            endpoint.unmade(hands)
        hands.world.step(number)

    return run


MENDS: dict[str, Mend] = {
    "endpoint.*": _by_hol(0),
    "role.missing": lambda hands, finding: hands.role(),
    "role.trust": _trust,
    "role.boundary": _unbound,
    "role.logs": _logs,
    "policy.missing": lambda hands, finding: hands.policy(),
    "policy.boundary": _unbound,
    "policy.denied": _undeny,
    "policy.*": _edit_policy,
    "function.missing": _function,
    "function.timeout": lambda hands, finding: configure(Timeout=10)(hands),
    "function.runtime": lambda hands, finding: configure(Runtime=_said(finding, r"(python\S+)$"))(hands),
    "function.handler": _handler,
    "function.concurrency": lambda hands, finding: hands.functions.delete_function_concurrency(
        FunctionName=hands.config.function.name
    ),
    "function.execution role": _own_role,
    "function.vpc": lambda hands, finding: configure(VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})(hands),
    "function.endpoint name": _endpoint_name,
    "function.limits": lambda hands, finding: _variables(hands, lambda now: now.pop(_said(finding, r"remove (\S+)$"))),
    "function.event": _event,
    "function.*": _paste,
    "api.missing": lambda hands, finding: hands.new_api(),
    "api.endpoint type": lambda hands, finding: api(
        ("replace", f"/endpointConfiguration/types/{_said_type(finding)}", "REGIONAL")
    )(hands),
    "api.twins": _one_api,
    "api.method": _post,
    "api.authorization": _open("POST"),
    "api.validator": _unvalidated,
    "api.integration response": _answer,
    "api.response template": _answer,
    "api.content handling": _content_handling,
    "api.default endpoint": lambda hands, finding: api(("replace", "/disableExecuteApiEndpoint", "false"))(hands),
    "api.binary types": _binary,
    "api.resource policy": lambda hands, finding: api(("replace", "/policy", ""))(hands),
    "api.permission": _permit,
    "api.*": _integrate,
    "cors.authorization": _open("OPTIONS"),
    "cors.*": _enable_cors,
    "stage.throttling": _limits,
    "stage.cache": _uncached,
    "stage.canary": _uncanaried,
    "stage.*": lambda hands, finding: hands.deploy(),
    "sdk.*": _sdk,
    "bucket.missing": _bucket,
    "bucket.region": _bucket_here,
    "bucket.block public access": _unblock,
    "bucket.ownership": _owned,
    "bucket.policy": _undenied,
    "bucket.encryption": _encrypted,
    "bucket.requester pays": _owner_pays,
    "bucket.*": lambda hands, finding: hands.website(),
    "upload.*": _upload,
    "public.*": _publish,
}


def _said_type(finding: Finding) -> str:
    found = re.search(r"it is (\w+),", str(finding.wrong))
    assert found
    return found[1]


__all__ = ["drop", "follow", "settle"]


def as_by_hand(hands: Hands) -> None:
    """A lab that is right as it was at first: the guide's code under the console's own names."""
    name = hands.config.function.name
    now = hands.functions.get_function_configuration(FunctionName=name)
    if now["Handler"] != "lambda_function.lambda_handler" or now.get("Environment", {}).get("Variables"):
        code(guides())(hands)
        configure(Handler="lambda_function.lambda_handler", Environment={"Variables": {}})(hands)
    hands.s3.delete_bucket_policy(Bucket=hands.config.bucket.name)
