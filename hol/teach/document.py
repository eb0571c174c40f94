"""The whole lab as one document: every step's guide text with the learner's names, and the commands behind it.

As Markdown, or as one HTML page that needs nothing else: style, script and the picture of the lab are inside, it follows
the reader's light or dark setting, and it prints. Without its script it is one long page.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from hol.teach import markdown
from hol.words.text import Language, Text, counted, t

MADE = "<!-- made by: hol guide -->"


@dataclass(frozen=True)
class Chapter:
    """A step: its number, its text in Markdown (first line the title), its commands for bash, and how long it takes.

    The clean-up has no number.
    """

    number: int | None
    text: str
    commands: tuple[str, ...]
    minutes: int = 0

    @property
    def title(self) -> str:
        title = self.text.split("\n", 1)[0].lstrip("# ")
        return title if self.number is None else f"{self.number} · {title}"

    @property
    def anchor(self) -> str:
        return "cleanup" if self.number is None else f"step-{self.number}"

    @property
    def body(self) -> str:
        return self.text.partition("\n")[2]


def as_markdown(chapters: Sequence[Chapter], known: Mapping[str, str], language: Language, own: str = "") -> str:
    """The document as Markdown; `own`: the name of a lab of one's own, of which no picture is known."""
    say = _in(language)
    parts = [f"{MADE}\n\n# {own or say(TITLE)}", say(_where(known)), *([] if own else [say(FLOW)])]
    for chapter in chapters:
        body = chapter.body.replace("\n## ", "\n### ")
        parts.append(f"## {chapter.title}\n{body.rstrip()}")
        if chapter.commands:
            commands = "\n".join(chapter.commands)
            parts.append(f"### {say(COMMANDS)}\n\n```bash\n{commands}\n```")
    return "\n\n".join(parts) + "\n"


def as_html(chapters: Sequence[Chapter], known: Mapping[str, str], language: Language, own: str = "") -> str:
    """The document as one HTML page; `own` as in Markdown."""
    say = _in(language)
    title = html.escape(own or say(TITLE))
    leaves = [_overview(known, language, own), *(_leaf(chapter, language) for chapter in chapters)]
    anchors = [("start", say(START)), *((chapter.anchor, chapter.title) for chapter in chapters)]
    body = "\n".join(
        f'<section class="leaf" id="{anchors[place][0]}">\n{leaf}\n{_turn(anchors, place, language)}\n</section>'
        for place, leaf in enumerate(leaves)
    )
    return f"""{_head(title, language)}
<body>
<a class="skip" href="#content">{html.escape(say(t("to the content")))}</a>
<div class="frame">
{_contents(chapters, language)}
<main id="content" tabindex="-1">
<p class="meta">{html.escape(say(_where(known)))}</p>
<h1 tabindex="-1">{title}</h1>
{body}
</main>
</div>
<script type="application/json" id="words">{_words(known, language)}</script>
<script>{_sheet("guide.js")}</script>
</body>
</html>
"""


def list_as_markdown(title: Text, text: str, language: Language) -> str:
    """A list that is no lab, as a document of its own."""
    return f"{MADE}\n\n# {title.render(language)}\n\n{text}"


def list_as_html(title: Text, text: str, language: Language) -> str:
    """The same as one HTML page; `text` is Markdown."""
    head = html.escape(title.render(language))
    body = f'<main id="content">\n<h1>{head}</h1>\n{markdown.to_html(text)}\n</main>'
    return f"{_head(head, language)}\n<body>\n{body}\n</body>\n</html>\n"


def _head(title: str, language: Language) -> str:
    return head(MADE, title, language, _sheet("guide.css"))


def head(made: str, title: str, language: Language, style: str, *more: str) -> str:
    """How a page begins that is a file of its own, up to its body; `made` says by what, title and `more` are HTML."""
    metas = "\n".join(
        ('<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">', *more)
    )
    return f"""<!doctype html>
{made}
<html lang="{language}">
<head>
{metas}
<title>{title}</title>
<style>{style}</style>
</head>"""


def _sheet(name: str) -> str:
    return resources.files("hol.teach").joinpath("sheet", name).read_text(encoding="utf-8")


def _words(known: Mapping[str, str], language: Language) -> str:
    """What the script needs, as JSON that cannot end the element it stands in."""
    say = _in(language)
    key = f"hol-guide {known['account']} {known['region']} "
    return json.dumps({"key": key, "copy": say(t("Copy")), "copied": say(t("Copied"))}).replace("<", "\\u003c")


def _contents(chapters: Sequence[Chapter], language: Language) -> str:
    say = _in(language)
    lines = [f'<li><a href="#start"><span>{html.escape(say(START))}</span></a></li>']
    lines += [
        f'<li><a href="#{chapter.anchor}"><span>{html.escape(chapter.title)}</span>{_minutes(chapter, language)}</a></li>'
        for chapter in chapters
    ]
    label = html.escape(say(CONTENTS))
    return f"""<nav class="contents" aria-label="{label}">
<button type="button" class="toggle" aria-expanded="false">{label}</button>
<ol>
{chr(10).join(lines)}
</ol>
</nav>"""


def _minutes(chapter: Chapter, language: Language) -> str:
    return f"<small>{html.escape(t('{} min', chapter.minutes).render(language))}</small>" if chapter.minutes else ""


