"""`hol export`: what its files make, in an account of their own, is the lab; what was there is taken over unchanged.

The texts, CloudFormation's linter and one stack always; with HOL_FULL=1 every tool with every setting that changes the
plan. Terraform where it finds its AWS provider on this disk (HOL_TERRAFORM_MIRROR): nothing is fetched from the net.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import STEPS, Recorded, World
from playwright.sync_api import Page
from terminals import Terminal
from test_browser import NEGATIVE, POSITIVE, ask, browser, page  # noqa: F401 - fixtures of the same page

from hol.cloud.tags import MANAGED
from hol.config import files as configuration
from hol.config.files import packaged
from hol.engine import runner
from hol.export import cloudformation, script, terraform
from hol.export.live import live
from hol.operate import cleanup
from hol.teach.grade.check import findings, lenient

TERRAFORM, MIRROR = shutil.which("terraform"), os.environ.get("HOL_TERRAFORM_MIRROR", "/opt/tf-plugins")
FULL = pytest.mark.skipif(not os.environ.get("HOL_FULL"), reason="HOL_FULL=1")
WITH_TERRAFORM = pytest.mark.skipif(
    not (os.environ.get("HOL_FULL") and TERRAFORM and Path(MIRROR).is_dir()),
    reason="HOL_FULL=1 with terraform and its provider",
)
BIN = Path(sys.executable).parent
# Every setting that changes what is made, as the command line has it.
SETTINGS: dict[str, dict[str, str]] = {
    "as it is": {},
    "concurrency": {"function__concurrency": "2"},
    "no throttling": {"stage__rate": "0"},
    "throttling": {"stage__rate": "7", "stage__burst": "9"},
    "somebody's endpoint": {"endpoint__create": "false"},
    "serverless": {"endpoint__serverless_memory": "2048"},
    "guide's errors": {"api__errors": "guide"},
    "own origin": {"cors__origin": "website"},
    "attendee": {"attendee": "alice"},
}
SETTINGS["all at once"] = {
    key: value for one in SETTINGS.values() for key, value in one.items() if value not in ("false", "0")
}
SETTINGS["somebody's, unlimited"] = {"endpoint__create": "false", "stage__rate": "0"}
EVERY = pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
MORE = {
    "another origin": {"cors__origin": "https://example.com"},
    "any endpoint": {"policy__resource": "any"},
    "ttl": {"endpoint__ttl": "4h"},
}
Run = Callable[..., str]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in the lab's folder, as that account against the local AWS; returns what it prints."""
    monkeypatch.chdir(world.home)
    (world.home / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n')
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HOL_", "PYTHONPATH"))}
    environment = {
        **kept,
        "PATH": f"{BIN}{os.pathsep}{kept['PATH']}",
        "AWS_ACCESS_KEY_ID": world.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        "TF_CLI_CONFIG_FILE": str(world.home / "rc"),
        "TF_CLI_ARGS_plan": "-no-color",
        "TF_CLI_ARGS_apply": "-auto-approve -no-color",
        "TF_CLI_ARGS_destroy": "-auto-approve -no-color",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=world.home, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=1200
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2500:]} {done.stderr[-2500:]}"
        return done.stdout

    return run


def files_of(world: World, form: str, **settings: str) -> dict[str, bytes]:
    """The files of an export, which is said to lack nothing."""
    run = world.run(dry=True, **settings)
    if form == "sh":
        made, notes = script.script(run, STEPS, "en")
    else:
        found = {"cfn": cloudformation, "terraform": terraform}[form].export(run, STEPS, "en", f"hol-{form}")
        made, notes = dict(found.files), list(found.plan.notes)
    lacking = [str(what) for what, _ in notes]
    assert lacking == (["step 0"] if settings.get("endpoint__create") == "false" else [])
    return made


def written(world: World, form: str, **settings: str) -> Path:
    """The folder of an export."""
    return _write(world.home / f"hol-{form}", files_of(world, form, **settings))


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def check(world: World, **settings: str) -> None:
    """`hol check`: nothing is wrong, and every step's own test passes."""
    looking = lenient(world.run(**settings))
    wrong = [f"{step.name}: {f.what}: {f.wrong}" for step in STEPS for f in findings(looking, step) if not f.right]
    assert wrong == []
    runner.check(lenient(world.run(**settings)), STEPS)


def prepared(world: World, **settings: str) -> dict[str, list[str]]:
    """What is in the account before: nothing, or the endpoint that is somebody else's."""
    if settings.get("endpoint__create") == "false":
        world.up([STEPS[0]])
    return world.listing()


