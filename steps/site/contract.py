"""What the API promises: its methods, answers and CORS headers, as data.

The steps of the API share it: one makes the POST method, one adds the CORS headers, one fingerprints all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from hol.aws.gateway.methods import Method, Response
from hol.config.values import matching
from hol.engine.lab import Lab
from hol.words.text import t

_ORIGIN = r"\*|website|https?://[!#-&(-.0-~]+"

# What the console fills in: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors-console.html
ALLOW_HEADERS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"

# A handler that fails says so with a bracketed status ("[404] …"). Whatever else it dies of (a timeout, a bug) has a
# status too, but none of its text reaches the public. An override may be set once, and escapeJavaScript escapes the
# single quote, which JSON does not allow:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_STATUSES = (400, 403, 404, 413, 429, 502, 504)
_TELLS = "".join(
    f'#{"if" if first else "elseif"}($said.startsWith("[{status}]"))#set($context.responseOverride.status = {status})\n'
    for first, status in ((status == _STATUSES[0], status) for status in _STATUSES)
)
_ERROR_TEMPLATE = (
    # Quoted and quiet it is always a string, also where there is no message.
    """#set($said = "$!input.path('$.errorMessage')")\n"""
    + _TELLS
    + '#elseif($said.contains("Task timed out"))#set($context.responseOverride.status = 504)'
    + '#set($said = "[504] the function took too long")\n'
    + '#else#set($said = "[500] the function failed")#end\n'
    + r"""{"message": "$util.escapeJavaScript($said).replaceAll("\\'", "'")"}"""
)
# Not (.|\n)+: Java matches that one recursively, character by character.
_ANYTHING = r"[\s\S]+"


@dataclass(frozen=True)
class Cors:
    """cross-origin resource sharing"""

    origin: Annotated[str, matching(_ORIGIN, 253, t('"*", website, or an origin such as {}', "https://example.com"))]


def origin(lab: Lab) -> str:
    """The origin that may call: as configured, or the website's own."""
    wanted = lab.config.of(Cors).origin
    return lab.cloud.website_url(lab.config.bucket.name) if wanted == "website" else wanted


def cors_headers(lab: Lab) -> dict[str, str]:
    """The header that lets the page read an answer."""
    return {"Access-Control-Allow-Origin": origin(lab)}


VERBS = ("POST", "OPTIONS")


def post(lab: Lab, function_arn: str) -> Method:
    """POST: the JSON body is the function's event, its result the answer. The CORS headers come with another step."""
    mapped = lab.config.api.errors == "mapped"
    answers = [Response("200"), *([Response("500", _ANYTHING, _ERROR_TEMPLATE)] if mapped else [])]
    cloud = lab.cloud
    uri = f"arn:{cloud.partition}:apigateway:{cloud.region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    integration = {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri}
    return Method("POST", integration, tuple(answers), () if mapped else ("500",))


def options(lab: Lab) -> Method:
    """OPTIONS: the browser's preflight question, answered without the function."""
    headers = {
        "Access-Control-Allow-Headers": ALLOW_HEADERS,
        "Access-Control-Allow-Methods": "OPTIONS,POST",
        **cors_headers(lab),
    }
    integration = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    return Method("OPTIONS", integration, (Response("200", headers=headers),))


def gateway_responses(lab: Lab) -> dict[str, dict[str, str]]:
    """The gateway's own errors: with CORS headers, so that a page can name the cause; as in the guide, without."""
    headers = (
        {"Access-Control-Allow-Headers": ALLOW_HEADERS, **cors_headers(lab)}
        if lab.config.api.errors == "mapped"
        else {}
    )
    return {"DEFAULT_4XX": headers, "DEFAULT_5XX": headers}