def _overview(known: Mapping[str, str], language: Language, own: str) -> str:
    say = _in(language)
    drawn = "" if own else f"{picture(known, language)}\n<p>{html.escape(say(FLOW))}</p>"
    return f'<h2 tabindex="-1">{html.escape(say(START))}</h2>\n{drawn}\n{_names(known, language)}'


def _names(known: Mapping[str, str], language: Language) -> str:
    """The learner's own names, to be edited once for the whole page."""
    say = _in(language)
    named = {key: value for key, value in known.items() if key.endswith(".name") and len(value) > 4}
    fields = "\n".join(
        f'<label for="name-{html.escape(key)}"><code>{html.escape(key)}</code>'
        f'<input id="name-{html.escape(key)}" value="{html.escape(value)}" autocomplete="off" spellcheck="false"></label>'
        for key, value in named.items()
    )
    return f"""<details class="names" open><summary>{html.escape(say(t("Your own names")))}</summary>
<p>{html.escape(say(t("What you call things differently, change here: the whole guide follows, on this page only. For hol itself write the names into config.yaml.")))}</p>
{fields}
<button type="button">{html.escape(say(t("As they were")))}</button></details>"""


def _turn(anchors: Sequence[tuple[str, str]], place: int, language: Language) -> str:
    """The links back and forward."""
    say, links = _in(language), []
    if place:
        links.append(_link("back", anchors[place - 1], say(t("Back"))))
    if place + 1 < len(anchors):
        links.append(_link("next", anchors[place + 1], say(t("Next"))))
    return f'<div class="turn">{"".join(links)}</div>'


def _link(kind: str, to: tuple[str, str], word: str) -> str:
    return f'<a class="{kind}" href="#{to[0]}">{html.escape(word)}: {html.escape(to[1])}</a>'


TITLE = t("A web service that tells positive movie reviews from negative ones")
FLOW = t(
    "The browser fetches the page from the S3 website. The page then calls API Gateway itself; API Gateway invokes the Lambda function, which asks the model at the SageMaker endpoint."
)
COMMANDS = t("The same with the AWS CLI")
CONTENTS = t("Contents")
START = t("Overview")


def _where(known: Mapping[str, str]) -> Text:
    return t("account {}, region {}", known["account"], known["region"])


def _in(language: Language) -> Callable[[Text], str]:
    return lambda text: text.render(language)


def _leaf(chapter: Chapter, language: Language) -> str:
    label = html.escape(COMMANDS.render(language))
    text = markdown.to_html(chapter.body, ticks=markdown.Ticks(chapter.anchor, language))
    commands = html.escape("\n".join(chapter.commands))
    more = (
        f'<details><summary>{label}</summary><div class="block"><pre><code>{commands}</code></pre></div></details>'
        if chapter.commands
        else ""
    )
    minutes = counted(chapter.minutes, t("about 1 minute"), t("about {} minutes", chapter.minutes))
    about = minutes.render(language) if chapter.minutes else ""
    meta = f'<p class="meta">{html.escape(about)}</p>\n' if about else ""
    return f'<h2 tabindex="-1">{html.escape(chapter.title)}</h2>\n{meta}{text}\n{more}'


def picture(known: Mapping[str, str], language: Language) -> str:
    """The architecture as inline SVG: the browser fetches the page from S3, and asks the API itself."""
    runtime = Text("{}", (known["function.runtime"],))
    boxes: tuple[tuple[int, int, Text, Text, str], ...] = (
        (20, 130, t("Browser"), t("the page"), ""),
        (300, 20, Text("S3"), t("website"), known["bucket.name"]),
        (300, 230, Text("API Gateway"), t("REST, POST /"), known["api.name"]),
        (560, 230, Text("Lambda"), runtime, known["function.name"]),
        (820, 230, Text("SageMaker"), t("endpoint, model"), known["endpoint.name"]),
    )
    drawn = "\n".join(
        _box(x, y, name.render(language), what.render(language), whose) for x, y, name, what, whose in boxes
    )
    label, one, two = (html.escape(said.render(language)) for said in (FLOW, t("1. fetches the page"), t("2. asks")))
    return f"""<svg class="picture" viewBox="0 0 1000 380" role="img" aria-label="{label}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
<path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>
<path d="M150 126 294 62" marker-start="url(#tip)" marker-end="url(#tip)"/><text class="says" x="170" y="80">{one}</text>
<path d="M150 212 294 266" marker-start="url(#tip)" marker-end="url(#tip)"/><text class="says" x="190" y="262">{two}</text>
<path d="M468 268H556" marker-start="url(#tip)" marker-end="url(#tip)"/><path d="M728 268H816" marker-start="url(#tip)" marker-end="url(#tip)"/>
{drawn}
</svg>"""


def _box(left: int, top: int, name: str, what: str, own: str) -> str:
    """A box with its name and, below, what the learner calls it, whole."""
    middle = left + 82
    whose = f'<foreignObject x="{middle - 110}" y="{top + 82}" width="220" height="62"><div class="own">{html.escape(own)}</div></foreignObject>'
    return (
        f'<rect x="{left}" y="{top}" width="164" height="78" rx="9"/>'
        f'<text x="{middle}" y="{top + 34}" class="name">{html.escape(name)}</text>'
        f'<text x="{middle}" y="{top + 58}">{html.escape(what)}</text>{whose if own else ""}'
    )
