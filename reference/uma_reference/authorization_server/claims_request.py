"""How a client sends a requesting party to the claims interaction endpoint (Grant 3.3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from uma_reference.authorization_server.claims_address import unusable_link
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import WireError
from uma_reference.authorization_server.handles import Gathering

_PARAMETERS = ("client_id", "ticket", "claims_redirect_uri", "state")


@dataclass(frozen=True)
class RefusedVisit(Exception):  # noqa: N818 - the name of what it is
    """A visit whose client is told by redirection that it cannot be (Grant 3.3.3)."""

    redirect_uri: str
    error: str
    state: str | None


def read_visit(core: Core, pairs: Sequence[tuple[str, str]]) -> Gathering:
    """Use up the ticket of a visit and return what is known of it.

    Raise `PageError` where nobody may be redirected, else `RefusedVisit`.
    """
    sent = {name: value for name, value in pairs if name in _PARAMETERS}
    repeated = {name for name in _PARAMETERS if [pair[0] for pair in pairs].count(name) > 1}
    client = None if "client_id" in repeated else core.client(sent.get("client_id", ""))
    if "claims_redirect_uri" in repeated:
        raise unusable_link("it names several addresses to go back to")
    redirect_uri = core.rules.claims_address(client, sent)
    state = sent.get("state")
    if client is None:
        raise RefusedVisit(redirect_uri, "unauthorized_client", state)
    if repeated or not sent.get("ticket"):
        raise RefusedVisit(redirect_uri, "invalid_request", None if "state" in repeated else state)
    now = core.clock.now()
    try:
        presented = core.rules.take_ticket_of_visit(core.store, sent["ticket"])
        ticket = core.rules.redeem(presented, client.id, now)
    except WireError:
        raise RefusedVisit(redirect_uri, "invalid_request", state) from None
    return Gathering(
        core.randomness.token(),
        client.id,
        ticket,
        redirect_uri,
        state or "",
        state is not None,
        now + core.config.lifetimes.gathering,
    )
