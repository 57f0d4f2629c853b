"""How probes send requesting parties to the claims interaction endpoint (Grant 3.3.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.user_agent import Seen, UserAgent
from uma_conformance.drivers.protocol import (
    CLIENT,
    PARTY,
    ClientCredentials,
    DriverError,
    Policy,
    Wish,
)
from uma_conformance.navigation import added, destinations
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene

STATIC = "claims_interaction_endpoint"
VIEW = frozenset({"view"})
# With characters that have to be encoded in a query.
STATE = "a state/with=reserved&characters+100%é"


@dataclass(frozen=True, slots=True)
class Link:
    """The endpoint to send somebody to, and the most recent ticket of the process."""

    place: str
    ticket: str


@dataclass(frozen=True, slots=True)
class _Visitor:
    browser: UserAgent
    party: str = PARTY
    wish: Wish = Wish.GO_ON


def resource_for_visits(scene: Scene) -> str:
    """Register a resource that only a visit to the claims interaction endpoint opens."""
    return scene.register(policies=[Policy(VIEW, by_visit=True)])


def link(scene: Scene, resource: str, client: str = CLIENT) -> Link:
    """Return where a client sends its users: the declared endpoint, else what need_info says.

    Raise `Blocked` when there is neither.
    """
    ticket = scene.ticket({resource: VIEW})
    declared = scene.surroundings.metadata.endpoints.get(STATIC)
    if declared is not None:
        return Link(declared, ticket)
    answer = scene.client(client).request_rpt(ticket)
    hinted, following = answer.member("redirect_user"), answer.member("ticket")
    if not hinted or not following:
        raise Blocked(
            Outcome.INAPPLICABLE,
            f"neither the discovery document nor the answer to {client} (exchange "
            f"{answer.exchange.number}) names a claims interaction endpoint",
        )
    return Link(hinted, following)


def claims_redirects(scene: Scene, client: str, count: int = 1) -> tuple[str, ...]:
    """Return the claims redirection URIs of a client; raise `Blocked` with too few of them."""
    found = scene.driver.redirects(client).claims
    if len(found) < count:
        reason = f"the driver names {len(found)} claims redirection URIs of {client}, not {count}"
        raise Blocked(Outcome.UNTESTED, reason)
    return found


def with_parameters(place: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return an address with parameters added to its query, as a client adds them."""
    joint = "&" if urlsplit(place).query else "" if place.endswith("?") else "?"
    return f"{place}{joint}{urlencode(list(pairs))}"


def visit(  # noqa: PLR0913 - a visit in all its parts
    scene: Scene,
    label: str,
    to: Link,
    *,
    client: str = CLIENT,
    party: str = PARTY,
    wish: Wish = Wish.GO_ON,
    agent: UserAgent | None = None,
    **changed: str | None,
) -> Seen:
    """Send a party to the endpoint, let her do what she wishes, and return what came in the end.

    What is sent first has the label `sent(label)`, and what came in the end the label itself,
    however many pages lie between. Parameters are those of a client that sends everything;
    `changed` ones replace them, and those that are `None` are left out.
    """
    browser = agent or scene.user_agent()
    arrived = arrive(scene, sent(label), to, client=client, agent=browser, **changed)
    return _acted(scene, label, arrived, _Visitor(browser, party, wish))


def visit_as(
    scene: Scene, label: str, to: Link, credentials: ClientCredentials, **parameters: str
) -> Seen:
    """Visit as `visit` does, for a client that the driver does not know."""
    browser = scene.user_agent()
    given = {"client_id": credentials.client_id, "ticket": to.ticket, "state": STATE, **parameters}
    place = with_parameters(to.place, given.items())
    arrived = browser.get(place, sent(label), "Arrive at the claims page")
    return _acted(scene, label, arrived, _Visitor(browser))


def _acted(scene: Scene, label: str, arrived: Seen, visitor: _Visitor) -> Seen:
    end = arrived
    # A page with an error status asks for nothing. One with 200 is the driver's to understand.
    if not arrived.redirect and arrived.status < 400:
        try:
            scene.driver.act_as(visitor.party, visitor.browser, arrived, visitor.wish)
        except DriverError as error:
            scene.facts[stuck(label)] = str(error)
        end = visitor.browser.latest or arrived
    scene.journal.name(label, end.answer)
    return end


def arrive(
    scene: Scene,
    label: str,
    to: Link,
    *,
    client: str = CLIENT,
    agent: UserAgent,
    **changed: str | None,
) -> Seen:
    """Send a party to the endpoint, and do nothing there."""
    return agent.get(address(scene, to, client, **changed), label, "Arrive at the claims page")


def address(scene: Scene, to: Link, client: str = CLIENT, **changed: str | None) -> str:
    """Return the address that a client sends its user to."""
    registered = scene.driver.redirects(client).claims
    parameters: dict[str, str | None] = {
        "client_id": scene.credentials(client).client_id,
        "ticket": to.ticket,
        "claims_redirect_uri": registered[0] if registered else None,
        "state": STATE,
        **changed,
    }
    given = ((name, value) for name, value in parameters.items() if value is not None)
    return with_parameters(to.place, given)


def ticket_of(end: Seen) -> str:
    """Return the ticket that a party brings back; empty without one."""
    places = destinations(end.url, end.status, end.answer.headers, end.text)
    found = (value for place in places for name, value in added(place) if name == "ticket")
    return next(found, "")


def sent(label: str) -> str:
    """Return the label of the request that begins a visit."""
    return f"{label}, sent"


def stuck(label: str) -> str:
    """Return the name of the fact that the driver did not know how to go on."""
    return f"{label}, stuck"
