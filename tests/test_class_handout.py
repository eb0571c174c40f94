"""What an attendee is handed: a way into his own lab and into nobody else's, gone with the class."""

from __future__ import annotations

import json
import random
import re
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attendees
import class_room
import killed
import parliament
import pytest
from attendees import Person
from botocore.exceptions import ClientError
from fault_proxy import Proxy
from harness import World
from sampling import FULL
from terminals import Terminal

from hol.cloud import signin
from hol.cloud.clock import JumpingClock
from hol.cloud.session import aws_federation
from hol.engine import runner
from hol.group.handout import allowed, ways_in
from hol.group.handout import page as pages
from hol.group.labs import Group
from hol.operate import policy
from hol.words.errors import HolError

MANY = 4 if FULL else 2


def people(world: World, of: Group) -> dict[str, Person]:
    return {id_: attendees.person(world, of, one) for id_, one in class_room.handed(of).items()}


# --- isolation ---


@pytest.mark.timeout(900)
@pytest.mark.parametrize("endpoint", ["shared", pytest.param("each", marks=pytest.mark.long)])
def test_each_does_his_own_lab_and_nothing_of_another_s(world: World, record_property: Any, endpoint: str) -> None:
    before = world.listing()
    of = class_room.group(world, MANY, class__endpoint=endpoint)
    runner.up(of.run(of.everybody(""), lambda said: None), of.common) if of.common else None
    each = people(world, of)
    pairs = [*permutations(each, 2)] if FULL else [("a0", "a1")]
    lives = {id_: attendees.life(each[id_]) for id_ in dict.fromkeys(other for _, other in pairs)}
    stands = {id_: world.remaining(**each[id_].settings) for id_ in lives}
    assert all(len(lines) >= 10 for lines in stands.values()), stands
    tried, through = Counter[str](), list[tuple[str, str, str]]()
    for mine, other in pairs:
        calls = [call for call in lives[other] if _of_another(call.operation, endpoint)]
        tried += attendees.kinds(calls)
        through += [(mine, other, name) for name, _ in attendees.got_through(each[mine], calls)]
    counted = ", ".join(f"{number} {kind}s" for kind, number in sorted(tried.items()))
    record_property(
        "counted", f"isolation, {len(pairs)} pairs of attendees: {counted} tried; got through: {len(through)}"
    )
    assert tried["read"] > 20 * len(pairs)
    assert tried["write"] > 20 * len(pairs)
    assert tried["delete"] > 5 * len(pairs)
    assert [one for one in through if not _public(one[2])] == []
    assert {id_: world.remaining(**each[id_].settings) for id_ in lives} == stands
    assert {id_: each[id_].tidy() for id_ in lives} == {id_: [] for id_ in lives}
    if FULL:
        ended = class_room.down(class_room.group(world, MANY, class__endpoint=endpoint))
        assert class_room.failures(ended.outcomes) == {}
        assert world.listing() == before


def _of_another(operation: str, endpoint: str) -> bool:
    """What lists names is everybody's, and so is the endpoint that all share."""
    return operation not in attendees.LISTS and (endpoint == "each" or not operation.startswith("sagemaker."))


def _public(operation: str) -> bool:
    """A page that everybody may read on the web."""
    return operation in ("s3.get_object", "s3.head_object")


