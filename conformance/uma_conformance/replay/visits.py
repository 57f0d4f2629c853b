"""How a requesting party goes to the claims interaction endpoint and comes back (Grant 3.3.2)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from uma_conformance.actors.user_agent import Seen, UserAgent
from uma_conformance.drivers.protocol import Page
from uma_conformance.navigation import added, destinations, leads_to
from uma_conformance.probes.visiting import with_parameters
from uma_scenarios import Answer, Ending

UNREGISTERED = "https://elsewhere.example/never-registered"


@dataclass(frozen=True, slots=True)
class Trip:
    """A visit as a client wants it: where to, with which ticket, and where to come back to."""

    place: str
    client_id: str
    ticket: str = field(repr=False)
    redirect_uri: str
    unregistered: bool = False


def travel(browser: UserAgent, trip: Trip, do: Callable[[Page], object]) -> Answer:
    """Send a browser on a trip, let the person `do` what she wants there, and tell how it ended."""
    state = secrets.token_urlsafe(16)
    back = UNREGISTERED if trip.unregistered else trip.redirect_uri
    parameters = {
        "client_id": trip.client_id,
        "ticket": trip.ticket,
        "claims_redirect_uri": back,
        "state": state,
    }
    arrived = browser.get(
        with_parameters(trip.place, parameters.items()),
        purpose="Arrive at the claims interaction endpoint",
    )
    if not arrived.redirect and arrived.status < 400:
        do(arrived)
    end = browser.latest or arrived
    return _ended(end, back, state, browser)


def _ended(end: Seen, back: str, state: str, browser: UserAgent) -> Answer:
    numbers = tuple(item.number for item in browser.journal.steps.values())
    places = destinations(end.url, end.status, end.answer.headers, end.text)
    place = next((item for item in places if leads_to(item, back)), "")
    if not place:
        return Answer(Ending.STAYED, f"status {end.status}, and no way back", numbers)
    brought = dict(added(place, back))
    if brought.get("error"):
        said = "sent back with an error"
        return Answer(Ending.SENT_BACK_WITH_ERROR, said, numbers, ticket=brought.get("ticket", ""))
    if not brought.get("ticket") or brought.get("state") != state:
        return Answer(Ending.OTHER, "sent back without a ticket or without the state", numbers)
    return Answer(Ending.RETURNED, "back with a new ticket", numbers, ticket=brought["ticket"])
