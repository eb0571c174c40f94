"""An attendee's page: where his lab is, what is called how, and how he signs in; one file that needs nothing else.

In Korean first, in English beside it, to be printed or sent. It holds secrets, so whoever writes it keeps it to himself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from hol.cloud.session import Cloud
from hol.cloud.signin import LINK_MINUTES
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.run import blank
from hol.engine.step import Step
from hol.group.handout.ways_in import Handed
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.teach import console
from hol.teach.document import head
from hol.words.text import Text, t

MADE = "<!-- made by: hol class handout -->"
_SINCE = re.compile(r'<meta name="hol-password-since" content="([^"]*)">')
_STYLE = """:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:50rem;color:#1b2430;background:#fff;line-height:1.6;word-break:keep-all;overflow-wrap:anywhere;
font-family:system-ui,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",NanumGothic,sans-serif}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:1.8rem 0 .5rem}[lang=en]{color:#566172;font-size:.88em}
p{margin:.4rem 0}a{color:#0b5cad}.go{display:inline-block;padding:.6rem 1.2rem;border-radius:.6rem;background:#0b5cad;color:#fff;text-decoration:none;font-weight:700}
.go [lang=en]{color:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border:1px solid #d5dbe3}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,D2Coding,monospace;font-size:.85rem}pre{background:#f1f4f8;padding:.8rem;border-radius:8px;white-space:pre-wrap}
.typed{white-space:nowrap}section{margin-top:1.8rem}section h2{margin-top:0}.secret{padding-top:1rem;border:2px solid #a3341f;border-radius:.7rem;padding:.3rem 1rem 1rem}tr,.secret{break-inside:avoid}
@media print{body{padding:0;max-width:none;font-size:10pt}a{color:inherit}h2{break-after:avoid}}"""


@dataclass(frozen=True)
class Sheet:
    """What a page is made of: who, how he signs in, his settings as a file, and the commands that hol has for him."""

    handed: Handed
    settings: str
    environment: str
    practice: str


def since(page: str) -> str:
    """Since when the password that stands in that page is set; "" without one."""
    found = _SINCE.search(page)
    return html.unescape(found[1]) if found else ""


def page(group: Group, sheet: Sheet) -> str:
    """The whole page."""
    mine = sheet.handed.attendee
    cloud = group.account(mine.account).cloud
    parts = [_head(sheet.handed), _where(group, mine), _sign_in(cloud, sheet), _names(group, mine), _terminal(sheet)]
    return "\n".join(parts) + "\n</body>\n</html>\n"


def _both(said: Text) -> str:
    """The sentence in both languages, the Korean one first."""
    korean, english = (html.escape(said.render(language)) for language in ("ko", "en"))
    return f'{korean} <span lang="en">{english}</span>'


def _head(handed: Handed) -> str:
    mine, title = handed.attendee, t("Your hands-on lab")
    who = " · ".join(html.escape(one) for one in (mine.name, mine.team) if one)
    named = f"{html.escape(title.render('ko'))} · {html.escape(mine.name)}"
    since = f'<meta name="hol-password-since" content="{html.escape(handed.since)}">'
    return f"""{head(MADE, named, "ko", _STYLE, '<meta name="referrer" content="no-referrer">', since)}
<body>
<h1>{_both(title)}</h1>
<p>{who}</p>"""


def _section(title: Text, *parts: str, secret: bool = False) -> str:
    inside = "\n".join(parts)
    kind = ' class="secret"' if secret else ""
    return f"<section{kind}>\n<h2>{_both(title)}</h2>\n{inside}\n</section>"


def _paragraph(said: Text) -> str:
    return f"<p>{_both(said)}</p>"


def _where(group: Group, mine: Attendee) -> str:
    cloud, config = group.account(mine.account).cloud, group.settings_of(mine)
    page_ = html.escape(cloud.website_url(config.bucket.name))
    account = t("AWS account {}, region {}", cloud.account, cloud.region)
    link = f'<p><a href="{page_}">{page_}</a></p>'
    return _section(
        t("Your web page"), _paragraph(t("It answers as soon as your lab stands.")), link, _paragraph(account)
    )


def _sign_in(cloud: Cloud, sheet: Sheet) -> str:
    handed, title = sheet.handed, t("Sign in to the console")
    if handed.password:
        return _section(title, *_by_password(cloud, handed), secret=True)
    if handed.link:
        return _section(title, *_by_link(handed), secret=True)
    practice = t(
        "This is no AWS account: the local AWS has no console to sign in to. Instead, on the machine where it runs:"
    )
    return _section(title, _paragraph(practice), _code(sheet.practice))


def _by_link(handed: Handed) -> Iterable[str]:
    yield f'<p><a class="go" rel="noreferrer" href="{html.escape(handed.link)}">{_both(t("Sign in"))}</a></p>'
    yield _paragraph(t("The link is good for {} minutes; ask your instructor for a new one after that.", LINK_MINUTES))
    if handed.keys:
        yield _paragraph(t("What you signed in for ends at {}.", _moment(handed.keys.until)))
    yield _paragraph(t("Whoever has this page is you: give it to nobody."))


def _by_password(cloud: Cloud, handed: Handed) -> Iterable[str]:
    federation = cloud.place.federation
    host = urlsplit(federation(cloud.partition)).hostname if federation else ""
    address = f"https://{cloud.account}.{host}/console" if host else ""
    rows = [(t("address"), f'<a href="{address}">{address}</a>')] if host else []
    rows += [(t("user name"), f"<code>{html.escape(handed.name)}</code>")]
    rows += [(t("password"), f"<code>{html.escape(handed.password)}</code>")]
    yield "<table>" + "".join(f"<tr><th>{_both(name)}</th><td>{value}</td></tr>" for name, value in rows) + "</table>"
    yield _paragraph(t("Whoever has this page is you: give it to nobody."))


def _moment(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def _names(group: Group, mine: Attendee) -> str:
    said = list[Message]()
    run = blank(group.run(mine, said.append))
    runner.up(run, group.each)
    events = [one for one in said if isinstance(one, Event)]
    head = "".join(f"<th>{_both(one)}</th>" for one in (t("step"), t("what it makes"), t("command")))
    rows = "\n".join(
        _row(group, run.cloud, step, [one for one in events if one.step == step.name]) for step in group.steps
    )
    return _section(t("The steps, and what is yours"), f"<table><tr>{head}</tr>\n{rows}\n</table>")


def _row(group: Group, cloud: Cloud, step: Step, events: Sequence[Event]) -> str:
    titles = " ".join((html.escape(step.title("ko")), f'<span lang="en">{html.escape(step.title("en"))}</span>'))
    made = [_made(cloud, step, one) for one in events if one.calls and ".create_" in one.calls[0].operation]
    what = "<br>".join(dict.fromkeys(made)) if step not in group.common else _both(t("all of you share it"))
    command = f'<td class="typed"><code>hol step {step.number}</code></td>'
    return f"<tr><td>{step.number} · {titles}</td><td>{what}</td>{command}</tr>"


def _made(cloud: Cloud, step: Step, event: Event) -> str:
    text, link = html.escape(event.what.render("ko")), console.link(cloud, event, step.facet("CONSOLE"))
    return f'<a href="{html.escape(link)}">{text}</a>' if link and cloud.place.federation else text


def _terminal(sheet: Sheet) -> str:
    if not sheet.environment:  # a user has no keys
        return ""
    steps = [
        _paragraph(t("With hol, in an empty folder. Save this as config.yaml:")),
        _code(sheet.settings, "settings"),
        _paragraph(t("Give the terminal your keys; they end with the session:")),
        _code(sheet.environment, "keys"),
        _paragraph(t("Then the steps of the table above; the whole guide with your names, and the end:")),
        _code("hol guide\nhol check\nhol down"),
    ]
    return _section(t("In a terminal"), *steps, secret=True)


def _code(text: str, id_: str = "") -> str:
    named = f' id="{id_}"' if id_ else ""
    return f"<pre{named}>{html.escape(text)}</pre>"
