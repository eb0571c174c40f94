"""The guide: names filled in, one page that needs nothing else, and lines that fit the terminal."""

from __future__ import annotations

import html.parser
import re

import pytest
from harness import STEPS, World

from hol.engine.lab import Lab
from hol.engine.run import blank
from hol.teach import awscli, document, guide, lines, markdown, since, views
from hol.teach.document import Chapter
from hol.words.shown import width
from hol.words.spans import Line
from hol.words.text import Language

LANGUAGES: tuple[Language, Language] = ("ko", "en")


def chapters(world: World, language: Language, **settings: str) -> tuple[list[Chapter], dict[str, str]]:
    run = world.run(dry=True, **settings)
    known = guide.values(run.config, run.cloud, views.api_id(run))
    empty = blank(run)
    made = []
    for step in STEPS:
        commands = awscli.script(Lab(empty, step.name), views.would(empty, STEPS, step))
        made.append(Chapter(step.number, guide.text(step, language, known), tuple(commands)))
    return [*made, Chapter(None, *guide.cleanup(Lab(run, ""), language, known))], known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_is_filled_in_with_the_learners_own_names(world: World, language: Language) -> None:
    text = document.as_markdown(*chapters(world, language, attendee="kim"), language)
    assert "{{" not in text
    assert "myTextClassificationInference-kim" in text
    assert f"text-classification-webservice-kim-{world.account}-hol" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_page_is_whole_and_needs_nothing_else(world: World, language: Language) -> None:
    page = document.as_html(*chapters(world, language), language)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert not re.search(r"<(?:link|img|iframe)\b|<script[^>]+src|@import|url\(\"?http|fetch\(", page)
    assert page.count("<section ") == len(STEPS) + 2
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page
    assert "<svg" in page


class _Tags(html.parser.HTMLParser):
    """The elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "rect", "path", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag


def test_names_cannot_break_out_of_the_page() -> None:
    known = {"api.name": '<img src=x onerror="alert(1)">`"&', "api_id": "a", "region": "us-east-1"}
    text = guide.filled("# T\n\n`{{api.name}}` {{api.name}} [x](https://e.com/{{api.name}})", known)
    page = markdown.to_html(text)
    assert "<img" not in page
    assert 'href="https://e.com/%3Cimg%20src%3Dx' in page


def test_without_an_api_its_links_lead_to_the_list_of_apis() -> None:
    link = "[r](https://{{region}}.console.aws.amazon.com/apigateway/main/apis/{{api_id}}/resources?api={{api_id}})"
    filled = guide.filled(link, {"api_id": guide.NO_ID, "region": "us-east-1"})
    assert filled == "[r](https://us-east-1.console.aws.amazon.com/apigateway/main/apis?region=us-east-1)"


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_fit_the_terminal(world: World, language: Language, columns: int) -> None:
    run = world.run(dry=True)
    known = guide.values(run.config, run.cloud, None)
    for step in STEPS:
        for spans in lines.lines(markdown.parse(guide.text(step, language, known)), columns):
            line = _written(spans)
            whole = any(" " in span.text for span in spans if span.style == "code")  # never broken
            whole = (
                whole
                or line.strip().startswith(("->", "http", '"', "{", "}", "[", "]", "-"))
                or line.startswith("    ")
            )
            assert width(line) <= columns or whole or " " not in line.strip(), line


def _written(line: Line) -> str:
    return "".join(span.text for span in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_is_left_over(world: World, language: Language) -> None:
    """Emphasis that ends in punctuation before a Korean particle is none to CommonMark, and shows its stars."""
    for chapter in chapters(world, language)[0]:
        shown = re.sub(r"(?s)<pre>.*?</pre>|<code>.*?</code>|<figure>.*?</figure>", "", markdown.to_html(chapter.text))
        assert not re.search(r"\*\*|`", shown), re.findall(r".{0,30}(?:\*\*|`).{0,30}", shown)


def test_lists_go_on_with_their_numbers() -> None:
    text = "1. a\n   - b\n\n2. c\n\npause\n\n3. d\n\n        code\n"
    shown = [_written(line) for line in lines.lines(markdown.parse(text), 60)]
    assert [line for line in shown if line] == ["1. a", "   - b", "2. c", "pause", "3. d", "        code"]
    assert '<ol start="3">' in markdown.to_html(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_changed_since_2019_is_listed(world: World, language: Language) -> None:
    found = since.entries(Lab(world.run(dry=True), "").asset(since.FILE))
    text = "\n".join(since.lines(found, language, 80))
    assert len(found) >= 20
    assert [entry.id for entry in found if entry.source not in text] == []
    widths = [width(line) for line in text.splitlines() if "https://" not in line and " " in line.strip()]
    assert 60 < max(widths) <= 80
