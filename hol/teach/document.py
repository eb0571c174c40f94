"""The whole lab as one document: every step's guide text with the learner's names, and the commands behind it.

As Markdown, or as one HTML page that needs nothing else: styles and the picture of the lab are inside, it follows the
reader's light or dark setting, and it prints.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hol.teach import markdown
from hol.words.text import Language, Text, t

MADE = "<!-- made by: hol guide -->"


@dataclass(frozen=True)
class Chapter:
    """A step: its number, its text in Markdown (first line the title), and its commands for bash.

    The clean-up has no number.
    """

    number: int | None
    text: str
    commands: tuple[str, ...]

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
    body = "\n".join(_chapter(chapter, say(COMMANDS)) for chapter in chapters)
    return f"""<!doctype html>
{MADE}
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(own or say(TITLE))}</title>
<style>{_STYLE}</style>
</head>
<body>
{_head(chapters, known, language, own)}
<main>
{body}
</main>
</body>
</html>
"""


def _head(chapters: Sequence[Chapter], known: Mapping[str, str], language: Language, own: str) -> str:
    say = _in(language)
    drawn = "" if own else f"{picture(known, language)}\n<p>{html.escape(say(FLOW))}</p>\n"
    contents = "\n".join(
        f'<li><a href="#{chapter.anchor}">{html.escape(chapter.title)}</a></li>' for chapter in chapters
    )
    return f"""<header>
<h1>{html.escape(own or say(TITLE))}</h1>
<p>{html.escape(say(_where(known)))}</p>
{drawn}<nav aria-label="{html.escape(say(CONTENTS))}"><ol class="contents">
{contents}
</ol></nav>
</header>"""


TITLE = t("A web service that tells positive movie reviews from negative ones")
FLOW = t("Browser → S3 website → API Gateway (REST, non-proxy) → Lambda → SageMaker endpoint → model")
COMMANDS = t("The same with the AWS CLI")
CONTENTS = t("Contents")


def _where(known: Mapping[str, str]) -> Text:
    return t("account {}, region {}", known["account"], known["region"])


def _in(language: Language) -> Callable[[Text], str]:
    return lambda text: text.render(language)


def _chapter(chapter: Chapter, label: str) -> str:
    text = markdown.to_html(markdown.parse(chapter.body))
    commands = html.escape("\n".join(chapter.commands))
    more = f"<details><summary>{html.escape(label)}</summary><pre><code>{commands}</code></pre></details>"
    heading = f'<h2 id="{chapter.anchor}">{html.escape(chapter.title)}</h2>'
    return f"<section>\n{heading}\n{text}\n{more if chapter.commands else ''}\n</section>"


def picture(known: Mapping[str, str], language: Language) -> str:
    """The architecture as inline SVG: five boxes and the way of a question through them."""
    boxes = (
        (t("Browser"), t("the page"), ""),
        (Text("S3"), t("website"), known["bucket.name"]),
        (Text("API Gateway"), t("REST, POST /"), known["stage.name"]),
        (Text("Lambda"), Text("{}", (known["function.runtime"],)), known["function.name"]),
        (Text("SageMaker"), t("endpoint, model"), known["endpoint.name"]),
    )
    drawn = "\n".join(
        _box(i, *(str(p) if isinstance(p, str) else p.render(language) for p in box)) for i, box in enumerate(boxes)
    )
    label = html.escape(FLOW.render(language))
    return f"""<svg class="picture" viewBox="0 0 1000 150" role="img" aria-label="{label}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>
{drawn}
</svg>"""


def _box(place: int, name: str, what: str, own: str) -> str:
    left, middle = 10 + place * 202, 10 + place * 202 + 82
    arrow = f'<path d="M{left - 36} 62H{left - 3}" marker-end="url(#tip)"/>' if place else ""
    shown = own if len(own) <= 26 else own[:25] + "…"
    return (
        f'{arrow}<rect x="{left}" y="24" width="164" height="76" rx="9"/>'
        f'<text x="{middle}" y="56" class="name">{html.escape(name)}</text>'
        f'<text x="{middle}" y="80">{html.escape(what)}</text>'
        f'<text x="{middle}" y="126" class="own"><title>{html.escape(own)}</title>{html.escape(shown)}</text>'
    )


_STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#5b6675;--line:#d5dbe3;--code:#f2f4f7;--link:#0b5cad}
@media (prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e6eaf0;--soft:#9aa6b5;--line:#313a46;--code:#1c222b;--link:#7cb7ff}}
body{margin:0 auto;max-width:52rem;padding:1.5rem;background:var(--paper);color:var(--ink);line-height:1.65;
font-family:system-ui,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif;word-break:keep-all;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.3}h2{margin-top:3rem;border-top:1px solid var(--line);padding-top:1.5rem}h3{margin-top:1.8rem;font-size:1.08rem}
a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,D2Coding,monospace;font-size:.88em}
code{background:var(--code);padding:.1em .3em;border-radius:4px}pre{background:var(--code);padding:.9rem;border-radius:8px;overflow-x:auto;line-height:1.45}
pre code{padding:0;background:none;white-space:pre}li{margin:.35rem 0}.contents{list-style:none;padding:0;columns:2}
details{margin-top:1.5rem}summary{cursor:pointer;color:var(--soft)}
.picture{width:100%;height:auto;color:var(--soft)}.picture rect{fill:var(--code);stroke:var(--soft);stroke-width:1.5}
.picture path{stroke:currentColor;stroke-width:2;fill:none}.picture marker path{fill:currentColor;stroke:none}
.picture text{fill:var(--ink);font-size:14px;text-anchor:middle}.picture .name{font-weight:600;font-size:17px}.picture .own{font-size:11px;fill:var(--soft)}
@media (max-width:40rem){.contents{columns:1}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f5f5f5;--link:#000}body{max-width:none;padding:0;font-size:10.5pt}
section{break-before:page}pre{white-space:pre-wrap}pre code{white-space:pre-wrap}main a[href^="http"]::after{content:" <" attr(href) ">";font-size:.75em}
details::details-content{content-visibility:visible;height:auto}}
"""
