"""A stranger's page in the learner's browser: it gets nothing of the local AWS's control plane, done or read.

In real Chromium, from an origin of its own, at every form of host; and from the raw socket what no browser can send.
What the control plane holds is compared before and after, whole.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from local_lab import Api, Session, call, make_function, make_role
from playwright.sync_api import Browser, sync_playwright
from ports import free_port

from hol.local.life import process
from hol.local.life.place import ACCOUNT
from hol.local.life.process import Running

KEY = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=000000000000/20260101/us-east-1/{}/aws4_request&X-Amz-Signature=00"
HOSTILE = "hostile.example"
TOUCH = "import os, pathlib\ndef handler(event, context):\n    pathlib.Path({!r}).touch()\n    return os.getuid()\n"
INVENTED = ("0123456789.execute-api", "x.execute-api.us-east-1", "invented.s3-website-us-east-1", "execute-api")


@dataclass(frozen=True)
class Lab:
    """A local AWS with one of everything: a role, a function that leaves a mark, an API, a site, a private bucket."""

    server: Running
    session: Session
    role: str
    function: str
    mark: Path
    api: str
    site: str
    private: str

    def state(self) -> dict[str, Any]:
        """All that the control plane tells, without what differs from answer to answer."""
        session, found = self.session, {}
        for service, calls in LISTINGS.items():
            client = session(service)
            for name in calls:
                answer = getattr(client, name)()
                answer.pop("ResponseMetadata")
                found[f"{service}.{name}"] = json.loads(json.dumps(answer, default=str))
        for bucket in (self.site, self.private):
            keys = session("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
            found[f"objects of {bucket}"] = [(one["Key"], one["ETag"]) for one in keys]
        return {**found, "mark": self.mark.exists(), "server": process.running(self.server.port)}


LISTINGS = {
    "iam": ("list_roles", "list_users", "list_policies"),
    "lambda": ("list_functions",),
    "s3": ("list_buckets",),
    "apigateway": ("get_rest_apis",),
    "sagemaker": ("list_endpoints", "list_models"),
    "sqs": ("list_queues",),
    "dynamodb": ("list_tables",),
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOL_STATE_DIR", str(folder / "state"))
        server = process.start(free_port())
        try:
            yield _lab(server, folder / "mark")
        finally:
            process.stop(server.port)


def _lab(server: Running, mark: Path) -> Lab:
    session = Session(server)
    role = make_role(session)
    function = make_function(session, TOUCH.format(str(mark)), role)
    api = Api(session, make_function(session, role=role))
    api.add_options()
    api.deploy()
    s3 = session("s3")
    for bucket in ("the-site", "the-private"):
        s3.create_bucket(Bucket=bucket, ObjectOwnership="ObjectWriter")
        s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_website(Bucket="the-site", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    for key, bucket, acl in (
        ("index.html", "the-site", "public-read"),
        ("secret", "the-site", "private"),
        ("a", "the-private", "private"),
    ):
        s3.put_object(Bucket=bucket, Key=key, Body=b"<p id=it>hello</p>", ACL=acl, ContentType="text/html")
    return Lab(server, session, role, function, mark, api.id, "the-site", "the-private")


def hosts(lab: Lab) -> list[str]:
    """Every form of host that a browser sends, existing and invented, without the port."""
    named = [f"{lab.api}.execute-api", f"{lab.api}.execute-api.us-east-1", f"{lab.site}.s3-website-us-east-1", lab.site]
    return [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.1",
        "0.0.0.0",
        *(f"{name}.localhost" for name in (*named, *INVENTED, "s3", "iam", "x.lambda-url.us-east-1", "x.cloudfront")),
        f"{lab.site}.s3.us-east-1.localhost",
        HOSTILE,
        "127.0.0.1.rebound.example",
    ]


def attempts(lab: Lab) -> list[tuple[str, str, str]]:
    """(method, path with query, body) of what would do or tell something if it got through."""
    role = json.dumps({"FunctionName": "owned", "Role": lab.role, "Runtime": "python3.13", "Handler": "a.b"})
    name = lab.function.rpartition(":")[2]
    invoke = f"/2015-03-31/functions/{name}/invocations"
    return [
        ("POST", f"/?{KEY.format('iam')}&Action=CreateUser&UserName=owned", ""),
        ("GET", f"/?{KEY.format('iam')}&Action=CreateUser&UserName=owned", ""),
        ("GET", f"/?{KEY.format('iam').lower().replace('aws4-hmac-sha256', 'AWS4-HMAC-SHA256')}&Action=ListRoles", ""),
        ("POST", f"/?{KEY.format('iam')}", "Action=CreateUser&UserName=owned"),
        ("POST", f"/2015-03-31/functions?{KEY.format('lambda')}", role),
        ("GET", f"/2015-03-31/functions?{KEY.format('lambda')}", ""),
        ("POST", f"{invoke}?{KEY.format('lambda')}", "{}"),
        ("POST", f"/_aws/execute-api/../..{invoke}?{KEY.format('lambda')}", "{}"),
        ("POST", f"/_aws/execute-api/%2e%2e/%2e%2e{invoke}?{KEY.format('lambda')}", "{}"),
        ("POST", f"/{invoke}?{KEY.format('lambda')}", "{}"),
        ("POST", f"/restapis/{lab.api}/prod/_user_request_/../../..{invoke}?{KEY.format('lambda')}", "{}"),
        ("POST", f"/restapis?{KEY.format('apigateway')}", '{"name": "owned"}'),
        ("GET", f"/{lab.private}/a?{KEY.format('s3')}", ""),
        ("GET", f"/?{KEY.format('s3')}", ""),
        ("PUT", f"/owned-bucket?{KEY.format('s3')}", ""),
        ("PUT", f"/{lab.site}/owned?{KEY.format('s3')}", "owned"),
        ("DELETE", f"/{lab.site}/index.html?{KEY.format('s3')}", ""),
        ("POST", f"/{lab.site}", "owned"),
        ("POST", "/_ministack/config", '{"lambda_svc._ACCOUNT_CONCURRENCY_CAP": 1}'),
        ("POST", "/_ministack/reset", ""),
        ("GET", "/_ministack/health", ""),
        ("GET", "/_localstack/health", ""),
        ("GET", "/health", ""),
        ("GET", "/_hol/health", ""),
        ("POST", "/_hol/shutdown", ""),
        ("GET", "/latest/meta-data/iam/security-credentials/", ""),
        ("POST", "/_aws/lambda-url/x/", "{}"),
        ("GET", "/_aws/sqs/messages", ""),
    ]


ATTACK = """async ([hosts, port, attempts]) => {
  const read = [];
  const one = async (host, [method, path, body], how) => {
    const init = {method, mode: how.mode, credentials: how.credentials, headers: how.headers, redirect: 'manual'};
    if (body && method !== 'GET') init.body = body;
    try {
      const answer = await fetch(`http://${host}:${port}${path}`, {...init, signal: AbortSignal.timeout(10000)});
      if (answer.type !== 'opaque' && answer.type !== 'opaqueredirect')
        read.push([host, method, path, answer.status, (await answer.text()).slice(0, 200)]);
    } catch (error) { /* not readable: as it should be */ }
  };
  const ways = [
    {mode: 'cors', credentials: 'omit', headers: {}},
    {mode: 'no-cors', credentials: 'include', headers: {}},
    {mode: 'cors', credentials: 'omit', headers: {'Authorization': 'AWS4-HMAC-SHA256 Credential=' +
      '000000000000/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
      'X-Hol': '1', 'X-Amz-Target': 'x'}},
  ];
  for (const host of hosts)
    for (const how of ways)
      await Promise.all(attempts.map(attempt =>
        how.mode === 'no-cors' && !['GET', 'POST'].includes(attempt[0]) ? null : one(host, attempt, how)));
  return read;
}"""
PASSIVE = """async ([hosts, port, attempts]) => {
  const opened = [];
  for (const host of hosts) {
    const waiting = [];
    for (const [method, path, body] of attempts) {
      const url = `http://${host}:${port}${path}`;
      if (method === 'GET') {
        for (const kind of ['img', 'script', 'iframe']) {
          const element = document.createElement(kind);
          waiting.push(new Promise(done => { element.onload = element.onerror = done; setTimeout(done, 3000); }));
          element.src = url;
          document.body.append(element);
        }
      } else if (method === 'POST') {
        navigator.sendBeacon(url, body);
        const frame = document.createElement('iframe');
        frame.name = 'f' + Math.random();
        document.body.append(frame);
        const form = document.createElement('form');
        Object.assign(form, {method: 'POST', action: url, target: frame.name});
        for (const [name, value] of new URLSearchParams(body)) {
          const field = document.createElement('input');
          Object.assign(field, {name, value});
          form.append(field);
        }
        document.body.append(form);
        waiting.push(new Promise(done => { frame.onload = done; setTimeout(done, 3000); }));
        form.submit();
      }
    }
    waiting.push(new Promise(done => {
      const socket = new WebSocket(`ws://${host}:${port}/_aws/execute-api/x/prod`);
      socket.onopen = () => { opened.push(host); done(); };
      socket.onclose = socket.onerror = done;
    }));
    await Promise.all(waiting);
    document.body.replaceChildren();
  }
  return opened;
}"""


class Stranger(BaseHTTPRequestHandler):
    """The stranger's site: an empty page."""

    def do_GET(self) -> None:
        page = b"<!doctype html><title>stranger</title><body></body>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the console."""


