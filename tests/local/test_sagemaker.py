"""SageMaker hosting on the local AWS: the control plane's refusals, the endpoint's life, BlazingText's contract."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import re
import statistics
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from math import inf
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from hol.cloud.clock import JumpingClock
from hol.local.sagemaker import changes as sagemaker_endpoints
from hol.local.sagemaker import endpoints, fasttext_file, serving
from hol.local.sagemaker.calls import Call
from hol.local.sagemaker.checks import Refused
from hol.local.sagemaker.endpoints import Definition, Endpoint
from hol.local.sagemaker.lists import page
from hol.local.wire import Request

ROOT = Path(__file__).parents[2]
ARCHIVE = (ROOT / "assets" / "model" / "model.tar.gz").read_bytes()
ACCOUNT = "000000000000"
IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
POSITIVE = "재미있게 봤습니다. 제 점수는요 100점 만점에 80점 드리겠습니다."
NEGATIVE = "스토리가 너무 단방향이라 재미가 없고 성우 더빙도 그닥이네요..."


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(action: str | list[str], resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def fresh(prefix: str) -> str:
    return f"{prefix}-{uuid4().hex[:8]}"


def archive_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def make_role(session: Any, service: str = "sagemaker.amazonaws.com", action: str = "s3:GetObject") -> str:
    name = fresh("role")
    iam = session("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))
    iam.put_role_policy(RoleName=name, PolicyName="it", PolicyDocument=allow(action))
    return str(role["Role"]["Arn"])


def put_archive(session: Any, content: bytes) -> str:
    bucket = fresh("models")
    session("s3").create_bucket(Bucket=bucket)
    session("s3").put_object(Bucket=bucket, Key="model.tar.gz", Body=content)
    return f"s3://{bucket}/model.tar.gz"


def make_model(session: Any, url: str, role: str, **changes: Any) -> str:
    name = fresh("model")
    container = {"Image": IMAGE, "ModelDataUrl": url, **changes}
    session("sagemaker").create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
    return name


def make_config(session: Any, model: str, **variant: Any) -> str:
    name = fresh("config")
    hosting = variant or {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    variants = [{"VariantName": "AllTraffic", "ModelName": model, **hosting}]
    session("sagemaker").create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    return name


def wait_for(session: Any, name: str, *wanted: str) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found: dict[str, Any] = session("sagemaker").describe_endpoint(EndpointName=name)
        if found["EndpointStatus"] in wanted:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{name} never became {wanted}: {found}")


def make_endpoint(session: Any, archive: bytes = ARCHIVE, **variant: Any) -> str:
    model = make_model(session, put_archive(session, archive), make_role(session))
    name = fresh("Endpoint")
    config = make_config(session, model, **variant)
    session("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=config)
    return name


@pytest.fixture(scope="module")
def role(session: Any) -> str:
    return make_role(session)


@pytest.fixture(scope="module")
def url(session: Any) -> str:
    return put_archive(session, ARCHIVE)


@pytest.fixture(scope="module")
def endpoint(session: Any) -> str:
    name = make_endpoint(session)
    wait_for(session, name, "InService")
    return name


@pytest.fixture
def runtime(session: Any) -> Iterator[Any]:
    yield session("sagemaker-runtime")


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def ask(runtime: Any, endpoint: str, body: Any, media_type: str = "application/json") -> Any:
    payload = body if isinstance(body, bytes) else json.dumps(body)
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType=media_type, Body=payload)
    return answer["Body"].read().decode()


# The control plane


def test_life_of_an_endpoint(session: Any, role: str, url: str) -> None:
    """Everything created is described and listed, and nothing is left after the deletions."""
    sagemaker = session("sagemaker")
    model = make_model(session, url, role)
    config = make_config(session, model)
    name = fresh("Mixed-Case")
    arn = sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)["EndpointArn"]
    assert arn == f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/{name.lower()}"
    found = wait_for(session, name, "InService")
    assert found["EndpointConfigName"] == config
    assert found["ProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == IMAGE
    assert sagemaker.describe_model(ModelName=model)["PrimaryContainer"]["ModelDataUrl"] == url
    assert [e["EndpointName"] for e in sagemaker.list_endpoints(NameContains=name)["Endpoints"]] == [name]
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    sagemaker.delete_endpoint_config(EndpointConfigName=config)
    sagemaker.delete_model(ModelName=model)
    assert not sagemaker.list_models(NameContains=model)["Models"]
    assert not sagemaker.list_endpoint_configs(NameContains=config)["EndpointConfigs"]


def test_existing_names_are_refused(session: Any, role: str, url: str, endpoint: str) -> None:
    sagemaker = session("sagemaker")
    model = make_model(session, url, role)
    config = make_config(session, model)
    container = {"Image": IMAGE, "ModelDataUrl": url}
    variant = {"VariantName": "a", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    refusals = [
        refusal(sagemaker.create_model, ModelName=model, ExecutionRoleArn=role, PrimaryContainer=container),
        refusal(sagemaker.create_endpoint_config, EndpointConfigName=config, ProductionVariants=[variant]),
        refusal(sagemaker.create_endpoint, EndpointName=endpoint, EndpointConfigName=config),
    ]
    arns = [f"model/{model}", f"endpoint-config/{config}", f"endpoint/{endpoint.lower()}"]
    for (code, message), noun, arn in zip(refusals, ("model", "endpoint configuration", "endpoint"), arns, strict=True):
        assert code == "ValidationException"
        assert message == f'Cannot create already existing {noun} "arn:aws:sagemaker:us-east-1:{ACCOUNT}:{arn}".'


@pytest.mark.parametrize(
    ("operation", "arguments", "noun"),
    [
        ("describe_model", {"ModelName": "no"}, "model"),
        ("delete_model", {"ModelName": "no"}, "model"),
        ("describe_endpoint_config", {"EndpointConfigName": "no"}, "endpoint configuration"),
        ("delete_endpoint_config", {"EndpointConfigName": "no"}, "endpoint configuration"),
        ("describe_endpoint", {"EndpointName": "no"}, "endpoint"),
        ("delete_endpoint", {"EndpointName": "no"}, "endpoint"),
        ("update_endpoint", {"EndpointName": "no", "EndpointConfigName": "no"}, "endpoint"),
        ("create_endpoint", {"EndpointName": "no", "EndpointConfigName": "no"}, "endpoint configuration"),
    ],
)
def test_missing_things(session: Any, operation: str, arguments: dict[str, str], noun: str) -> None:
    code, message = refusal(getattr(session("sagemaker"), operation), **arguments)
    assert code == "ValidationException"
    assert message.startswith(f'Could not find {noun} "arn:aws:sagemaker:us-east-1:{ACCOUNT}:')


def timeline(**times: Any) -> Endpoint:
    """An endpoint without variants; `ready_at` and `gone_at` are far in the past or in the future."""
    return Endpoint("e", "arn:e", "config", (), **{"ready_at": -inf, **times})


@pytest.mark.parametrize(
    ("endpoint", "status", "answers"),
    [
        (timeline(ready_at=inf), "Creating", False),
        (timeline(), "InService", True),
        (timeline(ready_at=inf, former=timeline()), "Updating", True),
        (timeline(gone_at=inf), "Deleting", False),
    ],
)
def test_status_follows_from_the_clock(endpoint: Endpoint, status: str, answers: bool) -> None:
    assert (endpoint.status, endpoint.answers) == (status, answers)


def test_in_progress_endpoint_can_be_neither_updated_nor_deleted() -> None:
    for busy in (timeline(ready_at=inf), timeline(ready_at=inf, former=timeline()), timeline(gone_at=inf)):
        shelf = endpoints.shelf("555566667777", "us-east-1")
        shelf.endpoints["e"], shelf.configs["c"] = busy, Definition("c", "arn:c", {})
        body = {"EndpointName": "e", "EndpointConfigName": "c"}
        call = Call(Request("POST", "/", "/", {}, {}), body, "555566667777", "us-east-1")
        for operation in (sagemaker_endpoints.delete_endpoint, sagemaker_endpoints.update_endpoint):
            with pytest.raises(Refused, match=r'^Cannot update in-progress endpoint "arn:e"\.$'):
                asyncio.run(operation(call))


def test_deleted_endpoint_is_gone_with_its_tags() -> None:
    shelf = endpoints.Shelf(endpoints={"e": timeline(gone_at=-inf)}, tags={"arn:e": {"a": "b"}})
    assert shelf.all_endpoints() == [] and shelf.tags == {}


def test_a_stack_waits_for_the_endpoint_s_time_its_model_and_its_end() -> None:
    clock, loading = JumpingClock(), Future[serving.Classifier]()
    shelf = endpoints.Shelf(clock=clock)
    shelf.begin("e", "arn:e", "config", ())
    assert shelf.endpoints["e"].status == "Creating"
    settled = shelf.settled("e")
    assert settled and settled.status == "InService" and clock.waits == [pytest.approx(0.3)]
    shelf.begin("e", "arn:e", "config", [endpoints.Variant({"VariantName": "v"}, IMAGE, loading)], settled)
    settled = shelf.settled("e")
    assert settled and settled.status == "Updating" and sum(clock.waits[1:]) == pytest.approx(120)
    loading.set_exception(serving.Unservable("no model"))
    settled = shelf.settled("e")
    assert settled and settled.status == "InService" and settled.failure == "no model"
    shelf.end(settled)
    assert shelf.settled("e") is None and clock.waits[3:] == [pytest.approx(0.3)]


def test_a_stack_goes_on_as_soon_as_the_model_is_loaded() -> None:
    clock, loading = JumpingClock(real=60), Future[serving.Classifier]()
    shelf = endpoints.Shelf(clock=clock)
    shelf.begin("e", "arn:e", "config", [endpoints.Variant({"VariantName": "v"}, IMAGE, loading)])
    clock.at += 1  # its time has come, its model has not
    Timer(0.1, loading.set_exception, [serving.Unservable("no model")]).start()
    began = time.monotonic()
    found = shelf.settled("e")
    assert found and found.status == "Failed" and time.monotonic() - began < 30


def test_execution_role_must_exist_and_trust_sagemaker(session: Any, url: str) -> None:
    for role in (f"arn:aws:iam::{ACCOUNT}:role/absent", make_role(session, "lambda.amazonaws.com")):
        with pytest.raises(ClientError, match=f"Could not assume role {role}"):
            make_model(session, url, role)


def test_model_data_must_exist_and_be_readable_by_the_role(session: Any, url: str, role: str) -> None:
    with pytest.raises(ClientError, match="Could not find model data at s3://no-such-bucket/x"):
        make_model(session, "s3://no-such-bucket/x", role)
    with pytest.raises(ClientError, match=f"Could not access model data at {url}"):
        make_model(session, url, make_role(session, action="s3:ListBucket"))


def test_image_of_another_region_is_refused(session: Any, url: str, role: str) -> None:
    with pytest.raises(ClientError, match="ECR image"):
        make_model(session, url, role, Image=IMAGE.replace("us-east-1", "eu-west-1"))


@pytest.mark.parametrize(
    "hosting",
    [
        {"InstanceType": "ml.made.up", "InitialInstanceCount": 1},
        {"InstanceType": "ml.m5.large"},
        {"ServerlessConfig": {"MemorySizeInMB": 1500, "MaxConcurrency": 1}},
        {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 201}},
        {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}, "InstanceType": "ml.m5.large"},
    ],
)
def test_impossible_hosting_is_refused(session: Any, url: str, role: str, hosting: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        make_config(session, make_model(session, url, role), **hosting)


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (b"no archive", "not a tar.gz"),
        (gzip.compress(b"no tar"), "not a tar.gz"),
        (archive_of("model.txt", b"x"), "no model.bin"),
        (archive_of("model.bin", b"x" * 100), "not a fastText model"),
    ],
    ids=["no gzip", "no tar", "no model", "no fastText"],
)
def test_unservable_archive_makes_the_endpoint_fail(session: Any, archive: bytes, reason: str) -> None:
    name = make_endpoint(session, archive)
    assert reason in wait_for(session, name, "Failed")["FailureReason"]
    session("sagemaker").delete_endpoint(EndpointName=name)


def test_every_truncation_of_the_model_is_noticed() -> None:
    """fastText itself would read a truncated file for ever."""
    model = serving._model_file(ARCHIVE)
    fasttext_file.check(model)
    for size in (0, 3, 8, 40, 100, 1000, len(model) // 2, len(model) - 1):
        with pytest.raises(fasttext_file.NotFastText):
            fasttext_file.check(model[:size])


def test_failed_update_keeps_the_former_model(session: Any, runtime: Any, role: str) -> None:
    sagemaker, name = session("sagemaker"), make_endpoint(session)
    before = wait_for(session, name, "InService")["EndpointConfigName"]
    bad = make_config(session, make_model(session, put_archive(session, b"bad"), role))
    sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=bad)
    after = wait_for(session, name, "InService")
    assert after["EndpointConfigName"] == before and "tar.gz" in after["FailureReason"]
    assert json.loads(ask(runtime, name, {"instances": [POSITIVE]}))


def test_tags(session: Any, url: str, role: str) -> None:
    sagemaker, name = session("sagemaker"), fresh("tagged")
    container = {"Image": IMAGE, "ModelDataUrl": url}
    arn = sagemaker.create_model(
        ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container, Tags=[{"Key": "a", "Value": "1"}]
    )["ModelArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "b", "Value": "둘"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "둘"}]


def test_lists_are_paginated_filtered_and_of_one_account_and_region(session: Any) -> None:
    rows = [{"ModelName": f"m{n:02}", "CreationTime": float(n)} for n in range(25)]
    seen: list[str] = []
    query: dict[str, Any] = {}
    while True:
        found, token = page(query, rows, "ModelName")
        seen += [row["ModelName"] for row in found]
        rows = [row for row in rows if row["ModelName"] not in seen]
        if not token:
            break
        query = {"NextToken": token}
    assert seen == [f"m{n:02}" for n in reversed(range(25))]
    assert not session("sagemaker", account="111122223333").list_endpoints()["Endpoints"]
    assert not session("sagemaker", region="ap-northeast-2").list_endpoints()["Endpoints"]


def assume(session: Any, *policies: str) -> dict[str, str]:
    """Credentials of a new role with these inline policies."""
    iam, name = session("iam"), fresh("caller")
    document = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [document]}))
    for number, policy in enumerate(policies):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=policy)
    keys: dict[str, str] = session("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="me")["Credentials"]
    return keys


def test_iam_is_asked(session: Any, endpoint: str) -> None:
    """Without a policy nothing is allowed; with one exactly what it says."""
    nobody = session("sagemaker", credentials=assume(session))
    code, message = refusal(nobody.describe_endpoint, EndpointName=endpoint)
    assert code == "AccessDeniedException" and "sagemaker:DescribeEndpoint" in message
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/{endpoint.lower()}"
    reader = session("sagemaker", credentials=assume(session, allow("sagemaker:DescribeEndpoint", arn)))
    assert reader.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "InService"
    assert refusal(reader.describe_endpoint, EndpointName="other")[0] == "AccessDeniedException"


def test_passing_a_role_needs_permission(session: Any, url: str, role: str) -> None:
    maker = session("sagemaker", credentials=assume(session, allow("sagemaker:*")))
    code, message = refusal(
        maker.create_model,
        ModelName=fresh("m"),
        ExecutionRoleArn=role,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": url},
    )
    assert code == "AccessDeniedException" and "iam:PassRole" in message


def test_tagging_in_the_create_call_needs_permission(session: Any, url: str, role: str) -> None:
    maker = session("sagemaker", credentials=assume(session, allow(["sagemaker:CreateModel", "iam:PassRole"])))
    arguments = {"ExecutionRoleArn": role, "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": url}}
    assert maker.create_model(ModelName=fresh("m"), **arguments)["ModelArn"]
    code, message = refusal(maker.create_model, ModelName="m", Tags=[{"Key": "a", "Value": "b"}], **arguments)
    assert code == "AccessDeniedException" and "sagemaker:AddTags" in message


def test_unknown_operation(session: Any) -> None:
    assert refusal(session("sagemaker").list_training_jobs)[0] == "UnknownOperationException"


# InvokeEndpoint


def test_sentences_are_classified_in_order(runtime: Any, endpoint: str) -> None:
    answers = json.loads(ask(runtime, endpoint, {"instances": [POSITIVE, NEGATIVE, POSITIVE]}))
    assert [a["label"] for a in answers] == [["__label__1"], ["__label__0"], ["__label__1"]]
    assert all(0.5 < a["prob"][0] <= 1.0 for a in answers)


def test_k_gives_more_labels(runtime: Any, endpoint: str) -> None:
    (answer,) = json.loads(ask(runtime, endpoint, {"instances": [NEGATIVE], "configuration": {"k": 2}}))
    assert answer["label"] == ["__label__0", "__label__1"]
    assert sum(answer["prob"]) == pytest.approx(1, abs=0.01)
    (answer,) = json.loads(ask(runtime, endpoint, {"instances": [NEGATIVE], "configuration": {"k": 10**12}}))
    assert len(answer["label"]) == 2


def test_json_lines(runtime: Any, endpoint: str) -> None:
    body = f'{{"source": "{POSITIVE}"}}\n{{"source": "{NEGATIVE}", "k": 2}}\n'.encode()
    lines = ask(runtime, endpoint, body, "application/jsonlines").splitlines()
    assert [json.loads(line)["label"][0] for line in lines] == ["__label__1", "__label__0"]


@pytest.mark.parametrize("sentence", ["", " ", "첫 줄\n둘째 줄\r\n", "\ud800", "\x00", "🙂" * 50, "가" * 100_000])
def test_odd_sentences_get_an_honest_answer(runtime: Any, endpoint: str, sentence: str) -> None:
    (answer,) = json.loads(ask(runtime, endpoint, {"instances": [sentence]}))
    assert answer["label"][0].startswith("__label__") and 0 <= answer["prob"][0] <= 1


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"not json", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        ([], "application/json", 400),
        ({}, "application/json", 400),
        ({"instances": []}, "application/json", 400),
        ({"instances": "text"}, "application/json", 400),
        ({"instances": [1]}, "application/json", 400),
        ({"instances": ["a", None]}, "application/json", 400),
        ({"instances": ["a"], "configuration": {"k": 0}}, "application/json", 400),
        ({"instances": ["a"], "configuration": {"k": "2"}}, "application/json", 400),
        ({"instances": ["a"], "configuration": {"k": True}}, "application/json", 400),
        ({"instances": ["a"], "configuration": [1]}, "application/json", 400),
        (b'{"text": "a"}', "application/jsonlines", 400),
        (b"\n", "application/jsonlines", 400),
        (b"text", "text/plain", 415),
    ],
)
def test_bad_input_is_a_model_error(runtime: Any, endpoint: str, body: Any, media_type: str, status: int) -> None:
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        ask(runtime, endpoint, body, media_type)
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == status
    assert response["OriginalMessage"]
    assert response["Error"]["Message"].startswith(f"Received client error ({status}) from primary with message ")


def test_too_large_a_body_is_refused(runtime: Any, session: Any, endpoint: str) -> None:
    with pytest.raises(ClientError) as caught:
        ask(runtime, endpoint, b" " * (6 * 1024 * 1024 + 1))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    serverless = make_endpoint(session, ServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5})
    wait_for(session, serverless, "InService")
    code, message = refusal(
        runtime.invoke_endpoint, EndpointName=serverless, ContentType="application/json", Body=b" " * 4_500_000
    )
    assert code == "ValidationError" and "oversize body" in message


def test_absent_and_failed_endpoints(runtime: Any, session: Any) -> None:
    code, message = refusal(runtime.invoke_endpoint, EndpointName="absent", Body=b"{}")
    assert (code, message) == ("ValidationError", f"Endpoint absent of account {ACCOUNT} not found.")
    name = make_endpoint(session, b"bad")
    wait_for(session, name, "Failed")
    assert refusal(runtime.invoke_endpoint, EndpointName=name, Body=b"{}")[0] == "ValidationError"


def test_invoking_needs_the_inline_policy(session: Any, endpoint: str) -> None:
    """What a learner meets who skipped the inline policy."""
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/{endpoint.lower()}"
    stranger = session("sagemaker-runtime", credentials=assume(session))
    with pytest.raises(ClientError) as caught:
        ask(stranger, endpoint, {"instances": [POSITIVE]})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    error = caught.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    assert re.fullmatch(
        rf"User: arn:aws:sts::{ACCOUNT}:assumed-role/caller-\w+/me is not authorized to perform: "
        rf"sagemaker:InvokeEndpoint on resource: {arn} because no identity-based policy allows the "
        r"sagemaker:InvokeEndpoint action",
        error["Message"],
    )
    any_endpoint = "arn:aws:sagemaker:*:*:endpoint/*"
    caller = session("sagemaker-runtime", credentials=assume(session, allow("sagemaker:InvokeEndpoint", any_endpoint)))
    assert json.loads(ask(caller, endpoint, {"instances": [POSITIVE]}))


def test_many_at_once_and_fast_enough(runtime: Any, endpoint: str) -> None:
    """One review within milliseconds, thousands a second in a batch, right under concurrency."""
    sentences = [POSITIVE, NEGATIVE] * 5_000
    start = time.perf_counter()
    answers = json.loads(ask(runtime, endpoint, {"instances": sentences}))
    rate = len(sentences) / (time.perf_counter() - start)
    assert [a["label"][0][-1] for a in answers] == ["1", "0"] * 5_000
    times = []
    for _ in range(100):
        start = time.perf_counter()
        ask(runtime, endpoint, {"instances": [POSITIVE]})
        times.append(time.perf_counter() - start)

    def label(sentence: str) -> Any:
        return json.loads(ask(runtime, endpoint, {"instances": [sentence]}))[0]["label"]

    with ThreadPoolExecutor(8) as pool:
        labels = list(pool.map(label, sentences[:80]))
    assert labels == [["__label__1"], ["__label__0"]] * 40
    print(
        f"batch {rate:.0f}/s; one review median {statistics.median(times) * 1000:.1f} ms, "
        f"p99 {sorted(times)[98] * 1000:.1f} ms"
    )
    # On an idle machine ten times as fast; this is to notice a blunder even on a busy one.
    assert rate > 1_000
    assert statistics.median(times) < 0.1
