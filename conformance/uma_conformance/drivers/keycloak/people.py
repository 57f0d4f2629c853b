"""The tokens of Keycloak's users, and the claim tokens made of them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from uma_conformance.drivers.answers import json_of
from uma_conformance.drivers.keycloak.admin import Admin
from uma_conformance.drivers.keycloak.http import succeeded
from uma_conformance.drivers.keycloak.realm import ROLE, Realm
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    PARTY,
    ClaimToken,
    DriverError,
    Flaw,
    Unsupported,
)
from uma_conformance.jsonvalue import object_of

ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"  # noqa: S105 - the name of a format
_SHORT_SECONDS = 1


@dataclass(slots=True)
class People:
    """Signs users in with their passwords, at any of the clients."""

    admin: Admin
    realm: Realm
    _holding: dict[str, bool] = field(default_factory=dict[str, bool])

    def sign_in(self, user: str, client: str) -> Mapping[str, object]:
        """Return the token response of a user at a client."""
        settings = self.admin.caller.settings
        own = self.realm.credentials(client)
        public = not own.client_secret
        answer = succeeded(
            self.admin.caller.send(
                "POST",
                f"{settings.issuer}/protocol/openid-connect/token",
                auth=None if public else (own.client_id, own.client_secret),
                form={
                    **({"client_id": own.client_id} if public else {}),
                    "grant_type": "password",
                    "username": user,
                    "password": self.realm.passwords[user],
                    "scope": "openid",
                },
            )
        )
        return object_of(json_of(answer))

    def access_token(self, user: str, client: str) -> str:
        """Return an access token of a user that was issued to a client."""
        return self._member(user, client, "access_token")

    def _member(self, user: str, client: str, name: str) -> str:
        value = self.sign_in(user, client).get(name)
        if not isinstance(value, str):
            raise DriverError(f"Keycloak gave {user} no {name} at {client}")
        return value

    def claim_token(
        self, party: str, client: str, flaw: Flaw | None, without: frozenset[str]
    ) -> ClaimToken:
        """Return an ID Token of a party, with one flaw or none.

        Keycloak takes a party's roles from its own records, not from the token: the role is taken
        from the user when the claims go without it, and given back with the next claim token.
        """
        unknown = without - {"role"}
        if unknown:
            raise Unsupported(f"Keycloak's policies here do not ask for {', '.join(unknown)}")
        if party == PARTY:
            self._set_role(party, held="role" not in without)
        return ClaimToken(self._id_token(party, client, flaw), ID_TOKEN_FORMAT)

    def _id_token(self, party: str, client: str, flaw: Flaw | None) -> str:
        match flaw:
            case Flaw.EXPIRED:
                return self._expired(party, client)
            case Flaw.WRONG_AUDIENCE:
                other = OTHER_CLIENT if client == CLIENT else CLIENT
                return self._member(party, other, "id_token")
            case Flaw.UNTRUSTED_ISSUER:
                return self._from_stranger(party, client)
            case Flaw.BROKEN_SIGNATURE:
                head, _, signature = self._member(party, client, "id_token").rpartition(".")
                # The first character carries six whole bits of the signature.
                return f"{head}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"
            case None:
                return self._member(party, client, "id_token")

    def _expired(self, party: str, client: str) -> str:
        self.set_lifespan(client, _SHORT_SECONDS)
        try:
            token = self._member(party, client, "id_token")
        finally:
            self.set_lifespan(client, None)
        wait_until(expiry_of(token))
        return token

    def _from_stranger(self, party: str, client: str) -> str:
        own = jwt.decode(
            self._member(party, client, "id_token"), options={"verify_signature": False}
        )
        claims = {**own, "iss": "https://stranger.example"}
        key = ec.generate_private_key(ec.SECP256R1())
        return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "stranger"})

    def set_lifespan(self, client: str, seconds: int | None) -> None:
        """Set how long tokens of a client live; `None` goes back to what the realm says."""
        path = f"/clients/{self.admin.client_uuid(client)}"
        # Keycloak takes what is left out for switched off, so the whole client goes back.
        whole = object_of(self.admin.get(path))
        attributes = object_of(whole.get("attributes"))
        value = "" if seconds is None else str(seconds)
        changed = {**attributes, "access.token.lifespan": value}
        self.admin.change("PUT", path, {**whole, "attributes": changed})

    def _set_role(self, user: str, *, held: bool) -> None:
        if self._holding.get(user) is not held:
            path = f"/users/{self.admin.user_uuid(user)}/role-mappings/realm"
            role = self.admin.get(f"/roles/{ROLE}")
            self.admin.change("POST" if held else "DELETE", path, [role])
            self._holding[user] = held


def expiry_of(token: str) -> float:
    """Return the time at which a JSON Web Token expires, in seconds since 1970."""
    claims: Mapping[str, object] = jwt.decode(token, options={"verify_signature": False})
    expiry = claims.get("exp")
    if not isinstance(expiry, int):
        raise DriverError("Keycloak issued a token without exp")
    return float(expiry)


def wait_until(moment: float) -> None:
    """Return one second after a moment, when whole seconds leave no doubt that it is over."""
    time.sleep(max(0.0, moment + 1 - time.time()))
