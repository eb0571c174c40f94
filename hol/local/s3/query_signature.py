"""S3's older signature in an address (`AWSAccessKeyId`, `Signature`, `Expires`), which boto3 still presigns with in us-east-1.

S3 believes it only while it lasts and only if it was made with the key's secret; so does the local AWS. The root of an
account has the secret that hol's own commands name. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Iterator

from hol.local.emulator import buckets as emulator
from hol.local.life.place import SECRET
from hol.local.s3.acl_requests import Refusal
from hol.local.s3.place import bucket_of_host
from hol.local.wire import Request

_NAMES = ("Signature", "Expires", "AWSAccessKeyId")
_TOKEN = "x-amz-security-token"
# The parameters that belong to what is signed.
_SIGNED = frozenset((
    "accelerate", "acl", "cors", "delete", "lifecycle", "location", "logging", "notification", "partNumber", "policy",
    "replication", "requestPayment", "response-cache-control", "response-content-disposition", "response-content-encoding",
    "response-content-language", "response-content-type", "response-expires", "restore", "tagging", "torrent", "uploadId",
    "uploads", "versionId", "versioning", "versions", "website",
))  # fmt: skip


def refusal(request: Request) -> Refusal | None:
    """Why S3 does not believe the address; None as well for one without such a signature."""
    bears_one = {"awsaccesskeyid", "signature"} & {name.lower() for name in request.query}
    if not bears_one or request.service or not emulator.is_for_objects(request):
        return None
    if any(len(request.query.get(name, ())) != 1 for name in _NAMES):
        return Refusal("AccessDenied", f"Query-string authentication requires the {', '.join(_NAMES)} parameters")
    signature, expires, key = (request.query[name][0] for name in _NAMES)
    if not re.fullmatch(r"[0-9]{1,12}", expires):
        return Refusal("AccessDenied", f"Invalid date (should be seconds since epoch): {expires}")
    if int(expires) < time.time():
        return Refusal("AccessDenied", "Request has expired")
    secret = SECRET if re.fullmatch(r"\d{12}", key) else emulator.secret_of(key)
    if secret is None:
        return Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    if not any(hmac.compare_digest(signature.encode(), _signed(secret, text)) for text in _texts(request, expires)):
        return Refusal(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        )
    return None


def _signed(secret: str, text: str) -> bytes:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest())


def _texts(request: Request, expires: str) -> Iterator[str]:
    """What may have been signed: with the type of the body, or without, for clients add one that the signer did not know."""
    token = {name.lower(): values[0] for name, values in request.query.items() if name.lower() == _TOKEN}
    amazon = {**{name: value for name, value in request.headers.items() if name.startswith("x-amz-")}, **token}
    ends = [*(f"{name}:{amazon[name].strip()}" for name in sorted(amazon)), _resource(request)]
    for kind in dict.fromkeys((request.headers.get("content-type", ""), "")):
        yield "\n".join([request.method, request.headers.get("content-md5", ""), kind, expires, *ends])


def _resource(request: Request) -> str:
    bucket, path = bucket_of_host(request.host), request.raw_path.partition("?")[0]
    about = sorted(_SIGNED & set(request.query))
    named = "&".join(f"{one}={request.query[one][0]}" if request.query[one][0] else one for one in about)
    return (f"/{bucket}{path}" if bucket else path) + (f"?{named}" if named else "")
