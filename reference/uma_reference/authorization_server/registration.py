"""Dynamic client registration (RFC 7591, Grant 2)."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.clients import (
    KEY_METHOD,
    PUBLIC,
    SECRET_METHODS,
    Client,
)
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import members_of, strings_of
from uma_reference.authorization_server.errors import WireError
from uma_reference.authorization_server.public_keys import public_keys
from uma_reference.names import UMA_GRANT
from uma_reference.opaque import digest
from uma_reference.web_addresses import redirection_problem

# What a client that nobody vouches for can be registered for.
_GRANTS = frozenset({"authorization_code", "refresh_token", UMA_GRANT})
_LONGEST_NAME = 200
_MOST_REDIRECTS = 20


def register(core: Core, value: object) -> tuple[Client, Mapping[str, object]]:
    """Register a client; return it, and the response with what was registered.

    Grant types that cannot be registered are left out, as the server may (RFC 7591 section 2).
    """
    members = members_of(value, "client metadata")
    method = _text(members, "token_endpoint_auth_method", SECRET_METHODS[0])
    if method not in (*SECRET_METHODS, KEY_METHOD, PUBLIC):
        raise _invalid("token_endpoint_auth_method is not supported")
    if "jwks_uri" in members:
        raise _invalid("keys are taken by value, as jwks, and not from a jwks_uri")
    redirects = _addresses(members, "redirect_uris")
    claims_redirects = _addresses(members, "claims_redirect_uris")
    grants = _grants(members, redirects)
    if "authorization_code" in grants and not redirects:
        raise _redirect("the grant type authorization_code needs redirect_uris")
    client = Client(
        core.randomness.token(),
        scopes=frozenset(_text(members, "scope", "").split()),
        name=_text(members, "client_name", "")[:_LONGEST_NAME],
        method=method,
        jwks=_keys(members, method),
        redirect_uris=redirects,
        claims_redirect_uris=claims_redirects,
        grant_types=grants,
        registered_at=core.clock.now(),
    )
    secret = core.randomness.token() if method in SECRET_METHODS else ""
    if secret:
        client = replace(client, secret_digest=digest(secret))
    core.store.put_client(client)
    return client, _response(client, secret)


def _response(client: Client, secret: str) -> Mapping[str, object]:
    optional: dict[str, object] = {
        "client_name": client.name,
        "scope": " ".join(sorted(client.scopes)),
        "redirect_uris": list(client.redirect_uris),
        "claims_redirect_uris": list(client.claims_redirect_uris),
        "jwks": client.jwks,
    }
    return {
        "client_id": client.id,
        "client_id_issued_at": client.registered_at,
        **({"client_secret": secret, "client_secret_expires_at": 0} if secret else {}),
        "token_endpoint_auth_method": client.method,
        "grant_types": sorted(client.grant_types or ()),
        "response_types": ["code"] if client.uses("authorization_code") else [],
        **{name: value for name, value in optional.items() if value},
    }


def _grants(members: Mapping[str, object], redirects: tuple[str, ...]) -> frozenset[str]:
    if "grant_types" not in members:
        standard = {"authorization_code", "refresh_token"} if redirects else {"refresh_token"}
        return frozenset({UMA_GRANT, *standard})
    grants = _GRANTS & set(_strings(members, "grant_types"))
    if not grants:
        raise _invalid("none of the grant_types can be registered")
    return grants


def _addresses(members: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = _strings(members, name) if name in members else ()
    if len(found) > _MOST_REDIRECTS:
        raise _redirect(f"{name} are too many")
    for address in found:
        problem = redirection_problem(address)
        if problem:
            raise _redirect(f"{name}: {problem}")
    return tuple(dict.fromkeys(found))


def _keys(members: Mapping[str, object], method: str) -> Mapping[str, object] | None:
    """Return the keys of a client that signs; others may send some, but no private ones."""
    if method != KEY_METHOD and "jwks" not in members:
        return None
    try:
        found = public_keys(members.get("jwks"))
    except ValueError:
        raise _invalid("jwks has to be a set of public keys") from None
    return found if method == KEY_METHOD else None


def _strings(members: Mapping[str, object], name: str) -> tuple[str, ...]:
    try:
        return strings_of(members[name], name)
    except WireError as error:
        raise _invalid(error.hint) from None


def _text(members: Mapping[str, object], name: str, standard: str) -> str:
    value = members.get(name, standard)
    if not isinstance(value, str):
        raise _invalid(f"{name} has to be a string")
    return value


def _invalid(hint: str) -> WireError:
    return WireError(400, "invalid_client_metadata", hint)


def _redirect(hint: str) -> WireError:
    return WireError(400, "invalid_redirect_uri", hint)
