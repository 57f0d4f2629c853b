"""What a probe has at hand: actors, prepared resources and tickets, and a place for facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.client import Client, basic
from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.resource_server import ResourceServer
from uma_conformance.actors.user_agent import UserAgent, origin_of
from uma_conformance.drivers.protocol import (
    CLIENT,
    OWNER,
    PARTY,
    RESOURCE_SERVER,
    ClaimToken,
    ClientCredentials,
    Driver,
    Flaw,
    Policy,
    Unsupported,
)
from uma_conformance.jsonvalue import array_of, is_array, object_of, strings_of
from uma_conformance.outcome import Outcome
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.wire import Answer

_WRONG_PLACE = frozenset({301, 302, 307, 308, 404, 405})


@dataclass(frozen=True, slots=True)
class Scene:
    """The surroundings of one probe, its journal, and the facts it measures.

    `taken` are resources that stood ready, and that this probe got.
    """

    surroundings: Surroundings
    journal: Journal
    facts: dict[str, object] = field(default_factory=dict[str, object])
    taken: set[str] = field(default_factory=set[str])

    @property
    def driver(self) -> Driver:
        """The driver of the target."""
        return self.surroundings.driver

    def endpoint(self, name: str) -> str:
        """Return an endpoint of the discovery document; raise `Blocked` when it has none."""
        return self.surroundings.metadata.endpoint(name)

    def resource_server(
        self, owner: str = OWNER, name: str = RESOURCE_SERVER, *, pat: str | None = None
    ) -> ResourceServer:
        """Return a resource server acting for an owner, with her PAT or with any other token."""
        token = self.driver.pat(owner, name) if pat is None else pat
        if token:
            self.journal.wire.redactor.learn("pat", token)
        return ResourceServer(
            self.journal, self._registration(), self.endpoint("permission_endpoint"), token
        )

    def client(self, name: str = CLIENT) -> Client:
        """Return a client of the grant."""
        return Client(
            self.journal,
            self.endpoint("token_endpoint"),
            self.driver.client(name),
            self.driver.token_parameters(),
        )

    def user_agent(self) -> UserAgent:
        """Return a browser of a requesting party, without cookies."""
        return UserAgent(self.journal, origin_of(self.driver.issuer))

    def claims(
        self,
        party: str = PARTY,
        client: str = CLIENT,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Have a claim token made for a client to push."""
        token = self.driver.claim_token(party, client, flaw=flaw, without=without)
        self.journal.wire.redactor.learn("claim-token", token.value)
        return token

    def description(self, scopes: Iterable[str], owner: str = OWNER) -> dict[str, object]:
        """Return a description with a fresh name and the members this target wants."""
        self.surroundings.habits.names_given += 1
        name = f"Record {self.surroundings.habits.names_given}"
        return {
            "name": name,
            "resource_scopes": sorted(scopes),
            **self.driver.resource_members(owner),
        }

    def create(self, description: object, label: str = "", purpose: str = "") -> Answer:
        """Register a resource; learn on the way where the target has its collection.

        The collection is the published endpoint with one slash at its end. Where nothing lives
        there, the endpoint is tried as it was published, and taken from then on if that works.
        """
        rs = self.resource_server()
        answer = rs.create(description, label, purpose)
        published = self.endpoint("resource_registration_endpoint")
        if not is_wrong_place(answer.status) or rs.registration == published:
            return answer
        again = replace(rs, registration=published).create(
            description, label and f"{label}{AS_PUBLISHED}", purpose
        )
        if is_wrong_place(again.status):
            return answer
        self.surroundings.habits.registration = published
        return again

    def identified(self, created: Answer) -> str:
        """Return the identifier of a resource that was created, or raise `Blocked`."""
        resource_id = identifier(created)
        if not created.succeeded or not resource_id:
            raise Blocked(
                Outcome.CANT_TELL,
                f"no resource could be registered: {created.exchange.outline} "
                f"in exchange {created.exchange.number}",
            )
        return resource_id

    def register(
        self,
        scopes: Iterable[str] = ("view", "edit"),
        policies: Iterable[Policy] = (),
        *,
        owner: str = OWNER,
        resource_server: str = RESOURCE_SERVER,
    ) -> str:
        """Register a resource with policies and return its identifier, or raise `Blocked`.

        Where a driver has a resource ready that is as wanted, it is that one.
        """
        wanted = tuple(policies)
        if wanted:
            ready = self.driver.prepared(
                owner, resource_server, frozenset(scopes), wanted, frozenset(self.taken)
            )
            if ready:
                self.taken.add(ready)
                return ready
        if (owner, resource_server) == (OWNER, RESOURCE_SERVER):
            answer = self.create(self.description(scopes), purpose="Prepare a resource")
        else:
            rs = self.resource_server(owner, resource_server)
            answer = rs.create(self.description(scopes, owner), purpose="Prepare a resource")
        resource_id = self.identified(answer)
        if wanted:
            self.driver.set_policy(owner, resource_id, wanted)
        return resource_id

    def ask_for_ticket(
        self,
        permissions: Mapping[str, Iterable[str]],
        *,
        owner: str = OWNER,
        resource_server: str = RESOURCE_SERVER,
        label: str = "",
    ) -> Answer:
        """Ask for a ticket in whichever form the target takes."""
        rs = self.resource_server(owner, resource_server)
        wanted: list[dict[str, object]] = [
            {"resource_id": name, "resource_scopes": sorted(scopes)}
            for name, scopes in permissions.items()
        ]
        habits = self.surroundings.habits
        if len(wanted) > 1 or habits.permission_arrays:
            return rs.request_permissions(wanted, label)
        answer = rs.request_permissions(wanted[0], label)
        if not answer.succeeded:
            again = rs.request_permissions(wanted, f"{label}-as-array" if label else "")
            if again.succeeded:
                habits.permission_arrays = True
                return again
        return answer

    def ticket(
        self,
        permissions: Mapping[str, Iterable[str]],
        *,
        owner: str = OWNER,
        resource_server: str = RESOURCE_SERVER,
    ) -> str:
        """Get a permission ticket, or raise `Blocked`."""
        answer = self.ask_for_ticket(permissions, owner=owner, resource_server=resource_server)
        value = answer.member("ticket")
        if not answer.succeeded or not value:
            raise Blocked(
                Outcome.CANT_TELL,
                f"no permission ticket was issued: {answer.exchange.outline} "
                f"in exchange {answer.exchange.number}",
            )
        return value

    def rpt(self, answer: Answer) -> str:
        """Return the RPT of a token response, or raise `Blocked`."""
        value = answer.member("access_token")
        if not answer.succeeded or not value:
            raise Blocked(
                Outcome.CANT_TELL,
                f"no RPT was issued: {answer.exchange.outline} "
                f"in exchange {answer.exchange.number}",
            )
        return value

    def introspect(
        self,
        rpt: str,
        label: str,
        *,
        owner: str = OWNER,
        resource_server: str = RESOURCE_SERVER,
        hint: str = "",
    ) -> Answer:
        """Introspect with the PAT; where that is refused, also as the driver says it is done."""
        url = self.endpoint("introspection_endpoint")
        rs = self.resource_server(owner, resource_server)
        answer = rs.introspect(url, rpt, label, hint=hint)
        if isinstance(answer.exchange.members.get("active"), bool):
            return answer
        try:
            credentials = self.driver.introspection_credentials(resource_server)
        except Unsupported:
            return answer
        parameters = {"token": rpt} | ({"token_type_hint": hint} if hint else {})
        return rs.introspect_with(
            url,
            (basic(credentials),),
            parameters,
            f"{label}{AS_CLIENT}",
            "Introspect the RPT with client credentials, as the PAT was refused",
        )

    def permissions(
        self,
        rpt: str,
        name: str,
        *,
        owner: str = OWNER,
        resource_server: str = RESOURCE_SERVER,
    ) -> Mapping[str, frozenset[str]]:
        """Find out what an RPT permits, keep it as the fact `name`, and return it.

        Standard introspection comes first; where it shows no permissions the driver is asked.
        """
        shown = None
        if "introspection_endpoint" in self.surroundings.metadata.endpoints:
            answer = self.introspect(rpt, name, owner=owner, resource_server=resource_server)
            shown = shown_permissions(answer.exchange.members.get("permissions"))
        if shown is None:
            granted = self.driver.granted_permissions(rpt, resource_server)
            shown = {item.resource_id: item.scopes for item in granted}
            self.facts[f"{name} seen by"] = "the driver"
        self.facts[name] = {resource: sorted(scopes) for resource, scopes in shown.items()}
        return shown

    def credentials(self, name: str = CLIENT) -> ClientCredentials:
        """Return the credentials of a client."""
        return self.driver.client(name)

    def _registration(self) -> str:
        published = self.endpoint("resource_registration_endpoint")
        return self.surroundings.habits.registration or joined(published)


AS_CLIENT = " (as client)"
AS_PUBLISHED = " (as published)"


def joined(published: str) -> str:
    """Return the collection's URL: the published endpoint with exactly one slash at its end."""
    return published.rstrip("/") + "/"


def is_wrong_place(status: int) -> bool:
    """Tell whether a status says that nothing lives at this URL, so that another may be tried."""
    return status in _WRONG_PLACE


def identifier(answer: Answer) -> str:
    """Return the identifier of a created resource: from the body, else from Location."""
    found = answer.member("_id")
    if found:
        return found
    return urlsplit(answer.header("location")).path.rstrip("/").rpartition("/")[2]


def shown_permissions(value: object) -> dict[str, frozenset[str]] | None:
    """Read a `permissions` member; `None` when it is not of the specified form."""
    if not is_array(value):
        return None
    found: dict[str, frozenset[str]] = {}
    for entry in array_of(value):
        members = object_of(entry)
        resource, scopes = members.get("resource_id"), members.get("resource_scopes")
        if not isinstance(resource, str) or not is_array(scopes):
            return None
        found[resource] = found.get(resource, frozenset()) | frozenset(strings_of(scopes))
    return found