ESCAPES = (
    ("iam.create_role", {"RoleName": "myTextClassificationLambdaRole-hol-a0", "Path": "/service-role/", "AssumeRolePolicyDocument": "{trust}"}),
    ("iam.create_role", {"RoleName": "escape", "AssumeRolePolicyDocument": "{trust}"}),
    ("iam.delete_role_permissions_boundary", {"RoleName": "{role}"}),
    ("iam.put_role_permissions_boundary", {"RoleName": "{role}", "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("iam.attach_role_policy", {"RoleName": "{role}", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("iam.create_policy_version", {"PolicyArn": "{boundary}", "PolicyDocument": "{everything}", "SetAsDefault": True}),
    ("iam.put_role_policy", {"RoleName": "hol.class.a0", "PolicyName": "p", "PolicyDocument": "{everything}"}),
    ("iam.update_assume_role_policy", {"RoleName": "hol.class.a1", "PolicyDocument": "{trust}"}),
    ("iam.create_user", {"UserName": "escape"}),
    ("iam.create_access_key", {"UserName": "escape"}),
    ("sts.assume_role", {"RoleArn": "arn:aws:iam::{account}:role/hol/text-classification/class/hol.class.a1", "RoleSessionName": "a0"}),
    ("sts.get_federation_token", {"Name": "a0"}),
    ("apigateway.tag_resource", {"resourceArn": "arn:aws:apigateway:us-east-1::/restapis/{api}", "tags": {"hol:lab": "text-classification/a0"}}),
    ("apigateway.untag_resource", {"resourceArn": "arn:aws:apigateway:us-east-1::/restapis/{api}", "tagKeys": ["hol:lab"]}),
    ("apigateway.create_rest_api", {"name": "untagged", "endpointConfiguration": {"types": ["REGIONAL"]}}),
    ("apigateway.create_rest_api", {"name": "his", "endpointConfiguration": {"types": ["REGIONAL"]}, "tags": {"hol:lab": "text-classification/a1"}}),
    ("apigateway.get_export", {"restApiId": "{api}", "stageName": "prod", "exportType": "swagger"}),
    ("apigateway.update_rest_api", {"restApiId": "{api}", "patchOperations": [{"op": "replace", "path": "/name", "value": "mine"}]}),
    ("lambda.list_functions", {}),
    ("iam.list_roles", {}),
    ("iam.list_users", {}),
    ("sagemaker.delete_endpoint", {"EndpointName": "blazingtext-text-classification-class"}),
    ("sagemaker.update_endpoint", {"EndpointName": "blazingtext-text-classification-class", "EndpointConfigName": "other"}),
    ("s3.put_bucket_policy", {"Bucket": "{bucket}", "Policy": "{public}"}),
    ("s3.get_bucket_acl", {"Bucket": "{bucket}"}),
    ("lambda.get_policy", {"FunctionName": "myTextClassificationInference-a1"}),
    ("lambda.create_function_url_config", {"FunctionName": "myTextClassificationInference-a1", "AuthType": "NONE"}),
    ("logs.filter_log_events", {"logGroupName": "/aws/lambda/myTextClassificationInference-a1"}),
    ("secretsmanager.list_secrets", {}),
)  # fmt: skip
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::text-classification-webservice-a1-*",
        }
    ],
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture
def cell(world: World) -> tuple[World, Group, dict[str, Person]]:
    """Two attendees, of whom a1 has an API and a bucket, a0 a role; no endpoint, which is nobody's."""
    of = class_room.group(world, 2, only=("role", "policy", "function", "api", "bucket"))
    each = people(world, of)
    each["a0"].up([step for step in of.steps if step.name == "role"], **each["a0"].settings)
    each["a1"].up(of.steps, **each["a1"].settings)
    return world, of, each


def test_he_finds_no_way_out(cell: tuple[World, Group, dict[str, Person]]) -> None:
    world, of, each = cell
    config = of.settings_of(class_room.named(0))
    known = {
        "trust": json.dumps(TRUST), "everything": json.dumps(EVERYTHING), "public": json.dumps(PUBLIC), "role": config.role.name, "account": world.account,
        "boundary": config.role.boundary, "api": world.client("apigateway").get_rest_apis()["items"][0]["id"],
        "bucket": of.settings_of(class_room.named(1)).bucket.name,
    }  # fmt: skip
    cloud = each["a0"].cloud(**each["a0"].settings)
    got_through = []
    for operation, arguments in ESCAPES:
        try:
            cloud.call(operation, {key: _filled(value, known) for key, value in arguments.items()})
            got_through.append(operation)
        except ClientError as error:
            if error.response["Error"]["Code"] not in attendees.DENIED:
                got_through.append(f"{operation}: {error}")
    assert got_through == []


def _filled(value: Any, known: dict[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), value)


