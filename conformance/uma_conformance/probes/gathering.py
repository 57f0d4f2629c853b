"""Going through interactive claims gathering, for probes of other things (Grant 3.3.2)."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import CLIENT, PARTY, RESOURCE_SERVER, Wish
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene


def ticket_by_visit(  # noqa: PLR0913 - who visits for what
    scene: Scene,
    permissions: Mapping[str, Iterable[str]],
    wish: Wish,
    *,
    party: str = PARTY,
    client: str = CLIENT,
    resource_server: str = RESOURCE_SERVER,
) -> str:
    """Return the ticket that comes back from a visit to the claims interaction endpoint.

    Raise `Blocked` when none comes back, and `Unsupported` when the driver cannot make visits.
    """
    registered = scene.driver.redirects(client).claims
    if not registered:
        raise Blocked(Outcome.UNTESTED, f"{client} has no claims redirection URI")
    asked = scene.client(client).request_rpt(
        scene.ticket(permissions, resource_server=resource_server)
    )
    ticket = asked.member("ticket")
    if not ticket:
        raise Blocked(
            Outcome.CANT_TELL,
            f"a request without claims gave no ticket to go on with: {asked.exchange.outline}",
        )
    place = asked.member("redirect_user") or scene.endpoint("claims_interaction_endpoint")
    query = {
        "client_id": scene.credentials(client).client_id,
        "ticket": ticket,
        "claims_redirect_uri": registered[0],
        "state": f"state-of-{scene.journal.probe}",
    }
    agent = scene.user_agent()
    page = agent.get(f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(query)}")
    end = scene.driver.act_as(party, agent, page, wish)
    following = dict(parse_qsl(urlsplit(end.redirect).query)).get("ticket", "")
    if not following:
        raise Blocked(
            Outcome.CANT_TELL, f"a visit ended with status {end.status} and brought no ticket"
        )
    return following
