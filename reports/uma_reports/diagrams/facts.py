"""What a recorded exchange says, read with care: servers under test may answer anything."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from uma_reports.record import ExchangeRecord

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
# Longer bodies are no message of UMA, and a diagram is no reason to parse them.
_LONGEST = 200_000
_TICKET = re.compile(r'\bticket="([^"]*)"')
_AS_URI = re.compile(r'\bas_uri="([^"]*)"')

Values = Mapping[str, str]


class Facts:
    """The members of an exchange that a diagram speaks of; what is not there is empty."""

    def __init__(self, exchange: ExchangeRecord) -> None:
        request, response = exchange.request, exchange.response
        self.exchange = exchange
        self.endpoint = exchange.endpoint
        self.status = response.status if response else 0
        self.query = _pairs(_query(request.url))
        self.form = _form(request.body, _header(request.headers, "content-type"))
        self.sent: Mapping[str, object] = members_of(_parsed(request.body))
        answer = _parsed(response.body) if response else None
        self.answer: Mapping[str, object] = members_of(answer)
        self.location = _header(response.headers, "location") if response else ""
        self.given = _pairs(_query(self.location))
        challenge = _header(response.headers, "www-authenticate") if response else ""
        self.challenge_ticket = _first(_TICKET, challenge)
        self.as_uri = _first(_AS_URI, challenge)
        scheme, _, credentials = _header(request.headers, "authorization").partition(" ")
        self.bearer = credentials.strip() if scheme.lower() == "bearer" else ""

    @property
    def asks_for_rpt(self) -> bool:
        """Whether it is a token request of the UMA grant (Grant 3.3.1)."""
        return self.endpoint == "token" and self.form.get("grant_type") == UMA_GRANT

    @property
    def error(self) -> str:
        """The error code of the answer, from its body or its redirection."""
        return text_of(self.answer.get("error")) or self.given.get("error", "")

    @property
    def ticket_given(self) -> str:
        """The permission ticket in the answer, from whichever place it may stand in."""
        return (
            text_of(self.answer.get("ticket"))
            or self.challenge_ticket
            or self.given.get("ticket", "")
        )

    @property
    def ticket_sent(self) -> str:
        """The permission ticket in the request."""
        return self.form.get("ticket", "") or self.query.get("ticket", "")


def members_of(value: object) -> Mapping[str, object]:
    """Return the members of a JSON object; nothing for every other value."""
    if not isinstance(value, Mapping):
        return dict[str, object]()
    return cast("Mapping[str, object]", value)


def items_of(value: object) -> tuple[object, ...]:
    """Return the elements of a JSON array; nothing for every other value."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else ()


def text_of(value: object) -> str:
    """Return a JSON string; empty for every other value."""
    return value if isinstance(value, str) else ""


def _parsed(body: str) -> object:
    if len(body) > _LONGEST or body.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def _form(body: str, media_type: str) -> Values:
    return _pairs(body) if "form-urlencoded" in media_type.lower() else {}


def _pairs(text: str) -> Values:
    try:
        return dict(parse_qsl(text[:_LONGEST], keep_blank_values=True))
    except ValueError:
        return {}


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
