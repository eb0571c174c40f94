"""AWS errors in words: what failed, why, and what to do.

AWS says the same thing in many ways: every service has its own codes for "expired", "not allowed" and "not
there". Here each is recognised once, by code first and by a loose match of the message where the code is not
enough. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html for the denials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from hol.cloud.answers import StrangeAnswer
from hol.config.settings import Config
from hol.words.commands import aws, command, same
from hol.words.errors import ClockError, CredentialsError, Failure, HolError, PermissionDenied
from hol.words.text import Text, t

_EXPIRED = re.compile(r"ExpiredToken.*|RequestExpired")
_UNKNOWN = re.compile(r"UnrecognizedClient.*|InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|AuthFailure")
_SKEWED = re.compile(r"RequestTimeTooSkewed|.*Signature expired.*|.*Signature not yet current.*", re.S)
_SIGNATURE = re.compile(r"SignatureDoesNotMatch|InvalidSignatureException")
_DENIED = re.compile(r"AccessDenied(Exception)?|UnauthorizedOperation|UnauthorizedException|AuthorizationError.*|403")
_QUOTA = re.compile(
    r"LimitExceeded(Exception)?|ResourceLimitExceeded|TooManyBuckets|CodeStorageExceeded.*|PolicyLengthExceeded.*"
)
_ACTION = re.compile(r"not authorized to perform: ?(?P<action>[\w-]+:\w+)(?: on resource: \"?(?P<resource>[^\s\"]+))?")
_REASONS = (
    ("service control policy", t("a service control policy of the organization forbids it")),
    ("resource control policy", t("a resource control policy of the organization forbids it")),
    ("permissions boundary", t("the permissions boundary does not allow it")),
    ("session policy", t("the session policy does not allow it")),
    ("explicit deny", t("a policy explicitly denies it")),
    ("block public access", t("S3 Block Public Access forbids it")),
    ("BlockPublic", t("S3 Block Public Access forbids it")),
    ("identity-based policy allows", t("no policy of yours allows it")),
)
_LOGIN = t("sign in again and run the same command: what is done is kept; with single sign-on: {}", aws("sso", "login"))


SMALLER = t(
    "ask for more in the Service Quotas console, or choose another instance type: {}\n    or a serverless endpoint: {}",
    same(set="endpoint.instance_type=YOUR-TYPE"),
    same(set="endpoint.serverless_memory=2048"),
)


def failure_of(error: Exception) -> Failure:
    """The error as the retry table sees it.

    A lost answer has the code `lost`, a refused connection `unreachable`, what is not AWS's answer `strange`.
    """
    if isinstance(error, boto.ClientError):
        answer = error.response.get("Error", {})
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = str(answer.get("Code", "")) or str(status)
        return Failure(code, str(answer.get("Message", "")), status, lost=status >= 500)
    if isinstance(error, StrangeAnswer | ResponseParserError):
        status = error.status if isinstance(error, StrangeAnswer) else 0
        return Failure(str(status) if status >= 500 else "strange", str(error), status, lost=True)
    if isinstance(error, boto.EndpointConnectionError | boto.ProxyConnectionError | boto.ConnectTimeoutError):
        return Failure("unreachable", str(error))
    if isinstance(error, boto.HTTPClientError | boto.ResponseStreamingError | boto.IncompleteReadError):
        return Failure("lost", str(error), lost=True)
    return Failure(type(error).__name__, str(error))


def explain(what: Text, error: Exception) -> HolError:
    """The error of a call that was to do `what`, as hol says it."""
    failure = failure_of(error)
    if isinstance(error, boto.ClientError):
        said = _credentials(what, failure) or _denied(what, failure) or _quota(what, failure) or _plain(what, failure)
    else:
        said = _client_side(what, error, failure)
    said.failure = failure
    return said


def _plain(what: Text, failure: Failure) -> HolError:
    why = t("{}: {}", failure.code, failure.message or "-")
    return HolError(t("could not {}", what), why=why, fix=t("run the same command again: what is done is kept"))


def _credentials(what: Text, failure: Failure) -> HolError | None:
    said = t("{}: {}", failure.code, failure.message or "-")
    if _SKEWED.fullmatch(failure.code) or _SKEWED.fullmatch(failure.message):
        return ClockError(
            t("the clock of this machine is wrong, AWS refuses its signatures"),
            why=said,
            fix=t("set the clock and run the same command again"),
        )
    if _EXPIRED.fullmatch(failure.code):
        return CredentialsError(t("the credentials have expired"), why=said, fix=_LOGIN)
    if _SIGNATURE.fullmatch(failure.code):
        return CredentialsError(t("the secret access key is wrong"), why=said, fix=_LOGIN)
    if _UNKNOWN.fullmatch(failure.code):
        fix = t(
            "sign in again; if the same credentials work in us-east-1, the region is not enabled for the account: choose another: {}",
            same(region="YOUR-REGION"),
        )
        return CredentialsError(t("AWS does not know these credentials"), why=said, fix=fix)
    return None


def _denied(what: Text, failure: Failure) -> HolError | None:
    if not _DENIED.fullmatch(failure.code):
        return None
    found = _ACTION.search(failure.message)
    reason = next((text for words, text in _REASONS if words.lower() in failure.message.lower()), None)
    why = t("{}: {}", failure.code, failure.message or "-") if reason is None else t("{} ({})", reason, failure.message)
    if "block public" in failure.message.lower() or "BlockPublic" in failure.message:
        fix = t(
            "ask the account's owner whether public websites are allowed here; hol never changes the account's own setting"
        )
    elif found:
        fix = t("ask the account's owner for the action {}; then run the same command again", found["action"])
    else:
        fix = t("ask the account's owner for the permission; then run the same command again")
    return PermissionDenied(t("not allowed to {}", what), why=why, fix=fix)


def _quota(what: Text, failure: Failure) -> HolError | None:
    if not _QUOTA.fullmatch(failure.code):
        return None
    fix = t(
        "delete what is no longer used, or ask for more in the Service Quotas console; then run the same command again"
    )
    if "endpoint usage" in failure.message or "serverless endpoints" in failure.message:
        fix = SMALLER
    return PermissionDenied(
        t("a quota of the account does not let hol {}", what), why=t("{}: {}", failure.code, failure.message), fix=fix
    )


def _profiles() -> str:
    """The profiles that this machine knows."""
    from botocore.session import Session

    return ", ".join(Session({"profile": (None, None, None, None)}).available_profiles) or "-"


def _client_side(what: Text, error: Exception, failure: Failure) -> HolError:
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError | boto.CredentialRetrievalError):
        fix = t(
            "sign in first: {}\n    or, with single sign-on: {}\n    or try the lab without an account: {}",
            aws("configure"),
            aws("sso", "login"),
            command("up", target="local"),
        )
        return CredentialsError(t("there are no AWS credentials"), why=t("{} says “{}”", "boto3", error), fix=fix)
    if isinstance(error, boto.SSOError | boto.TokenRetrievalError | boto.LoginError):
        return CredentialsError(t("the sign-in has expired"), why=t("{} says “{}”", "boto3", error), fix=_LOGIN)
    if isinstance(error, boto.ProfileNotFound):
        return CredentialsError(
            t("there is no such profile"),
            why=t("{} says “{}”", "boto3", error),
            fix=t("choose another ({}): {}", _profiles(), same(profile="YOUR-PROFILE")),
        )
    if isinstance(error, StrangeAnswer | ResponseParserError):
        return HolError(
            t("could not {}: what came is not AWS's answer", what),
            why=t("{} says “{}”", "boto3", error),
            fix=t("a proxy or a captive portal may stand between: sign in there, then run the same command again"),
        )
    if failure.code in ("unreachable", "lost"):
        return HolError(
            t("could not {}: AWS did not answer", what),
            why=t("{} says “{}”", "boto3", error),
            fix=t("check the network and the region, then run the same command again"),
        )
    return HolError(t("could not {}", what), why=t("{}: {}", type(error).__name__, error))


@contextmanager
def connecting(config: Config) -> Iterator[None]:
    """Errors on the way to AWS in words."""
    try:
        yield
    except (boto.BotoCoreError, boto.ClientError) as error:
        raise explain(t("ask AWS who is asking, in {}", config.region), error) from error
