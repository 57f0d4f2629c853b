"""Which address a requesting party goes back to from the claims page (Grant 3.3.2)."""

from collections.abc import Mapping

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.errors import PageError


def claims_address(client: Client | None, sent: Mapping[str, str]) -> str:
    """Return the claims redirection URI, which has to be registered as one, letter by letter.

    Raise `PageError` where nobody may be redirected (Grant 3.3.3).
    """
    if client is None:
        raise unusable_link("nobody knows the client")
    if "claims_redirect_uri" in sent:
        if sent["claims_redirect_uri"] not in client.claims_redirect_uris:
            raise unusable_link("its claims redirection URI is not registered")
        return sent["claims_redirect_uri"]
    if len(client.claims_redirect_uris) != 1:
        raise unusable_link("it names no address to go back to")
    return client.claims_redirect_uris[0]


def unusable_link(why: str) -> PageError:
    """Return what a person is told whose link does not work."""
    return PageError(
        400,
        "This link does not work",
        f"The application that sent you here made a mistake: {why}. Go back to it and try again.",
    )