@pytest.fixture(scope="module")
def stranger() -> Iterator[int]:
    """The port of a stranger's site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which resolves the stranger's names to this machine, as a rebinding name server does."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "no Chromium on PATH"
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.localhost 127.0.0.1"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    # The strictest browsers ask before a public page reaches this machine; the others do not.
    open_ = "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessChecks"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*quiet, rules, open_])
        yield running
        running.close()


def unreadable(read: list[list[Any]], lab: Lab) -> list[list[Any]]:
    """What was read besides the answers of the API itself, which its CORS gives to everybody."""
    own = re.compile(rf"{lab.api}\.execute-api|^$")
    return [one for one in read if not (own.match(one[0]) or f"/{lab.api}/prod" in one[2])]


@pytest.mark.parametrize("attack", [ATTACK, PASSIVE], ids=["fetch", "elements"])
def test_a_strangers_page_does_nothing_and_reads_nothing(
    lab: Lab, browser: Browser, stranger: int, attack: str
) -> None:
    before = lab.state()
    page = browser.new_page()
    page.goto(f"http://{HOSTILE}:{stranger}/")
    answered = page.evaluate(attack, [hosts(lab), lab.server.port, attempts(lab)])
    page.close()
    assert unreadable(answered, lab) == []
    assert lab.state() == before


def test_a_rebound_name_is_no_way_in(lab: Lab, browser: Browser) -> None:
    """The page's own origin is the name that now means this machine: nothing is cross-origin, everything is refused."""
    before = lab.state()
    page = browser.new_page()
    answer = page.goto(f"http://{HOSTILE}:{lab.server.port}/")
    assert answer and answer.status == 403
    read = page.evaluate(ATTACK, [[HOSTILE], lab.server.port, attempts(lab)])
    assert read and {status for _, _, _, status, _ in read} == {403}
    assert lab.state() == before
    page.close()


