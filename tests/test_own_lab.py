"""docs/own-lab.md, run as it stands there: a step about a service that hol has never heard of, in a folder of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from harness import Recorded, World
from terminals import Terminal

from hol.config import files as configuration
from hol.config.files import packaged
from hol.engine import runner
from hol.engine.run import Run
from hol.engine.step import Step, discover, sections
from hol.operate import cleanup, doctor, policy
from hol.teach import adopt, console
from hol.teach.grade import check as grade

PAGE = (packaged() / "docs" / "own-lab.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"(?ms)^`(steps/[\w.]+)`\n\n```\w+\n(.*?)^```$", PAGE))
ONE = {name: text for name, text in FILES.items() if name.startswith("steps/step00_")}


def write(folder: Path, files: dict[str, str] = FILES) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_the_page_has_one_python_file_and_two_texts_for_a_step() -> None:
    assert [Path(name).suffixes for name in ONE] == [[".py"], [".en", ".md"], [".ko", ".md"]]
    assert len(FILES) == 5


# --- as a person has it ---


def commands() -> list[tuple[str, ...]]:
    """The page's own commands, in order."""
    block = PAGE.split("## Try it")[1].split("```bash\n")[1].split("```")[0]
    return [tuple(line.split("#")[0].split()[1:]) for line in block.splitlines()]


def test_the_page_s_commands_do_what_it_says(terminal: Terminal) -> None:
    write(terminal.home, ONE)
    answers = {}
    for number, words in enumerate(commands()):
        done = answers[number, " ".join(words)] = terminal.hol(*words)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), f"{words}: {done.stdout}{done.stderr}"
    said = {words: done.stdout + done.stderr for (_, words), done in answers.items()}
    assert "+ topic new-reviews" in said["up --dry-run"]
    assert "no changes: 1 thing is as it should be" in said["up"]  # the second
    assert "aws sns create-topic" in said["step 0 --cli"]
    assert "2 of 2" in said["check 0"] or said["check 0"].count("right") >= 2
    assert "in place" in said["status"]
    assert "it bears this lab's tag" not in said["status"]
    assert json.loads(answers[7, "policy"].stdout)["Statement"][-1]["Resource"].endswith(":new-reviews")
    assert "hears of new reviews" in said["guide --format md --output -"]
    assert "`new-reviews`" in said["guide --format md --output -"]
    assert "SageMaker" not in said["guide --format md --output -"]
    assert "- topic new-reviews" in said["down 0 --dry-run"]
    assert re.search(r"yes +topic new-reviews\n", said["down --yes"])
    assert "nothing left behind" in said["down --yes"]


