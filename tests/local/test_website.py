"""S3 website hosting and the strictness of S3 on the local AWS, over HTTP as a browser or boto3 meets them."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

INDEX, ERROR = "<h1>처음</h1>", "<h1>없는 쪽</h1>"
STRANGER = "999988887777"


@dataclass(frozen=True)
class Page:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class Site:
    """A bucket with website hosting and public objects, and a visitor of it."""

    s3: Any
    bucket: str
    port: int

    def visit(self, path: str, method: str = "GET", host: str = "", **headers: str) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = host or f"{self.bucket}.s3-website-us-east-1.localhost:{self.port}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": named, **sent})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def put(self, key: str, body: str, acl: str = "public-read", **more: str) -> None:
        kind = {"ContentType": "text/html; charset=utf-8", **more}
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body.encode(), ACL=acl, **kind)


def open_bucket(s3: Any, **block: bool) -> str:
    """A bucket that takes public ACLs, except for what `block` says."""
    bucket = f"site-{uuid4().hex[:10]}"
    s3.create_bucket(Bucket=bucket, ObjectOwnership="BucketOwnerPreferred")
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    settings = {name: block.get(name, False) for name in names}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=settings)
    return bucket


@pytest.fixture
def site(session: Any, local_aws: Any) -> Site:
    s3 = session("s3")
    made = Site(s3, open_bucket(s3), local_aws.port)
    configuration = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
    s3.put_bucket_website(Bucket=made.bucket, WebsiteConfiguration=configuration)
    made.put("index.html", INDEX)
    made.put("error.html", ERROR)
    return made


def allow_public(site: Site, action: str, resource: str) -> None:
    """A bucket policy that lets everybody do `action`."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy)


def without_error_document(site: Site) -> None:
    configuration = {"IndexDocument": {"Suffix": "index.html"}}
    site.s3.put_bucket_website(Bucket=site.bucket, WebsiteConfiguration=configuration)


@pytest.mark.parametrize("form", ["{}.s3-website-us-east-1", "{}.s3-website.us-east-1", "{}.s3-website"])
def test_index_document_at_every_host_form(site: Site, form: str) -> None:
    page = site.visit("/", host=form.format(site.bucket) + f".localhost:{site.port}")
    assert (page.status, page.text) == (200, INDEX)
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_path_style_for_clients_that_do_not_resolve_the_name(site: Site) -> None:
    root = f"/_hol/website/{site.bucket}"
    local = f"127.0.0.1:{site.port}"
    assert site.visit(root + "/", host=local).text == INDEX
    assert site.visit(root, host=local).headers["location"] == root + "/"
    site.put("docs/index.html", "docs")
    assert site.visit(root + "/docs", host=local).headers["location"] == root + "/docs/"
    assert site.visit(root + "/docs/", host=local).text == "docs"


def test_folder_without_slash_is_redirected(site: Site) -> None:
    site.put("한글 폴더/index.html", "안녕")
    page = site.visit("/" + quote("한글 폴더"))
    assert page.status == 302
    assert page.headers["location"] == "/" + quote("한글 폴더") + "/"
    assert site.visit(page.headers["location"]).text == "안녕"


def test_keys_are_percent_decoded(site: Site) -> None:
    for key in ("리뷰 100%.html", "a+b&c.html", "lib/x.js"):
        site.put(key, key)
        assert site.visit("/" + quote(key)).text == key


def test_query_is_ignored(site: Site) -> None:
    assert site.visit("/?acl").text == INDEX
    assert site.visit("/index.html?v=2&list-type=2").text == INDEX


def test_headers_and_conditions_pass(site: Site) -> None:
    site.put("style.css", "body{}", ContentType="text/css", CacheControl="no-cache")
    page = site.visit("/style.css")
    assert (page.headers["content-type"], page.headers["cache-control"]) == ("text/css", "no-cache")
    assert page.headers["etag"] and page.headers["last-modified"]
    assert site.visit("/style.css", if_none_match=page.headers["etag"]).status == 304
    part = site.visit("/style.css", Range="bytes=0-3")
    assert (part.status, part.text) == (206, "body")


def test_head_has_the_headers_only(site: Site) -> None:
    page = site.visit("/", "HEAD")
    assert (page.status, page.text) == (200, "")
    assert page.headers["content-length"] == str(len(INDEX.encode()))


def test_error_document_keeps_the_status(site: Site) -> None:
    page = site.visit("/nothing/here")
    assert (page.status, page.text) == (403, ERROR)
    assert page.headers["x-amz-error-code"] == "AccessDenied"


