"""The guide's texts and tables: complete, in both languages, and true to the original guide and to AWS's API.

The original guide itself is not part of the repository. Where its folder lies beside the checkout, the table of its
actions is compared with it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name

from hol.engine.step import discover

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT.parent / "shared" / "seed"
LANGUAGES = ("ko", "en")
HEADINGS = {
    "ko": ("무엇을, 왜", "콘솔에서", "콘솔이 말없이 하는 일", "확인할 것", "2019년 이후 바뀐 것"),
    "en": (
        "What and why",
        "In the console",
        "What the console does silently",
        "What to look at",
        "What has changed since 2019",
    ),
}
CLEANUP = {language: ROOT / f"assets/guide/cleanup.{language}.md" for language in LANGUAGES}
DERIVED = {"account", "api_id", "invoke_url", "website_url", "basic_execution_policy", "basic_execution_arn"}
HANGUL = re.compile(r"[가-힣]")
STEPS = {step.number: step for step in discover(ROOT / "steps")}

# Calls whose permission has another name: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
RENAMED = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def _table(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / "assets" / "guide" / name).read_text(encoding="utf-8")))


ACTIONS, BROKEN = _table("actions.yaml"), _table("since2019.yaml")


@cache
def _sections(number: int, language: str) -> dict[str, str]:
    """A guide text's sections: heading → text; the title stands under ""."""
    text = STEPS[number].path.with_suffix(f".{language}.md").read_text(encoding="utf-8")
    title, *parts = re.split(r"(?m)^## +(.+)\n", text)
    return {
        "": title.strip(),
        **{name.strip(): body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)},
    }


@cache
def _keys() -> set[str]:
    """The placeholders of the configuration: `region`, `function.name`, …"""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    sections = {f"{name}.{key}" for name, value in config.items() if isinstance(value, dict) for key in value}
    return sections | {name for name, value in config.items() if not isinstance(value, dict)}


@cache
def _operations(service: str) -> dict[str, Any]:
    """boto3's names of a service's operations, with their models."""
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def _permission(call: str) -> str:
    """The IAM action of a call."""
    service, _, operation = call.partition(".")
    model = _operations(service)[operation]
    if service == "apigateway":
        return f"apigateway:{model.http['method']}"
    action = f"{service}:{model.name}"
    return RENAMED.get(action, action)


def _reach(number: int) -> set[str]:
    """The permissions of a step and of all that it needs."""
    by_name = {step.name: step for step in STEPS.values()}
    reached: set[str] = set()
    waiting = [STEPS[number]]
    while waiting:
        module = waiting.pop().module
        reached |= set(getattr(module, "PERMISSIONS", ()))
        waiting += [by_name[name] for name in (*getattr(module, "NEEDS", ()), *getattr(module, "AWAITS", ()))]
    return reached


# --- the texts ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", STEPS)
def test_a_text_has_its_title_and_its_sections_in_order(number: int, language: str) -> None:
    sections = _sections(number, language)
    assert re.fullmatch(r"# \S[^\n]{2,39}", sections[""])
    assert tuple(sections)[1:] == HEADINGS[language]
    assert [heading for heading, body in sections.items() if heading and len(body) <= 100] == []


@pytest.mark.parametrize("number", STEPS)
def test_every_korean_section_is_korean(number: int) -> None:
    for heading, body in _sections(number, "ko").items():
        if heading:
            assert len(HANGUL.findall(body)) > 50, heading


@pytest.mark.parametrize("number", STEPS)
def test_both_languages_walk_the_same_path(number: int) -> None:
    """As many numbered clicks, the same console pages, the same placeholders."""
    korean, english = (_sections(number, language) for language in LANGUAGES)
    paths = korean["콘솔에서"], english["In the console"]
    assert len({tuple(re.findall(r"(?m)^(\d+)\. ", path)) for path in paths}) == 1
    links = [set(re.findall(r"\]\((https?://[^)]+)\)", "\n".join(text.values()))) for text in (korean, english)]
    assert links[0] == links[1]
    names = [set(re.findall(r"\{\{([^}]*)\}\}", "\n".join(text.values()))) for text in (korean, english)]
    assert names[0] == names[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", STEPS)
def test_the_clicks_are_numbered_without_a_gap(number: int, language: str) -> None:
    numbers = [int(n) for n in re.findall(r"(?m)^(\d+)\. ", _sections(number, language)[HEADINGS[language][1]])]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", STEPS)
def test_only_known_placeholders_are_used(number: int, language: str) -> None:
    text = STEPS[number].path.with_suffix(f".{language}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\{([^}]*)\}\}", text)) <= _keys() | DERIVED
    assert text.count("{{") == text.count("}}") == len(re.findall(r"\{\{[\w.]+\}\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", STEPS)
def test_console_links_name_the_region_where_the_service_has_one(number: int, language: str) -> None:
    text = STEPS[number].path.with_suffix(f".{language}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((https://[^)]*console\.aws\.amazon\.com[^)]*)\)", text)
    assert links
    for link in links:
        assert link.startswith(("https://{{region}}.console.aws.amazon.com/", "https://console.aws.amazon.com/iam/"))


@pytest.mark.parametrize("number", STEPS)
def test_korean_texts_speak_in_one_voice(number: int) -> None:
    """해요체, and no sentence in 합니다체."""
    text = "\n".join(_sections(number, "ko").values())
    assert not re.findall(r"\S+(?:습니다|입니다|십시오)\.", re.sub(r"[\"“`].*?[\"”`]", "", text, flags=re.S))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guides_own_tests_are_where_the_learner_does_them(language: str) -> None:
    path = HEADINGS[language][1]
    for number, word in ((3, "myTestEvent"), (4, "myTestEvent"), (6, "Postman"), (7, "index.html"), (10, "Enter")):
        assert word in _sections(number, language)[path], (number, word)


# --- the 49 actions ---


def test_there_are_49_actions_in_order() -> None:
    assert [row["n"] for row in ACTIONS] == list(range(1, 50))
    fields = {"n", "section", "says", "says_ko", "match", "step", "calls", "heading"}
    assert all(set(row) == fields for row in ACTIONS)


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: str(row["n"]))
def test_an_action_is_covered_by_a_step_a_call_and_a_text(row: dict[str, Any]) -> None:
    assert row["step"] in STEPS
    assert row["says"] and HANGUL.search(row["says_ko"]) and 0 < len(row["match"]) <= 40
    place = HEADINGS["en"].index(row["heading"])
    for language in LANGUAGES:
        assert _sections(row["step"], language)[HEADINGS[language][place]]
    assert row["calls"]
    for call in row["calls"]:
        if not call.startswith("none: "):
            service, _, operation = call.partition(".")
            assert operation in _operations(service), call
            assert _permission(call) in _reach(row["step"]), call


