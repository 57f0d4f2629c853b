"""Going through interactive claims gathering, for probes of other things (Grant 3.3.2)."""

from collections.abc import Iterable, Mapping

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import CLIENT, PARTY, RESOURCE_SERVER, Wish
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import STATIC, Link, claims_redirects, ticket_of, visit


def ticket_by_visit(  # noqa: PLR0913 - who visits for what
    scene: Scene,
    permissions: Mapping[str, Iterable[str]],
    wish: Wish,
    *,
    party: str = PARTY,
    client: str = CLIENT,
    resource_server: str = RESOURCE_SERVER,
) -> str:
    """Return the ticket that a requesting party brings back from the claims interaction endpoint.

    Raise `Blocked` when she brings none, and `Unsupported` when the driver cannot make visits.
    """
    claims_redirects(scene, client)
    asked = scene.client(client).request_rpt(
        scene.ticket(permissions, resource_server=resource_server)
    )
    ticket = asked.member("ticket")
    if not ticket:
        raise Blocked(
            Outcome.CANT_TELL,
            f"a request without claims gave no ticket to go on with: {asked.exchange.outline}",
        )
    place = asked.member("redirect_user") or scene.endpoint(STATIC)
    label = f"visit-{len(scene.journal.steps) + 1}"
    end = visit(scene, label, Link(place, ticket), client=client, party=party, wish=wish)
    following = ticket_of(end)
    if not following:
        raise Blocked(
            Outcome.CANT_TELL, f"a visit brought no ticket: {end.answer.exchange.outline}"
        )
    return following