def test_private_object_is_forbidden(site: Site) -> None:
    without_error_document(site)
    site.put("secret.html", "no", acl="private")
    page = site.visit("/secret.html")
    assert page.status == 403
    assert "403 Forbidden" in page.text and "Code: AccessDenied" in page.text and "RequestId: " in page.text
    assert page.headers["content-type"].startswith("text/html")


def test_credentials_do_not_help(site: Site) -> None:
    site.put("secret.html", "no", acl="private")
    scope = f"{'0' * 12}/20260101/us-east-1/s3/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    assert site.visit("/secret.html", authorization=signed).status == 403


def test_missing_key_is_404_only_for_those_who_may_list(site: Site) -> None:
    without_error_document(site)
    assert "Code: AccessDenied" in site.visit("/gone").text
    allow_public(site, "s3:ListBucket", f"arn:aws:s3:::{site.bucket}")
    page = site.visit("/gone%3Cb%3E")
    assert page.status == 404
    assert "Code: NoSuchKey" in page.text and "Key: gone&lt;b&gt;" in page.text


def test_unreadable_error_document_is_told(site: Site) -> None:
    site.put("error.html", ERROR, acl="private")
    page = site.visit("/gone")
    assert page.status == 403 and page.text.count("Code: AccessDenied") == 2


def test_no_bucket_and_no_website(site: Site) -> None:
    gone = site.visit("/", host=f"no-such-bucket-here.s3-website-us-east-1.localhost:{site.port}")
    assert gone.status == 404 and "Code: NoSuchBucket" in gone.text
    site.s3.delete_bucket_website(Bucket=site.bucket)
    bare = site.visit("/")
    assert bare.status == 404 and "Code: NoSuchWebsiteConfiguration" in bare.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_reading_only(site: Site, method: str) -> None:
    page = site.visit("/index.html", method)
    assert page.status == 405 and "Code: MethodNotAllowed" in page.text


def test_bucket_policy_makes_public(site: Site) -> None:
    site.put("by-policy.html", "yes", acl="private")
    allow_public(site, "s3:GetObject", f"arn:aws:s3:::{site.bucket}/by-policy.html")
    assert site.visit("/by-policy.html").text == "yes"


# The strictness of S3


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def block(session: Any, bucket: str, **settings: bool) -> None:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    configuration = {name: settings.get(name, False) for name in names}
    session("s3").put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=configuration)


def test_ignored_acls_make_the_site_private(session: Any, site: Site) -> None:
    block(session, site.bucket, IgnorePublicAcls=True)
    assert site.visit("/").status == 403


def test_public_acl_with_the_block_on(session: Any, site: Site) -> None:
    block(session, site.bucket, BlockPublicAcls=True)
    code, message = refusal(site.s3.put_object_acl, Bucket=site.bucket, Key="index.html", ACL="public-read")
    assert code == "AccessDenied"
    assert "s3:PutObjectAcl" in message and "BlockPublicAcls" in message and f"{site.bucket}/index.html" in message
    assert refusal(site.s3.put_object, Bucket=site.bucket, Key="x", Body=b"", ACL="public-read")[0] == "AccessDenied"
    assert refusal(site.s3.put_bucket_acl, Bucket=site.bucket, ACL="public-read")[0] == "AccessDenied"


def test_acl_with_ownership_enforced(session: Any) -> None:
    s3, bucket = session("s3"), f"enforced-{uuid4().hex[:10]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    assert refusal(s3.put_object, Bucket=bucket, Key="b", Body=b"", ACL="public-read")[0] != "AccessDenied"
    block(session, bucket)
    expected = ("AccessControlListNotSupported", "The bucket does not allow ACLs")
    assert refusal(s3.put_object_acl, Bucket=bucket, Key="a", ACL="public-read") == expected
    assert refusal(s3.put_object, Bucket=bucket, Key="b", Body=b"", ACL="public-read") == expected
    assert refusal(s3.put_bucket_acl, Bucket=bucket, ACL="public-read") == expected


def test_overwriting_makes_private_again(site: Site) -> None:
    site.s3.put_object(Bucket=site.bucket, Key="index.html", Body=b"new")
    assert site.visit("/").status == 403


