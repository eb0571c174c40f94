"""Why something is changed is said in the console's words, not in names of the API that nobody has seen."""

from __future__ import annotations

import re

import pytest

from hol.cloud.labels import changed, label, labels

# What stages, functions, methods and buckets compare.
NAMES = (
    "/description", "/*/*/throttling/rateLimit", "/*/*/throttling/burstLimit", "/~1/OPTIONS/throttling/rateLimit",
    "/variables/hol0123abcd", "/responseModels/application~1json", "Runtime", "Handler", "Role", "Timeout", "MemorySize",
    "Environment", "type", "uri", "httpMethod", "passthroughBehavior", "requestTemplates", "BlockPublicAcls",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_the_api_is_shown(name: str, language: str) -> None:
    said = label(name).render(language)
    assert not re.search(r"[/~*]|[a-z][A-Z]", said), said
    assert language == "en" or re.search("[가-힣]", said) or said == "HTTP 메서드"


def test_headers_keep_their_names_and_each_setting_is_said_once() -> None:
    header = "/responseParameters/method.response.header.Access-Control-Allow-Origin"
    assert label(header).render() == "Access-Control-Allow-Origin"
    paths = ["/*/*/throttling/rateLimit", "/~1/OPTIONS/throttling/rateLimit", "/*/*/throttling/rateLimit"]
    assert labels(paths).render() == "rate, rate of the preflight request"
    assert labels(paths).render("ko") == "속도(rate), 사전 요청의 속도(rate)"
    assert changed("Timeout", 3, 10).render("ko") == "제한 시간: 3 → 10"
