"""What the engine's state machine does, and what its two roles may do.

A Distributed Map hands each line of the roster to the function. Some may fail without keeping the others waiting; when
more than a third do, something is wrong with all, and it stops: then it can be redriven.
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from dataclasses import replace

from hol.aws import functions, policies
from hol.aws.stepfunctions import executions
from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.operate import policy
from hol.operate.policy import Where

LABEL, FOLDER = "Labs", "roster/"
TOLERATED = 30  # per cent, and one in any case
SECONDS = 900  # Lambda's longest
# A lab that ran out of time goes on in the next call, for a day if need be; a call that Lambda has no room for waits for an hour.
_UNFINISHED, _FULL = 100, 60
_BUSY = ["Lambda.TooManyRequestsException"]
_NAMED = 20
_ANYBODY = Attendee("zzzzzzzzzzzz", "")


def definition(lab: Lab, name: str) -> Structure:
    """The state machine of the engine of that name. Its input: verb, roster (a key), together, tolerated, language, addresses."""
    return {
        "Comment": "hol class: every lab of the roster",
        "StartAt": LABEL,
        "States": {
            LABEL: {
                "Type": "Map",
                "Label": LABEL,
                "ItemReader": {
                    "Resource": f"arn:{lab.cloud.partition}:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                    "Parameters": {"Bucket": name, "Key.$": "$.roster"},
                },
                "ItemSelector": {
                    **{f"{key}.$": f"$.{key}" for key in ("verb", "language", "addresses")},
                    "execution.$": "$$.Execution.Id",
                    "attendee.$": "$$.Map.Item.Value",
                },
                "MaxConcurrencyPath": "$.together",
                "ToleratedFailurePercentagePath": "$.tolerated",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Lab",
                    "States": {"Lab": _lab(lab, name)},
                },
                "ResultPath": None,
                "End": True,
            }
        },
    }


def _lab(lab: Lab, name: str) -> Structure:
    """One attendee's lab: again while it is unfinished, not again when it is broken; what Lambda may refuse is waited out."""
    return {
        "Type": "Task",
        "Resource": f"arn:{lab.cloud.partition}:states:::lambda:invoke",
        "Parameters": {"FunctionName": functions.arn(lab, name), "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "Retry": [
            {"ErrorEquals": ["Unfinished"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": _UNFINISHED},
            {"ErrorEquals": ["Broken"], "MaxAttempts": 0},
            {
                "ErrorEquals": _BUSY,
                "IntervalSeconds": 2,
                "BackoffRate": 1.2,
                "MaxDelaySeconds": 60,
                "MaxAttempts": _FULL,
            },
            {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5},
        ],
        "End": True,
    }


def may_hand_out(lab: Lab, name: str) -> Structure:
    """What the state machine may do: read the roster, start and redrive its own children, invoke the function.

    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    children, own = lab.cloud.arn("states", f"execution:{name}/{LABEL}:*"), executions.arn(lab, name)
    return policies.document(
        policies.allow("ReadTheRoster", ["s3:GetObject"], [lab.cloud.arn("s3", f"{name}/{FOLDER}*", "", "")]),
        policies.allow("StartTheLabs", ["states:StartExecution"], [own]),
        policies.allow(
            "KeepTheLabs", [f"states:{verb}Execution" for verb in ("Describe", "Redrive", "Stop")], [children]
        ),
        policies.allow("InvokeTheFunction", ["lambda:InvokeFunction"], [functions.arn(lab, name)]),
    )


def may_work(group: Group, lab: Lab, name: str) -> Structure:
    """What the function may do: everybody's lab and what all share, its log, and a look whether it is still wanted."""
    log = lab.cloud.arn("logs", f"log-group:{functions.log_group(name)}:*")
    execution = lab.cloud.arn("states", f"execution:{name}:*")
    return policies.document(
        *_labs(group),
        policies.allow("WriteTheLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [log]),
        policies.allow("LookWhetherItRuns", ["states:DescribeExecution"], [execution]),
        *_abroad(group, lab),
    )


def _abroad(group: Group, lab: Lab) -> list[Structure]:
    """The class's role in the other accounts on the roster; so many that they do not fit are a star."""
    others = [number for number in group.numbers if number not in ("", lab.cloud.account)]
    named = others if len(others) <= _NAMED else ["*"]
    arns = [lab.cloud.arn("iam", f"role/{group.settings.role}", "", number) for number in named]
    return [policies.allow("GoToOtherAccounts", ["sts:AssumeRole"], arns)] if others else []


def _labs(group: Group) -> list[Structure]:
    """`hol policy` of an attendee, whose name is a star; and of whoever the shared things are."""
    number = ""
    cloud = group.account(number).cloud
    where = Where(cloud.partition, cloud.region, cloud.account)
    handed = {_ANYBODY.place} if any(one.place in group.handed for one in group.attendees) else set()
    config = replace(group, handed=handed).settings_of(_ANYBODY)
    each = policy.operator(config, group.each, where, whole=False)["Statement"]
    found = [policy.for_everybody(one, _ANYBODY.id) for one in each]
    shared = group.settings_of(group.everybody(number))
    for one in policy.operator(shared, group.common, where, whole=False)["Statement"] if group.common else []:
        found += [] if one in found else [{**one, "Sid": f"Shared{one['Sid']}"}]
    return found
