"""Ask the SageMaker endpoint whether sentences are positive. 문장이 긍정인지 부정인지 엔드포인트에 물어봐요.

In:  {"sentences": [{"query": "…"}, …]}          Out: [{"prob": [0.99], "label": ["__label__1"]}, …]
An error message begins with a status in brackets, on which API Gateway's integration responses select.
"""

from __future__ import annotations

import json
import os
import unicodedata
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

ENDPOINT_NAME = os.environ.get("ENDPOINT_NAME", "")
MAX_SENTENCES = int(os.environ.get("MAX_SENTENCES", "100"))
MAX_CHARACTERS = int(os.environ.get("MAX_CHARACTERS", "5000"))

# 한 번 만들어 두면 다음 호출에서 다시 써요. Two tries must fit into the function's own 10 seconds.
SAGEMAKER = boto3.client(
    "sagemaker-runtime",
    config=Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2}),
)

FAILURES = {
    "AccessDeniedException": "[403] not allowed: the function's role may not invoke the endpoint",
    "ValidationError": "[404] endpoint not found: it does not exist or is not in service",
    "ThrottlingException": "[429] too many requests: the endpoint is throttled, try again in a moment",
    **dict.fromkeys(("ServiceUnavailable", "ModelNotReadyException"), "[429] not ready: try again in a moment"),
    "ModelError": "[502] model error: the endpoint could not answer these sentences",
}
INVISIBLE = ("Cf", "Cs")  # Unicode's classes: zero-width characters, halves of a character that cannot be UTF-8
LATE = "[504] timeout: the endpoint did not answer in time"
BROKEN = "[502] the endpoint failed: see the function's log"


class InferenceError(Exception):
    """A failure whose message is meant for the caller."""


def lambda_handler(event: Any, context: object) -> Any:
    """The function's entry point; the result or a bracketed InferenceError goes back through API Gateway."""
    try:
        return ask({"instances": sentences_of(event)})
    except Exception as error:
        if str(error):
            raise
        # API Gateway sees an error only by its message. 메시지가 없는 예외는 정상 응답으로 나가므로 이름을 붙여요.
        raise RuntimeError(f"{type(error).__name__} without a message") from error


def sentences_of(event: Any) -> list[str]:
    """The texts of the event, checked. 입력이 올바른지 먼저 확인해요."""
    rows = event.get("sentences") if isinstance(event, dict) else None
    if not isinstance(rows, list) or not rows:
        raise InferenceError('[400] wrong event: expected {"sentences": [{"query": "..."}]}, one sentence or more')
    if len(rows) > MAX_SENTENCES:
        raise InferenceError(f"[413] too many sentences: {len(rows)}, at most {MAX_SENTENCES}")
    return [text_of(row, number) for number, row in enumerate(rows, start=1)]


def text_of(row: Any, number: int) -> str:
    """The text of one sentence, checked."""
    text = row.get("query") if isinstance(row, dict) else None
    if not isinstance(text, str):
        raise InferenceError(f'[400] wrong event: sentence {number} has no text in "query"')
    text = as_written(text)
    if len(text) > MAX_CHARACTERS:
        raise InferenceError(f"[413] too long: sentence {number}, at most {MAX_CHARACTERS} characters")
    return text


def as_written(text: str) -> str:
    """The text as reviews have it: whole syllables (a Mac may send them as letters), and nothing invisible. 자모로 풀린 글자를 모읍니다."""
    return "".join(
        letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) not in INVISIBLE
    )


def ask(payload: dict[str, Any]) -> Any:
    """The endpoint's answer, one object a sentence. 자세한 원인은 로그에만 남겨요."""
    if not ENDPOINT_NAME:
        raise InferenceError("[404] endpoint not found: the environment variable ENDPOINT_NAME is empty")
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8")
    try:
        response = SAGEMAKER.invoke_endpoint(EndpointName=ENDPOINT_NAME, ContentType="application/json", Body=body)
        return json.loads(response["Body"].read())
    except ClientError as error:
        print(f"invoke_endpoint failed: {error}")
        raise InferenceError(FAILURES.get(error.response["Error"]["Code"], BROKEN)) from None
    except (BotoCoreError, ValueError) as error:
        print(f"invoke_endpoint failed: {error}")
        raise InferenceError(LATE if isinstance(error, ConnectTimeoutError | ReadTimeoutError) else BROKEN) from None
