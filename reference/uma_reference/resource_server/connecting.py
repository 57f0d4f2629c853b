"""An owner connects the server: she grants a PAT by an authorization code (FedAuthz 1.3).

The code is bound to this server by PKCE (RFC 7636), the way back to the browser by `state` and
a cookie, and the answer to the authorization server by `iss` (RFC 9207).
"""

import base64
import hashlib
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from uma_reference.client.holdings import Credentials
from uma_reference.client.urls import with_query
from uma_reference.opaque import digest, same
from uma_reference.resource_server.core import Core
from uma_reference.resource_server.errors import (
    ApiError,
    Refusal,
    Unavailable,
    invalid_request,
    not_found,
)
from uma_reference.resource_server.http import Call, Reply
from uma_reference.resource_server.model import Connection, Pending
from uma_reference.resource_server.tokens import PROTECTION

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"
_SECONDS = 600


def begin(core: Core, call: Call) -> Reply:
    """Send the owner to the authorization endpoint (RFC 6749 4.1.1)."""
    owner = core.people.owner_herself(call)
    client = _client(core, owner)
    try:
        endpoint = core.token_endpoint.discovery.endpoints().authorization_endpoint
    except Unavailable as error:
        raise _no_help(str(error)) from None
    if not endpoint:
        raise _no_help("the authorization server has no authorization endpoint")
    state, browser, verifier = (core.randomness.token() for _ in range(3))
    now = core.clock.now()
    core.store.put_pending(
        Pending(digest(state), digest(browser), owner, verifier, now + _SECONDS), now
    )
    parameters = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": core.places.callback,
        "scope": PROTECTION,
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    cookie = f"{_cookie_name(core)}={browser}; Max-Age={_SECONDS}; {_ATTRIBUTES}"
    place = with_query(endpoint, list(parameters.items()))
    return Reply(303, headers={"location": place, "set-cookie": cookie})


def come_back(core: Core, call: Call) -> Reply:
    """Exchange the code for a PAT (RFC 6749 4.1.3), then register the owner's documents."""
    answer = _parameters(call.query)
    pending = core.store.take_pending(digest(answer.get("state", "")))
    if pending is None or pending.expires_at <= core.clock.now():
        raise invalid_request("nobody waits for this: begin to connect again")
    if not same(digest(_cookie(core, call)), pending.browser):
        raise invalid_request("this browser did not begin to connect")
    # Without `iss`, the issuer is the only one there is here.
    if answer.get("iss", core.config.issuer) != core.config.issuer:
        raise invalid_request("iss names another authorization server")
    if "error" in answer:
        denied = answer["error"] == "access_denied"
        who = "the owner does not allow it" if denied else "the authorization server refuses"
        raise ApiError(403, "access_denied", who)
    if not answer.get("code"):
        raise invalid_request("the answer holds no code")
    _exchange(core, pending, answer["code"])
    core.registrar.begin_again(pending.owner)
    # What cannot be registered now is told in the listing, and tried again later.
    core.settle_for(pending.owner)
    place = core.places.documents(pending.owner)
    return Reply(
        303,
        headers={
            "location": place,
            "set-cookie": f"{_cookie_name(core)}=; Max-Age=0; {_ATTRIBUTES}",
        },
    )


def end(core: Core, call: Call) -> Reply:
    """Forget the PAT of an owner; her documents are then hers alone."""
    owner = core.people.owner_herself(call)
    kept = core.store.connection(owner)
    if kept is not None:
        core.store.delete_connection(kept)
    return Reply(204)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge of a verifier (RFC 7636 4.2)."""
    found = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(found).decode().rstrip("=")


def _exchange(core: Core, pending: Pending, code: str) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": core.places.callback,
        "code_verifier": pending.verifier,
    }
    try:
        granted = core.token_endpoint.request(_client(core, pending.owner), form)
    except (Refusal, Unavailable) as error:
        raise _no_help(str(error)) from None
    core.store.put_connection(
        Connection(
            pending.owner,
            core.config.issuer,
            granted.pat,
            granted.expires_at,
            granted.refresh_token,
        )
    )


def _client(core: Core, owner: str) -> Credentials:
    found = core.config.client
    if found is None or core.config.owners[owner].client is not None:
        # The PAT of this owner comes without her.
        raise not_found()
    return found


def _parameters(query: str) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise invalid_request("the query cannot be read") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise invalid_request("a parameter is repeated")
    return found


def _cookie_name(core: Core) -> str:
    """Return a name that tells servers on different ports of one host apart: cookies do not."""
    return f"__Host-uma-connect-{core.config.name}"


def _cookie(core: Core, call: Call) -> str:
    try:
        found = SimpleCookie(call.headers.get("cookie", "")).get(_cookie_name(core))
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _no_help(why: str) -> ApiError:
    return ApiError(502, "authorization_server_unreachable", why)
