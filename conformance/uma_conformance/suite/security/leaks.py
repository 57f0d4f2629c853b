"""Finding in an answer what it should not tell."""

import html
import re
from collections.abc import Iterator

from uma_conformance.trace import Exchange, Request

_TRACES = (
    # Java and its kin, .NET, JavaScript, Python, PHP, Ruby, Go.
    re.compile(r"\bat [\w.$<>/@-]+\((?:[\w$]+\.\w+:\d+|Native Method|Unknown Source)\)"),
    re.compile(r"\bat [\w.`<>\[\],]+\([^)\n]*\) in [^\n]+:line \d+"),
    re.compile(r"\bat (?:async )?[\w.<>\[\] ]+ \((?:file:|node:|/|[A-Z]:\\)[^)\n]*:\d+:\d+\)"),
    re.compile(r"Traceback \(most recent call last\)"),
    re.compile(r'File "[^"\n]+", line \d+, in \w+'),
    re.compile(r"#\d+ /[^\s(]+\(\d+\): "),
    re.compile(r"\.rb:\d+:in [`']"),
    re.compile(r"\bgoroutine \d+ \[\w+\]:"),
)
_INNER = (
    # Files and folders of Unix, not those of a URL; files of Windows; names of classes.
    re.compile(r"(?<![\w:/.%-])/(?:etc|home|opt|root|srv|usr|var)/(?:[\w.+-]+/)*[\w+-]+\.\w+"),
    re.compile(r"(?<![\w/])[A-Z]:\\(?:[\w .-]+\\)+[\w.-]+"),
    re.compile(r"\b(?:[a-z][\w$]*\.){2,}[A-Z]\w*(?:Exception|Error)\b"),
    re.compile(r"\b(?:com|io|java|javax|net|org)\.(?:[a-z]\w*\.)+[A-Z]\w+"),
)
_TELLING = ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator")
_VERSION = re.compile(r"\d+\.\d+")
# Tickets are used up when they are repeated, so they are no secrets then.
_SECRET = re.compile(r"\b(?:assertion|basic|claim-token|pat|pct|secret|token):[0-9a-f]{12}\b")
_TAG = re.compile(r"<[^>]*>")


def trace(exchange: Exchange) -> str:
    """Return what of an answer looks like a stack trace; empty without one."""
    return _first(_TRACES, _text(exchange))


def inner_name(exchange: Exchange) -> str:
    """Return a file, folder or class that an answer names; empty without one.

    What the request said may come back, and tells nothing.
    """
    sent = f"{exchange.request.url} {exchange.request.body}"
    found = (match for match in _matches(_INNER, _text(exchange)) if match not in sent)
    return next(found, "")


def version(exchange: Exchange) -> str:
    """Return a header that tells a version; empty without one."""
    headers = exchange.response.headers if exchange.response else ()
    told = (
        f"{name}: {value}"
        for name, value in headers
        if name.lower() in _TELLING and _VERSION.search(value)
    )
    return next(told, "")


def secrets_in(request: Request) -> set[str]:
    """Return the pseudonyms of the secrets that stand in a request."""
    headers = " ".join(value for name, value in request.headers if name.lower() != "cookie")
    return set(_SECRET.findall(f"{headers} {_decoded(request.body)}"))


def repeated(exchange: Exchange, good: set[str]) -> str:
    """Return one of these secrets that an error repeats from its request; empty without one."""
    if exchange.status < 400 or exchange.response is None:
        return ""
    told = set(_SECRET.findall(exchange.response.body)) & secrets_in(exchange.request) & good
    return min(told, default="")


def _decoded(form: str) -> str:
    return form.replace("%3A", ":")


def _text(exchange: Exchange) -> str:
    body = exchange.response.body if exchange.response else ""
    if "html" in exchange.media_type:
        body = html.unescape(_TAG.sub(" ", body))
    return body.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\\\", "\\")


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    return next(_matches(patterns, text), "")


def _matches(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[str]:
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found.group(0)
