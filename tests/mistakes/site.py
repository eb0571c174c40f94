"""The SDK's folder, the bucket, what is uploaded to it, and who may read it."""

from __future__ import annotations

import json
import shutil
from typing import Any

from handmade import HEADERS, Hands

from mistakes.made import Make, Mistake, then

PAGE = "index.html"


def _sdk_of(**other: Any) -> Make:
    def make(hands: Hands) -> None:
        right = hands.api, hands.root
        hands.new_api("another")
        hands.method()
        hands.deploy(other.get("stage", "prod"))
        hands.sdk(stage=other.get("stage", "prod"))
        hands.api, hands.root = right

    return make


def _sdk_of_stage(hands: Hands) -> None:
    hands.deploy("test")
    hands.sdk(stage="test")
    hands.gateway.delete_stage(restApiId=hands.api, stageName="test")


def _too_deep(hands: Hands) -> None:
    hands.folder().rename(hands.world.home / "unzipped")
    hands.folder().mkdir()
    (hands.world.home / "unzipped").rename(hands.folder() / "apiGateway-js-sdk")


def _still_zipped(hands: Hands) -> None:
    shutil.make_archive(str(hands.world.home / "sdk"), "zip", hands.folder())
    shutil.rmtree(hands.folder())
    hands.folder().mkdir()
    (hands.world.home / "sdk.zip").rename(hands.folder() / "javascript_2026-01-01.zip")


def without(*names: str) -> Make:
    """Files or folders deleted from the site folder."""

    def make(hands: Hands) -> None:
        for name in names:
            path = hands.folder() / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return make


def renamed(name: str, to: str) -> Make:
    return lambda hands: (hands.folder() / name).rename(hands.folder() / to)


def edited(name: str, old: str, new: str) -> Make:
    """A file of the site folder changed."""

    def make(hands: Hands) -> None:
        path = hands.folder() / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    return make


def _sdk_before_post(hands: Hands) -> None:
    """The SDK of a deployment that had no POST: it has no rootPost."""
    right = hands.api
    text = (hands.folder() / "apigClient.js").read_text(encoding="utf-8")
    (hands.folder() / "apigClient.js").write_text(text.replace("rootPost", "rootGet"), encoding="utf-8")
    assert hands.api == right


def _untagged(hands: Hands) -> None:
    """The page as it was: with the mark for the SDK's script tags, and no tag."""
    from hol.config.files import packaged

    page = packaged() / hands.config.site.pages / PAGE
    shutil.copy(page, hands.folder() / PAGE)


def _flat(hands: Hands) -> None:
    for path in sorted((hands.folder() / "lib").rglob("*.js")):
        path.rename(hands.folder() / path.name)
    shutil.rmtree(hands.folder() / "lib")


def _last_first(hands: Hands) -> None:
    page = hands.folder() / PAGE
    text = page.read_text(encoding="utf-8")
    tag = '<script src="apigClient.js"></script>'
    assert tag in text
    first = text.index("<script")
    text = text.replace(tag, "")
    page.write_text(text[:first] + tag + "\n" + text[first:], encoding="utf-8")


def up(*moves: Make) -> Make:
    """The folder changed, uploaded and published: what is local is the same as what is in the bucket."""

    def make(hands: Hands) -> None:
        then(*moves)(hands)
        hands.upload()
        hands.publish()

    return make


