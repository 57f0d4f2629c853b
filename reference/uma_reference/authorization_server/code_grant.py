"""The authorization code grant, by which PATs of end-user owners are issued (FedAuthz 1.3)."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import (
    invalid_grant,
    invalid_request,
    invalid_scope,
)
from uma_reference.authorization_server.handles import AuthorizationCode, RefreshToken
from uma_reference.authorization_server.model import AccessToken, Domain
from uma_reference.opaque import same

# RFC 7636 section 4.1: a shorter one could be guessed from its challenge.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def exchange_code(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Exchange a code for a PAT with a refresh token (RFC 6749 section 4.1.3, RFC 7636)."""
    value, verifier = form.get("code"), form.get("code_verifier")
    if not value or not verifier:
        raise invalid_request("code or code_verifier is missing")
    code = core.store.take_handle(AuthorizationCode, value)
    if code is None:
        raise invalid_grant("the code is unknown")
    if code.used_for:
        # Whoever holds its tokens may be a thief (RFC 6749 section 4.1.2).
        core.store.end_grant(code.used_for)
        raise invalid_grant("the code was used before")
    core.store.put_handle(replace(code, grant="", used_for=code.grant))
    if code.client != client.id or code.expires_at <= core.clock.now():
        raise invalid_grant("the code has expired or is another client's")
    if form.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
        raise invalid_grant("redirect_uri is not that of the authorization request")
    if code.redirect_uri_given and "redirect_uri" not in form:
        raise invalid_grant("redirect_uri is missing")
    if not _VERIFIER.fullmatch(verifier) or not same(_challenge(verifier), code.challenge):
        raise invalid_grant("code_verifier does not fit")
    return issue_pat(core, client, code.domain, code.scope, code.grant)


def refresh_pat(
    core: Core, client: Client, found: RefreshToken, form: Mapping[str, str]
) -> Mapping[str, object]:
    """Exchange the refresh token of a PAT, which is used up, for a new pair."""
    if not frozenset(form.get("scope", "").split()) <= found.scope:
        raise invalid_scope("a requested scope was not granted")
    if core.store.take_handle(RefreshToken, found.value) is None:
        raise invalid_grant("the refresh token was used")
    core.store.end_grant(found.grant)
    return issue_pat(core, client, found.domain, found.scope, found.grant)


def issue_pat(
    core: Core, client: Client, domain: Domain, scope: frozenset[str], grant: str
) -> Mapping[str, object]:
    """Issue a PAT, with a refresh token if the client is registered for that grant."""
    seconds = core.config.lifetimes.pat
    token: AccessToken = core.issue(
        core.randomness.token(), client, domain, seconds, scope=scope, grant=grant
    )
    response = {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(sorted(scope)),
    }
    if not client.uses("refresh_token"):
        return response
    value = core.randomness.token()
    expires_at = core.clock.now() + core.config.lifetimes.pat_refresh
    core.store.put_handle(
        RefreshToken(value, client.id, domain, None, expires_at, grant, scope=scope)
    )
    return {**response, "refresh_token": value}


def _challenge(verifier: str) -> str:
    hashed = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(hashed).decode().rstrip("=")
