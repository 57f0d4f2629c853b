"""Visits of requesting parties to the server, as traffic shows them (Grant 3.3.2, 3.3.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from uma_conformance.actors.user_agent import CLAIMS
from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.passive.evidence import Passive, together
from uma_conformance.passive.masks import is_masked
from uma_conformance.trace import Evidence, Exchange
from uma_conformance.traffic.addresses import place_of


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that sent a requesting party to the server, and the redirection that ended it."""

    request: Exchange
    back: Exchange
    sent: Mapping[str, str]
    returned: Mapping[str, str]
    location: str

    @property
    def succeeded(self) -> bool:
        """Whether the redirection names no error."""
        return "error" not in self.returned


def visits(evidence: Evidence) -> Iterator[Visit]:
    """Yield the visits whose beginning and end are both in the traffic, beyond doubt.

    While two visits are under way that end at the same place, it is not told which one ended.
    """
    under_way: dict[str, list[Exchange]] = {}
    for exchange in evidence.at(CLAIMS):
        sent = parameters(exchange.request.url)
        if "ticket" in sent and sent.get("claims_redirect_uri"):
            under_way.setdefault(place_of(sent["claims_redirect_uri"]), []).append(exchange)
        location = next(iter(exchange.headers("location")), "")
        begun = under_way.get(place_of(location), [])
        if 300 <= exchange.status < 400 and begun:
            if len(begun) == 1:
                first = begun[0]
                own = parameters(first.request.url)
                yield Visit(first, exchange, own, parameters(location), location)
            begun.clear()


def parameters(url: str) -> Mapping[str, str]:
    """Return the parameters in the query of a URL; the last one of each name."""
    try:
        query = urlsplit(url).query
    except ValueError:
        return {}
    return dict(parse_qsl(query, keep_blank_values=True))


@check("G-3.3.3-01", "G-3.3.3-02", "G-3.3.3-03", "G-3.3.3-05")
def visits_end_with_a_new_ticket(judge: Judge) -> None:
    """See that the redirection back has a ticket in its query, and not the one that was sent."""
    for visit in visits(judge.evidence):
        if not visit.succeeded:
            continue
        both = visit.request, visit.back
        ticket, hidden = visit.returned.get("ticket", ""), _in_fragment(visit.location)
        judge.require("G-3.3.3-02", not hidden, "the ticket stands in the fragment", *both)
        if ticket:
            judge.require("G-3.3.3-01", True, "", *both)  # noqa: FBT003 - it passes
        elif not hidden:
            seen = "the redirection back has neither a ticket nor an error"
            judge.require("G-3.3.3-03", False, seen, *both)  # noqa: FBT003 - it fails
            continue
        if ticket:
            judge.require("G-3.3.3-03", True, "", *both)  # noqa: FBT003 - it passes
        sent = visit.sent["ticket"]
        if ticket and not is_masked(sent) and not is_masked(ticket):
            seen = "the redirection back has the ticket that was sent"
            judge.require("G-3.3.3-05", ticket != sent, seen, *both)


def _in_fragment(location: str) -> bool:
    return "ticket" in dict(parse_qsl(urlsplit(location).fragment))


@check("G-3.3.3-07", "G-3.3.3-08", "G-3.3.2-22")
def state_comes_back_if_it_was_sent(judge: Judge) -> None:
    """See that the redirection after success has the state that was sent, or none."""
    for visit in visits(judge.evidence):
        if not visit.succeeded:
            continue
        both = visit.request, visit.back
        sent, returned = visit.sent.get("state"), visit.returned.get("state")
        if sent:
            if is_masked(sent) and returned is not None:
                continue
            for row in ("G-3.3.3-07", "G-3.3.2-22"):
                seen = "the redirection back does not have the state that was sent"
                judge.require(row, returned == sent, seen, *both)
        elif sent is None and "state" not in _own_parameters(visit):
            seen = "the redirection back has a state, and none was sent"
            judge.require("G-3.3.3-08", returned is None, seen, *both)


@check("G-3.3.2-13")
def queries_of_redirection_uris_are_kept(judge: Judge) -> None:
    """See that the query of the claims redirection URI is kept in the redirection."""
    for visit in visits(judge.evidence):
        own = _own_parameters(visit)
        if own:
            kept = all(visit.returned.get(name) == value for name, value in own.items())
            seen = "a query parameter of claims_redirect_uri is lost"
            judge.require("G-3.3.2-13", kept, seen, visit.request, visit.back)


def _own_parameters(visit: Visit) -> Mapping[str, str]:
    return parameters(visit.sent["claims_redirect_uri"])


def visit_checks() -> tuple[Passive, ...]:
    """Return the passive checks of visits."""
    return (
        together(visits_end_with_a_new_ticket),
        together(state_comes_back_if_it_was_sent),
        together(queries_of_redirection_uris_are_kept),
    )
