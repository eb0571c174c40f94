"""The lab as Terraform: one `main.tf.json`, which needs no more than Terraform and the AWS provider.

In JSON, strings are templates, `//` is a comment. https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from botocore import xform_name

from hol.engine.run import Run
from hol.engine.step import Step
from hol.export.files import Export, contents, laid_out
from hol.export.live import Live
from hol.export.plan import Plan, marked, planned, tags
from hol.export.shell import Tool, deploy
from hol.export.tables.terraform import ROWS
from hol.export.translate import Resource, Style
from hol.export.values import Asked, Attribute, Document, File, Here, Joined, Part, Tags, Variable
from hol.words.text import Language

NAME = "terraform"
MAIN = "main.tf.json"
_STYLE = Style(lambda row, label: f"{row.kind}.{label}", xform_name)
_DATA = {"account": "data.aws_caller_identity.current.account_id", "region": "var.region"}


def export(run: Run, steps: Sequence[Step], language: Language, folder: str, live: Live | None = None) -> Export:
    """The files for that folder; with `live` also import blocks for what is there now."""
    plan = planned(run, steps, language, NAME, ROWS, _STYLE, live is not None)
    written = _Written(plan, live)
    text = laid_out(written.document(), whole=4) + "\n"
    files = {MAIN: text.encode(), **written.files}
    if live is None:  # else there is nothing to make
        files |= {"deploy.sh": deploy(plan, _tool(folder)).encode(), **contents(plan.used)}
    return Export(files, plan)


def _tool(folder: str) -> Tool:
    there = f"terraform {shlex.quote(f'-chdir={folder}')}"
    return Tool(
        folder=shlex.quote(folder),
        made=(f"{there} init", f"{there} apply"),
        output=lambda name: f"{there} output -raw {name}",
        gone=(f"{there} destroy",),
    )


class _Written:
    """The document of one plan; the policies that it names and the files beside it come to light on the way."""

    def __init__(self, plan: Plan, live: Live | None) -> None:
        self.plan, self.live = plan, live
        self.common = tags(plan.run, NAME, live is not None)
        self.files: dict[str, bytes] = {}
        self.policies: dict[str, object] = {}
        self.asked: dict[str, str] = {}

    def document(self) -> dict[str, object]:
        resources = self._resources()
        imports = [{"to": to, "id": known} for to, known in self._imports()]
        text = json.dumps([resources, self.policies])
        account: dict[str, object] = (
            {"data": {"aws_caller_identity": {"current": {}}}} if _DATA["account"] in text else {}
        )
        return {
            "//": self._heading(),
            "terraform": {
                "required_version": ">= 1.5",
                "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}},
            },
            "provider": {"aws": self._provider()},
            "variable": self._variables(),
            **account,
            "locals": {"tags": {key: _literal(value) for key, value in self.common.items()}, **self.policies},
            "resource": resources,
            "output": dict(self._outputs()),
            **({"import": imports} if imports else {}),
        }

    def _heading(self) -> list[str]:
        lab = self.plan.run.config.lab
        steps = [self.plan.title(step) for step in self.plan.steps]
        taken = (
            ["local.tags says that these are hol's too: without it, hol down leaves them alone"] if self.live else []
        )
        return [f"The lab {lab}, from hol export {NAME}; the numbers are the guide's steps", *taken, *steps]

    def _provider(self) -> dict[str, object]:
        path_style = {"s3_use_path_style": True} if self.plan.run.cloud.place.endpoint else {}
        return {"region": "${var.region}", **path_style}

    def _variables(self) -> dict[str, object]:
        region = {"region": {"default": self.plan.run.cloud.region}}
        names = {name: {"default": text} for name, text in self.plan.translation.variables.items()}
        asked = {name: {"description": f"for example {example}"} for name, example in self.asked.items()}
        return {**region, **names, **asked}

    def _resources(self) -> dict[str, dict[str, object]]:
        grouped: dict[str, dict[str, object]] = {}
        for resource in self.plan.translation.resources:
            grouped.setdefault(resource.row.kind, {})[resource.label] = self._resource(resource)
        return grouped

    def _resource(self, resource: Resource) -> dict[str, object]:
        written: dict[str, object] = {"//": f"step {resource.step.number}"}
        for name, value in resource.properties.items():
            written |= self._property(resource, name, value)
        if later := [one for one in resource.after if self._operation(one) not in resource.row.triggers]:
            written["depends_on"] = later
        lifecycle = self._lifecycle(resource)
        return {**written, **({"lifecycle": lifecycle} if lifecycle else {})}

    def _property(self, resource: Resource, name: str, value: object) -> dict[str, object]:
        if isinstance(value, File):
            file = PurePosixPath(value.file.path).name
            self.files[file] = value.file.data
            path = f"${{path.module}}/{file}"
            digest = {value.digest: f'${{filebase64sha256("{path}")}}'} if value.digest else {}
            return {name: path, **digest}
        if isinstance(value, Document):
            local = _local(resource.label, "trust" if name.startswith("assume") else "policy")
            self.policies[local] = _value(value.content)
            return {name: f"${{jsonencode(local.{local})}}"}
        if isinstance(value, Tags):
            return {name: self._tags(value)}
        if isinstance(value, Asked):
            self.asked[f"{resource.label}_{name}"] = value.example
            return {name: f"${{var.{resource.label}_{name}}}"}
        return {name: _value(value)}

    def _tags(self, value: Tags) -> str:
        more = marked(value.tags, {**self.plan.run.config.tags, **self.common}) if self.live else {}
        pairs = ", ".join(f"{json.dumps(key)} = {_expression(item)}" for key, item in more.items())
        return f"${{merge(local.tags, {{ {pairs} }})}}" if more else "${local.tags}"

    def _lifecycle(self, resource: Resource) -> dict[str, object]:
        made_of = [one for one in resource.after if self._operation(one) in resource.row.triggers]
        anew = {"create_before_destroy": True, "replace_triggered_by": made_of} if made_of else {}
        unread = resource.row.unread if self.live else ()
        return {**anew, **({"ignore_changes": list(unread)} if unread else {})}

    def _operation(self, address: str) -> str:
        return next(one.thing.operation for one in self.plan.translation.resources if one.address == address)

    def _imports(self) -> Iterator[tuple[str, str]]:
        for one in self.plan.translation.resources if self.live else ():
            if self.live and self.live.is_there(one.thing):
                yield one.address, self.live.identifier(one.row.identifier, one.thing)

    def _outputs(self) -> Iterator[tuple[str, object]]:
        for one in self.plan.translation.resources:
            for name, attribute in one.row.outputs.items():
                output = name.format(label=one.label)
                if output == name or output in self.plan.wants:
                    yield output, {"value": f"${{{one.address}.{attribute}}}"}


def _local(label: str, about: str) -> str:
    return label if label == about else f"{label}_{about}"


def _value(value: object) -> object:
    """The value as Terraform's JSON has it."""
    if isinstance(value, Joined):
        return "".join(
            f"${{{_reference(part)}}}" if not isinstance(part, str) else _literal(part) for part in value.parts
        )
    if isinstance(value, Attribute):
        return f"${{{_reference(value)}}}"
    if isinstance(value, Mapping):
        return {_value(key): _value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return _literal(value) if isinstance(value, str) else value


def _reference(part: Part) -> str:
    if isinstance(part, Attribute):
        return f"{part.address}.{part.name}"
    return f"var.{part.name}" if isinstance(part, Variable) else _DATA[part.what] if isinstance(part, Here) else part


def _expression(value: object) -> str:
    """The value inside of a template."""
    if isinstance(value, Joined) and len(value.parts) == 1:
        return _reference(value.parts[0])
    return json.dumps(_value(value), ensure_ascii=False)


def _literal(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