def _sdk(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("sdk", f"sdk.{key}", name, make, shows, also)


SDK = (
    _sdk("missing", "no SDK", lambda h: shutil.rmtree(h.folder())),
    _sdk("missing", "one folder too deep", _too_deep, "apiGateway-js-sdk"),
    _sdk("missing", "not unzipped", _still_zipped, "javascript_2026-01-01.zip"),
    _sdk("api", "of another API", up(_sdk_of())),
    _sdk("api", "of another stage", up(_sdk_of_stage), "test"),
    _sdk("api", "of another region", up(edited("apigClient.js", "invokeUrl = '", "invokeUrl = 'https://abcdefghij.execute-api.us-west-2.amazonaws.com/prod' || '")), "us-west-2"),
    _sdk("api", "a space in its address", up(edited("apigClient.js", "/prod'", "/prod '")), "/prod␣"),
    _sdk("old", "generated before POST was deployed", up(_sdk_before_post), "rootPost"),
    _sdk("files", "index.html missing", without("index.html"), "index.html"),
    _sdk("files", "app.js missing", without("app.js"), "app.js"),
    _sdk("files", "apigClient.js missing", without("apigClient.js"), "apigClient.js"),
    _sdk("files", "a part of lib missing", without("lib/CryptoJS"), "lib/CryptoJS"),
    _sdk("files", "lib in a capital letter", renamed("lib", "Lib"), "lib/"),
    _sdk("files", "lib flattened", _flat, "lib/"),
    _sdk("files", "saved as index.html.txt", renamed("index.html", "index.html.txt"), "index.html.txt"),
    _sdk("tags", "script tags not written", up(_untagged), "index.html"),
    _sdk("tags", "a script tag misspelt", up(edited(PAGE, 'src="apigClient.js"', 'src="apiClient.js"')), "apiClient.js"),
    _sdk("tags", "script tags in the wrong order", up(_last_first), "apigClient.js"),
    _sdk("tags", "script tags of 2019", up(edited(PAGE, "rollups/crypto-js.js", "rollups/hmac-md5.js")), "hmac-md5.js"),
)  # fmt: skip


# --- step 8 ---


def empty(hands: Hands) -> None:
    """Everything out of the bucket, every version of it."""
    name = hands.config.bucket.name
    listed = hands.s3.list_object_versions(Bucket=name)
    for one in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        hands.s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])


def rebuilt(**settings: Any) -> Make:
    """The bucket deleted and made otherwise, with all that follows as far as it goes."""

    def make(hands: Hands) -> None:
        empty(hands)
        hands.s3.delete_bucket(Bucket=hands.config.bucket.name)
        if settings.get("bucket", {}) is None:
            return
        hands.bucket(**settings.get("bucket", {}))
        if settings.get("filled", True):
            hands.website()
            hands.upload()
            hands.publish()

    return make


def _misnamed(hands: Hands) -> None:
    empty(hands)
    hands.s3.delete_bucket(Bucket=hands.config.bucket.name)
    hands.s3.create_bucket(Bucket=hands.config.bucket.name.replace("classification", "clasification"))


def _owned(ownership: str) -> Make:
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    return lambda hands: hands.s3.put_bucket_ownership_controls(
        Bucket=hands.config.bucket.name, OwnershipControls=controls
    )


def website(**settings: Any) -> Make:
    return lambda hands: hands.s3.put_bucket_website(Bucket=hands.config.bucket.name, WebsiteConfiguration=settings)


def policy(*statements: dict[str, Any]) -> Make:
    """The bucket's policy; `{bucket}` and `{account}` are filled in."""

    def make(hands: Hands) -> None:
        text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        text = text.replace("{bucket}", hands.config.bucket.name).replace("{account}", hands.world.account)
        hands.s3.put_bucket_policy(Bucket=hands.config.bucket.name, Policy=text)

    return make


def rule(
    effect: str, resource: str = "arn:aws:s3:::{bucket}/*", principal: Any = "*", **condition: Any
) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": resource, **more}


def unpublish(hands: Hands) -> None:
    for item in hands.s3.list_objects_v2(Bucket=hands.config.bucket.name).get("Contents", []):
        hands.s3.put_object_acl(Bucket=hands.config.bucket.name, Key=item["Key"], ACL="private")


def _account_blocks(hands: Hands) -> None:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    account_wide(hands).put_public_access_block(
        AccountId=hands.world.account, PublicAccessBlockConfiguration=dict.fromkeys(names, True)
    )


def account_wide(hands: Hands) -> Any:
    """S3 Control, whose host has the account's number in front of it on AWS only."""
    return hands.world.cloud().client("s3control")


def _pays(hands: Hands) -> None:
    hands.s3.put_bucket_request_payment(
        Bucket=hands.config.bucket.name, RequestPaymentConfiguration={"Payer": "Requester"}
    )


def _kms(hands: Hands) -> None:
    rule_ = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    hands.s3.put_bucket_encryption(
        Bucket=hands.config.bucket.name, ServerSideEncryptionConfiguration={"Rules": [rule_]}
    )


