"""A look at the function's code, read as Python reads it, and at what it answered."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.near import visible
from hol.words.text import Text, counted, t

from ..site import checks

PASTE = t("Lambda → the function → Code: paste the code again, then Deploy")
_SETTINGS = t("Lambda → the function → Code → Runtime settings → Edit")
_VARIABLES = t("Lambda → the function → Configuration → Environment variables → Edit")
_CLIENTS = ("sagemaker-runtime", "runtime.sagemaker")
# What Lambda's Python has beside the standard library.
_THERE = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six", "awslambdaric", "runtime_client"}
# What of hol's own code may be told by the environment → the least that lets a review through.
_LIMITS = {"MAX_SENTENCES": 2, "MAX_CHARACTERS": 100}


def look(lab: Lab, found: Any) -> Iterator[Finding]:
    """The handler, what it is made of, and the endpoint that it asks; nothing where the code cannot be had."""
    archive = _archive(found)
    now = found["Configuration"]
    if archive is None:
        yield _endpoint_name(lab, now, "")
        return
    problem = _handler(lab, str(now.get("Handler", "")), archive)
    yield problem or Finding("handler", t("handler"))
    source = _source(str(now.get("Handler", "")), archive)
    if problem is None and source is not None:
        yield from _read(lab, now, source, archive)


def _archive(found: Any) -> dict[str, str] | None:
    """The files of the deployment package; None when it cannot be had."""
    answer = checks.http("GET", found.get("Code", {}).get("Location", "") or "http://127.0.0.1:9/")
    try:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")][:200]
            return {
                name: archive.read(name).decode("utf-8", "replace") if name.endswith(".py") else "" for name in names
            }
    except zipfile.BadZipFile:
        return None


def _source(handler: str, archive: dict[str, str]) -> str | None:
    return archive.get(handler.rpartition(".")[0].replace(".", "/") + ".py")


def _handler(lab: Lab, handler: str, archive: dict[str, str]) -> Finding | None:
    """Whether the handler names a file and a function that are there."""
    source, entry = _source(handler, archive), handler.rpartition(".")[2]
    mend = t("{} → Handler: file.function, such as {}", _SETTINGS, _right_handler(lab, archive))
    if source is None:
        files = ", ".join(archive) or "-"
        mend = mend if any(_handlers(name, text) for name, text in archive.items()) else PASTE
        return Finding(
            "handler", t("handler"), t("it is {}, but the code has the files: {}", visible(handler), files), mend
        )
    tree = _parsed(source)
    if isinstance(tree, SyntaxError):
        where = f"{handler.rpartition('.')[0].replace('.', '/')}.py:{tree.lineno}"
        return Finding("code.syntax", t("code"), t("{} is no Python: {}", where, tree.msg), PASTE)
    if entry not in _names(tree):
        have = ", ".join(one for name, text in archive.items() for one in _handlers(name, text)) or "-"
        return Finding("handler", t("handler"), t("it is {}, but the code has: {}", visible(handler), have), mend)
    return None


def _parsed(source: str) -> ast.Module | SyntaxError:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        return error
    except ValueError as error:
        return SyntaxError(str(error))


def _names(tree: ast.Module) -> set[str]:
    """What the module has at its top."""
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return found


def _handlers(name: str, source: str) -> list[str]:
    return [
        f"{name.removesuffix('.py').replace('/', '.')}.{entry}"
        for entry in re.findall(r"^def (\w*handler\w*)\(", source, re.M)
    ]


def _right_handler(lab: Lab, archive: dict[str, str]) -> str:
    return next((one for name, text in archive.items() for one in _handlers(name, text)), lab.config.function.handler)


def _read(lab: Lab, now: Any, source: str, archive: dict[str, str]) -> Iterator[Finding]:
    tree = ast.parse(source)
    missing = [] if now.get("Layers") else _unimportable(tree, archive)
    wrong = t("it imports {}, which Lambda's Python does not have", ", ".join(missing))
    yield judged("code.import", not missing, t("packages of the code"), wrong, t("take the import out; then Deploy"))
    yield _arity(tree, str(now["Handler"]).rpartition(".")[2])
    everything = "\n".join(text for name, text in archive.items() if name.endswith(".py"))
    asks = "invoke_endpoint" in everything
    shown = next((line.strip() for line in reversed(source.splitlines()) if line.strip()), "-")
    wrong = t("it does not ask the endpoint: not pasted, or not deployed (its last line: {})", shown[:120])
    yield judged("code", asks, t("code"), wrong, PASTE)
    if asks:
        yield from _client(lab, ast.parse(everything) if not isinstance(_parsed(everything), SyntaxError) else tree)
        yield _payload(everything)
        yield _endpoint_name(lab, now, everything)
        yield from _limits(now, everything)


def _unimportable(tree: ast.Module, archive: dict[str, str]) -> list[str]:
    """The modules imported at the top that are nowhere."""
    wanted = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
    wanted += [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    own = {name.partition("/")[0].removesuffix(".py") for name in archive}
    tops = dict.fromkeys(name.partition(".")[0] for name in wanted)
    return [name for name in tops if name not in sys.stdlib_module_names and name not in own | _THERE]


def _arity(tree: ast.Module, entry: str) -> Finding:
    found = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry), None)
    arguments = found.args if found else None
    takes = len(arguments.args) if arguments else 2
    needs = takes - len(arguments.defaults) if arguments else 2
    right = needs <= 2 and (takes >= 2 or bool(arguments and arguments.vararg))
    wrong = counted(
        takes,
        t("{} takes one argument, not event and context", entry),
        t("{} takes {} arguments, not event and context", entry, takes),
    )
    return judged("code.handler", right, t("code"), wrong, t("write: {}; then Deploy", f"def {entry}(event, context):"))


def _client(lab: Lab, tree: ast.Module) -> Iterator[Finding]:
    """The boto3 client: of the runtime, and of this region."""
    made = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "client"
    ]
    services = [str(node.args[0].value) for node in made if node.args and isinstance(node.args[0], ast.Constant)]
    wrong = t("its client is {}, which has no {}", ", ".join(services), "invoke_endpoint")
    right = not services or any(service in _CLIENTS for service in services)
    yield judged(
        "code.client",
        right,
        t("client in the code"),
        wrong,
        t("write: {}; then Deploy", 'boto3.client("sagemaker-runtime")'),
    )
    for node in made:
        for word in node.keywords:
            place = word.value.value if isinstance(word.value, ast.Constant) else None
            wrong = t("its client is for the region {}, not {}", place, lab.cloud.region)
            if word.arg == "region_name" and place not in (None, lab.cloud.region):
                yield Finding("code.client", t("client in the code"), wrong, t("take region_name out; then Deploy"))


def _payload(source: str) -> Finding:
    kind = re.search(r"ContentType\s*=\s*['\"]([^'\"]*)['\"]", source)
    what, mend = t("what the code sends to the endpoint"), t("write: {}; then Deploy", '{"instances": [...]}')
    if kind and kind[1] != "application/json":
        return Finding("code.payload", what, t("its content type is {}, not {}", kind[1], "application/json"), mend)
    near = re.search(r"['\"](\w*instanc\w*)['\"]\s*:", source)
    wrong = t("its key is “{}”, not “{}”", near[1] if near else "-", "instances")
    return judged("code.payload", re.search(r"['\"]?instances['\"]?\s*[:=]", source), what, wrong, mend, doubtful=True)


def _endpoint_name(lab: Lab, now: Any, code: str) -> Finding:
    """In the environment, or pasted into the code as in the guide."""
    wanted, given = lab.config.endpoint.name, now.get("Environment", {}).get("Variables", {})
    what = t("endpoint name in the function")
    keys = re.findall(r"environ(?:\.get)?\s*[\[(]\s*['\"](\w*ENDPOINT\w*)['\"]", code) or (
        [] if code else ["ENDPOINT_NAME"]
    )
    pasted = re.findall(r"(?:EndpointName|ENDPOINT_NAME|endpoint_name)\s*=\s*['\"]([^'\"]*)['\"]", code)
    mend = (
        t("{}: {} = {}", _VARIABLES, keys[0], wanted)
        if keys
        else t("Lambda → the function → Code: {}; then Deploy", f'ENDPOINT_NAME = "{wanted}"')
    )
    if keys and keys[0] not in given:
        there = ", ".join(given) or "-"
        return Finding(
            "endpoint name",
            what,
            t("the code reads the variable {}, but there are: {} (wanted: {})", keys[0], there, wanted),
            mend,
        )
    have: str | None = given.get(keys[0]) if keys else pasted[0] if pasted else None
    right = have == wanted or (have is None and wanted in code)
    wrong = (
        t("it is “{}”, not “{}”", visible(have or ""), wanted)
        if have is not None
        else t("it is not in the code: {}", wanted)
    )
    return judged("endpoint name", right, what, wrong, mend)


def _limits(now: Any, code: str) -> Iterator[Finding]:
    """What of hol's own code the environment says otherwise."""
    for name, least in _LIMITS.items():
        given = now.get("Environment", {}).get("Variables", {}).get(name)
        right = given is None or name not in code or (re.fullmatch(r"\s*\d+\s*", given) and int(given) >= least)
        wrong = t("{} is {}, not a number of {} or more", name, visible(given or ""), least)
        yield judged("limits", right, t("limits of the function"), wrong, t("{}: remove {}", _VARIABLES, name))