def test_what_he_allows_his_function_is_no_more_than_his_lab_s(cell: tuple[World, Group, dict[str, Person]]) -> None:
    """He may write any policy for the role of his function: its boundary lets it do what the lab's own role does."""
    world, of, each = cell
    role, bucket = of.settings_of(class_room.named(0)).role.name, of.settings_of(class_room.named(1)).bucket.name
    own = each["a0"].client_of("iam")
    own.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    trust = {
        **TRUST,
        "Statement": [{**TRUST["Statement"][0], "Principal": {"AWS": f"arn:aws:iam::{world.account}:root"}}],
    }
    own.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    arn = world.client("iam").get_role(RoleName=role)["Role"]["Arn"]
    given = world.client("sts").assume_role(RoleArn=arn, RoleSessionName="function")["Credentials"]
    function = replace(each["a0"], keys=(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    for call in (
        lambda: function.client_of("s3").get_bucket_tagging(Bucket=bucket),
        lambda: function.client_of("iam").create_user(UserName="escape"),
        lambda: function.client_of("apigateway").get_rest_apis(),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()


def test_a_foreign_linter_finds_no_error_in_what_he_may_do(world: World) -> None:
    of = class_room.group(world, [class_room.Attendee("a" * 12, "")], class__endpoint="each", endpoint__ttl="4h")
    mine = of.attendees[0]
    of.handed.add(mine.place)
    found = [*allowed.of_attendee(of, mine), allowed.of_everybody(of, ""), allowed.of_roles(of, mine)]
    for document in found:
        assert policy.size(document) <= policy.LIMIT
        assert [str(one) for one in parliament.analyze_policy_string(json.dumps(document)).findings] == []


# --- its own life ---


def test_handed_out_again_nothing_changes_and_with_the_class_all_of_it_goes(world: World) -> None:
    before = world.listing()
    of = class_room.group(world, 2, only=("role",))
    class_room.up(of)
    each = people(world, of)
    assert len(world.listing()["policies"]) == 1 + 2 * 3
    again, _ = ways_in.hand_out(class_room.group(world, 2, only=("role",)), lambda outcome: None)
    assert [one.changed for one in again] == [0, 0]
    assert [one.changed for one in class_room.up(class_room.group(world, 2, only=("role",))).values()] == [0, 0]
    left = class_room.group(world, [class_room.named(0)], only=("role",))
    assert {one.attendee.id for one in ways_in.remaining(left) if one.still} == {"class"}
    ended = class_room.down(left)
    assert class_room.failures(ended.outcomes) == {}
    gone = next(one for one in ended.outcomes if one.attendee.id == "class")
    assert sum(str(event.what).startswith("role hol.class.a") for event in gone.events if event.mark == "-") == 2
    assert ways_in.revoked(ended.outcomes) == 2
    assert world.listing() == before
    with pytest.raises(ClientError, match=r"AccessDenied|InvalidClientTokenId"):
        each["a1"].client_of("iam").get_role(RoleName="myTextClassificationLambdaRole-hol-a1")


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(20))
def test_killed_and_run_again_it_converges(faulty: World, front: Proxy, seed: int) -> None:
    chance = random.Random(seed)
    before = faulty.listing()
    settings = {"attendees": 1, "only": ("role",)}
    class_room.up(class_room.group(faulty, **settings))
    for verb, calls in (("class handout", 36), ("class down", 60)):
        dead = killed.killed_at(front, faulty, verb, chance.randrange(1, calls), chance.randrange(3), **settings)
        print(verb, dead)
        if verb == "class handout":
            class_room.handed(class_room.group(faulty, **settings))
            again, _ = ways_in.hand_out(class_room.group(faulty, **settings), lambda outcome: None)
            assert [one.changed for one in again] == [0]
    ended = class_room.down(class_room.group(faulty, **settings))
    assert class_room.failures(ended.outcomes) == {}
    assert faulty.listing() == before


def test_what_he_planted_by_hand_is_named_and_then_goes_with_the_rest(world: World) -> None:
    before = world.listing()
    of = class_room.group(world, 1, only=("role", "policy"))
    mine = people(world, of)["a0"]
    mine.up(of.steps, **mine.settings)
    role = of.settings_of(class_room.named(0)).role.name
    mine.client_of("iam").put_role_policy(RoleName=role, PolicyName="planted", PolicyDocument=json.dumps(EVERYTHING))
    hurried = replace(class_room.group(world, 1, only=("role", "policy")), clock=JumpingClock(real=0.02))
    left = class_room.failures(class_room.down(hurried).outcomes)
    assert "planted" in str(left["a0"])
    policies = [f"managed policy hol-{kind}.class.a0" for kind in ("lab", "roles")]
    assert sorted(left["class"]) == [f"left {name} (something of the attendee a0 is left)" for name in policies]
    assert world.client("iam").get_role(RoleName=role)["Role"][
        "PermissionsBoundary"
    ]  # he is out, his role still bounded
    with pytest.raises(ClientError, match=r"AccessDenied|InvalidClientTokenId"):
        mine.client_of("iam").get_role(RoleName=role)
    world.client("iam").delete_role_policy(RoleName=role, PolicyName="planted")
    assert class_room.failures(class_room.down(class_room.group(world, 1, only=("role", "policy"))).outcomes) == {}
    assert world.listing() == before


def test_whoever_may_not_list_users_is_told_so_and_takes_his_class_down(world: World) -> None:
    class_room.up(class_room.group(world, 1, only=("role",)))
    iam = world.client("iam")
    iam.create_user(UserName="teacher")
    some = {"Version": "2012-10-17", "Statement": [
        *EVERYTHING["Statement"], {"Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*"}
    ]}  # fmt: skip
    iam.put_user_policy(UserName="teacher", PolicyName="hol", PolicyDocument=json.dumps(some))
    key = iam.create_access_key(UserName="teacher")["AccessKey"]
    teacher = Person(world.port, world.account, world.home, None, (key["AccessKeyId"], key["SecretAccessKey"]))
    ended = class_room.down(class_room.group(teacher, 1, only=("role",)))
    assert class_room.failures(ended.outcomes) == {}
    assert [str(one) for one in ended.unseen] == ["iam:ListUsers is not allowed"]
    assert world.listing()["roles"] == []


def test_who_has_a_lab_of_his_own_is_handed_nothing(world: World) -> None:
    world.step(1, attendee="a0")
    before = world.listing()
    outcomes, handed = ways_in.hand_out(class_room.group(world, 1, only=("role",)), lambda outcome: None)
    assert [str(one.errors[0].what) for one in outcomes] == [
        "there is a lab of the attendee a0 already, and it is not of this class"
    ]
    assert handed == []
    assert world.listing() == before


# --- a user with a password, and a link ---


def test_a_user_keeps_the_password_of_his_page(world: World) -> None:
    before = world.listing()
    settings = {"only": ("role",), "class__signin": "user"}
    first = class_room.handed(class_room.group(world, 1, **settings))["a0"]
    assert len(first.password) == 20
    assert first.password not in repr(first)
    assert world.listing()["users"] == ["hol.class.a0"]
    of = class_room.group(world, 1, **settings)
    shown = pages.page(of, pages.Sheet(first, "", "", ""))
    known = pages.since(shown)
    _, kept = ways_in.hand_out(class_room.group(world, 1, **settings), lambda outcome: None, known=lambda one: known)
    assert [one.password for one in kept] == [""]
    _, lost = ways_in.hand_out(class_room.group(world, 1, **settings), lambda outcome: None)
    assert lost[0].password not in ("", first.password)
    as_role = class_room.handed(class_room.group(world, 1, only=("role",)))["a0"]  # the other way instead
    assert (as_role.keys is not None, world.listing()["users"]) == (True, [])
    class_room.handed(class_room.group(world, 1, **settings))
    world.client("iam").create_access_key(UserName="hol.class.a0")  # by hand
    assert class_room.failures(class_room.down(class_room.group(world, 1, **settings)).outcomes) == {}
    assert world.listing() == before


@contextmanager
def federation(status: int = 200) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A sign-in service that answers as AWS's does, and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"SigninToken": "to/ken"}')

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/federation", asked
        finally:
            server.shutdown()


def linked(world: World, address: str, identity: str = "", **settings: Any) -> Group:
    of = class_room.group(world, 1, only=("role",), **settings)
    cloud = of.connect("")
    there = replace(cloud, place=replace(cloud.place, federation=lambda partition: address), identity=identity)
    return replace(of, connect=lambda number: there)


def test_a_link_signs_him_in_for_as_long_as_the_class_lasts(world: World) -> None:
    with federation() as (address, asked):
        of = linked(world, address, "arn:aws:iam::123456789012:user/teacher", class__hours="3")
        given = class_room.handed(of)["a0"]
    session = json.loads(asked[0]["Session"][0])
    assert given.keys is not None
    assert (session["sessionId"], session["sessionKey"], session["sessionToken"]) == given.keys.whole
    assert asked[0]["SessionDuration"] == ["10800"]
    link = parse_qs(urlsplit(given.link).query)
    assert (link["Action"], link["SigninToken"]) == (["login"], ["to/ken"])
    assert link["Destination"] == ["https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1"]
    assert world.client("iam").get_role(RoleName="hol.class.a0")["Role"]["MaxSessionDuration"] == 10800
    page = pages.page(of, pages.Sheet(given, "", "", ""))
    assert "SigninToken=to%2Fken" in page
    assert page.index("로그인") < page.index("Sign in")
    assert "to%2Fken" not in repr(given)


def test_a_service_that_makes_no_link_is_named_without_the_keys(world: World) -> None:
    with federation(400) as (address, asked):
        outcomes, handed = ways_in.hand_out(linked(world, address, "arn:aws:iam::1:user/t"), lambda outcome: None)
    (error,) = outcomes[0].errors
    assert (str(error.what), str(error.why)) == ("AWS's sign-in service made no link", "it answered: 400")
    assert json.loads(asked[0]["Session"][0])["sessionKey"] not in f"{error.why} {error.__context__} {error.__cause__}"
    assert handed == []


@pytest.mark.parametrize(
    ("identity", "kind", "seconds"),
    [
        ("arn:aws:iam::1:user/teacher", "role", 4 * 3600),
        ("arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin/teacher", "user", None),
        ("arn:aws:iam::1:root", "user", 4 * 3600),
    ],
)
def test_whoever_cannot_make_links_makes_users(world: World, identity: str, kind: str, seconds: int | None) -> None:
    of = linked(world, "", identity)
    found = ways_in.ways(of, of.account("").cloud)
    assert (found.kind.word, found.seconds) == (kind, seconds)
    assert ways_in.ways(linked(world, "", identity, class__signin="role"), of.account("").cloud).kind.word == "role"


def test_where_links_are_made() -> None:
    hosts = [urlsplit(aws_federation(one)).hostname for one in ("aws", "aws-cn", "aws-us-gov")]
    assert hosts == ["signin.aws.amazon.com", "signin.amazonaws.cn", "signin.amazonaws-us-gov.com"]
    with pytest.raises(HolError, match="made no link"):
        signin.link("http://127.0.0.1:9/federation", signin.Keys("k", "s", "t", None), "", 900)  # type: ignore[arg-type]  # no time


# --- the command ---


def test_the_pages_are_the_caller_s_alone_and_nothing_else_says_what_is_in_them(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text("name,team\nalice,1\n김민수,1\n", encoding="utf-8")
    said = terminal.hol("class", "handout", "r.csv", "--only", "alice", "--json")
    assert said.returncode == 0, said.stderr
    (file,) = [json.loads(line)["page"] for line in said.stdout.splitlines() if '"handout"' in line]
    page = tmp_path / file
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    assert [one.name for one in page.parent.glob("*.html")] == ["alice.html"]
    text = page.read_text(encoding="utf-8")
    secrets = re.findall(r"(?:SECRET_ACCESS_KEY|SESSION_TOKEN)=(\S+)", text)
    assert len(secrets) == 2
    assert not any(one in said.stdout + said.stderr for one in secrets)
    assert ("hol step 3" in text, "myTextClassificationInference-alice" in text, "hol console" in text) == (True,) * 3
    page.write_text("mine", encoding="utf-8")
    refused = terminal.hol("class", "handout", "r.csv")
    assert (refused.returncode, page.read_text(encoding="utf-8")) == (2, "mine")


@pytest.mark.long
@pytest.mark.timeout(300)
def test_with_what_stands_on_his_page_an_attendee_does_his_lab(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("name,team\nalice,1\n김민수,1\n", encoding="utf-8")
    unknown = terminal.hol("class", "handout", "r.csv", "--only", "bob")
    assert (unknown.returncode, "bob is not on the roster" in unknown.stderr) == (2, True)
    _lives(terminal, tmp_path)
    ended = terminal.hol("class", "down", "r.csv", "--yes")
    assert (ended.returncode, "nothing left behind" in ended.stdout) == (0, True)


def _lives(terminal: Terminal, tmp_path: Path) -> None:
    """What the page says, done: config.yaml in an empty folder, the keys in the shell, and hol with them."""
    assert terminal.hol("class", "up", "r.csv").returncode == 0
    assert terminal.hol("class", "handout", "r.csv", "--only", "alice").returncode == 0
    page = next((tmp_path / "handout-class").glob("alice.html")).read_text(encoding="utf-8")
    parts = dict(re.findall(r'<pre id="(\w+)">(.*?)</pre>', page, re.DOTALL))
    home = tmp_path / "alice"
    home.mkdir()
    (home / "config.yaml").write_text(parts["settings"], encoding="utf-8")
    steps = " && ".join(f"{sys.executable} -m hol step {number}" for number in range(11))
    for line in (f"{sys.executable} -m hol down --yes", steps, f"{sys.executable} -m hol down --yes"):
        done = subprocess.run(
            ["bash", "-c", f"set -e\n{parts['keys']}\n{line}"],
            cwd=home, env=terminal.environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
