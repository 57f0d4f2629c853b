"""What is written on an arrow: what matters about a message, in a few words."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from uma_reports.diagrams import handles
from uma_reports.diagrams.facts import Facts, items_of, members_of, text_of
from uma_reports.diagrams.handles import Handle, HandleKind, Names
from uma_reports.diagrams.model import ArrowKind, Role
from uma_reports.diagrams.moments import Moment
from uma_reports.diagrams.parties import Parties
from uma_reports.diagrams.presets import CLAIMS
from uma_reports.visible import one_line

_LONGEST = 60
_MOST_NAMED = 4
_OPERATIONS = {"POST": "create", "GET": "read", "PUT": "update", "DELETE": "delete"}
_RESULTS = {
    "need_info": "more claims needed",
    "request_denied": "denied",
    "request_submitted": "the resource owner is asked",
    "invalid_scope": "no scope that can be granted",
}


def words(moment: Moment, names: Names, parties: Parties) -> tuple[str, ...]:
    """Return the lines of an arrow, each short and on one line."""
    return tuple(one_line(line, _LONGEST * 2) for line in _words(moment, names, parties) if line)


def _words(moment: Moment, names: Names, parties: Parties) -> Iterator[str]:
    facts = moment.facts
    if moment.handle is not None:
        yield _handover(moment.handle, moment, names, parties)
    elif facts is None:
        yield moment.text
    elif moment.kind is ArrowKind.REQUEST:
        yield from _request(facts, names)
    elif moment.kind is ArrowKind.ASSESSMENT:
        yield "authorization assessment"
        yield _RESULTS.get(facts.error, "granted")
    elif moment.kind is ArrowKind.OUTSIDE:
        yield from _outside(moment, facts)
    else:
        yield from _answer(facts, names)


def _handover(handle: Handle, moment: Moment, names: Names, parties: Parties) -> str:
    name = names.of(handle)
    if handle.kind is HandleKind.TICKET:
        if parties.role(moment.target) is Role.REQUESTING_PARTY:
            return f"redirect with {name}"
        if parties.role(moment.source) is Role.REQUESTING_PARTY:
            return f"follow redirect with {name}"
    return f"{name} passed on"


def _outside(moment: Moment, facts: Facts) -> Iterator[str]:
    if moment.pages:
        yield "interactive claims gathering"
        yield f"{moment.pages} page{'s' if moment.pages > 1 else ''}"
    else:
        yield facts.exchange.purpose


def _request(facts: Facts, names: Names) -> Iterator[str]:
    method, endpoint = facts.exchange.request.method, facts.endpoint
    presented = list(names.listed(handles.sent(facts)))
    if facts.endpoint == "token" and not facts.asks_for_rpt:
        yield f"{method} token"
        yield _short(facts.form.get("grant_type", "no grant type").rpartition(":")[2])
    elif endpoint == "resource registration":
        yield f"{method} resource registration"
        yield _operation(facts)
    elif handles.is_resource(endpoint):
        yield f"{method} {_path(facts.exchange.request.url)}"
        presented = presented or ["other token" if facts.bearer else "no access token"]
    elif endpoint == "elsewhere":
        yield f"{method} {_path(facts.exchange.request.url)}"
    else:
        yield f"{method} {endpoint}"
    if facts.form.get("claim_token"):
        presented.append("claim token")
    yield ", ".join(presented)
    yield _scopes(_asked(facts))


def _operation(facts: Facts) -> str:
    method = facts.exchange.request.method
    named = _path(facts.exchange.request.url)
    is_list = method == "GET" and items_of(_json_list(facts))
    name = text_of(facts.sent.get("name"))
    what = "list" if is_list else _OPERATIONS.get(method, "")
    return f"{what} “{_short(name)}”" if name else what or named


def _json_list(facts: Facts) -> object:
    response = facts.exchange.response
    body = response.body.lstrip() if response else ""
    return ["a list"] if body.startswith("[") else None


def _asked(facts: Facts) -> list[str]:
    if facts.endpoint in {"permission", "resource registration"}:
        return [text_of(scope) for scope in items_of(facts.sent.get("resource_scopes"))]
    return facts.form.get("scope", "").split()


def _answer(facts: Facts, names: Names) -> Iterator[str]:
    exchange = facts.exchange
    if exchange.response is None:
        yield f"no answer: {exchange.failure.kind}" if exchange.failure else "no answer"
        return
    status, error = exchange.response.status, facts.error
    yield f"{status} {_short(error)}" if error else f"{status}{_redirection(facts)}"
    presented = [name for name in names.listed(handles.given(facts)) if name]
    if facts.endpoint == "token" and not facts.asks_for_rpt and facts.answer.get("access_token"):
        presented = presented or ["access token"]
    if facts.as_uri:
        presented.append("where the AS is")
    if text_of(facts.answer.get("redirect_user")):
        presented.append("redirect_user")
    yield ", ".join(presented)
    yield from _members(facts)


def _members(facts: Facts) -> Iterator[str]:
    claims = [members_of(claim) for claim in items_of(facts.answer.get("required_claims"))]
    if claims:
        yield f"needs {_listed(text_of(c.get('name')) or 'a claim' for c in claims)}"
    if facts.endpoint == "introspection" and isinstance(facts.answer.get("active"), bool):
        yield "active" if facts.answer["active"] else "not active"
    for permission in items_of(facts.answer.get("permissions"))[:_MOST_NAMED]:
        granted = items_of(members_of(permission).get("resource_scopes"))
        yield _scopes([text_of(scope) for scope in granted])
    yield _scopes(text_of(facts.answer.get("scope")).split())


def _redirection(facts: Facts) -> str:
    if facts.endpoint != CLAIMS or not facts.location:
        return ""
    return " redirect back" if facts.given.get("ticket") else " redirect"


def _scopes(scopes: Iterable[str]) -> str:
    named = [scope for scope in scopes if scope]
    return f"scope{'s' if len(named) > 1 else ''} {_listed(named)}" if named else ""


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(_short(name) for name in every[:_MOST_NAMED]) + more


def _path(url: str) -> str:
    try:
        return _short(urlsplit(url).path or "/")
    except ValueError:
        return _short(url)


def _short(text: str) -> str:
    return one_line(text, _LONGEST)
