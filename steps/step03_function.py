"""Lambda function that asks the SageMaker endpoint"""

from __future__ import annotations

from hol.aws import functions, logs, roles
from hol.config import disk as files
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

from .site import checks

NEEDS = ("role",)
MINUTES = 8  # by hand, in the console
AWAITS = ("role",)  # what is there already can be read meanwhile
DOWN_AFTER = ()  # a function may go before the API that calls it
PERMISSIONS = (
    "lambda:GetFunction", "lambda:ListTags", "lambda:GetFunctionConfiguration", "lambda:CreateFunction",
    "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode", "lambda:DeleteFunction", "lambda:TagResource",
    "lambda:ListVersionsByFunction", "lambda:ListAliases", "lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency", "lambda:InvokeFunction", "iam:GetRole",
    "iam:PassRole", "logs:DescribeLogGroups", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy",
    "logs:TagResource", "logs:ListTagsForResource",
)  # fmt: skip

LARGEST = 250 * 2**20  # bytes that Lambda takes, unzipped


def resources(config: Config) -> Resources:
    """What these are for."""
    name, role = config.function.name, config.role.name
    return Resources(roles={role: "lambda.amazonaws.com"}, functions=(name,), log_groups=(functions.log_group(name),))


def up(lab: Lab) -> None:
    """The function with its settings, code and log group."""
    role = lab.awaited("role", lambda: roles.find(lab, lab.config.role.name))
    lab.read_ahead("function", lambda: functions.find(lab, lab.config.function.name))
    lab.in_parallel(
        lambda: logs.ensure(lab, _group(lab), lab.config.function.log_retention),
        lambda: functions.ensure(lab, _wanted(lab, role())),
    )


def _wanted(lab: Lab, role: roles.Role) -> functions.Wanted:
    settings = lab.config.function
    return functions.Wanted(
        settings.name,
        role.arn,
        role.id,
        settings.runtime,
        settings.handler,
        settings.timeout,
        settings.memory,
        {"ENDPOINT_NAME": lab.config.endpoint.name},
        settings.concurrency,
        functions.package(files.folder(lab.asset(settings.code), "function.code", lab.run.home, LARGEST)),
    )


def check(lab: Lab) -> None:
    """The console's Test button with the event myTestEvent."""
    lab.require(functions.find(lab, lab.config.function.name), lab.step)
    checks.function(lab, lab.config.function.name)


def down(lab: Lab) -> None:
    """The function gone, then its log group."""
    name = lab.config.function.name
    lab.read_ahead("function", lambda: logs.find(lab, _group(lab)))
    deleted = False
    try:
        deleted = functions.delete(lab, name)
    finally:  # a namesake of the function does not keep our log group
        lab.in_parallel(lambda: functions.gone(lab, name) if deleted else None, lambda: logs.remove(lab, _group(lab)))


def _group(lab: Lab) -> str:
    return functions.log_group(lab.config.function.name)
