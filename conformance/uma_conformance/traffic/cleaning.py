"""Freeing the traffic of others from secrets, before anything of it is kept.

Beyond what is done for our own recordings, only what UMA needs is kept at all: known headers, known
parameters, JSON bodies. What was masked before it came here is told apart, as equal masks are no
equal secrets.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from uma_conformance.actors.user_agent import CLAIMS
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.redaction import Redactor
from uma_conformance.trace import NOT_JSON, Request, Response, parse_json

MASKED = "masked"
NOT_KEPT = "(not kept)"
_PSEUDONYM = re.compile(r"[a-z-]+:[0-9a-f]{12}")
_MASK = re.compile(
    r"redact|remov|mask|hidden|filter|sanit|secret|xxxx|\*\*|\.\.\.|…|[<\[({]", re.IGNORECASE
)
_FEWEST_DIFFERENT = 5
_HEADERS = frozenset(
    [
        "accept",
        "allow",
        "authorization",
        "cache-control",
        "content-length",
        "content-type",
        "date",
        "host",
        "location",
        "pragma",
        "retry-after",
        "vary",
        "warning",
        "www-authenticate",
    ]
)
# Parameters of forms and queries whose values are no secrets.
_PARAMETERS = frozenset(
    [
        "audience",
        "claim_token_format",
        "claims_redirect_uri",
        "client_assertion_type",
        "client_id",
        "error",
        "error_uri",
        "grant_type",
        "redirect_uri",
        "response_type",
        "scope",
        "token_type_hint",
    ]
)
_MAYBE_MASKED = frozenset(
    ["access_token", "claim_token", "pct", "refresh_token", "rpt", "state", "ticket", "token"]
)


class Cleaner:
    """Cleans messages; `learn` has to see all of them first, so that every secret is known."""

    def __init__(self, key: bytes) -> None:
        self._redactor = Redactor(key)

    def learn(self, request: Request, response: Response | None) -> None:
        """Learn the secrets of an exchange, and which of them were masked already."""
        for name, value in _named_values(request, response):
            if name in _MAYBE_MASKED and is_masked(value):
                self._redactor.learn(MASKED, value)
        self._redactor.request(request)
        if response is not None:
            self._redactor.response(response)

    def request(self, request: Request, endpoint: str) -> Request:
        """Return a request without secrets, and without what UMA does not need."""
        cleaned = self._redactor.request(request)
        body = "" if endpoint == CLAIMS else self._request_body(cleaned.body)
        return Request(request.method, self._url(request.url), self._headers(cleaned.headers), body)

    def response(self, response: Response, endpoint: str) -> Response:
        """Return a response without secrets, and without what UMA does not need."""
        cleaned = self._redactor.response(response)
        body = cleaned.body
        if body and (endpoint == CLAIMS or parse_json(body) is NOT_JSON):
            body = NOT_KEPT
        headers = tuple(
            (name, self._url(raw) if name.lower() == "location" else value)
            for (name, raw), (_, value) in zip(response.headers, cleaned.headers, strict=True)
        )
        return Response(response.status, self._headers(headers), body, response.truncated)

    def _headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, value if name.lower() in _HEADERS else NOT_KEPT) for name, value in headers
        )

    def _request_body(self, body: str) -> str:
        if not body or parse_json(body) is not NOT_JSON:
            return body
        pairs = parse_qsl(body, keep_blank_values=True)
        return urlencode(self._pairs(pairs)) if pairs else NOT_KEPT

    def _url(self, url: str) -> str:
        """Return a URL with pseudonyms in its query and fragment, and without user information."""
        try:
            parts = urlsplit(url)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return NOT_KEPT
        query, fragment = (
            urlencode(self._pairs(parse_qsl(text, keep_blank_values=True)))
            for text in (parts.query, parts.fragment)
        )
        return self._redactor.text(urlunsplit((parts.scheme, host, parts.path, query, fragment)))

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(name, self._value(name, value)) for name, value in pairs]

    def _value(self, name: str, value: str) -> str:
        if name == "claims_redirect_uri":
            return self._url(value)
        if not value or name in _PARAMETERS or _PSEUDONYM.fullmatch(value):
            return value
        return self._redactor.learn("value", value)


def is_masked(value: str) -> bool:
    """Tell whether a value looks like a stand-in for a secret that somebody took out before."""
    return bool(_MASK.search(value)) or len(set(value)) < _FEWEST_DIFFERENT


def _named_values(request: Request, response: Response | None) -> Iterable[tuple[str, str]]:
    yield from parse_qsl(request.body, keep_blank_values=True)
    for url in (request.url, *(_locations(response) if response else ())):
        try:
            yield from parse_qsl(urlsplit(url).query, keep_blank_values=True)
        except ValueError:
            continue
    pending: list[object] = [parse_json(response.body)] if response else []
    while pending:
        item = pending.pop()
        pending.extend((*array_of(item), *object_of(item).values()))
        yield from ((n, v) for n, v in object_of(item).items() if isinstance(v, str))


def _locations(response: Response) -> list[str]:
    return [value for name, value in response.headers if name.lower() == "location"]
