"""The function, and the log group that Lambda made for it."""

from __future__ import annotations

from hol.aws import functions, tags
from hol.engine.lab import Lab
from hol.teach import adopt as taking
from hol.words.text import t


def adopt(lab: Lab) -> None:
    """Both by their tags."""
    name = lab.config.function.name
    found = lab.find("lambda.get_function", "ResourceNotFoundException", FunctionName=name)
    if found is None:
        return
    if taking.free(lab, t("function {}", name), found.get("Tags")):
        arn = found["Configuration"]["FunctionArn"]
        tags.ensure(lab, tags.FUNCTION, t("tags of the function {}", name), arn, found.get("Tags"))
    taking.log_group(lab, functions.log_group(name))