def test_a_page_on_our_own_port_is_a_page(lab: Lab, browser: Browser) -> None:
    """A public object, a site and an error page share host and port with the control plane, and get nothing of it."""
    before, port = lab.state(), lab.server.port
    for at in (f"127.0.0.1:{port}/{lab.site}/index.html", f"localhost:{port}/_hol/website/{lab.site}/"):
        page = browser.new_page()
        page.goto(f"http://{at}")
        assert page.inner_text("#it") == "hello"
        read = page.evaluate(ATTACK, [[at.partition(":")[0]], port, attempts(lab)])
        page.close()
        # Refused in words, or told by the API or by S3 that there is nothing.
        assert {status for _, _, _, status, _ in read} <= {400, 403, 404, 405}
        assert not [one for one in read if "000000000000" in one[4]]
        assert lab.state() == before


def test_the_labs_own_page_works(lab: Lab, browser: Browser, tmp_path: Path) -> None:
    """From the site, and from disk, where the origin is null."""
    port, path = lab.server.port, f"/_aws/execute-api/{lab.api}/prod"
    ask = f"""async () => (await fetch('http://127.0.0.1:{port}{path}', {{method: 'POST', body: '{{"a": 1}}',
        headers: {{'X-Other': '1', 'Content-Type': 'text/plain'}}}})).json()""".replace("'X-Other': '1', ", "")
    (tmp_path / "index.html").write_text("<p id=it>hello</p>")
    for url in (f"http://{lab.site}.s3-website-us-east-1.localhost:{port}/", (tmp_path / "index.html").as_uri()):
        page = browser.new_page()
        page.goto(url)
        assert page.inner_text("#it") == "hello"
        assert page.evaluate(ask) == {"event": {"a": 1}}
        page.close()