def test_its_settings_stand_in_config_yaml_with_their_comments_and_checks(terminal: Terminal) -> None:
    write(terminal.home, ONE)
    assert terminal.hol("init", "--lang", "ko").returncode == 0
    text = (terminal.home / "config.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["topic"] == {"name": "new-reviews-{attendee}", "display": "New reviews"}
    assert "topic:  # 새 리뷰를 알리는 SNS 주제\n" in text
    assert "# AWS에서 쓰는 주제 이름\n" in text
    wrong = terminal.hol("up", "--dry-run", "--set", "topic.name=not/a/topic", "--lang", "ko")
    assert wrong.returncode == 2
    assert "주제 이름(영문자, 숫자, -, _)" in wrong.stderr
    assert "did you mean topic.name" in terminal.hol("up", "--set", "topic.nam=x").stderr
    named = terminal.hol(
        "up", "--dry-run", "--json", "--set", "topic.name=of-{attendee}", "--set", "attendee=kim", "--lang", "ko"
    )
    events = [json.loads(line) for line in named.stdout.splitlines()]
    assert [(one["step"], one["mark"], one["what"]) for one in events if one["type"] == "event"] == [
        ("topic", "+", "주제 of-kim")
    ]


# --- the laws ---


class Own:
    """The page's lab in an account of the local AWS."""

    def __init__(self, world: World, files: dict[str, str] = FILES) -> None:
        write(world.home, files)
        self.world, self.steps = world, discover(world.home / "steps")

    def run(self, recorded: Recorded | None = None, dry: bool = False, **settings: str) -> Run:
        folder = configuration.Folder(self.world.home, self.world.home, packaged() / "config.yaml")
        overrides = [f"{key.replace('__', '.')}={value}" for key, value in settings.items()]
        config = configuration.load(folder, [f"local.port={self.world.port}", *overrides], sections(self.steps))
        run = self.world.run(recorded, dry)
        run.config = configuration.resolved(config, self.world.account)
        run.steps = {step.name: step for step in self.steps}
        return run

    def recorded(self, verb: Callable[..., object], *steps: Step, dry: bool = False, **settings: str) -> list[str]:
        recorded = Recorded()
        verb(self.run(recorded, dry, **settings), steps or self.steps)
        return recorded.lines

    def listing(self) -> list[str]:
        return sorted(topic["TopicArn"] for topic in self.world.client("sns").list_topics()["Topics"])


@pytest.fixture
def own(world: World) -> Own:
    return Own(world)


def test_it_keeps_the_laws(own: Own) -> None:
    made = ["topic: + topic new-reviews", "signature: ~ signature version of the topic"]
    _, signature = own.steps
    assert own.recorded(runner.up, dry=True) == made
    assert own.listing() == []
    assert own.recorded(runner.up) == made
    assert own.recorded(runner.up) == ["topic: = topic new-reviews", "signature: = signature version of the topic"]
    assert own.recorded(cleanup.undo, signature) == ["signature: - signature version of the topic"]
    assert own.recorded(cleanup.undo, signature) == []
    assert own.recorded(runner.up, signature) == made[1:]
    assert own.recorded(cleanup.down, dry=True) == own.recorded(cleanup.down) == ["topic: - topic new-reviews"]
    assert own.recorded(cleanup.down) == []
    assert own.listing() == []


def test_drift_is_mended(own: Own) -> None:
    own.recorded(runner.up)
    assert own.recorded(runner.up, topic__display="Reviews")[0] == "topic: ~ display name of the topic"
    assert own.recorded(runner.up, topic__display="Reviews")[0] == "topic: = topic new-reviews"


def test_under_another_name_it_is_found_by_its_tag(own: Own) -> None:
    own.recorded(runner.up, topic__name="former")
    assert cleanup.remaining(own.run(), own.steps)[0].what.render() == "topic former"
    own.recorded(cleanup.down)
    assert own.listing() == []


def test_another_labs_topic_is_refused_and_stays(own: Own) -> None:
    own.world.client("sns").create_topic(Name="new-reviews", Tags=[{"Key": "hol:lab", "Value": "another"}])
    looks = own.steps[0].facet("doctor")
    found = doctor._findings(next(looks(_lab(own))))
    assert [(one.code, "not this lab's" in str(one.what)) for one in found] == [("HOL-D07", True)]
    assert not adopt.take(own.run(), own.steps, dry=False)
    run = own.run()
    cleanup.down(run, own.steps)
    assert len(own.listing()) == len(run.left) == 1


def _lab(own: Own) -> object:
    from hol.engine.lab import Lab

    return Lab(own.run(dry=True), "topic")


def test_made_by_hand_it_is_graded_adopted_and_taken_down(own: Own) -> None:
    own.world.client("sns").create_topic(Name="new-reviews")
    run = grade.lenient(own.run())
    assert [(one.facet, one.right) for one in grade.findings(run, own.steps[0])] == [
        ("topic", True),
        ("display name", False),
    ]
    assert adopt.take(own.run(), own.steps, dry=False)
    assert not adopt.take(own.run(), own.steps, dry=False)
    assert own.recorded(runner.up, own.steps[0]) == ["topic: ~ display name of the topic"]
    assert own.recorded(cleanup.down) == ["topic: - topic new-reviews"]


def test_its_policy_is_narrow_and_its_links_lead_to_its_console(own: Own) -> None:
    recorded = Recorded()
    run = own.run(recorded)
    where = policy.Where("aws", "us-east-1", own.world.account)
    printed = policy.operator(run.config, own.steps[:1], where, whole=False)["Statement"]
    arn = f"arn:aws:sns:us-east-1:{own.world.account}:new-reviews"
    assert [(one["Sid"], one["Resource"]) for one in printed] == [("Sns", arn)]
    runner.up(run, own.steps[:1])
    link = console.link(run.cloud, recorded.events[0], own.steps[0].facet("CONSOLE"))
    assert link == "https://us-east-1.console.aws.amazon.com/sns/v3/home?region=us-east-1#/topics"
