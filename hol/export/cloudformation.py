"""The lab as one CloudFormation template, in YAML with the short forms that people write."""

from __future__ import annotations

import io
import re
import shlex
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

import yaml

from hol.engine.run import Run
from hol.engine.step import Step
from hol.export.files import Export, contents
from hol.export.made import Thing
from hol.export.plan import Plan, planned, tags
from hol.export.row import Row
from hol.export.shell import Tool, deploy, is_there
from hol.export.tables.cloudformation import ROWS
from hol.export.translate import Resource, Style
from hol.export.values import Asked, Attribute, Code, Document, Here, Joined, Part, Tags, Variable
from hol.words.errors import ConfigError
from hol.words.text import Language, t

NAME = "cloudformation"
MAIN = "template.yaml"
_LINE = 90
_INLINE = 4 * 2**20  # characters of code that a template may hold
_PSEUDO = {"account": "AWS::AccountId", "region": "AWS::Region"}
_HEAD = """# The lab {lab}, from hol export cfn; the numbers are the guide's steps.
AWSTemplateFormatVersion: "2010-09-09"
Description: {description}
"""
_ANEW = "# What is changed above is live once it is deployed again: give this resource another name.\n"


def _pascal(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[_\W]+", text))


def _address(row: Row, label: str) -> str:
    return _pascal(label if label == row.noun else f"{label}_{row.noun}")


_STYLE = Style(_address, lambda key: key[:1].upper() + key[1:])


def export(run: Run, steps: Sequence[Step], language: Language, folder: str) -> Export:
    """The files for that folder."""
    apart: list[Thing] = []

    def kept(things: Sequence[Thing]) -> Sequence[Thing]:
        """CloudFormation uploads nothing: what is to lie in a bucket is brought before, and so is the bucket."""
        filled = {one.arguments["Bucket"] for one in things if one.operation == "s3.put_object"}
        apart.extend(one for one in things if one.arguments.get("Bucket") in filled)
        return [one for one in things if one.arguments.get("Bucket") not in filled]

    plan = planned(run, steps, language, NAME, ROWS, _STYLE, own=False, kept=kept)
    uploads = [one for one in apart if one.operation == "s3.put_object"]
    files = {PurePosixPath(one.arguments["Body"].path).name: one.arguments["Body"].data for one in uploads}
    shell = deploy(plan, _tool(plan, folder, uploads))
    return Export({MAIN: template(plan).encode(), **files, "deploy.sh": shell.encode(), **contents(plan.used)}, plan)


def _tool(plan: Plan, folder: str, uploads: Sequence[Thing]) -> Tool:
    """How the AWS CLI is called for the stack; what is to lie in a bucket is brought there before, and so is the bucket."""
    stack, there = _stack(plan), shlex.quote(folder)
    buckets = list(dict.fromkeys(_in_bash(plan, one.arguments["Bucket"]) for one in uploads))
    account = ["account=$(aws sts get-caller-identity --query Account --output text)"] if buckets else []
    named = f"--stack-name {stack}"
    return Tool(
        folder=there,
        known=account,
        made=(
            *(f'{is_there(one)} || aws s3 mb "s3://{one}"' for one in buckets),
            *(_copied(plan, there, one) for one in uploads),
            f"aws cloudformation deploy {named} --template-file {there}/{MAIN} --capabilities CAPABILITY_NAMED_IAM"
            + _overridden(plan),
        ),
        output=lambda name: (
            f"aws cloudformation describe-stacks {named} --output text "
            f"--query \"Stacks[0].Outputs[?OutputKey=='{_pascal(name)}'].OutputValue\""
        ),
        gone=(
            f"aws cloudformation delete-stack {named}",
            f"aws cloudformation wait stack-delete-complete {named}",
            *(_brought_back(plan, one) for one in uploads),
        ),
    )


def _brought_back(plan: Plan, upload: Thing) -> str:
    """The file gone, and the bucket when nothing else is in it: what somebody else put there keeps it."""
    bucket = _in_bash(plan, upload.arguments["Bucket"])
    gone = f'aws s3 rm "s3://{bucket}/{upload.arguments["Key"]}" && aws s3 rb "s3://{bucket}"'
    return f"if {is_there(bucket)}; then {gone}; fi"


def _copied(plan: Plan, folder: str, upload: Thing) -> str:
    file, key = PurePosixPath(upload.arguments["Body"].path).name, upload.arguments["Key"]
    return f'aws s3 cp {folder}/{file} "s3://{_in_bash(plan, upload.arguments["Bucket"])}/{key}"'


def _overridden(plan: Plan) -> str:
    """The parameters without a default, from the environment."""
    asked = [f'{name}="${{{name}:?for example {example}}}"' for name, example in _asked_for(plan)]
    return " ".join([" --parameter-overrides", *asked]) if asked else ""


def _stack(plan: Plan) -> str:
    """A stack's name has letters, digits and dashes."""
    config = plan.run.config
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(filter(None, (config.lab, config.attendee)))).strip("-") or "hol"


def _in_bash(plan: Plan, name: str) -> str:
    return name.replace(plan.run.cloud.account, "$account")