def test_names_are_shared_by_all_accounts(session: Any, site: Site) -> None:
    stranger = session("s3", account=STRANGER)
    assert refusal(stranger.create_bucket, Bucket=site.bucket)[0] == "BucketAlreadyExists"
    assert refusal(stranger.head_bucket, Bucket=site.bucket)[0] == "403"
    assert refusal(site.s3.head_bucket, Bucket="no-such-bucket-at-all")[0] == "404"
    site.s3.create_bucket(Bucket=site.bucket)  # in us-east-1, re-creating one's own succeeds


@pytest.mark.parametrize("name", ["xn--abc", "sthree-abc", "abc-s3alias", "abc.mrap", "ab", "Abc", "192.168.1.1"])
def test_reserved_names(session: Any, name: str) -> None:
    assert refusal(session("s3").create_bucket, Bucket=name)[0] == "InvalidBucketName"


@pytest.mark.parametrize("suffix", ["", "a/b.html"])
def test_index_document_must_be_a_name(site: Site, suffix: str) -> None:
    configuration = {"IndexDocument": {"Suffix": suffix}}
    code, _ = refusal(site.s3.put_bucket_website, Bucket=site.bucket, WebsiteConfiguration=configuration)
    assert code == "InvalidArgument"


def test_a_thousand_deletions_at_most(site: Site) -> None:
    keys = [{"Key": f"k{n}"} for n in range(1001)]
    assert refusal(site.s3.delete_objects, Bucket=site.bucket, Delete={"Objects": keys})[0] == "MalformedXML"
    site.s3.delete_objects(Bucket=site.bucket, Delete={"Objects": keys[:1000]})


def test_own_bucket_elsewhere_is_refused(session: Any) -> None:
    seoul = session("s3", region="ap-northeast-2")
    bucket, place = f"seoul-{uuid4().hex[:10]}", {"LocationConstraint": "ap-northeast-2"}
    seoul.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    code, _ = refusal(seoul.create_bucket, Bucket=bucket, CreateBucketConfiguration=place)
    assert code == "BucketAlreadyOwnedByYou"


def test_expected_owner(site: Site) -> None:
    site.s3.head_bucket(Bucket=site.bucket, ExpectedBucketOwner="000000000000")
    assert refusal(site.s3.head_bucket, Bucket=site.bucket, ExpectedBucketOwner=STRANGER)[0] == "403"
    calls = (site.s3.get_bucket_tagging, site.s3.delete_bucket, site.s3.get_bucket_website)
    for call in calls:
        assert refusal(call, Bucket=site.bucket, ExpectedBucketOwner=STRANGER)[0] == "AccessDenied"
    arguments = {"Bucket": site.bucket, "Key": "x", "ExpectedBucketOwner": STRANGER}
    assert refusal(site.s3.put_object, Body=b"", **arguments)[0] == "AccessDenied"


def test_tags_in_the_create_call(session: Any) -> None:
    s3, bucket = session("s3"), f"tagged-{uuid4().hex[:10]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"Tags": [{"Key": "owner", "Value": "hol"}]})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "owner", "Value": "hol"}]
    assert s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") is None


def s3_control(server: Any, account: str) -> Any:
    """A client for S3 Control; botocore puts the account before the host name, which is an address here."""
    keys = {"aws_access_key_id": account, "aws_secret_access_key": "local"}
    client = boto3.client("s3control", region_name="us-east-1", endpoint_url=server.url, **keys)

    def without_account(params: dict[str, Any], **_: Any) -> None:
        params["url"] = params["url"].replace(f"//{account}.", "//", 1)

    client.meta.events.register("before-call.s3-control", without_account)
    return client


def test_account_level_block(session: Any, local_aws: Any) -> None:
    """The account's block is stronger than the bucket's, for ACLs to be set and for those already set."""
    account = "222233334444"
    s3, control = session("s3", account=account), s3_control(local_aws, account)
    code, _ = refusal(control.get_public_access_block, AccountId=account)
    assert code == "NoSuchPublicAccessBlockConfiguration"
    site = Site(s3, open_bucket(s3), local_aws.port)
    s3.put_bucket_website(Bucket=site.bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    site.put("index.html", INDEX)
    assert site.visit("/").status == 200
    names = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    settings = {**names, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=settings)
    assert control.get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"] == settings
    assert site.visit("/").status == 403
    code, message = refusal(s3.put_object_acl, Bucket=site.bucket, Key="index.html", ACL="public-read")
    assert code == "AccessDenied" and "BlockPublicAcls" in message
    control.delete_public_access_block(AccountId=account)
    assert site.visit("/").status == 200
