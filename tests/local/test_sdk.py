"""The JavaScript SDK that GetSdk generates: its zip, and its behaviour in a real browser.

The pages are written from the documented interface only: the tag lists of the three generations of the SDK, and what
the original workshop page does with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from playwright.sync_api import Browser, Page, sync_playwright

from hol.local.sdk import generate as sdk
from hol.local.sdk.generate import Method

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CORE = [
    "lib/url-template/url-template.js",
    "lib/apiGatewayCore/sigV4Client.js",
    "lib/apiGatewayCore/apiGatewayClient.js",
    "lib/apiGatewayCore/simpleHttpClient.js",
    "lib/apiGatewayCore/utils.js",
    "apigClient.js",
]
AXIOS = "lib/axios/dist/axios.standalone.js"
CRYPTO = ["lib/CryptoJS/rollups/sha256.js", "lib/CryptoJS/components/hmac.js", "lib/CryptoJS/components/enc-base64.js"]
TAG_LISTS = {
    "2015": [AXIOS, "lib/CryptoJS/rollups/hmac-sha256.js", *CRYPTO, "lib/moment/moment.js", *CORE],
    "2016": [AXIOS, "lib/CryptoJS/rollups/hmac-sha256.js", *CRYPTO, *CORE],
    "2024": [AXIOS, "lib/CryptoJS/rollups/crypto-js.js", *CRYPTO, *CORE],
}
RFC_4231_CASE_2 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
KOREAN = "재미있게 봤습니다 😀 100% & <b>\"'"
CORS = {
    "Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
    "Access-Control-Allow-Methods": "'OPTIONS,POST,GET'",
    "Access-Control-Allow-Origin": "'*'",
}
FUNCTION = """
def handler(event, context):
    return [{"label": ["__label__1"], "prob": [0.93], "query": s["query"]} for s in event["sentences"]]
"""


@dataclass(frozen=True)
class Api:
    """A deployed API with a classifying POST on its root, and more methods for the SDK's sake."""

    client: Any
    id: str
    root: str

    def method(self, resource: str, verb: str, integration: dict[str, Any], status: str = "200", **more: Any) -> None:
        where = {"restApiId": self.id, "resourceId": resource, "httpMethod": verb}
        headers = {f"method.response.header.{name}": False for name in CORS}
        values = {f"method.response.header.{name}": value for name, value in CORS.items()}
        self.client.put_method(**where, authorizationType="NONE", **more)
        self.client.put_method_response(**where, statusCode=status, responseParameters=headers)
        self.client.put_integration(**where, **integration)
        self.client.put_integration_response(**where, statusCode=status, responseParameters=values)

    def mock(self, resource: str, verb: str, status: str = "200", **more: Any) -> None:
        template = json.dumps({"statusCode": int(status)})
        self.method(
            resource, verb, {"type": "MOCK", "requestTemplates": {"application/json": template}}, status, **more
        )

    def resource(self, name: str) -> str:
        made = self.client.create_resource(restApiId=self.id, parentId=self.root, pathPart=name)
        return str(made["id"])

    def deploy(self) -> None:
        self.client.create_deployment(restApiId=self.id, stageName="prod")

    def sdk(self, stage: str = "prod") -> zipfile.ZipFile:
        answer = self.client.get_sdk(restApiId=self.id, stageName=stage, sdkType="javascript")
        assert answer["contentType"] == "application/octet-stream"
        named = r'attachment; filename="javascript_\d{4}-\d\d-\d\d_\d\d-\d\dZ\.zip"'
        assert re.fullmatch(named, answer["contentDisposition"])
        return zipfile.ZipFile(io.BytesIO(answer["body"].read()))


def new_api(session: Any) -> Api:
    client = session("apigateway")
    api_id = client.create_rest_api(name=f"sdk-{uuid4().hex[:6]}")["id"]
    return Api(client, api_id, client.get_resources(restApiId=api_id)["items"][0]["id"])


