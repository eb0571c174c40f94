"""What to wait out, as data.

AWS answers "no" for a while to things that are right: a role that was just created cannot be assumed yet, a
bucket that was just made is not found, a quota lets one call pass every 30 seconds. botocore knows only the
general cases, so hol pins it to one attempt and decides here, in one table, for every call that it makes.
A rule says which operations it is for, which error it waits out, how long between the looks and how long in all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hol.words.errors import Failure
from hol.words.text import Text, t


@dataclass(frozen=True)
class Rule:
    """Seconds: the first delay, the longest one, and the deadline for all of them together.

    `after`: operations of this run that make the error a matter of time; without one of them the deadline is
    `otherwise` (0: the rule does not apply). `shared`: the delays are the service's, not each call's own (`hol/cloud/pace.py`).
    """

    key: str
    operations: str
    code: str
    message: str
    first: float
    longest: float
    deadline: float
    what: Text
    after: tuple[str, ...] = ()
    otherwise: float = 0
    shared: bool = False

    def applies(self, operation: str, failure: Failure) -> bool:
        return bool(
            re.fullmatch(self.operations, operation)
            and re.fullmatch(self.code, failure.code)
            and re.search(self.message, failure.message)
        )

    def time_limit(self, made: Collection[str]) -> float:
        """The deadline, given the operations that this run has made."""
        return self.deadline if not self.after or any(op in made for op in self.after) else self.otherwise

    def delays(self, random_: random.Random) -> Iterator[float]:
        """Doubling from `first` to `longest`, each between 75 % and 100 % so that a class does not march in step."""
        delay = self.first
        while True:
            yield delay * random_.uniform(0.75, 1.0)
            delay = min(delay * 2, self.longest)


NEVER = re.compile(
    r"ExpiredToken.*|UnrecognizedClient.*|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed"
    r"|ResourceLimitExceeded|LimitExceeded(Exception)?|BucketAlreadyExists|PolicyLengthExceededException|CodeStorageExceededException"
)

_NEW_ROLE = ("iam.create_role", "iam.attach_role_policy", "iam.put_role_policy", "iam.update_assume_role_policy")
_NEW_BUCKET = ("s3.create_bucket",)
_OPENED = ("s3.put_public_access_block", "s3.put_bucket_ownership_controls", "s3.create_bucket")
_THROTTLED = (
    "Throttling(Exception)?|ThrottledException|RequestThrottled(Exception)?|TooManyRequestsException"
    "|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded|ProvisionedThroughputExceededException"
)

_GONE = "ResourceNotFoundException"

_ROLE = t("the new role to become usable")
_BUSY = t("AWS to finish another change of the same resource")
_QUOTA = t("the API Gateway quota")
_VISIBLE = t("AWS to see what was just created")

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html for R7 to R9; the others from the messages
# that each service documents or is known to send. First match wins.
RULES = (
    Rule("R1", r"lambda\.(create_function|update_function_configuration)", "InvalidParameterValueException",
         "cannot be assumed by Lambda|role does not have permissions|invalid for CreateGrant|does not refer to a valid principal",
         1, 5, 150, _ROLE, after=_NEW_ROLE, otherwise=60),
    Rule("R2", r"lambda\..*", "ResourceConflictException",
         "in progress|following state|concurrent update", 1, 5, 300, _BUSY),
    Rule("R3", r"iam\.(?!get_|list_).*", "NoSuchEntity", "", 1, 4, 120, _VISIBLE, after=("iam.create_role", "iam.create_policy")),
    Rule("R3", r"iam\.get_policy_version", "NoSuchEntity", "", 1, 4, 60, _VISIBLE, after=("iam.create_policy_version",), otherwise=10),
    Rule("R4", r"iam\.delete_(role|policy)", "DeleteConflict", "", 1, 5, 120, t("IAM to see what was just detached"),
         after=("iam.detach_role_policy", "iam.delete_role_policy", "iam.remove_role_from_instance_profile", "iam.delete_policy_version"),
         otherwise=10),
    Rule("R5", r"iam\..*", "ConcurrentModification", "", 1, 4, 60, _BUSY),
    Rule("R6", r"apigateway\..*", "ConflictException|BadRequestException", "(?i)try again later|concurrent modification", 1, 8, 120, _BUSY),
    # One deletion in 30 seconds, one deployment in 5: three quarters of the first delay are more than that.
    Rule("R8", r"apigateway\.delete_rest_api", "TooManyRequestsException", "", 42, 56, 900, _QUOTA),
    Rule("R9", r"apigateway\.create_deployment", "TooManyRequestsException", "", 7, 15, 180, _QUOTA),
    Rule("R7", r"apigateway\..*", "TooManyRequestsException", "", 0.5, 8, 180, _QUOTA, shared=True),
    # Another hol that saw the method unfinished puts its integration anew, and then the responses that went with it.
    Rule("R10", r"apigateway\.(put|update)_(method|integration)\w*", "NotFoundException",
         "Invalid (Method|Integration) identifier|No integration defined|Response status code",
         0.5, 2, 30, _BUSY, after=("apigateway.create_rest_api",), otherwise=10),
    Rule("R10", r"apigateway\.(get_resources|(?!get_)\w+)", "NotFoundException", "", 0.5, 2, 30, _VISIBLE, after=("apigateway.create_rest_api",)),
    Rule("R11", r"s3\.(?!get_|head_|list_|delete_bucket|create_bucket).*", "NoSuchBucket|404", "", 1, 5, 120, _VISIBLE, after=_NEW_BUCKET),
    Rule("R12", r"s3\.(create_bucket|delete_bucket|put_.*)", "OperationAborted", "", 5, 30, 1200, t("S3 to finish with the bucket's name")),
    Rule("R13", r"s3\.put_object_acl", "AccessControlListNotSupported|AccessDenied",
         r"(?i)block ?public|does not allow ACLs|^Access Denied$", 1, 5, 60, t("the bucket's new access settings to take effect"), after=_OPENED),
    Rule("R14", r"sagemaker\.create_(model|endpoint)", "ValidationException", "Could not (assume role|access model data)", 2, 10, 120, _ROLE,
         after=_NEW_ROLE, otherwise=60),
    Rule("R14b", r"sagemaker\.create_endpoint(_config)?", "ValidationException", "Could not find (endpoint configuration|model)", 1, 5, 60,
         _VISIBLE, after=("sagemaker.create_model", "sagemaker.create_endpoint_config")),
    Rule("R14c", r"scheduler\.(create|update)_schedule", "ValidationException", "must allow AWS EventBridge Scheduler to assume", 1, 5, 120,
         _ROLE, after=_NEW_ROLE, otherwise=60),
    Rule("R14f", r"stepfunctions\.(create|update)_state_machine", "AccessDeniedException", "authorized to assume the provided role", 1, 5, 120,
         _ROLE, after=_NEW_ROLE, otherwise=60),
    Rule("R14g", r"stepfunctions\.create_state_machine", "StateMachineDeleting", "", 1, 5, 300, _BUSY),
    Rule("R14d", r"lambda\..*", _GONE, "", 0.5, 2, 30, _VISIBLE, after=("lambda.create_function",)),
    Rule("R14e", r"scheduler\..*", _GONE, "", 0.5, 2, 30, _VISIBLE, after=("scheduler.create_schedule_group",)),
    Rule("R15", r"sagemaker\.(delete|update)_endpoint", "ValidationException", "in-progress endpoint", 15, 30, 3600,
         t("the endpoint to finish what it is doing")),
    Rule("R17", r"logs\..*", _GONE, "", 0.5, 2, 30, _VISIBLE, after=("logs.create_log_group",)),
    Rule("R18", r"logs\..*", "OperationAbortedException", "", 1, 4, 60, _BUSY),
    Rule("R0", r".*", _THROTTLED, "", 0.5, 10, 120, t("AWS to accept more calls"), shared=True),
    Rule("R0", r".*", r"RequestTimeout(Exception)?|PriorRequestNotComplete|InternalFailure|InternalError|InternalServerError"
         r"|ServiceException|ServiceFailure|ServiceUnavailable(Exception)?|50[0234]|lost", "", 0.3, 5, 60, t("AWS to answer again")),
    Rule("R0", r".*", "unreachable|strange", "", 0.3, 2, 5, t("the connection")),
)  # fmt: skip


def rule_for(operation: str, failure: Failure, made: Collection[str]) -> Rule | None:
    """The rule that waits this error out; None when it must not be retried."""
    if NEVER.fullmatch(failure.code) or "explicit deny" in failure.message:
        return None
    for rule in RULES:
        if rule.applies(operation, failure) and rule.time_limit(made) > 0:
            return rule
    return None