def of_error(kind: str, message: str, shown: Text) -> Finding:
    """What an error means that the code itself raised."""
    what = t("answer to the test event")
    if "NoneType" in message:
        wrong = t(
            "something in the code is None ({}): a key that the event does not have (it has {} and {}), or a function that returns nothing",
            message[:200],
            "sentences",
            "query",
        )
        return Finding("code.keys", what, wrong, PASTE, live=True)
    if kind == "KeyError" or "[400]" in message:
        wrong = t("the code reads the key {}; the event has {} and {}", message, "sentences", "query")
        return Finding(
            "code.keys",
            what,
            wrong,
            t("write: {}; then Deploy", 'row["query"] for row in event["sentences"]'),
            live=True,
        )
    if kind == "Runtime.MarshalError" or "not JSON serializable" in message:
        return Finding("code.answer", what, t("what it returns is no JSON: {}", message[:200]), PASTE, live=True)
    if "takes" in message and "positional argument" in message:
        return Finding("code.handler", what, shown, PASTE, live=True)
    return Finding("code.error", what, shown, PASTE, live=True)


def of_answer(said: Any) -> Finding:
    """What is wrong with an answer that is no error."""
    what, mend = (
        t("answer to the test event"),
        t("the code must end with: {}; then Deploy", 'return json.loads(response["Body"].read())'),
    )
    if said is None:
        return Finding("code.answer", what, t("it is null: the code lacks its {}", "return"), mend, live=True)
    if isinstance(said, str):
        return Finding(
            "code.answer", what, t("it is a string that looks like JSON: {}", json.dumps(said)[:160]), mend, live=True
        )
    if isinstance(said, dict):
        keys = ", ".join(said)
        return Finding("code.answer", what, t("it is an object with {}, not a list of labels", keys), mend, live=True)
    count = len(said) if isinstance(said, list) else 0
    wrong = t("it is a list of {}, not two labels: {}", count, json.dumps(said, ensure_ascii=False)[:160])
    return Finding("code.answer", what, wrong, mend, live=True)