def new_function(session: Any) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    name, code = f"echo-{uuid4().hex[:6]}", io.BytesIO()
    role = session("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", FUNCTION)
    functions = session("lambda")
    made = functions.create_function(
        FunctionName=name,
        Role=role["Role"]["Arn"],
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    functions.add_permission(
        FunctionName=name, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    return str(made["FunctionArn"])


@pytest.fixture(scope="module")
def api(session: Any) -> Api:
    made, function = new_api(session), new_function(session)
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    made.method(made.root, "POST", {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri})
    made.mock(made.root, "OPTIONS")
    declared = {"method.request.path.petId": True, "method.request.querystring.q": False}
    pets = made.client.create_resource(restApiId=made.id, parentId=made.resource("pets"), pathPart="{petId}")["id"]
    made.mock(pets, "GET", requestParameters=declared)
    made.mock(made.resource("any"), "ANY")
    made.mock(made.resource("teapot"), "GET", "418")
    made.deploy()
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("HOL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "no Chromium found: install one, or name it in HOL_CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@dataclass
class Visit:
    """A page with the SDK loaded, and all that went wrong or over the wire in it."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)

    def watch(self) -> Visit:
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("requestfailed", lambda request: self.troubles.append(request.url))
        self.page.on("request", lambda request: self.requests.append(request))
        return self

    def run(self, script: str, argument: Any = None) -> Any:
        """What the body of an async function gives."""
        return self.page.evaluate(f"async (argument) => {{ {script} }}", argument)


def unpack(archive: zipfile.ZipFile, folder: Path, tags: list[str]) -> Path:
    for name in archive.namelist():
        target = folder / name.removeprefix(sdk.TOP + "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(name))
    lines = "\n".join(f'<script type="text/javascript" src="{tag}"></script>' for tag in tags)
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8"><title>page</title>\n{lines}\n')
    return folder / "index.html"


@pytest.fixture
def visit(api: Api, browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """The page with today's tags, opened from disk."""
    page = browser.new_page()
    seen = Visit(page).watch()
    page.goto(unpack(api.sdk(), tmp_path, TAG_LISTS["2024"]).as_uri())
    yield seen
    page.close()


# The zip


def test_layout_and_readme(api: Api) -> None:
    """The union of all layouts below one folder; each tag of the README is there, in an order that works."""
    archive = api.sdk()
    names = set(archive.namelist())
    assert names == {f"{sdk.TOP}/{name}" for name in [*sdk.LIBRARY, "apigClient.js"]}
    for tags in TAG_LISTS.values():
        assert {f"{sdk.TOP}/{tag}" for tag in tags} <= names
    readme = archive.read(f"{sdk.TOP}/README.md").decode()
    assert re.findall(r'src="([^"]+)"', readme) == TAG_LISTS["2024"]


def test_client_names_its_stage_and_its_methods(api: Api, local_aws: Any) -> None:
    text = api.sdk().read(f"{sdk.TOP}/apigClient.js").decode()
    assert f"'http://127.0.0.1:{local_aws.port}/_aws/execute-api/{api.id}/prod'" in text
    assert re.findall(r"apigClient\.(\w+) = ", text) == ["rootPost", "rootOptions", "petsPetIdGet", "teapotGet"]


def test_unchanged_stage_gives_the_same_zip(api: Api) -> None:
    first, second = api.sdk(), api.sdk()
    assert [(i.filename, i.CRC, i.date_time) for i in first.infolist()] == [
        (i.filename, i.CRC, i.date_time) for i in second.infolist()
    ]


def test_methods_come_from_the_deployment(session: Any) -> None:
    api = new_api(session)
    api.mock(api.root, "GET")
    api.deploy()
    api.mock(api.root, "PUT")
    assert b"rootPut" not in api.sdk().read(f"{sdk.TOP}/apigClient.js")
    api.deploy()
    assert b"rootPut" in api.sdk().read(f"{sdk.TOP}/apigClient.js")


def test_api_of_nothing_but_any_has_no_client(session: Any) -> None:
    api = new_api(session)
    api.mock(api.root, "ANY")
    api.deploy()
    assert f"{sdk.TOP}/apigClient.js" not in api.sdk().namelist()


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"stageName": "dev"}, "NotFoundException", "Invalid stage identifier specified"),
        ({"restApiId": "nosuchapi1"}, "NotFoundException", "Invalid API identifier specified 000000000000:nosuchapi1"),
        ({"sdkType": "swift"}, "BadRequestException", "SDK type swift"),
    ],
)
def test_what_there_is_no_sdk_for(api: Api, changes: dict[str, str], code: str, message: str) -> None:
    arguments = {"restApiId": api.id, "stageName": "prod", "sdkType": "javascript", **changes}
    with pytest.raises(ClientError) as caught:
        api.client.get_sdk(**arguments)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]


def test_stranger_gets_nothing(session: Any, api: Api) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        session("apigateway", account="111122223333").get_sdk(restApiId=api.id, stageName="prod", sdkType="javascript")


