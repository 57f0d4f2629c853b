"""Reading a HAR file (HTTP Archive 1.2), as browsers and proxies write it."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

from uma_conformance.trace import Request, Response
from uma_reports import RecordError
from uma_reports.members import Members

# What HTTP/2 sends in place of a request line is no header.
_PSEUDO = ":"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request with its response as it was recorded, secrets included.

    `place` is where it stands in the file; `response` is None when none came. A body that the file
    does not hold leaves the response marked as truncated.
    """

    place: int
    started: datetime
    seconds: float
    request: Request = field(repr=False)
    response: Response | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Har:
    """The entries of a file in order of time, and the program that wrote it."""

    creator: str
    entries: tuple[Entry, ...]


def read_har(document: object) -> Har:
    """Read the JSON document of a HAR file.

    Raises `RecordError` with the JSON path of the entry and member that is missing or wrong.
    """
    log = Members(document, tolerant=True).inner("log")
    places = count()
    entries = log.each("entries", lambda members: _entry(next(places), members))
    return Har(_creator(log), tuple(sorted(entries, key=lambda entry: entry.started)))


def _creator(log: Members) -> str:
    if "creator" not in log:
        return "an unknown program"
    creator = log.inner("creator")
    version = creator.text("version") if "version" in creator else ""
    return f"{creator.text('name')} {version}".strip()


def _entry(place: int, members: Members) -> Entry:
    request, response = members.inner("request"), members.inner("response")
    return Entry(
        place,
        datetime.fromisoformat(members.time("startedDateTime")),
        _seconds(members),
        Request(
            request.text("method").upper(),
            request.text("url"),
            _headers(request),
            _request_body(request),
        ),
        _response(response),
    )


def _seconds(members: Members) -> float:
    # Some programs write -1 where they do not know.
    value = members.take("time") if "time" in members else 0
    known = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return round(float(str(value)) / 1000, 6) if known else 0.0


def _request_body(request: Members) -> str:
    if "postData" not in request or request.take("postData") is None:
        return ""
    posted = request.inner("postData")
    if "text" in posted and posted.take("text"):
        return posted.text("text")
    if "params" not in posted or not posted.take("params"):
        return ""
    pairs = posted.each(
        "params", lambda item: (item.text("name"), item.text("value") if "value" in item else "")
    )
    return urlencode(pairs)


def _response(response: Members) -> Response | None:
    status = response.take("status")
    if status in (0, -1, None):
        return None
    number = response.whole("status")
    body, whole = _content(response)
    return Response(number, _headers(response), body, truncated=not whole)


def _content(response: Members) -> tuple[str, bool]:
    """Return the body, and whether the file holds all of it."""
    if "content" not in response:
        return "", False
    content = response.inner("content")
    if "text" not in content or content.take("text") is None:
        return "", "size" in content and content.take("size") == 0
    text = content.text("text")
    if "encoding" not in content or content.take("encoding") != "base64":
        return text, True
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordError(content.place("text"), f"is no base64: {error}") from error
    return decoded.decode("utf-8", errors="backslashreplace"), True


def _headers(message: Members) -> tuple[tuple[str, str], ...]:
    pairs = message.each("headers", lambda item: (item.text("name"), item.text("value")))
    return tuple(
        (name, line)
        for name, value in pairs
        if not name.startswith(_PSEUDO)
        # Several headers of one name may stand in one, a line each.
        for line in value.splitlines() or ("",)
    )
