"""SageMaker's runtime: `InvokeEndpoint`, answered as the BlazingText container answers.

`POST /endpoints/{name}/invocations` is authorised for its signer (a function's assumed role, say), then the
endpoint's classifier is asked. `application/json` carries `{"instances": ["문장", …], "configuration": {"k": 1}}`
and is answered by a list; `application/jsonlines` carries `{"source": "문장", "k": 1}` lines and is answered by
lines. What the container refuses comes back as `ModelError` (HTTP 424) with the container's own status inside.
https://docs.aws.amazon.com/sagemaker/latest/dg/blazingtext.html
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from uuid import uuid4

from hol.local.emulator import core as emulator
from hol.local.sagemaker import endpoints
from hol.local.sagemaker.endpoints import Endpoint, Variant
from hol.local.sagemaker.serving import Answer, Classifier
from hol.local.wire import Emulator, Request, Response

PATH = re.compile(r"/endpoints/([^/]+)/invocations")
LARGEST_BODY = 6 * 1024 * 1024
LARGEST_SERVERLESS_BODY = 4 * 1024 * 1024
JSON, JSON_LINES = "application/json", "application/jsonlines"
# Above this many characters a batch leaves the event loop; below, a thread would cost more than the prediction.
INLINE_CHARACTERS = 20_000

Question = tuple[str, int]


class ContainerError(Exception):
    """What the container answers with an error `status` of its own: 4xx for bad input, 500 for its own failure."""

    def __init__(self, message: str, status: int = 400):
        super().__init__(message)
        self.status = status


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers `InvokeEndpoint`."""
    found = PATH.fullmatch(request.path)
    if not found or request.method != "POST" or request.service != "sagemaker":
        return None
    name, account = found[1], emulator.account_of(request)
    arn = f"arn:aws:sagemaker:{request.region}:{account}:endpoint/{name.lower()}"
    denied = emulator.authorize(request, "sagemaker:InvokeEndpoint", arn)
    if denied:
        return denied
    endpoint = endpoints.shelf(account, request.region).endpoint(name)
    if not endpoint or not endpoint.answers:
        return _error(400, "ValidationError", f"Endpoint {name} of account {account} not found.")
    return await _invoke(request, endpoint, account)


async def _invoke(request: Request, endpoint: Endpoint, account: str) -> Response:
    variant = endpoints.choose(endpoint, request.headers.get("x-amzn-sagemaker-target-variant"))
    if not variant:
        return _error(400, "ValidationError", "Variant specified in the request was not found.")
    oversize = _oversize(request, variant)
    if oversize:
        return oversize
    accepted = _media_type(request)
    try:
        questions = _questions(request.body, accepted)
        answers = await _classify(variant.loading.result(), questions)
    except ContainerError as error:
        return _model_error(endpoint, account, request.region, error)
    headers = {"x-amzn-invoked-production-variant": variant.name, "x-amzn-requestid": str(uuid4())}
    return Response(200, {"content-type": accepted, **headers}, _written(answers, accepted))


def _oversize(request: Request, variant: Variant) -> Response | None:
    size = len(request.body)
    if "ServerlessConfig" in variant.fields and size > LARGEST_SERVERLESS_BODY:
        return _error(400, "ValidationError", f"Request {uuid4()} has oversize body.")
    if size > LARGEST_BODY:
        return _error(413, "413", f"HTTP content length exceeded {LARGEST_BODY} bytes.")
    return None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() or "application/octet-stream"


def _questions(body: bytes, media_type: str) -> list[Question]:
    """(sentence, k) for each instance or line; raises `ContainerError`."""
    if media_type == JSON:
        return _from_json(_parsed(body))
    if media_type == JSON_LINES:
        lines = [_parsed(line) for line in body.split(b"\n") if line.strip()]
        return [_from_line(line) for line in _not_empty(lines, "source")]
    raise ContainerError(f"content-type {media_type} not supported", 415)


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContainerError(f"the body is not JSON: {error}") from error


def _from_json(data: object) -> list[Question]:
    if not isinstance(data, dict) or not isinstance(data.get("instances"), list):
        raise ContainerError('the body must be a JSON object with a list of strings under "instances"')
    configuration = data.get("configuration") or {}
    if not isinstance(configuration, dict):
        raise ContainerError('"configuration" must be an object like {"k": 1}')
    k = _k(configuration)
    return [(_sentence(instance), k) for instance in _not_empty(data["instances"], "instances")]


def _from_line(data: object) -> Question:
    if not isinstance(data, dict) or "source" not in data:
        raise ContainerError('each line must be a JSON object with a string under "source"')
    return _sentence(data["source"]), _k(data)


def _not_empty(items: list[object], name: str) -> list[object]:
    if not items:
        raise ContainerError(f'there is nothing to classify: "{name}" is empty')
    return items


def _sentence(value: object) -> str:
    if not isinstance(value, str):
        raise ContainerError(f"each sentence must be a string, not {json.dumps(value)[:40]}")
    return value


def _k(configuration: dict[str, object]) -> int:
    k = configuration.get("k", 1)
    if not isinstance(k, int) or isinstance(k, bool) or k < 1:
        raise ContainerError(f"k must be a positive whole number, not {json.dumps(k)[:40]}")
    return k


async def _classify(classifier: Classifier, questions: Sequence[Question]) -> list[Answer]:
    try:
        if sum(len(sentence) for sentence, _ in questions) <= INLINE_CHARACTERS:
            return classifier.classify(questions)
        return await asyncio.get_running_loop().run_in_executor(None, classifier.classify, questions)
    except (RuntimeError, ValueError, MemoryError) as error:
        raise ContainerError(f"the model failed: {error}", 500) from error


def _written(answers: list[Answer], media_type: str) -> bytes:
    if media_type == JSON:
        return json.dumps(answers, ensure_ascii=False).encode()
    return b"".join(json.dumps(answer, ensure_ascii=False).encode() + b"\n" for answer in answers)


def _model_error(endpoint: Endpoint, account: str, region: str, error: ContainerError) -> Response:
    group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
    logs = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#logEventViewer:group={group}"
    side = "client" if error.status < 500 else "server"
    message = f'Received {side} error ({error.status}) from primary with message "{error}". See {logs} in account '
    data = {
        "Message": f"{message}{account} for more information.",
        "OriginalMessage": str(error),
        "OriginalStatusCode": error.status,
        "LogStreamArn": f"arn:aws:logs:{region}:{account}:log-group:{group}",
    }
    return _answer(424, "ModelError", data)


def _error(status: int, code: str, message: str) -> Response:
    return _answer(status, code, {"Message": message})


def _answer(status: int, code: str, data: dict[str, object]) -> Response:
    return Response.of_json(status, data, x_amzn_errortype=code, x_amzn_requestid=str(uuid4()))
