"""Clients that nobody here wrote deploy to the local AWS and away again, `hol up` beside them, and nobody takes the others' things.

The AWS CLI's stack and sync run where `aws` is; Terraform with HOL_FULL=1 where `terraform` finds its AWS provider on this disk
(HOL_TERRAFORM_MIRROR); Chalice where HOL_CHALICE names one: nothing is installed from the net here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import World
from local_lab import call
from sampling import FULL

HERE = Path(__file__).parent / "clients"
AWS, TERRAFORM = shutil.which("aws"), shutil.which("terraform")
CHALICE, MIRROR = os.environ.get("HOL_CHALICE"), os.environ.get("HOL_TERRAFORM_MIRROR", "/opt/tf-plugins")
CHALICE_APP = """
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/name/{who}", methods=["GET", "POST"], cors=True)
def name(who):
    return {"hello": who}
"""
Run = Callable[..., str]


@pytest.fixture
def run(world: World, tmp_path: Path) -> Run:
    """Runs a command as that account against the local AWS; returns what it prints. A home of its own, no metadata service."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HOL_", "PYTHONPATH"))},
        "AWS_ACCESS_KEY_ID": world.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "HOME": str(tmp_path),
        "CHECKPOINT_DISABLE": "1",
    }

    def run(*command: str, folder: Path = tmp_path, **more: str) -> str:
        done = subprocess.run(
            command, cwd=folder, env={**environment, **more}, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
        return done.stdout

    return run


def _answer(world: World, api: str, path: str) -> str:
    answer = call(f"http://127.0.0.1:{world.port}/_aws/execute-api/{api}/{path}", method="GET")
    assert answer.status == 200, answer
    return answer.body.decode()


def _page(world: World, bucket: str) -> bytes:
    return call(f"http://127.0.0.1:{world.port}/_hol/website/{bucket}/", method="GET").body


def _left(world: World) -> list[str]:
    """The names of what is in the account."""
    buckets = world.client("s3").list_buckets()["Buckets"]
    functions = world.client("lambda").list_functions()["Functions"]
    apis = world.client("apigateway").get_rest_apis()["items"]
    roles = world.client("iam").list_roles()["Roles"]
    found = ((buckets, "Name"), (functions, "FunctionName"), (apis, "name"), (roles, "RoleName"))
    return [one[name] for listed, name in found for one in listed]


@pytest.mark.skipif(not AWS, reason="the AWS CLI is not here")
def test_a_stack_and_a_synced_folder_live_beside_the_lab(world: World, run: Run, tmp_path: Path) -> None:
    site = f"stack-site-{world.account}"
    more = ("--capabilities", "CAPABILITY_IAM", "--parameter-overrides", f"Site={site}")
    run(AWS, "cloudformation", "deploy", "--stack-name", "clients", "--template-file", str(HERE / "stack.yaml"), *more)
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("<p>synced</p>", encoding="utf-8")
    run(AWS, "s3", "sync", "www", f"s3://{site}", "--delete")
    world.up()
    stack = world.client("cloudformation").describe_stacks(StackName="clients")["Stacks"][0]
    api = stack["Outputs"][0]["OutputValue"]
    assert _answer(world, api, "prod") == "hello from a stack"
    assert _page(world, site) == b"<p>synced</p>"
    world.down()
    assert _answer(world, api, "prod") == "hello from a stack"
    assert len(_left(world)) == 4
    run(AWS, "s3", "rm", f"s3://{site}", "--recursive")
    run(AWS, "cloudformation", "delete-stack", "--stack-name", "clients")
    run(AWS, "cloudformation", "wait", "stack-delete-complete", "--stack-name", "clients")
    assert _left(world) == []


@pytest.mark.timeout(300)
@pytest.mark.skipif(not CHALICE, reason="HOL_CHALICE names no chalice 1.34 (a venv of its own)")
def test_chalice_deploys_beside_the_lab(world: World, run: Run, tmp_path: Path) -> None:
    app = tmp_path / "app"
    (app / ".chalice").mkdir(parents=True)
    (app / "app.py").write_text(CHALICE_APP, encoding="utf-8")
    (app / "requirements.txt").touch()
    stages = {"dev": {"api_gateway_stage": "api"}}
    (app / ".chalice" / "config.json").write_text(json.dumps({"version": "2.0", "app_name": "hello", "stages": stages}))
    run(str(CHALICE), "deploy", folder=app)
    world.up()
    api = next(one["id"] for one in world.client("apigateway").get_rest_apis()["items"] if one["name"] == "hello")
    assert json.loads(_answer(world, api, "api/name/bob")) == {"hello": "bob"}
    run(str(CHALICE), "deploy", folder=app)
    world.down()
    assert json.loads(_answer(world, api, "api/name/bob")) == {"hello": "bob"}
    run(str(CHALICE), "delete", folder=app)
    assert _left(world) == []


@pytest.mark.skipif(
    not (FULL and TERRAFORM and Path(MIRROR).is_dir()), reason="HOL_FULL=1 with terraform and its provider"
)
def test_terraform_applies_plans_nothing_more_and_destroys(world: World, run: Run, tmp_path: Path) -> None:
    shutil.copy(HERE / "main.tf", tmp_path)
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n")
    (tmp_path / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n')
    bucket = f"terraform-{world.account}"
    settings = {"TF_CLI_CONFIG_FILE": str(tmp_path / "rc"), "TF_VAR_package": "f.zip", "TF_VAR_bucket": bucket}

    def terraform(*words: str) -> str:
        return run(TERRAFORM, *words, "-no-color", **settings)

    terraform("init")
    terraform("apply", "-auto-approve")
    terraform("plan", "-detailed-exitcode")  # 2, were there a difference
    world.up()
    assert _answer(world, terraform("output", "-raw", "api").strip(), "prod") == "hello"
    assert _page(world, bucket) == b"<p>hello</p>"
    world.down()
    terraform("plan", "-detailed-exitcode")
    terraform("destroy", "-auto-approve")
    assert _left(world) == []
