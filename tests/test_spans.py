"""Lines for a terminal: nothing that belongs together is broken, whatever the width and the language."""

from __future__ import annotations

import pytest

from hol.words.commands import command
from hol.words.shown import width
from hol.words.spans import Span, line_width, plain, spans, wrapped
from hol.words.text import t

ADDRESS = "http://text-classification-webservice-000000000000-hol.s3-website-us-east-1.localhost:4599"
SENTENCES = (
    t("next: {}", command("step", 6, set="local.port=4600", config="my lab")),
    t("{}: {}", t("the page"), ADDRESS),
    t("{} days", 3),
    t("the endpoint {} to be in service (3 to 10 minutes on AWS)", "blazingtext-text-classification"),
)


def _written(lines: list[tuple[Span, ...]]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one.template[:20])
def test_words_commands_and_addresses_stay_whole(sentence: object, language: str, columns: int) -> None:
    said = sentence.render(language)  # type: ignore[attr-defined]  # a Text
    lines = wrapped(spans(sentence.drawn(language)), columns, (Span("  + "),), "    ")
    written = _written(lines)
    assert " ".join(line.strip() for line in written).removeprefix("+ ") == said
    whole = [str(value) for value in sentence.values if " " in str(value) and str(value).startswith("hol")]
    assert all(any(value in line for line in written) for value in whole)
    for line in lines[1:]:
        assert line[0].text.startswith("    ")
    for line, text in zip(lines, written, strict=True):
        assert line_width(line) <= columns or len([one for one in text.split() if one != "+"]) == 1 or whole


def test_a_line_knows_what_is_a_command_an_address_and_code() -> None:
    sentence = t("{} and {} and `{}`", command("open"), ADDRESS, "ENDPOINT_NAME")
    assert [(one.style, one.text) for one in spans(sentence.drawn()) if one.style] == [
        ("code", "hol open"),
        ("link", ADDRESS),
        ("code", "`ENDPOINT_NAME`"),
    ]
    assert plain(sentence.drawn()) == sentence.render()


def test_a_link_of_several_words_breaks_between_them_and_is_one_on_a_line() -> None:
    link = Span("the list of endpoints", "link", "https://console.aws.amazon.com/")
    assert wrapped([Span("open "), link, Span(".")], 80) == [(Span("open "), link, Span("."))]
    assert _written(wrapped([Span("open "), link, Span(".")], 14)) == ["open the list", "of endpoints."]


def test_private_signs_of_a_value_are_taken_out() -> None:
    assert t("{} is missing", "a\ue000b").drawn() == "ab is missing"


def test_korean_counts_two_columns_a_letter() -> None:
    lines = _written(wrapped([Span("로컬 AWS가 켜져 있지 않아요")], 12))
    assert lines == ["로컬 AWS가", "켜져 있지", "않아요"]
    assert all(width(line) <= 12 for line in lines)