# What no browser can be made to send


def raw(lab: Lab, text: bytes) -> bytes:
    """The answer to these bytes."""
    with socket.create_connection(("127.0.0.1", lab.server.port), timeout=10) as wire:
        wire.sendall(text)
        wire.shutdown(socket.SHUT_WR)
        chunks = []
        while chunk := wire.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


TARGETS = (
    "GET http://127.0.0.1/_ministack/health HTTP/1.1\r\nHost: x.execute-api.localhost\r\n",
    "GET http://x.execute-api.localhost/_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "GET /_ministack/health HTTP/1.1\r\nHost: x.execute-api.localhost\r\nHost: 127.0.0.1\r\n",
    "GET /_ministack/health HTTP/1.0\r\n",
    "GET /_ministack/health HTTP/1.1\r\nHost: \r\n",
    "GET /_ministack/health HTTP/1.1\r\nHost: 127.0.0.1, x.localhost\r\n",
    "GET /_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Host: x.execute-api.localhost\r\n",
    "GET /%5fministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "GET /a/../_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "GET //_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "GET /_hol/health HTTP/1.1\r\nHost: x.execute-api.localhost\r\nX-Hol: 1\r\n",
    "POST /_hol/shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "POST /_hol/shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Hol: 1\r\nOrigin: null\r\n",
    "POST /_hol/shutdown HTTP/1.1\r\nHost: the-site.s3-website-us-east-1.localhost\r\nX-Hol: 1\r\n",
    "POST /?Action=CreateUser&UserName=owned HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic eDp5\r\n",
    f"GET /?Action=CreateUser&UserName=owned&{KEY.format('iam')} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    f"GET /?Action=CreateUser&UserName=owned&{KEY.format('s3')} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    f"POST /2015-03-31/functions?{KEY.format('s3')} HTTP/1.1\r\nHost: the-site.localhost\r\n",
)


@pytest.mark.parametrize("head", TARGETS)
def test_no_trick_of_the_request_line_or_the_host_gets_further(lab: Lab, head: str) -> None:
    before = lab.state()
    answer = raw(lab, head.encode() + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] (400|403|404|405) ", answer), answer[:200]
    assert b"ministack" not in answer and b"hol-local" not in answer
    assert lab.state() == before


@pytest.mark.parametrize(
    "mark", ["Origin: null", "Sec-Fetch-Site: none", "Sec-Fetch-Mode: no-cors", "Referer: http://x/"]
)
def test_what_a_browser_marks_is_refused_whatever_it_bears(lab: Lab, mark: str) -> None:
    name, _, value = mark.partition(": ")
    signed = f"AWS4-HMAC-SHA256 Credential={KEY.format('iam').split('=')[2].partition('&')[0]}, SignedHeaders=host, Signature=0"
    assert call(f"{lab.server.url}/", b"Action=ListUsers", authorization=signed).status == 200
    headers = {"authorization": signed, name.replace("-", "_"): value}
    assert call(f"{lab.server.url}/", b"Action=ListUsers", **headers).status == 403


