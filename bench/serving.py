"""The page's calls through the whole local chain, and the endpoint beside fastText called directly."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import local
from urllib.parse import urlsplit

from bench.place import HERE, Place

SENTENCE = "재미있게 봤습니다. 제 점수는요 100점 만점에 80점 드리겠습니다."
_JSON = {"Content-Type": "application/json"}
_THREAD = local()


def page_calls(place: Place, calls: int) -> list[str]:
    """Preflight and POST, as the page makes them, at 1 and 16 clients; every answer must be right."""
    subprocess.run(
        [sys.executable, "-m", "hol", "up", "--json", "--set", f"local.port={place.port}", "--set", "stage.rate=0"],
        cwd=place.folder,
        env=place.environment(),
        check=True,
        capture_output=True,
    )
    url = _invoke_url(place)
    lines = ["| clients | calls | p50 ms | p99 ms | calls/s | errors |", "| ---: | ---: | ---: | ---: | ---: | ---: |"]
    for clients in (1, 16):
        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            times = list(pool.map(lambda _: _page_call(url), range(calls)))
        rate = calls / (time.perf_counter() - began)
        right = [seconds for seconds in times if seconds]
        p99 = quantiles(right, n=100)[98]
        row = f"{median(right) * 1000:.1f} | {p99 * 1000:.1f} | {rate:.0f} | {calls - len(right)}"
        lines.append(f"| {clients} | {calls} | {row} |")
    return lines


def _invoke_url(place: Place) -> str:
    import boto3

    client = boto3.client(
        "apigateway",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{place.port}",
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",
    )
    api = client.get_rest_apis()["items"][0]["id"]
    return f"http://127.0.0.1:{place.port}/_aws/execute-api/{api}/prod"


def _page_call(url: str) -> float:
    """Seconds for preflight and POST; 0 when an answer was wrong."""
    began = time.perf_counter()
    status, _ = _ask(url, "OPTIONS", None, Origin="http://localhost", **{"Access-Control-Request-Method": "POST"})
    body = json.dumps({"sentences": [{"query": SENTENCE}]}).encode()
    posted, answer = _ask(url, "POST", body, Origin="http://localhost", **_JSON)
    right = status == posted == 200 and b"__label__1" in answer
    return time.perf_counter() - began if right else 0.0


def _ask(url: str, method: str, body: bytes | None, **headers: str) -> tuple[int, bytes]:
    """Over this thread's connection."""
    where = urlsplit(url)
    if not hasattr(_THREAD, "connection"):
        _THREAD.connection = HTTPConnection(where.hostname or "", where.port, timeout=120)
    _THREAD.connection.request(method, where.path, body, headers)
    answer = _THREAD.connection.getresponse()
    return answer.status, answer.read()


def endpoint(place: Place, runs: int) -> list[str]:
    """Reviews a second, and the time for one, at the endpoint over HTTP and in fastText itself."""
    direct = _model()
    reviews = [f"{SENTENCE} {number}" for number in range(1000)]
    over_http = _endpoint_call(place)
    rows = (
        ("1,000 reviews in one call", lambda: over_http(reviews), lambda: [direct(one) for one in reviews], runs),
        ("one review", lambda: over_http(reviews[:1]), lambda: direct(reviews[0]), 100 * runs),
    )
    lines = ["| what | endpoint ms (p50, p99) | fastText ms (p50) | ratio |", "| --- | ---: | ---: | ---: |"]
    for name, there, here, times in rows:
        slow, fast = _times(there, times), _times(here, times)
        p99 = quantiles(slow, n=100)[98]
        ratio = f"{median(slow) / median(fast):.1f}"
        lines.append(f"| {name} | {median(slow):.2f}, {p99:.2f} | {median(fast):.3f} | {ratio} |")
    return lines


def _times(do: Callable[[], object], times: int) -> list[float]:
    """Milliseconds, each."""
    found = []
    for _ in range(max(times, 2)):
        began = time.perf_counter()
        do()
        found.append((time.perf_counter() - began) * 1000)
    return found


def _endpoint_call(place: Place) -> Callable[[list[str]], bytes]:
    """Signed once by botocore and sent again and again: what is measured is the server."""
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    url = f"http://127.0.0.1:{place.port}/endpoints/blazingtext-text-classification/invocations"
    credentials = boto3.Session("000000000000", "local").get_credentials()

    def call(reviews: list[str]) -> bytes:
        request = AWSRequest("POST", url, _JSON, json.dumps({"instances": reviews}))
        SigV4Auth(credentials, "sagemaker", "us-east-1").add_auth(request)
        status, answer = _ask(url, "POST", request.body, **dict(request.headers.items()))
        if status != 200:
            raise RuntimeError(f"{status}: {answer!r}")
        return answer

    return call


def _model() -> Callable[[str], object]:
    import fasttext

    with tempfile.TemporaryDirectory() as folder, tarfile.open(HERE / "assets" / "model" / "model.tar.gz") as archive:
        archive.extract("model.bin", folder, filter="data")
        model = fasttext.load_model(str(Path(folder) / "model.bin"))
    return lambda text: model.predict(text, k=1)