def gone(run: Run, folder: Path) -> None:
    """Everything taken down, by the line with which the script ends, pasted where the script was."""
    text = (folder / "deploy.sh").read_text(encoding="utf-8")
    (line,) = [line.removeprefix("#   ") for line in text.partition("# To take it down:\n")[2].splitlines()]
    run("bash", "-euc", line)
    run("bash", "-euc", line)  # broken off, it can be run again


def ended(world: World, **settings: str) -> None:
    """The endpoint is gone: Terraform's provider asks for it and does not wait."""
    if settings.get("endpoint__create") != "false":
        name = world.run(**settings).config.endpoint.name
        world.client("sagemaker").get_waiter("endpoint_deleted").wait(
            EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


# --- what stands in the files ---


@pytest.mark.parametrize("settings", [*SETTINGS.values(), *MORE.values()], ids=[*SETTINGS, *MORE])
def test_the_same_twice_small_and_without_a_secret(world: World, settings: dict[str, str]) -> None:
    prepared(world, **settings)
    for form in ("terraform", "cfn", "sh"):
        files = files_of(world, form, **settings)
        assert files == files_of(world, form, **settings)
        texts = "".join(data.decode() for name, data in files.items() if name.endswith((".json", ".yaml", ".sh")))
        assert not re.search(r"(?i)secret_access_key|session_token|aws_access_key_id", texts)
        assert len(texts) < 30_000
        assert form == "sh" or world.account not in texts


def test_the_templates_have_no_finding(world: World) -> None:
    prepared(world, endpoint__create="false")
    for number, settings in enumerate([*SETTINGS.values(), *MORE.values()]):
        template = files_of(world, "cfn", **settings)[cloudformation.MAIN]
        (world.home / f"{number}.yaml").write_bytes(template)
    command = [str(BIN / "cfn-lint"), "--include-checks", "W", "--", *map(str, sorted(world.home.glob("*.yaml")))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_names_are_variables_and_the_tools_tag_is_on_all_that_bear_tags(world: World) -> None:
    document = json.loads(files_of(world, "terraform")[terraform.MAIN])
    assert {"role_name", "function_name", "api_name", "stage_name", "endpoint_name"} <= document["variable"].keys()
    resources = [one for kind in document["resource"].values() for one in kind.values()]
    assert {one["tags"] for one in resources if "tags" in one} == {"${local.tags}"}
    assert document["locals"]["tags"] == {MANAGED: "terraform"}
    text = json.dumps(resources)
    assert "myTextClassification" not in text
    assert "step 4" in text


# --- what has no row is named ---


def test_a_call_without_a_row_is_named_and_a_steps_own_rows_are_used(world: World) -> None:
    from test_own_lab import ONE, write

    from hol.engine.step import discover, sections

    named = {}
    for rows in ("", "ROWS = {}\n"):
        home = world.home / f"lab{len(rows)}"
        text = {name: one.replace("ROWS = ", "OTHERS = ") if rows else one for name, one in ONE.items()}
        home.mkdir()
        write(home, text)
        steps = discover(home / "steps")
        found = configuration.Folder(packaged(), home, packaged() / "config.yaml")
        config = configuration.load(found, [f"local.port={world.port}"], sections(steps))
        run = world.run(dry=True)
        run.config, run.steps, run.home = config, {step.name: step for step in steps}, home
        made = terraform.export(run, steps, "en", "x"), cloudformation.export(run, steps, "en", "x")
        named[rows] = [str(why) for one in made for _, why in one.plan.notes]
        texts = [
            one.files[name].decode() for one, name in zip(made, (terraform.MAIN, cloudformation.MAIN), strict=True)
        ]
        assert ("aws_sns_topic" in texts[0], "AWS::SNS::Topic" in texts[1]) == (
            (True, True) if not rows else (False, False)
        )
    assert named[""] == []
    assert named["ROWS = {}\n"] == ["not in the export: no row translates sns.create_topic"] * 2


# --- CloudFormation ---


def test_a_stack_is_the_lab_and_hol_leaves_it_alone(world: World, run: Run) -> None:
    """The script's lines, but for the AWS CLI's waits, which look twice a minute."""
    before, settings = world.listing(), {"function__concurrency": "2"}
    folder, client = written(world, "cfn", **settings), world.client("cloudformation")
    brought, deployed, after = re.split(r"(?m)^(aws cloudformation deploy .*)$", (folder / "deploy.sh").read_text())
    run("bash", "-euc", brought)
    template = (folder / cloudformation.MAIN).read_text(encoding="utf-8")
    client.create_stack(StackName="text-classification", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert settled(client, "text-classification") == "CREATE_COMPLETE"
    assert "--stack-name text-classification" in deployed
    head = "\n".join(line for line in brought.splitlines() if line.startswith("HERE="))
    run("bash", "-euc", f"{head}\n{after}", "hol-cfn/deploy.sh")
    check(world, **settings)
    assert left_alone(world, **settings) == {"the CloudFormation stack text-classification"}
    bucket = f"text-classification-webservice-{world.account}-hol"
    run("aws", "s3", "rm", f"s3://{bucket}", "--recursive")
    client.delete_stack(StackName="text-classification")
    assert settled(client, "text-classification") == "DELETE_COMPLETE"
    run("aws", "s3", "rb", f"s3://hol-model-{world.account}-us-east-1", "--force")
    assert world.listing() == before


def settled(client: Any, name: str) -> str:
    """The stack's status, once it no longer changes."""
    for _ in range(600):
        found = [one["StackStatus"] for one in client.list_stacks()["StackSummaries"] if one["StackName"] == name]
        if found and not found[0].endswith("_IN_PROGRESS"):
            return str(found[0])
        time.sleep(0.1)
    raise AssertionError(f"{name} does not settle")


def left_alone(world: World, **settings: str) -> set[str]:
    """Who manages what `hol down` names and leaves; it deletes nothing, and nothing is left behind."""
    before, run = world.listing(), world.run(recorded := Recorded(), **settings)
    cleanup.down(run, STEPS)
    assert (run.left, [event for event in recorded.events if event.mark == "-"]) == ([], [])
    assert world.listing() == before
    said = [str(event.why) for event in recorded.events if event.mark == "!"]
    managed = " manages it; hol leaves it alone"
    return {why.removesuffix(managed) for why in said if why.endswith(managed)}


@FULL
@pytest.mark.timeout(1800)
@EVERY
def test_a_stack_by_its_own_script(world: World, run: Run, page: Page, settings: dict[str, str]) -> None:  # noqa: F811 - the fixture
    before = prepared(world, **settings)
    folder = written(world, "cfn", **settings)
    _private(world)
    run("bash", "hol-cfn/deploy.sh")
    _stays_private(world, **settings)
    check(world, **settings)
    works(world, page, **settings)
    gone(run, folder)
    assert world.listing() == before


PRIVATE = ("secret.csv", "sub/.env", "notes/draft.html")


def _private(world: World) -> None:
    """Somebody has put files of his own where the site comes to lie."""
    for name in PRIVATE:
        file = world.home / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")


def _stays_private(world: World, **settings: str) -> None:
    name = configuration.resolved(world.config(**settings), world.account).bucket.name
    keys = {one["Key"] for one in world.client("s3").list_objects_v2(Bucket=name)["Contents"]}
    assert "index.html" in keys
    assert keys.isdisjoint(PRIVATE)
    for file in PRIVATE:
        (world.home / "site" / file).unlink()


def works(world: World, page: Page, **settings: str) -> None:  # noqa: F811 - the fixture
    """The page, in the browser."""
    run = world.run(**settings)
    page.goto(run.cloud.website_url(run.config.bucket.name))
    assert "긍정" in ask(page, POSITIVE)
    assert "부정" in ask(page, NEGATIVE)


# --- Terraform ---


@WITH_TERRAFORM
@pytest.mark.timeout(1800)
@EVERY
def test_terraform_makes_the_lab_plans_nothing_more_and_destroys(
    world: World,
    run: Run,
    page: Page,  # noqa: F811 - the fixture
    settings: dict[str, str],
) -> None:
    before = prepared(world, **settings)
    folder = written(world, "terraform", **settings)
    _private(world)
    run("bash", "hol-terraform/deploy.sh")
    _stays_private(world, **settings)
    check(world, **settings)
    works(world, page, **settings)
    run(str(TERRAFORM), "-chdir=hol-terraform", "plan", "-detailed-exitcode")  # 2, were there a difference
    if "endpoint__create" not in settings:  # there hol's own is somebody else's, and goes
        assert left_alone(world, **settings) == {"Terraform"}
    gone(run, folder)
    ended(world, **settings)
    assert world.listing() == before


@WITH_TERRAFORM
@pytest.mark.timeout(1800)
@EVERY
def test_terraform_takes_over_what_is_there_and_changes_nothing(
    world: World, run: Run, settings: dict[str, str]
) -> None:
    prepared(world, **settings)
    world.up(**settings)
    looking = world.run(dry=True, **settings)
    made = terraform.export(looking, STEPS, "en", "hol-terraform", live(looking, STEPS))
    again = terraform.export(looking, STEPS, "en", "hol-terraform", live(looking, STEPS))
    assert made.files == again.files
    document = json.loads(made.files[terraform.MAIN])
    _write(world.home / "hol-terraform", dict(made.files))
    run(str(TERRAFORM), "-chdir=hol-terraform", "init")
    plan = run(str(TERRAFORM), "-chdir=hol-terraform", "plan")
    every = sum(len(kind) for kind in document["resource"].values())
    assert f"Plan: {every} to import, 0 to add, 0 to change, 0 to destroy." in plan
    run(str(TERRAFORM), "-chdir=hol-terraform", "apply")
    run(str(TERRAFORM), "-chdir=hol-terraform", "plan", "-detailed-exitcode")
    check(world, **settings)


# --- the script ---


@FULL
@pytest.mark.timeout(1800)
@EVERY
def test_the_script_makes_what_hol_up_makes(
    world: World, other_world: World, run: Run, settings: dict[str, str]
) -> None:
    before = prepared(world, **settings)
    prepared(other_world, **settings)
    written(world, "sh", **settings)
    _private(world)
    run("bash", "hol-sh/lab.sh")
    _stays_private(world, **settings)
    check(world, **settings)
    other_world.up(**settings)
    assert anonymous(world, **settings) == anonymous(other_world, **settings)
    cleanup.down(world.run(**settings), STEPS)  # as its last line says
    after = world.listing()
    assert after == ({kind: [] for kind in before} if "endpoint__create" in settings else before)


def anonymous(world: World, **settings: str) -> str:
    listed = {"state": world.state(**settings), "listing": world.listing()}
    return re.sub(r"-[0-9a-f]{12}\b", "-DIGEST", json.dumps(listed, indent=1).replace(world.account, "ACCOUNT"))


def test_the_script_is_bash_and_for_its_account_only(world: World, other_world: World, run: Run) -> None:
    lines = (written(world, "sh") / "lab.sh").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["# To take it down:", "#   hol down"]
    run("bash", "-n", "hol-sh/lab.sh")
    _write(other_world.home / "hol-sh", files_of(other_world, "sh"))
    done = subprocess.run(["bash", str(other_world.home / "hol-sh" / "lab.sh")], capture_output=True, text=True)
    assert done.returncode != 0
    with pytest.raises(AssertionError, match=f"this script is for the account {other_world.account}"):
        run("bash", str(other_world.home / "hol-sh" / "lab.sh"))
    assert world.listing() == other_world.listing()


@pytest.mark.parametrize("form", ["cfn", "terraform", "sh"])
def test_a_script_has_what_it_uses_beside_it_and_knows_no_path_of_this_machine(world: World, form: str) -> None:
    made = files_of(world, form, endpoint__create="true")
    text = "\n".join(data.decode() for name, data in made.items() if name.endswith(".sh"))
    assert [line for line in text.splitlines() if str(packaged()) in line or str(world.home) in line] == []
    used = set(re.findall(r'"\$HERE"/([\w./-]+)', text))
    named = {one.removesuffix("/.") for one in used}
    assert named == ({"assets/web"} if form != "sh" else {"assets/web", "assets/lambda", "assets/model/model.tar.gz"})
    assert [one for one in named if not any(name == one or name.startswith(f"{one}/") for name in made)] == []
    assert made["assets/web/index.html"] == (packaged() / "assets/web/index.html").read_bytes()


# --- the verb ---


@pytest.mark.parametrize("kind", ["cfn", "terraform", "sh"])
def test_a_folder_with_a_blank_and_a_dollar_is_one_word(terminal: Terminal, kind: str) -> None:
    folder = "a b$HOME"
    assert terminal.hol("export", kind, "--output", folder).returncode == 0
    scripts = [one.read_text("utf-8") for one in (terminal.home / folder).glob("*.sh")]
    lines = [line for text in scripts for line in text.splitlines() if folder in line and not line.startswith("#")]
    assert [line for line in lines if not any(folder in word for word in shlex.split(line))] == []
    assert kind == "sh" or lines


def test_files_are_written_said_and_never_overwritten(terminal: Terminal) -> None:
    first = terminal.hol("export", "cfn", "--lang", "en")
    assert (first.returncode, first.stdout) == (0, f"export: {terminal.home}/hol-cfn\n")
    assert "next: bash hol-cfn/deploy.sh" in first.stderr
    assert """it ends with: aws s3 sync site "s3://$BUCKET_NAME" --acl public-read""" in first.stderr
    assert terminal.hol("export", "cfn", "--lang", "en").returncode == 0  # the same once more
    (terminal.home / "hol-cfn" / "template.yaml").write_text("mine", encoding="utf-8")
    again = terminal.hol("export", "cfn", "--lang", "en")
    assert again.returncode == 2
    assert "--output hol-cfn-2" in again.stderr
    assert (terminal.home / "hol-cfn" / "template.yaml").read_text(encoding="utf-8") == "mine"
    wrong = terminal.hol("export", "sh", "--import")
    assert (wrong.returncode, "hol export terraform --import" in wrong.stderr) == (2, True)
