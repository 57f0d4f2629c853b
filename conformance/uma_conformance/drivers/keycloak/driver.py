"""The driver of Keycloak.

It makes a realm of its own for the run and deletes it afterwards. The PAT is an access token of the
owner that was issued to the resource server's client: the form in which Keycloak knows an owner.
Policies are set over the owner's policy API. All requests of the suite stay as the specifications
have them; only what Keycloak needs before and beside them happens here.
"""

import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote

import jwt

from uma_conformance.drivers.answers import json_of
from uma_conformance.drivers.keycloak.admin import Admin
from uma_conformance.drivers.keycloak.http import Caller, succeeded
from uma_conformance.drivers.keycloak.people import People, expiry_of, wait_until
from uma_conformance.drivers.keycloak.realm import (
    CLIENT_SCOPES,
    PROTECTION_ROLE,
    RESOURCE_SERVERS,
    Realm,
)
from uma_conformance.drivers.keycloak.settings import Settings
from uma_conformance.drivers.plain import PlainRequests
from uma_conformance.drivers.protocol import (
    OTHER_OWNER,
    OWNER,
    PUBLIC_CLIENT,
    RESOURCE_SERVER,
    ClaimToken,
    ClientCredentials,
    DriverError,
    Flaw,
    Page,
    Permission,
    Policy,
    Redirects,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_conformance.target import Target
from uma_scenarios.durations import in_words as duration_in_words

_SPELL_SECONDS = 6
_LONGEST_WAIT = 15
_REGISTRATIONS = 10
_OWNERS = (OWNER, OTHER_OWNER)


class KeycloakDriver(PlainRequests):
    """Drives one realm of a Keycloak."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._caller = Caller(settings)
        self._admin = Admin(self._caller)
        self._realm = Realm.fresh()
        self._people = People(self._admin, self._realm)
        self._pats: dict[tuple[str, str], str] = {}
        self._made = False

    @classmethod
    def from_target(cls, target: Target) -> "KeycloakDriver":
        """Make a driver as the target file says; raise `DriverError` that names a wrong key."""
        return cls(Settings.from_target(target))

    @property
    def issuer(self) -> str:
        """The issuer of the realm."""
        return self._settings.issuer

    def open(self) -> None:
        """Make the realm, and give the owners the role that stands for `uma_protection`."""
        self._admin.make_realm(self._realm.document())
        self._made = True
        for scope in sorted({scope for held in CLIENT_SCOPES.values() for scope in held}):
            self._admin.change(
                "POST", "/client-scopes", {"name": scope, "protocol": "openid-connect"}
            )
        identifiers = {
            str(object_of(item)["name"]): str(object_of(item)["id"])
            for item in array_of(self._admin.get("/client-scopes"))
        }
        for client, scopes in CLIENT_SCOPES.items():
            uuid = self._admin.client_uuid(client)
            for scope in sorted(scopes):
                self._admin.change(
                    "PUT", f"/clients/{uuid}/optional-client-scopes/{identifiers[scope]}"
                )
        for server in RESOURCE_SERVERS:
            for owner in _OWNERS:
                self._set_protection_role(owner, server, held=True)

    def close(self) -> None:
        """Delete the realm."""
        if self._made:
            with suppress(DriverError):
                self._admin.delete_realm()
            self._made = False
        self._caller.close()

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield every password and client secret."""
        yield "secret", self._settings.admin_password
        for value in (*self._realm.passwords.values(), *self._realm.secrets.values()):
            yield "secret", value

    def pat(self, owner: str, resource_server: str) -> str:
        """Sign the owner in at the resource server, once for each of the two."""
        key = (owner, resource_server)
        if key not in self._pats:
            self._pats[key] = self._people.access_token(owner, resource_server)
        return self._pats[key]

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Sign the owner in while she does not have the role for `uma_protection`."""
        self._set_protection_role(owner, resource_server, held=False)
        try:
            return self._people.access_token(owner, resource_server)
        finally:
            self._set_protection_role(owner, resource_server, held=True)

    def client(self, name: str) -> ClientCredentials:
        """Return a client of the realm."""
        if name not in {*CLIENT_SCOPES, PUBLIC_CLIENT}:
            raise Unsupported(f"the realm has no client {name}")
        return self._realm.credentials(name)

    def client_scopes(self, name: str) -> frozenset[str]:
        """Return the optional client scopes of a client."""
        return CLIENT_SCOPES.get(name, frozenset())

    def denial_parameters(self) -> Mapping[str, str]:
        """Return what keeps Keycloak from submitting a denied request to the owner."""
        return {"submit_request": "false"}

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Replace the owner's policies of a resource.

        Keycloak lets her set and delete them only while the resource is marked as managed by her,
        and an update of the description takes the mark away.
        """
        wanted = list(policies)
        resource = quote(resource_id, safe="")
        server = self._resource_server_of(resource)
        token = self.pat(owner, server)
        base = f"{self.issuer}/authz/protection/uma-policy"
        there = succeeded(self._caller.send("GET", f"{base}?resource={resource}", bearer=token))
        held = array_of(json_of(there))
        if wanted or held:
            self._mark_as_managed_by_owner(resource, server)
        for policy in held:
            succeeded(
                self._caller.send("DELETE", f"{base}/{object_of(policy)['id']}", bearer=token)
            )
        for number, policy in enumerate(wanted):
            body = _policy(f"{resource_id} {number}", policy)
            succeeded(self._caller.send("POST", f"{base}/{resource}", bearer=token, json=body))

    def claim_token(
        self,
        party: str,
        client: str,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Sign the party in at the client and return her ID Token."""
        return self._people.claim_token(party, client, flaw, without)

    def introspection_credentials(self, resource_server: str) -> ClientCredentials:
        """Return the resource server's client: Keycloak does not take the PAT."""
        return self._realm.credentials(resource_server)

    def granted_permissions(
        self,
        rpt: str,
        resource_server: str,  # noqa: ARG002 - the protocol
    ) -> tuple[Permission, ...]:
        """Read the permissions in the RPT, which is a JSON Web Token."""
        try:
            claims: Mapping[str, object] = jwt.decode(rpt, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise DriverError(f"the RPT is no JSON Web Token: {error}") from None
        held = array_of(object_of(claims.get("authorization")).get("permissions"))
        return tuple(
            Permission(str(entry.get("rsid")), frozenset(strings_of(entry.get("scopes"))))
            for entry in map(object_of, held)
        )

    @contextmanager
    def short_lived_tickets(self) -> Generator[TicketExpiry]:
        """Yield a spell of short-lived PATs: Keycloak's tickets live as long as the PAT does."""
        kept, self._pats = self._pats, {}
        self._people.set_lifespan(RESOURCE_SERVER, _SPELL_SECONDS)
        try:
            yield _Spell(self)
        finally:
            self._people.set_lifespan(RESOURCE_SERVER, None)
            self._pats = kept

    def last_expiry(self) -> float:
        """Return when the last of the PATs at hand expires, in seconds since 1970."""
        return max((expiry_of(token) for token in self._pats.values()), default=0.0)

    def _resource_server_of(self, resource: str) -> str:
        """Return where a resource is registered, the first server for one that is nowhere."""
        for server in RESOURCE_SERVERS:
            # A search: asked for it at the wrong server, Keycloak finds it nowhere afterwards.
            if array_of(self._admin.get(f"{self._resources_of(server)}?_id={resource}&deep=false")):
                return server
        return RESOURCE_SERVER

    def _resources_of(self, server: str) -> str:
        return f"/clients/{self._admin.client_uuid(server)}/authz/resource-server/resource"

    def _mark_as_managed_by_owner(self, resource: str, server: str) -> None:
        path = f"{self._resources_of(server)}/{resource}"
        description = dict(object_of(self._admin.get(path)))
        if description.get("ownerManagedAccess") is not True:
            self._admin.change("PUT", path, {**description, "ownerManagedAccess": True})

    def pass_time(self, seconds: float) -> None:
        """Wait; Keycloak's clock cannot be moved, so only for a short time."""
        if seconds > _LONGEST_WAIT:
            raise Unsupported(f"nobody waits {duration_in_words(round(seconds))} for Keycloak")
        wait_until(time.time() + seconds)

    def redirects(self, client: str) -> Redirects:
        """Raise `Unsupported`: Keycloak has no claims interaction endpoint."""
        raise Unsupported(f"Keycloak knows no claims redirection URIs for {client}")

    def act_as(
        self,
        party: str,
        agent: UserAgent,  # noqa: ARG002 - the protocol
        page: Page,  # noqa: ARG002 - the protocol
        wish: Wish,  # noqa: ARG002 - the protocol
    ) -> Page:
        """Raise `Unsupported`: Keycloak has no claims interaction endpoint."""
        raise Unsupported(f"Keycloak asks {party} for nothing interactively")

    def settle(
        self,
        owner: str,
        resource_id: str,  # noqa: ARG002 - the protocol
        *,
        approve: bool,  # noqa: ARG002 - the protocol
    ) -> None:
        """Raise `Unsupported`: a request gives no ticket to poll with, so no decision shows."""
        raise Unsupported(f"what {owner} decides, no client of Keycloak can wait for")

    def registration_headers(self) -> Mapping[str, str]:
        """Return an initial access token for a few clients: Keycloak trusts no stranger."""
        return {"authorization": f"Bearer {self._admin.initial_access_token(_REGISTRATIONS)}"}

    def _set_protection_role(self, owner: str, resource_server: str, *, held: bool) -> None:
        client = self._admin.client_uuid(resource_server)
        role = self._admin.get(f"/clients/{client}/roles/{PROTECTION_ROLE}")
        path = f"/users/{self._admin.user_uuid(owner)}/role-mappings/clients/{client}"
        self._admin.change("POST" if held else "DELETE", path, [role])


@dataclass(frozen=True, slots=True)
class _Spell:
    driver: KeycloakDriver

    def wait(self) -> None:
        """Wait until the PATs of this spell, and so their tickets, have expired."""
        wait_until(self.driver.last_expiry())


def _policy(name: str, policy: Policy) -> dict[str, object]:
    """Return a policy of the owner's API: all of its conditions have to hold."""
    if policy.ask or policy.by_visit:
        raise Unsupported("Keycloak has no policies that ask the owner, or for a visit")
    unknown = policy.also.keys() - {"role"}
    if unknown:
        raise Unsupported(f"no claim {', '.join(unknown)} in Keycloak's policies here")
    body: dict[str, object] = {
        "name": name,
        "scopes": sorted(policy.scopes),
        "users": [policy.party],
    }
    return {**body, "roles": [policy.also["role"]]} if "role" in policy.also else body
