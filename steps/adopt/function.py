"""The function, and the log group that Lambda made for it."""

from __future__ import annotations

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
        lab.change("~", t("tags of the function {}", name), "lambda.tag_resource", Resource=arn, Tags=lab.tags)
    taking.log_group(lab, f"/aws/lambda/{name}")
