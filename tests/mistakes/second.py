"""A second set of mistakes, thought of after the grader was written: two at once, neighbours' settings, half-done mends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handmade import Hands, ask

from mistakes.api import _answering, _permit_version, api, forbid, header, integrate, patched, permit
from mistakes.endpoint import unmade
from mistakes.function import _hols, _reserve
from mistakes.made import ENDPOINT, Make, code, configure, guides, settle, stage, statement, then, uri
from mistakes.role import EVERY, asking, bounded, inline, managed, trusting, unasking, unlogged
from mistakes.site import _acl, again, edited, empty, gone, policy, rule, unpublish, up, website


@dataclass(frozen=True)
class Several:
    """What went wrong at once, and the keys of all that must be named."""

    name: str
    keys: tuple[str, ...]
    make: Callable[[Hands], object]


def _stale_key(hands: Hands) -> None:
    """An API key ticked, deployed, unticked, and CORS changed: neither is deployed."""
    patched("method", ("replace", "/apiKeyRequired", "true"))(hands)
    hands.gateway.update_method(
        **hands.at("POST"), patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "false"}]
    )


def _old_code_version(hands: Hands) -> None:
    """The integration invokes a published version whose code is the console's own."""
    name = hands.config.function.name
    code("def lambda_handler(event, context):\n    return 'Hello from Lambda!'\n")(hands)
    version = hands.functions.publish_version(FunctionName=name)["Version"]
    code(guides())(hands)
    hands.functions.add_permission(
        FunctionName=name, Qualifier=version, StatementId="v", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
    )  # fmt: skip
    integrate(uri=uri(f"{hands.function_arn()}:{version}"))(hands)


def _uploaded_as_download(hands: Hands) -> None:
    for name in ("index.html", "style.css", "app.js"):
        again(name, ContentType="application/octet-stream")(hands)


def _emptied_and_half(hands: Hands) -> None:
    gone("")(hands)
    again("index.html")(hands)


def _renamed_endpoint_variable(hands: Hands) -> None:
    _hols(ENDPOINT_NAME=ENDPOINT.upper())(hands)


def _bucket_of_neighbour(hands: Hands) -> None:
    empty(hands)
    hands.s3.delete_bucket(Bucket=hands.config.bucket.name)
    hands.s3.create_bucket(Bucket=hands.config.bucket.name + "s")