def _bucket(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("bucket", f"bucket.{key}", name, make, shows, also)


_INDEX = {"IndexDocument": {"Suffix": PAGE}}
_ERROR = {"ErrorDocument": {"Key": "error.html"}}

BUCKET = (
    _bucket("missing", "no bucket", rebuilt(bucket=None)),
    _bucket("missing", "bucket name typo", _misnamed, "clasification"),
    _bucket("region", "bucket in another region", rebuilt(bucket={"region": "eu-west-1"}), "eu-west-1"),
    _bucket("block public access", "all of it on", lambda h: h.block(BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=True, RestrictPublicBuckets=True), "IgnorePublicAcls"),
    _bucket("block public access", "public ACLs ignored", lambda h: h.block(IgnorePublicAcls=True), "IgnorePublicAcls"),
    _bucket("block public access", "public ACLs blocked, nothing public yet", then(unpublish, lambda h: h.block(BlockPublicAcls=True)), "BlockPublicAcls", also=("public.private",)),
    _bucket("block public access", "the account's is on", _account_blocks, "IgnorePublicAcls"),
    _bucket("block public access", "restricted, with a bucket policy", then(unpublish, policy(rule("Allow")), lambda h: h.block(RestrictPublicBuckets=True)), "RestrictPublicBuckets"),
    _bucket("ownership", "ACLs disabled", then(unpublish, _owned("BucketOwnerEnforced")), "BucketOwnerEnforced", also=("public.private",)),
    _bucket("website", "no website hosting", lambda h: h.s3.delete_bucket_website(Bucket=h.config.bucket.name)),
    _bucket("website", "all requests redirected", website(RedirectAllRequestsTo={"HostName": "example.com"}), "example.com"),
    _bucket("website", "routing rules redirect", website(**_INDEX, **_ERROR, RoutingRules=[{"Redirect": {"HostName": "example.com"}}]), "example.com"),
    _bucket("index document", "index.htm", website(IndexDocument={"Suffix": "index.htm"}, **_ERROR), "index.htm"),
    _bucket("index document", "Index.html", website(IndexDocument={"Suffix": "Index.html"}, **_ERROR), "Index.html"),
    _bucket("index document", "a space after index.html", website(IndexDocument={"Suffix": "index.html "}, **_ERROR), "index.html␣"),
    _bucket("index document", "the error page as index", website(IndexDocument={"Suffix": "error.html"}, **_ERROR), "error.html"),
    _bucket("error document", "no error document", website(**_INDEX)),
    _bucket("error document", "404.html", website(**_INDEX, ErrorDocument={"Key": "404.html"}), "404.html"),
    _bucket("policy", "reading denied to everyone", policy(rule("Deny")), "Deny"),
    _bucket("policy", "denied without TLS", policy(rule("Deny", Bool={"aws:SecureTransport": "false"})), "aws:SecureTransport"),
    _bucket("policy", "denied from elsewhere", policy(rule("Deny", NotIpAddress={"aws:SourceIp": "203.0.113.0/24"})), "203.0.113.0/24"),
    _bucket("policy", "lib denied", policy(rule("Deny", "arn:aws:s3:::{bucket}/lib/*")), "lib/"),
    _bucket("encryption", "default encryption with KMS", _kms, "aws:kms"),
    _bucket("requester pays", "requester pays", _pays, "Requester"),
)  # fmt: skip


# --- steps 9 and 10 ---


def again(name: str = PAGE, public: bool = True, **settings: Any) -> Make:
    """One object uploaded anew with other settings."""

    def make(hands: Hands) -> None:
        import mimetypes

        kind = mimetypes.guess_type(name)[0] or "binary/octet-stream"
        wanted = {
            "Bucket": hands.config.bucket.name,
            "Key": name,
            "Body": (hands.folder() / name).read_bytes(),
            "ContentType": kind,
            **({"ACL": "public-read"} if public else {}),
            **settings,
        }
        hands.s3.put_object(**wanted)

    return make


def gone(prefix: str) -> Make:
    """Objects deleted."""

    def make(hands: Hands) -> None:
        for item in hands.s3.list_objects_v2(Bucket=hands.config.bucket.name, Prefix=prefix).get("Contents", []):
            hands.s3.delete_object(Bucket=hands.config.bucket.name, Key=item["Key"])

    return make


def _with_its_folder(hands: Hands) -> None:
    gone("")(hands)
    hands.upload(prefix="site/")
    hands.publish()


def _flattened(hands: Hands) -> None:
    gone("lib/")(hands)
    for path in sorted((hands.folder() / "lib").rglob("*")):
        if path.is_file():
            again("lib/" + path.relative_to(hands.folder() / "lib").as_posix(), Key=path.name)(hands)


def _other_sdk_uploaded(hands: Hands) -> None:
    _sdk_of()(hands)
    hands.upload()
    hands.publish()
    hands.sdk()


def _twice(hands: Hands) -> None:
    hands.upload()


def _deleted_in_versions(hands: Hands) -> None:
    hands.s3.put_bucket_versioning(Bucket=hands.config.bucket.name, VersioningConfiguration={"Status": "Enabled"})
    gone(PAGE)(hands)


def _acl(acl: str, *names: str) -> Make:
    def make(hands: Hands) -> None:
        listed = [item["Key"] for item in hands.s3.list_objects_v2(Bucket=hands.config.bucket.name)["Contents"]]
        for name in listed:
            if not names or name.startswith(names):
                hands.s3.put_object_acl(Bucket=hands.config.bucket.name, Key=name, ACL=acl)

    return make


def _upload(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("upload", f"upload.{key}", name, make, shows, also)


def _public(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("public", f"public.{key}", name, make, shows, also)


OBJECTS = (
    _upload("missing", "nothing uploaded", gone("")),
    _upload("missing", "lib forgotten", gone("lib/"), "lib/"),
    _upload("missing", "error.html forgotten", gone("error.html"), "error.html"),
    _upload("missing", "apigClient.js forgotten", gone("apigClient.js"), "apigClient.js"),
    _upload("missing", "uploaded with its folder", _with_its_folder, "site/"),
    _upload("missing", "lib flattened", _flattened, "lib/"),
    _upload("missing", "Index.html in a capital letter", then(gone(PAGE), again(Key="Index.html")), "Index.html"),
    _upload("missing", "a space after the key", then(gone(PAGE), again(Key="index.html ")), "index.html"),
    _upload("missing", "deleted in a versioned bucket", _deleted_in_versions, "index.html"),
    _upload("content type", "page as binary", again(ContentType="binary/octet-stream"), "binary/octet-stream"),
    _upload("content type", "page as plain text", again(ContentType="text/plain"), "text/plain"),
    _upload("content type", "style as plain text", again("style.css", ContentType="text/plain"), "text/plain"),
    _upload("content type", "script as HTML", again("app.js", ContentType="text/html"), "text/html"),
    _upload("content type", "page in another charset", again(ContentType="text/html; charset=euc-kr"), "euc-kr"),
    _upload("headers", "page said to be gzipped", again(ContentEncoding="gzip"), "gzip"),
    _upload("headers", "page as an attachment", again(ContentDisposition="attachment"), "attachment"),
    _upload("headers", "page redirects", again(WebsiteRedirectLocation="https://example.com/"), "https://example.com/"),
    _upload("storage", "page in Glacier", again(StorageClass="GLACIER"), "GLACIER"),
    _upload("encryption", "page encrypted with KMS", again(ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/aws/s3"), "aws:kms"),
    _upload("same", "page edited after the upload", edited(PAGE, "</body>", "<!-- new --></body>"), "index.html"),
    _upload("same", "an empty file uploaded", again(Body=b""), "index.html"),
    _upload("sdk", "SDK of another API uploaded", _other_sdk_uploaded, "apigClient.js"),
    _public("private", "nothing made public", unpublish, "index.html"),
    _public("private", "one object private", _acl("private", "apigClient.js"), "apigClient.js"),
    _public("private", "lib private", _acl("private", "lib/"), "lib/"),
    _public("private", "error.html private", _acl("private", "error.html"), "error.html"),
    _public("private", "uploaded again after it was public", _twice, "index.html"),
    _public("private", "for signed-in users only", _acl("authenticated-read"), "index.html"),
    _public("private", "for the bucket's owner only", _acl("bucket-owner-read", "index.html"), "index.html"),
    _public("private", "a policy for this account only", then(unpublish, policy(rule("Allow", principal={"AWS": "{account}"}))), "index.html"),
    _public("private", "a policy for one object only", then(unpublish, policy(rule("Allow", "arn:aws:s3:::{bucket}/index.html"))), "apigClient.js"),
    _public("private", "a policy for one referer only", then(unpublish, policy(rule("Allow", StringLike={"aws:Referer": "https://example.com/*"}))), "https://example.com/"),
)  # fmt: skip

MISTAKES = SDK + BUCKET + OBJECTS
__all__ = ["HEADERS", "MISTAKES"]