def test_sdk_types(session: Any) -> None:
    client = session("apigateway")
    assert [one["id"] for one in client.get_sdk_types()["items"]] == ["javascript"]
    assert client.get_sdk_type(id="javascript")["friendlyName"] == "JavaScript"


@pytest.mark.parametrize(
    ("path", "verb", "name"),
    [
        ("/", "GET", "rootGet"),
        ("/pets/{petId}", "GET", "petsPetIdGet"),
        ("/auth-svc/api-docs/{proxy+}", "GET", "authSvcApiDocsProxyGet"),
        ("/{proxy+}", "OPTIONS", "proxyOptions"),
        ("/get_bookings", "GET", "getBookingsGet"),
        ("/api_1/{bucket}", "GET", "api1BucketGet"),
        ("/get-track-info-by-tag", "GET", "getTrackInfoByTagGet"),
        ("/addWord/{user_id}", "PUT", "addWordUserIdPut"),
        ("/{united_search+}", "GET", "unitedSearchGet"),
        ("/rest-apis/{rest-api-id}", "GET", "restApisRestApiIdGet"),
        ("/users/{user_id}", "PUT", "usersUserIdPut"),
    ],
)
def test_names_of_functions(path: str, verb: str, name: str) -> None:
    assert Method(path, verb, {}, False).name == name


# In the browser

CLASSIFY = """
    var apigClient = apigClientFactory.newClient({});
    return await new Promise(function (resolve, reject) {
        apigClient.rootPost(null, {sentences: [{query: argument}]}, {}).then(function (result) {
            resolve([result.status, result.data[0].label, result.data[0].prob, result.data[0].query]);
        }).catch(reject);
    });
"""


@pytest.mark.parametrize("generation", TAG_LISTS)
def test_workshop_page_of_every_generation(api: Api, browser: Browser, tmp_path: Path, generation: str) -> None:
    """Opened from disk: no missing file, no error, and Korean there and back."""
    page = browser.new_page()
    visit = Visit(page).watch()
    page.goto(unpack(api.sdk(), tmp_path, TAG_LISTS[generation]).as_uri())
    assert visit.run(CLASSIFY, KOREAN) == [200, ["__label__1"], [0.93], KOREAN]
    assert visit.troubles == []
    page.close()


def test_workshop_page_on_the_website(session: Any, api: Api, browser: Browser, tmp_path: Path) -> None:
    """From a page on the S3 website: the browser asks for CORS first and is content."""
    s3, bucket = session("s3"), f"page-{uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    unpack(api.sdk(), tmp_path, TAG_LISTS["2015"])
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        kind = "text/html; charset=utf-8" if file.suffix == ".html" else "text/javascript"
        key = file.relative_to(tmp_path).as_posix()
        s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ACL="public-read", ContentType=kind)
    page = browser.new_page()
    visit = Visit(page).watch()
    port = session.server.port
    page.goto(f"http://{bucket}.s3-website-us-east-1.localhost:{port}/")
    assert visit.run(CLASSIFY, KOREAN) == [200, ["__label__1"], [0.93], KOREAN]
    assert visit.troubles == []
    page.close()


def test_every_way_to_make_a_client(visit: Visit) -> None:
    made = visit.run("""
        var given = {apiKey: 'k'};
        var clients = [undefined, {}, given, {accessKey: 'a', secretKey: 'b'}].map(apigClientFactory.newClient);
        return [clients.map(client => typeof client.rootPost), given.region, given.defaultAcceptType];
    """)
    assert made == [["function"] * 4, "us-east-1", "application/json"]
    assert visit.run("try { apigClientFactory.newClient(null) } catch (e) { return e.name }") == "TypeError"


def test_missing_parameter_is_thrown_as_text_at_once(visit: Visit) -> None:
    """Also a parameter that the API does not require, as on AWS."""
    thrown = visit.run("""
        var client = apigClientFactory.newClient();
        return [undefined, {}, {petId: 1}].map(function (params) {
            try { client.petsPetIdGet(params) } catch (error) { return error }
        });
    """)
    assert thrown == ["petId must be defined", "petId must be defined", "q must be defined"]