SECOND = (
    Several("timeout and a typo in the endpoint's name", ("function.timeout", "function.endpoint name"), then(configure(Timeout=3), code(guides(endpoint="blazingtext-txt-classification")))),
    Several("no policy and no CORS header", ("policy.missing", "cors.origin"), then(unasking, header("Origin", "'https://example.com'"))),
    Several("proxy and no permission", ("api.integration", "api.permission"), then(integrate(type="AWS_PROXY"), forbid)),
    Several("API key and index.htm", ("api.authorization", "bucket.index document"), then(patched("method", ("replace", "/apiKeyRequired", "true")), website(IndexDocument={"Suffix": "index.htm"}, ErrorDocument={"Key": "error.html"}))),
    Several("trust and logs", ("role.trust", "role.logs"), then(trusting('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}'), unlogged)),
    Several("endpoint gone, timeout short", ("endpoint.missing", "function.timeout"), then(unmade, configure(Timeout=5))),
    Several("Block Public Access and a private object", ("bucket.block public access",), then(_acl("private", "lib/"), lambda h: h.block(BlockPublicAcls=True, IgnorePublicAcls=True))),
    Several("concurrency 0 and a wrong handler", ("function.concurrency", "function.handler"), then(_reserve(0), configure(Handler="lambda_function.main"))),
    Several("burst 0 and GET integration", ("stage.throttling", "api.integration method"), then(integrate(integrationHttpMethod="GET"), stage(("replace", "/*/*/throttling/burstLimit", "0")))),
    Several("Deny on the bucket and KMS", ("bucket.policy", "bucket.encryption"), then(policy(rule("Deny")), lambda h: h.s3.put_bucket_encryption(Bucket=h.config.bucket.name, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}))),
    Several("ResourceArn of the endpoint in capitals", ("policy.resource",), asking(resource=f"arn:aws:sagemaker:us-east-1:*:endpoint/{ENDPOINT.title()}")),
    Several("a Deny, and the wrong endpoint in what is allowed", ("policy.denied", "policy.resource"), then(asking(resource="arn:aws:sagemaker:us-east-1:*:endpoint/mine"), inline("not-now", {"Effect": "Deny", "Action": "sagemaker:InvokeEndpoint", "Resource": "*"}))),
    Several("Deny of InvokeEndpoint for other endpoints than one", ("policy.denied",), inline("only-mine", {"Effect": "Deny", "Action": "sagemaker:InvokeEndpoint", "NotResource": "arn:aws:sagemaker:*:*:endpoint/mine"})),
    Several("denied without MFA", ("role.logs",), managed("NeedsMfa", statement("Deny", "*", "*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}))),
    Several("a policy for tagged endpoints only", ("policy.condition",), lambda h: inline(h.config.policy.name, statement("Allow", ["sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"], EVERY, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}))(h)),
    Several("boundary with a typo in its action", ("boundary",), bounded("ClassTypo", statement("Allow", ["log:*", "sagemaker:*"], "*"))),
    Several("logs allowed to create only", ("role.logs",), then(unlogged, inline("half", statement("Allow", "logs:CreateLogGroup", "*")))),
    Several("endpoint's name in capitals", ("function.endpoint name",), _renamed_endpoint_variable),
    Several("endpoint's region in the name", ("function.endpoint name",), code(guides(endpoint=f"us-east-1:{ENDPOINT}"))),
    Several("payload not JSON", ("function.code",), code(guides().replace('json.dumps({"instances": sentences})', 'str({"instances": sentences})'))),
    Several("decodes as latin-1", ("function.code",), code(guides().replace('"instances": sentences', '"instances": [s.encode("latin-1").decode() for s in sentences]'))),
    Several("handler in a class", ("function.",), code("class Handler:\n    def lambda_handler(self, event, context):\n        return []\n")),
    Several("tabs and spaces", ("function.code.syntax",), code("def lambda_handler(event, context):\n    a = 1\n\tb = 2\n    return invoke_endpoint\n")),
    Several("memory fine, description long, env key with a space", ("function.endpoint name",), _hols(ENDPOINT=ENDPOINT)),
    Several("raises its own error", ("function.",), code(guides().replace("    payload", "    raise ValueError('todo')\n    payload"))),
    Several("prints instead of returning", ("function.code.answer",), code(guides().replace("return json", "print(json") .replace('decode("utf-8"))', 'decode("utf-8")))'))),
    Several("version with the console's code", ("api.",), _old_code_version),
    Several("permission of a version, integration without", ("api.permission",), _permit_version),
    Several("permission from another account's API Gateway and stage test", ("api.permission",), permit("arn:aws:execute-api:us-east-1:{account}:{api}/test-invoke-stage/POST/")),
    Several("API key ticked, deployed, unticked", ("stage.deployed",), _stale_key),
    Several("answer mapped with a wrong path", ("api.response template",), _answering(responseTemplates={"application/json": "$input.json('$.body')"})),
    Several("request template of another lab", ("api.request template",), integrate(requestTemplates={"application/json": '{"instances": $input.json("$.sentences")}'})),
    Several("resource policy for another API id", ("api.resource policy",), api(("replace", "/policy", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:us-east-1:*:zzzzzzzzzz/*"}]}'))),
    Several("rate on OPTIONS 0", ("stage.throttling",), stage(("replace", "/~1/OPTIONS/throttling/rateLimit", "0"))),
    Several("credentials header demanded by CORS", ("cors.headers",), header("Headers", "'Authorization,X-Api-Key'")),
    Several("page, style and script as downloads", ("upload.content type",), _uploaded_as_download),
    Several("only the page uploaded", ("upload.missing",), _emptied_and_half),
    Several("bucket with an s at its end", ("bucket.missing",), _bucket_of_neighbour),
    Several("app.js edited to another function, uploaded", ("sdk.calls",), up(edited("app.js", "rootPost", "rootPut"))),
    Several("policy lets only part of lib be read", ("public.private",), then(unpublish, policy(rule("Allow", ["arn:aws:s3:::{bucket}/*.html", "arn:aws:s3:::{bucket}/*.css"])))),
    Several("two policies, one empty", ("policy.missing",), then(unasking, inline("empty", statement("Allow", "s3:GetObject", "*")))),
)  # fmt: skip
__all__ = ["SECOND", "Make", "Several", "ask", "settle"]