def test_programs_reach_what_they_always_did(lab: Lab) -> None:
    """A presigned address in curl, a signed call by a bucket's host name, an object that is public."""
    s3 = lab.session("s3")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": lab.private, "Key": "a"})
    assert subprocess.run(["curl", "-sf", url], capture_output=True, check=True).stdout == b"<p id=it>hello</p>"
    url = s3.generate_presigned_url("put_object", Params={"Bucket": lab.private, "Key": "b"})
    assert call(url, b"new", "PUT").status == 200
    signed = (
        "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    )
    for host in (f"{lab.private}.localhost", f"{lab.private}.s3.us-east-1.localhost"):
        assert call(f"{lab.server.url}/b", None, "GET", host=host, authorization=signed).body == b"new"
    s3.delete_object(Bucket=lab.private, Key="b")
    assert call(f"{lab.server.url}/{lab.site}/index.html", None, "GET").status == 200
    assert call(f"{lab.server.url}/{lab.site}/secret", None, "GET").status == 403


def test_the_older_signature_of_an_address_is_verified(lab: Lab) -> None:
    """`AWSAccessKeyId=…&Signature=…&Expires=…`: S3's own words to each that is none, and nothing is read or written."""
    s3 = lab.session("s3")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": lab.private, "Key": "a"}, ExpiresIn=600)
    assert "Signature=" in url and "X-Amz-" not in url
    assert call(url, None, "GET").status == 200
    bare = f"{lab.server.url}/{lab.private}/a?AWSAccessKeyId={ACCOUNT}"
    late = s3.generate_presigned_url("get_object", Params={"Bucket": lab.private, "Key": "a"}, ExpiresIn=-5)
    other = lab.session("s3", credentials={"AccessKeyId": ACCOUNT, "SecretAccessKey": "guessed"})
    unknown = lab.session("s3", credentials={"AccessKeyId": "AKIAXXXXXXXXXXXXXXXX", "SecretAccessKey": "local"})
    wrong = {
        f"{bare}&Signature=AA%3D&Expires=9999999999": b"SignatureDoesNotMatch",
        f"{bare}&Signature=AA%3D": b"Query-string authentication requires",
        f"{bare}&Signature=AA%3D&Expires=tomorrow": b"Invalid date",
        late: b"Request has expired",
        url.replace("/a?", "/index.html?"): b"SignatureDoesNotMatch",
        other.generate_presigned_url(
            "get_object", Params={"Bucket": lab.private, "Key": "a"}
        ): b"SignatureDoesNotMatch",
        unknown.generate_presigned_url("get_object", Params={"Bucket": lab.private, "Key": "a"}): b"InvalidAccessKeyId",
    }
    before = lab.state()
    for address, said in wrong.items():
        for verb, body in (("GET", None), ("PUT", b"new"), ("DELETE", None)):
            answer = call(address, body, verb)
            assert answer.status == 403, (verb, address)
            assert said in answer.body or (verb != "GET" and b"SignatureDoesNotMatch" in answer.body), answer.body
    assert lab.state() == before


def test_an_assumed_roles_older_signature_is_verified_too(lab: Lab) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = lab.session("iam")
    arn = iam.create_role(RoleName="presigner", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    keys = lab.session("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    url = lab.session("s3", credentials=keys).generate_presigned_url(
        "get_object", Params={"Bucket": lab.private, "Key": "a"}
    )
    forged = re.sub("Signature=[^&]*", "Signature=AA%3D", url)
    assert b"SignatureDoesNotMatch" in call(forged, None, "GET").body
    assert b"SignatureDoesNotMatch" not in call(url, None, "GET").body
    iam.delete_role(RoleName="presigner")


@pytest.mark.parametrize("action", ["GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity", "ListUsers"])
def test_who_has_not_signed_is_told_so_in_the_form_that_clients_read(lab: Lab, action: str) -> None:
    form = f"Action={action}&Version=2011-06-15".encode()
    for answer in (
        call(f"{lab.server.url}/", form, content_type="application/x-www-form-urlencoded; charset=utf-8"),
        call(f"{lab.server.url}/?{form.decode()}", None, "GET"),
    ):
        assert answer.status == 403
        told = ElementTree.fromstring(answer.body)
        assert told.findtext(".//{*}Code") == "MissingAuthenticationToken"
    client = boto3.client("sts", "us-east-1", endpoint_url=lab.server.url, config=Config(signature_version=UNSIGNED))
    with pytest.raises(ClientError, match="MissingAuthenticationToken"):
        client.get_caller_identity()


def test_a_strangers_body_is_not_read(lab: Lab) -> None:
    """300 MB are announced; the refusal comes before the first of them."""
    for host, path in (("127.0.0.1", "/"), ("x.execute-api.localhost", "/prod"), (HOSTILE, "/")):
        connection = HTTPConnection("127.0.0.1", lab.server.port, timeout=5)
        connection.putrequest("POST", path, skip_host=True)
        for name, value in {"Host": host, "Origin": "http://x", "Content-Length": str(300 * 1024 * 1024)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status in (403, 413)
        connection.close()