def test_url_query_and_headers(visit: Visit) -> None:
    visit.run(
        """
        var client = apigClientFactory.newClient({apiKey: 'key'});
        await client.petsPetIdGet({petId: argument, q: 'a b&c'}, null, {queryParams: {'더': ['1', '2']}})
            .catch(function () {});
        """,
        "가/나",
    )
    request = visit.requests[-1]
    assert request.url.endswith("/prod/pets/%EA%B0%80%2F%EB%82%98?q=a%20b%26c&%EB%8D%94=1%2C2")
    assert "content-type" not in request.headers
    assert visit.run("return uritemplate('/{a}/{b}').expand({a: \"!'()*\", b: 0})") == "/%21%27%28%29*/0"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("{a: '가'}", '{"a":"가"}'),
        ("'text'", '"text"'),
        ("'[1]'", "[1]"),
        ("{}", None),
        ("undefined", None),
        ("5", None),
    ],
)
def test_body_on_the_wire(visit: Visit, body: str, sent: str | None) -> None:
    visit.run(f"await apigClientFactory.newClient().rootPost({{}}, {body}).catch(function () {{}})")
    request = visit.requests[-1]
    assert (request.post_data or None) == sent
    assert request.headers.get("content-type") == ("application/json" if sent else None)


def test_errors_please_both_generations(visit: Visit) -> None:
    shapes = visit.run("""
        var caught = [];
        await apigClientFactory.newClient().teapotGet().catch(error => caught.push(error));
        await axios.get('http://127.0.0.1:9/').catch(error => caught.push(error));
        return caught.map(e => [e instanceof Error, e.status, e.response && e.response.status, e.message, e.data]);
    """)
    assert shapes[0] == [True, 418, 418, "Request failed with status code 418", ""]
    assert shapes[1] == [True, 0, None, "Network Error", ""]


def test_axios_is_public_too(visit: Visit) -> None:
    answer = visit.run("""
        var url = apigClientFactory.newClient() && /'(http[^']+)'/.exec(apigClientFactory.newClient.toString())[1];
        var own = axios.create({baseURL: url, headers: {Accept: 'text/plain'}});
        own.interceptors.response.use(response => response.data);
        var direct = await axios({method: 'post', url: url + '/', data: {sentences: [{query: 'a'}]}});
        return [direct.data[0].query, direct.headers['content-type'], (await own.post('/', {sentences: []})).length];
    """)
    assert answer == ["a", "application/json", 0]


def test_known_hashes(visit: Visit) -> None:
    """RFC 4231's second case, and lengths around the block size, against Python's."""
    texts = ["", "abc", KOREAN, *("가" * n for n in (18, 19, 21, 22, 43, 100))]
    hashes = visit.run("return argument.map(t => [CryptoJS.SHA256(t) + '', CryptoJS.HmacSHA256(t, t) + ''])", texts)
    for text, (plain, keyed) in zip(texts, hashes, strict=True):
        data = text.encode()
        assert plain == hashlib.sha256(data).hexdigest()
        assert keyed == hmac.new(data, data, "sha256").hexdigest()
    script = "return CryptoJS.HmacSHA256('what do ya want for nothing?', 'Jefe').toString(CryptoJS.enc.Base64)"
    assert visit.run(script) == base64.b64encode(bytes.fromhex(RFC_4231_CASE_2)).decode()
    assert visit.run("return CryptoJS.enc.Base64.parse('6rCA').toString(CryptoJS.enc.Utf8)") == "가"


def test_signature_equals_botocores(visit: Visit) -> None:
    keys = {"accessKey": "AKIDEXAMPLE", "secretKey": "secret", "sessionToken": "token"}
    visit.run("await apigClientFactory.newClient(argument).rootPost({}, {a: '가'}).catch(function () {})", keys)
    script = "await apigClientFactory.newClient(argument).petsPetIdGet({petId: '가 나', q: \"a'b (c)\"}).catch(e => 0)"
    visit.run(script, keys)
    signed = [
        request for request in visit.requests if "authorization" in request.headers and request.method != "OPTIONS"
    ]
    assert len(signed) == 2
    for request in signed:
        names = re.search(r"SignedHeaders=([^,]+)", request.headers["authorization"])
        assert names
        host = re.sub(r"^http://([^/]+)/.*$", r"\1", request.url)
        headers = {n: request.headers.get(n, host) for n in names[1].split(";")}
        again = AWSRequest(request.method, request.url, headers, request.post_data or "")
        again.context["timestamp"] = headers["x-amz-date"]
        signer = SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1")
        signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
        assert request.headers["authorization"].endswith(f"Signature={signature}")
        assert request.headers["x-amz-security-token"] == "token"
