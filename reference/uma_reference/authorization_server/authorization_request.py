"""Authorization requests by which resource servers get PATs of end-user owners.

RFC 6749 section 4.1, with PKCE S256 (RFC 7636); FedAuthz 1.3.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import PageError
from uma_reference.authorization_server.model import PROTECTION_SCOPE

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PARAMETERS = (
    *("response_type", "client_id", "redirect_uri", "scope", "state"),
    *("code_challenge", "code_challenge_method"),
)


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that may be put to the owner; `redirect_uri` is where the answer goes."""

    client: Client
    redirect_uri: str
    redirect_uri_given: bool
    scope: frozenset[str]
    state: str | None
    challenge: str


@dataclass(frozen=True)
class RefusedRequest(Exception):  # noqa: N818 - the name of what it is
    """A request whose client is told by redirection what is wrong (RFC 6749 section 4.1.2.1)."""

    redirect_uri: str
    error: str
    state: str | None


def read_authorization_request(
    core: Core, pairs: Sequence[tuple[str, str]]
) -> AuthorizationRequest:
    """Read a request; raise `PageError` where nobody may be redirected, else `RefusedRequest`.

    A parameter without a value counts as left out (RFC 6749 section 3.1).
    """
    sent = {name: value for name, value in pairs if name in PARAMETERS and value}
    repeated = sorted(name for name in PARAMETERS if sum(pair[0] == name for pair in pairs) > 1)
    if {"client_id", "redirect_uri"} & set(repeated):
        raise _unusable("it repeats a parameter")
    client = core.client(sent.get("client_id", ""))
    if client is None:
        raise _unusable("nobody knows the client")
    redirect_uri = _redirect_uri(client, sent)
    state = None if "state" in repeated else sent.get("state")
    error = "invalid_request" if repeated else _error(client, sent)
    if error:
        raise RefusedRequest(redirect_uri, error, state)
    return AuthorizationRequest(
        client,
        redirect_uri,
        "redirect_uri" in sent,
        frozenset(sent.get("scope", PROTECTION_SCOPE).split()),
        state,
        sent["code_challenge"],
    )


def _redirect_uri(client: Client, sent: Mapping[str, str]) -> str:
    if "redirect_uri" in sent:
        if sent["redirect_uri"] not in client.redirect_uris:
            raise _unusable("its redirection URI is not registered")
        return sent["redirect_uri"]
    if len(client.redirect_uris) != 1:
        raise _unusable("it has no redirection URI")
    return client.redirect_uris[0]


def _error(client: Client, sent: Mapping[str, str]) -> str:
    scope = frozenset(sent.get("scope", PROTECTION_SCOPE).split())
    if not client.uses("authorization_code"):
        return "unauthorized_client"
    if "response_type" not in sent:
        return "invalid_request"
    if sent["response_type"] != "code":
        return "unsupported_response_type"
    if scope != frozenset({PROTECTION_SCOPE}) or not scope <= client.scopes:
        return "invalid_scope"
    plain = sent.get("code_challenge_method") != "S256"
    if plain or not _CHALLENGE.fullmatch(sent.get("code_challenge", "")):
        return "invalid_request"
    return ""


def _unusable(why: str) -> PageError:
    return PageError(
        400,
        "This link does not work",
        f"The service that sent you here made a mistake: {why}. Go back to it and try again.",
    )