def _original() -> list[str]:
    """The original's numbered items, each up to the next one or the next heading."""
    files = sorted(SEED.glob("*.txt"))
    if not files:
        pytest.skip("the original guide's folder shared/seed is not beside this checkout")
    items: list[list[str]] = []
    inside = False
    for line in files[0].read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*1\.\s", line):
            items.append([])
            inside = True
        elif line.startswith("#"):
            inside = False
        if inside:
            items[-1].append(line)
    return ["\n".join(item) for item in items]


def test_the_original_has_these_49_actions() -> None:
    original = _original()
    assert len(original) == 49
    elsewhere = {row["n"]: row["match"] for row in ACTIONS if row["match"] not in original[row["n"] - 1]}
    assert not elsewhere


# --- what broke since 2019 ---


def test_what_broke_has_an_id_of_its_own() -> None:
    ids = [row["id"] for row in BROKEN]
    assert len(set(ids)) == len(ids) >= 20
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one) for one in ids)


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row["id"])
def test_what_broke_is_told_in_both_languages_with_a_source(row: dict[str, Any]) -> None:
    assert set(row) == {
        *("id", "instruction_ko", "instruction_en", "since", "why_ko", "why_en", "hol_ko", "hol_en"),
        *("source", "step", "code"),
    }
    for name in ("instruction", "why", "hol"):
        assert HANGUL.search(row[f"{name}_ko"])
        assert row[f"{name}_en"] and not HANGUL.search(row[f"{name}_en"])
    assert (
        row["id"] == "m4-xlarge-quota"
        if row["since"] is None
        else re.fullmatch(r"20[12]\d(-\d\d(-\d\d)?)?", row["since"])
    )
    assert row["source"].startswith(
        (
            "https://docs.aws.amazon.com/",
            "https://sagemaker.readthedocs.io/",
            "https://github.com/daekeun-ml/blazingtext-workshop-korean",
        )
    )
    assert row["step"] in STEPS
    assert row["code"] is None or re.fullmatch(r"[A-Z][A-Za-z]+", row["code"])


@pytest.mark.parametrize(
    "slug",
    [
        "python37-runtime",
        "make-public-acls-disabled",
        "block-public-access-default",
        "block-public-access-account",
        "m4-xlarge-quota",
        "notebook-deletes-endpoint",
        "error-answers-200",
        "error-answers-without-cors",
        "jquery-from-cdn",
        "moment-tag-404",
        "input-inserted-as-html",
        "sdk-files-2024",
        "no-cleanup-guide",
        "log-group-for-ever",
        "policy-any-resource",
        "console-create-method",
        "console-sdk-generation",
        "console-overview-upload",
        "seq2seq-wording",
    ],
)
def test_the_known_breakages_are_listed(slug: str) -> None:
    assert slug in {row["id"] for row in BROKEN}


def test_the_clean_up_is_told_alike_in_both_languages() -> None:
    """The same sections but the last, the same clicks, the same names."""
    korean, english = (CLEANUP[language].read_text(encoding="utf-8") for language in LANGUAGES)
    for text, language in ((korean, "ko"), (english, "en")):
        assert tuple(re.findall(r"(?m)^## +(.+)$", text)) == HEADINGS[language][:-1]
        assert set(re.findall(r"\{\{([\w.]+)\}\}", text)) <= _keys() | DERIVED
    clicks = [re.findall(r"(?m)^(\d+)\. ", text) for text in (korean, english)]
    assert clicks[0] == clicks[1] == [str(n) for n in range(1, len(clicks[0]) + 1)]
    assert sorted(set(re.findall(r"\{\{[\w.]+\}\}", korean))) == sorted(set(re.findall(r"\{\{[\w.]+\}\}", english)))
    assert not HANGUL.search(english)
