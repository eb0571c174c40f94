"""What people who knew neither the tests nor the code broke, each held by a test."""

from __future__ import annotations

import io
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from fault_proxy import Answer, Proxy, Request
from harness import STEPS, Recorded, World
from ports import free_port
from test_cli import Terminal

from hol.config.files import packaged
from hol.local.life import process
from hol.local.life.place import place
from hol.operate import cleanup
from hol.teach import adopt
from hol.words.errors import HolError, LocalError
from steps.site import folder as site_folder
from steps.site.checks import http


def _strange_files(site: Path) -> dict[str, str]:
    (site / site_folder.MANIFEST).unlink()
    secret = site.parent / "secret"
    secret.write_text("TOPSECRET")
    (site / "thesis").mkdir()
    (site / "thesis" / "ch1.tex").write_text("chapter 1")
    (site / "diary.txt").write_text("my diary")
    (site / "link.txt").symlink_to(secret)
    return {"thesis/ch1.tex": "chapter 1", "diary.txt": "my diary", "link.txt": "TOPSECRET"}


def test_adopt_takes_no_file_of_the_learners_own(world: World) -> None:
    world.up()
    site = world.home / "site"
    strange = _strange_files(site)
    recorded = Recorded()
    assert adopt.take(world.run(recorded), [step for step in STEPS if step.name == "sdk"], dry=False)
    assert any("diary.txt" in str(event.why) for event in recorded.events if event.mark == "!")
    world.up()
    cleanup.clean_up(world.run(), STEPS)
    assert {name: (site / name).read_text() for name in strange} == strange
    assert (site / "link.txt").is_symlink()
    assert not (site / "apigClient.js").exists()