def template(plan: Plan) -> str:
    """The template's text."""
    common = tags(plan.run, NAME, own=False)
    title = plan.run.config.lab
    resources = list(_resources(plan, common))
    parameters = dict(_parameters(plan, "".join(resources)))
    outputs = dict(_outputs(plan))
    head = _HEAD.format(lab=title, description=_yaml(f"The hands-on lab {title}").strip().removesuffix("\n..."))
    parts = [head, _yaml({"Parameters": parameters}) if parameters else "", "Resources:\n" + "\n".join(resources)]
    return "\n".join([*filter(None, parts), _yaml({"Outputs": outputs})])


def _parameters(plan: Plan, text: str) -> Iterator[tuple[str, object]]:
    for name, default in plan.translation.variables.items():
        if re.search(rf"!Ref {_pascal(name)}\b|\$\{{{_pascal(name)}\}}", text):
            yield _pascal(name), {"Type": "String", "Default": default}
    for name, example in _asked_for(plan):
        yield name, {"Type": "String", "Description": f"for example {example}"}


def _asked_for(plan: Plan) -> Iterator[tuple[str, str]]:
    """The parameters that have no default, with an example."""
    for resource in plan.translation.resources:
        asked = ((name, value) for name, value in resource.properties.items() if isinstance(value, Asked))
        yield from ((_asked(resource, name), value.example) for name, value in asked)


def _asked(resource: Resource, name: str) -> str:
    return f"{resource.address}{name}"


def _resources(plan: Plan, common: Mapping[str, str]) -> Iterator[str]:
    step = None
    for resource in plan.translation.resources:
        heading = f"# {plan.title(resource.step)}\n" if resource.step is not step else ""
        step = resource.step
        anew = _ANEW if resource.row.triggers else ""
        body: dict[str, object] = {"Type": resource.row.kind}
        if resource.after:
            body["DependsOn"] = resource.after if len(resource.after) > 1 else resource.after[0]
        body["Properties"] = dict(_properties(resource, common))
        yield _indented(heading + anew + _yaml({resource.address: body}))


def _properties(resource: Resource, common: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, value in resource.properties.items():
        if isinstance(value, Tags):
            yield name, [{"Key": key, "Value": text} for key, text in common.items()]
        elif isinstance(value, Asked):
            yield name, _Ref(_asked(resource, name))
        elif name == "Handler":
            yield name, "index" + value[value.rindex(".") :]
        elif isinstance(value, Code):
            yield name, {"ZipFile": _source(value)}
        else:
            yield name, _value(value)


def _source(code: Code) -> str:
    """The one file of the package. Raises `ConfigError` for more: a template holds no package."""
    with zipfile.ZipFile(io.BytesIO(code.file.data)) as archive:
        names = archive.namelist()
        text = archive.read(names[0]).decode("utf-8", "replace")
    if len(names) != 1 or not names[0].endswith(".py") or len(text) > _INLINE:
        raise ConfigError(
            t("the function's package has {} files, and a template holds only one", len(names)),
            fix=t("put all of it into one .py file, or export it as Terraform"),
        )
    return text


def _outputs(plan: Plan) -> Iterator[tuple[str, object]]:
    for one in plan.translation.resources:
        for name, attribute in one.row.outputs.items():
            output = name.format(label=one.label)
            if output in plan.wants or name == output:
                yield _pascal(output), {"Value": _value(Attribute(one.address, attribute))}


# --- YAML ---


class _Ref(str):
    """`!Ref` of that name."""


class _GetAtt(str):
    """`!GetAtt` of that attribute."""


class _Sub(str):
    """`!Sub` of that text."""


class _Dumper(yaml.SafeDumper):
    """Short forms, text of several lines as it is, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else '"' if "'" in text and not re.search(r'["\\]', text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _short_form(tag: str, dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(tag, str(text))


def _mapping(dumper: _Dumper, value: Mapping[str, object]) -> yaml.MappingNode:
    """What is short and holds nothing stands on one line."""
    short = all(not isinstance(item, dict | list) for item in value.values()) and len(str(dict(value))) <= _LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
for _kind, _tag in ((_Ref, "!Ref"), (_GetAtt, "!GetAtt"), (_Sub, "!Sub")):
    _Dumper.add_representer(_kind, partial(_short_form, _tag))


def _yaml(value: object) -> str:
    written = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=None)
    return re.sub(r"!(Ref|GetAtt) '([\w.:]+)'", r"!\1 \2", written)


def _indented(text: str) -> str:
    return re.sub(r"^(?=.)", "  ", text, flags=re.M)


def _value(value: object) -> object:
    if isinstance(value, Joined):
        return _Sub("".join(_in_sub(part) for part in value.parts)) if len(value.parts) > 1 else _value(value.parts[0])
    if isinstance(value, Attribute):
        return _GetAtt(f"{value.address}.{value.name}") if value.name else _Ref(value.address)
    if isinstance(value, Variable):
        return _Ref(_pascal(value.name))
    if isinstance(value, Here):
        return _Ref(_PSEUDO[value.what])
    if isinstance(value, Document):
        return _value(value.content)
    if isinstance(value, Mapping):
        return {_value(key): _value(item) for key, item in value.items()}
    return [_value(item) for item in value] if isinstance(value, list) else value


def _in_sub(part: Part) -> str:
    if isinstance(part, str):
        return part.replace("${", "${!")
    known = _value(part)
    return f"${{{known}}}"
