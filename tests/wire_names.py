"""What a request to AWS asks for, read from the wire: service and operation, in the words of the API.

Query and JSON services say it themselves (`Action=…`, `X-Amz-Target`); the REST services are recognised by method,
path and query, from the same API descriptions that botocore sends by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import parse_qs, urlsplit

import botocore.session

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_REST = ("lambda", "apigateway", "s3", "scheduler")


def name_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """(`service.Operation`, access key); `http.METHOD` for a request that nobody signed (a page, a browser's call).

    Header names are lower case.
    """
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    if found is None:
        return f"http.{method}", ""
    key, service = found[1], found[3]
    if "x-amz-target" in headers:
        return f"{service}.{headers['x-amz-target'].rsplit('.', 1)[-1]}", key
    if service in _REST:
        return f"{service}.{_operation(service, method, target)}", key
    return f"{service}.{parse_qs(body.decode('utf-8', 'replace')).get('Action', ['?'])[0]}", key


def _operation(service: str, method: str, target: str) -> str:
    parts = urlsplit(target)
    asked = parse_qs(parts.query, keep_blank_values=True)
    for verb, path, wanted, name in _patterns(service):
        fits = all(key in asked and (not value or value in asked[key]) for key, value in wanted)
        if verb == method and fits and path.fullmatch(parts.path):
            return name
    return "?"


@cache
def _patterns(service: str) -> list[tuple[str, re.Pattern[str], list[tuple[str, str]], str]]:
    """The operations of a REST service, the most particular first."""
    model = botocore.session.Session().get_service_model(service)
    found = []
    for name in model.operation_names:
        uri = urlsplit(model.operation_model(name).http["requestUri"])
        path = re.sub(r"\\\{[^}]+\+\\\}", ".+", re.escape(uri.path))
        path = re.sub(r"\\\{[^}]+\\\}", "[^/]+", path).rstrip("/") + "/?"
        wanted = [(key, values[0]) for key, values in parse_qs(uri.query, keep_blank_values=True).items()]
        literal = len(re.sub(r"\{[^}]+\}", "", uri.path))
        found.append((len(wanted), literal, model.operation_model(name).http["method"], re.compile(path), wanted, name))
    order = {"PutObject": 1, "GetObject": 1, "DeleteObject": 1}
    found.sort(key=lambda item: (-item[0], -item[1], -order.get(item[5], 0), item[5]))
    return [(verb, path, wanted, name) for _, _, verb, path, wanted, name in found]
