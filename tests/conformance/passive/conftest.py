"""HAR files made up entry by entry, or from the exchanges of a run."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from uma_conformance.offline import Verdict, judge_case
from uma_conformance.overheard import case_of
from uma_reports import Row, RunRecord

ISSUER = "https://as.example"
_BEGAN = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
Entry = dict[str, Any]
MakeEntry = Callable[..., Entry]
MakeHar = Callable[..., dict[str, Any]]
JudgeHar = Callable[..., Verdict]
RowOf = Callable[[Verdict, str], Row]


def _pairs(headers: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _entry(
    method: str,
    path: str,
    status: int = 200,
    answer: Any = None,
    *,
    form: Mapping[str, str] | None = None,
    body: Any = None,
    sent: Mapping[str, str] | None = None,
    received: Mapping[str, str] | None = None,
    at: float = 0.0,
) -> Entry:
    request: Entry = {
        "method": method,
        "url": path if "://" in path else ISSUER + path,
        "headers": _pairs((sent or {}).items()),
    }
    if form is not None:
        text = urlencode(form)
        request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": text}
        request["headers"] += _pairs([("content-type", "application/x-www-form-urlencoded")])
    if body is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
        request["headers"] += _pairs([("content-type", "application/json")])
    headers = dict(received or {})
    text = "" if answer is None else answer if isinstance(answer, str) else json.dumps(answer)
    if answer is not None:
        headers.setdefault("content-type", "application/json")
    return {
        "startedDateTime": (_BEGAN + timedelta(seconds=at)).isoformat(),
        "time": 20,
        "request": request,
        "response": {
            "status": status,
            "headers": _pairs(headers.items()),
            "content": {"size": len(text), "text": text},
        },
    }


def _document(**changes: Any) -> Entry:
    document = {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/token",
        "permission_endpoint": f"{ISSUER}/permission",
        "resource_registration_endpoint": f"{ISSUER}/resources",
        "introspection_endpoint": f"{ISSUER}/introspect",
        "claims_interaction_endpoint": f"{ISSUER}/claims",
        "response_types_supported": ["code"],
        **changes,
    }
    return _entry("GET", "/.well-known/uma2-configuration", 200, document)


def _har(*entries: Entry, document: bool = True) -> dict[str, Any]:
    """Put entries into a file, one second apart where they do not say when they were."""
    every = [_document()] if document else []
    for place, entry in enumerate(entries, start=1):
        later = (_BEGAN + timedelta(seconds=place)).isoformat()
        at_start = entry["startedDateTime"] == _BEGAN.isoformat()
        every.append({**entry, "startedDateTime": later} if at_start else entry)
    return {"log": {"version": "1.2", "creator": {"name": "tap", "version": "7"}, "entries": every}}


def _judge(har: object, issuer: str = "", packs: tuple[str, ...] = (), **endpoints: str) -> Verdict:
    return judge_case(case_of(har, json.dumps(har).encode(), issuer, endpoints, packs))


def _of_record(record: RunRecord) -> dict[str, Any]:
    entries: list[Entry] = []
    for item in record.exchanges:
        sent, got = item.request, item.response
        request: Entry = {"method": sent.method, "url": sent.url, "headers": _pairs(sent.headers)}
        if sent.body:
            request["postData"] = {"mimeType": "", "text": sent.body}
        answer: Entry = {"status": 0, "headers": []}
        if got is not None:
            content = {"size": len(got.body), "text": got.body}
            answer = {"status": got.status, "headers": _pairs(got.headers), "content": content}
        entries.append(
            {
                "startedDateTime": (_BEGAN + timedelta(seconds=item.started)).isoformat(),
                "time": item.seconds * 1000,
                "request": request,
                "response": answer,
            }
        )
    return {
        "log": {"version": "1.2", "creator": {"name": "tap", "version": "7"}, "entries": entries}
    }


@pytest.fixture(scope="session")
def entry() -> MakeEntry:
    """Give a function that makes an entry of the server that all files here are of."""
    return _entry


@pytest.fixture(scope="session")
def document() -> Callable[..., Entry]:
    """Give a function that makes the entry of the discovery document, with changed members."""
    return _document


@pytest.fixture(scope="session")
def har() -> MakeHar:
    """Give a function that makes a file of entries, after one of the discovery document."""
    return _har


@pytest.fixture(scope="session")
def judge_har() -> JudgeHar:
    """Give a function that judges the document of a HAR file."""
    return _judge


@pytest.fixture(scope="session")
def har_of() -> Callable[[RunRecord], dict[str, Any]]:
    """Give a function that makes a HAR file of a run, as a proxy would have written it."""
    return _of_record


@pytest.fixture(scope="session")
def row_of() -> RowOf:
    """Give a function that finds a row in a verdict."""
    return lambda verdict, name: next(row for row in verdict.record.rows if row.id == name)
