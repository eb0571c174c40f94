"""The Lambda handler by itself: what it asks the endpoint, and which status each failure begins with."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import unicodedata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

ROOT = Path(__file__).parents[1]
EVENT = json.loads((ROOT / "assets" / "events" / "myTestEvent.json").read_text(encoding="utf-8"))
ANSWER = [{"prob": [0.91], "label": ["__label__1"]}, {"prob": [0.99], "label": ["__label__0"]}]
SECRET = "arn:aws:sts::123456789012:assumed-role/some-role is not authorized"


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The handler's module, imported as Lambda imports it: once, with its environment set."""
    environment = {
        "ENDPOINT_NAME": "my-endpoint",
        "MAX_SENTENCES": "3",
        "MAX_CHARACTERS": "50",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("inference", ROOT / "assets" / "lambda" / "inference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def body(content: bytes) -> StreamingBody:
    return StreamingBody(io.BytesIO(content), len(content))


def status(function: ModuleType, event: Any) -> str:
    """The bracketed status that the failure begins with."""
    with pytest.raises(Exception, match=r"^\[\d{3}\] [a-z]") as caught:
        function.lambda_handler(event, None)
    found = re.match(r"\[(\d{3})\]", str(caught.value))
    assert found
    assert "arn:" not in str(caught.value)
    assert "123456789012" not in str(caught.value)
    return found[1]


def test_the_test_event(function: ModuleType) -> None:
    asked = json.dumps({"instances": [row["query"] for row in EVENT["sentences"]]}, ensure_ascii=False).encode()
    expected = {"EndpointName": "my-endpoint", "ContentType": "application/json", "Body": asked}
    with Stubber(function.SAGEMAKER) as stub:
        stub.add_response("invoke_endpoint", {"Body": body(json.dumps(ANSWER).encode())}, expected)
        assert function.lambda_handler(EVENT, None) == ANSWER


@pytest.mark.parametrize("text", [
    "재미있어요", unicodedata.normalize("NFD", "재미있어요"), "\ufeff재미있어요", "\u200b".join("재미있어요"), "재미있어요\ud800",
])  # fmt: skip
def test_the_endpoint_is_asked_what_a_reader_sees(function: ModuleType, text: str) -> None:
    asked = json.dumps({"instances": ["재미있어요"]}, ensure_ascii=False).encode()
    with Stubber(function.SAGEMAKER) as stub:
        stub.add_response(
            "invoke_endpoint",
            {"Body": body(json.dumps(ANSWER[:1]).encode())},
            {"EndpointName": ANY, "ContentType": ANY, "Body": asked},
        )
        assert function.lambda_handler({"sentences": [{"query": text}]}, None) == ANSWER[:1]


@pytest.mark.parametrize("event", [
    None, [], "text", {}, {"sentences": None}, {"sentences": []}, {"sentences": "재미"}, {"sentences": ["재미"]},
    {"sentences": [{}]}, {"sentences": [{"query": 7}]}, {"sentences": [{"query": "좋다"}, {"query": None}]},
])  # fmt: skip
def test_a_wrong_event(function: ModuleType, event: Any) -> None:
    assert status(function, event) == "400"


@pytest.mark.parametrize("event", [
    {"sentences": [{"query": "좋다"}] * 4}, {"sentences": [{"query": "가" * 51}]},
])  # fmt: skip
def test_too_much(function: ModuleType, event: Any) -> None:
    assert status(function, event) == "413"


@pytest.mark.parametrize(("code", "expected"), [
    ("AccessDeniedException", "403"), ("ValidationError", "404"), ("ThrottlingException", "429"),
    ("ModelNotReadyException", "429"), ("ModelError", "502"), ("InternalFailure", "502"),
])  # fmt: skip
def test_what_sagemaker_refuses(
    function: ModuleType, code: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Stubber(function.SAGEMAKER) as stub:
        stub.add_client_error(
            "invoke_endpoint", code, SECRET, expected_params=dict.fromkeys(("EndpointName", "ContentType", "Body"), ANY)
        )
        assert status(function, EVENT) == expected
    assert SECRET in capsys.readouterr().out, "the log has the details"


@pytest.mark.parametrize(("error", "expected"), [
    (ReadTimeoutError(endpoint_url="http://127.0.0.1"), "504"),
    (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "502"),
])  # fmt: skip
def test_an_endpoint_that_cannot_be_reached(function: ModuleType, error: Exception, expected: str) -> None:
    def fail(**_: Any) -> None:
        raise error

    function.SAGEMAKER.meta.events.register("before-call.sagemaker-runtime.InvokeEndpoint", fail)
    assert status(function, EVENT) == expected


def test_an_answer_that_is_no_json(function: ModuleType) -> None:
    with Stubber(function.SAGEMAKER) as stub:
        stub.add_response("invoke_endpoint", {"Body": body(b"<html>")})
        assert status(function, EVENT) == "502"


def test_without_an_endpoint_name(function: ModuleType) -> None:
    function.ENDPOINT_NAME = ""
    assert status(function, EVENT) == "404"


def test_its_tries_fit_into_the_functions_time(function: ModuleType) -> None:
    config = function.SAGEMAKER.meta.config
    assert config.retries["total_max_attempts"] * config.read_timeout + 1 < 10