def test_what_is_no_file_of_the_labs_is_not_published_after_adopt(world: World) -> None:
    world.up()
    strange = _strange_files(world.home / "site")
    adopt.take(world.run(), [step for step in STEPS if step.name == "sdk"], dry=False)
    world.step(9)
    bucket = world.run().config.bucket.name
    keys = {item["Key"] for item in world.client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert "index.html" in keys
    assert not keys & strange.keys()


def test_adopt_takes_no_object_that_is_not_the_labs(world: World) -> None:
    world.up()
    bucket, s3 = world.run().config.bucket.name, world.client("s3")
    s3.put_object(Bucket=bucket, Key="backup/thesis.zip", Body=io.BytesIO(b"mine"))
    recorded = Recorded()
    adopt.take(world.run(recorded), [step for step in STEPS if step.name == "upload"], dry=False)
    assert any("backup/thesis.zip" in str(event.why) for event in recorded.events if event.mark == "!")
    run = world.run()
    cleanup.clean_up(run, STEPS)
    assert s3.get_object(Bucket=bucket, Key="backup/thesis.zip")["Body"].read() == b"mine"
    assert run.left


def test_the_site_of_a_lab_at_another_address_is_left_to_it(world: World) -> None:
    world.up()
    site, run = world.home / "site", world.run()
    run.blank, run.cloud = True, replace(run.cloud, place=place(free_port()))
    cleanup.clean_up(run, STEPS)
    assert (site / "index.html").is_file()
    assert [f"local.port={world.port}" in str(left.fix) for left in run.left] == [True]


def test_a_folder_under_a_former_name_is_taken_down_too(world: World) -> None:
    world.up(site__folder="other")
    assert (world.home / "other" / "index.html").is_file()
    cleanup.clean_up(world.run(), STEPS)
    assert not (world.home / "other").exists()


def test_a_page_with_the_name_of_the_sdks_folder_is_refused_before_anything_is_written(world: World) -> None:
    pages = world.home / "pages"
    shutil.copytree(packaged() / "assets" / "web", pages)
    world.up(site__pages="pages")
    (pages / "lib").write_text("z")
    with pytest.raises(HolError, match="lib"):
        world.step(7, site__pages="pages")
    (pages / "lib").unlink()
    world.step(7, site__pages="pages")
    cleanup.clean_up(world.run(site__pages="pages"), STEPS)
    assert not (world.home / "site").exists()


def test_a_page_may_become_a_folder_and_a_folder_a_page(world: World) -> None:
    pages = world.home / "pages"
    shutil.copytree(packaged() / "assets" / "web", pages)
    (pages / "img").write_text("a page")
    world.up(site__pages="pages")
    (pages / "img").unlink()
    (pages / "img").mkdir()
    (pages / "img" / "one.svg").write_text("<svg/>")
    world.step(7, site__pages="pages")
    assert (world.home / "site" / "img" / "one.svg").is_file()
    shutil.rmtree(pages / "img")
    (pages / "img").write_text("a page again")
    world.step(7, site__pages="pages")
    assert (world.home / "site" / "img").read_text() == "a page again"


def test_a_page_that_moved_to_another_folder_is_published_there(world: World) -> None:
    pages = world.home / "pages"
    shutil.copytree(packaged() / "assets" / "web", pages)
    (pages / "a").mkdir()
    (pages / "a" / "t.txt").write_text("t")
    world.up(site__pages="pages")
    (pages / "b").mkdir()
    (pages / "a" / "t.txt").rename(pages / "b" / "t.txt")
    for number in (7, 9):
        world.step(number, site__pages="pages")
    bucket = world.run().config.bucket.name
    keys = {item["Key"] for item in world.client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert ("b/t.txt" in keys, "a/t.txt" in keys) == (True, False)


@pytest.mark.parametrize(
    "words",
    [("down", "--yes", "--config", ""), ("up", "--ttl", "", "--dry-run"), ("status", "--region", "")],
    ids=" ".join,
)
def test_an_empty_value_is_no_missing_option(terminal: Terminal, words: tuple[str, ...]) -> None:
    answer = terminal.hol(*words)
    assert answer.returncode == 2, answer.stderr


def test_status_does_not_vouch_for_what_it_has_not_looked_at(terminal: Terminal) -> None:
    """What rests on another lab's role is not in place."""
    assert terminal.hol("up", "--no-check").returncode == 0
    shown = terminal.hol("status", "--set", "lab=another").stdout
    function = next(line for line in shown.splitlines() if " 3 · " in line)
    assert "in place" not in function


def test_a_port_that_is_held_without_listening_is_somebody_elses() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        with pytest.raises(LocalError, match="is used by another program"):
            process.start(holder.getsockname()[1])


def test_a_lab_in_another_region_keeps_all_it_has(world: World) -> None:
    """IAM and bucket names are one for all regions: `hol down` with the region forgotten takes nothing of the other lab."""
    world.up(endpoint__create="true")
    before = world.listing()
    run = world.run(region="us-west-2", endpoint__create="true")
    cleanup.clean_up(run, STEPS)
    assert world.listing() == before
    named = {" ".join(str(left.what).split()[:2]) for left in run.left if "us-east-1" in str(left.what)}
    assert {"the bucket", "the role"} <= named


def test_a_strangers_schedule_keeps_the_group(world: World) -> None:
    world.up(endpoint__ttl="4h")
    config, scheduler = world.run().config, world.client("scheduler")
    known = scheduler.get_schedule(Name=config.endpoint.switch, GroupName=config.endpoint.switch)
    copied = {key: known[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    scheduler.create_schedule(Name="strangers-backup", GroupName=config.endpoint.switch, **copied)
    run = world.run()
    cleanup.clean_up(run, STEPS)
    listed = scheduler.list_schedules(GroupName=config.endpoint.switch)["Schedules"]
    assert [one["Name"] for one in listed] == ["strangers-backup"]
    assert any("strangers-backup" in str(left.why) for left in run.left)


def test_an_answer_of_iam_without_its_body_is_a_lost_one(faulty: World, front: Proxy) -> None:
    faulty.up()

    def emptied(request: Request) -> Answer:
        answer = request.forward()
        return Answer(answer.status, answer.headers, b"")

    rule = front.add(r"iam\.Delete.*", emptied, times=3)
    run = faulty.run()
    assert cleanup.clean_up(run, STEPS) == []
    assert rule.fired == 3
    assert run.left == []


def test_a_page_may_not_send_megabytes(world: World) -> None:
    url = world.up().outputs["invoke_url"]
    body = b'{"sentences": [' + b'{"query": "a"},' * 150_000 + b"{}]}"
    answer = http("POST", url, body, Content_Type="text/plain", Origin="http://evil.localhost")
    assert answer.status == 413


def test_what_stays_with_a_role_that_stays_is_named(world: World) -> None:
    world.up()
    config = world.run().config
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
    world.client("iam").put_role_policy(RoleName=config.role.name, PolicyName="strangers", PolicyDocument=document)
    run = world.run()
    cleanup.down(run, STEPS)
    [left] = [one for one in run.left if config.role.name in str(one.what)]
    assert "strangers" in str(left.why)
    assert config.policy.name in str(left.why)
    assert f"AWSLambdaBasicExecutionRole-{config.role.name}" in str(left.why)
