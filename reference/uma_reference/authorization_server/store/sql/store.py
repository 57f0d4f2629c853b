"""What the authorization server keeps, on one connection within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    Connection,
    Delete,
    Select,
    Table,
    and_,
    case,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.handles import Handle, PersistedClaims
from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, Standing
from uma_reference.authorization_server.store.kept import (
    K,
    Kept,
    grant_of,
    parties_of,
    without_value,
)
from uma_reference.authorization_server.store.protocols import H
from uma_reference.authorization_server.store.sql.tables import (
    CLIENTS,
    COUNTERS,
    EVENTS,
    PARTIES,
    POLICIES,
    REQUESTS,
    RESOURCES,
    SECRETS,
)
from uma_reference.authorization_server.store.sql.values import (
    Key,
    Kind,
    party_of,
    question_of,
    text_of,
    time_of,
    value_of,
)
from uma_reference.opaque import digest

_SAME_KIND = PARTIES.c.kind == SECRETS.c.kind
_Upsert = sqlite.Insert | postgresql.Insert


class SqlStore:
    """The store that a unit of work sees. What one statement does is atomic whatever the level."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_resource(self, resource: Resource) -> None:
        """Add a resource or replace the one with the same identifier."""
        values = {
            "id": resource.id,
            "owner": resource.domain.owner,
            "resource_server": resource.domain.resource_server,
            "document": text_of(resource),
        }
        self._put(RESOURCES, ("id",), values)

    def resource(self, resource_id: str) -> Resource | None:
        """Return a resource, whoever owns it."""
        return self._one(
            Resource,
            select(RESOURCES.c.document).where(RESOURCES.c.id == resource_id),
        )

    def delete_resource(self, resource_id: str) -> None:
        """Remove a resource; its policies go along by their foreign key."""
        self._connection.execute(delete(RESOURCES).where(RESOURCES.c.id == resource_id))

    def resources(self, domain: Domain) -> Sequence[Resource]:
        """Return the resources of an owner at a resource server, in order of registration."""
        return self._all(
            Resource,
            select(RESOURCES.c.document)
            .where(RESOURCES.c.owner == domain.owner)
            .where(RESOURCES.c.resource_server == domain.resource_server)
            .order_by(RESOURCES.c.seq),
        )

    def owned(self, owner: str) -> Sequence[Resource]:
        """Return all resources of an owner, those of one resource server in order of registration.

        They are for her eyes; no request of a client or a resource server waits for this.
        """
        found = select(RESOURCES.c.document).where(RESOURCES.c.owner == owner)
        return self._all(Resource, found.order_by(RESOURCES.c.seq))

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource, in the order in which they were set."""
        found = select(POLICIES.c.document).where(POLICIES.c.resource_id == resource_id)
        return self._all(Policy, found.order_by(POLICIES.c.seq))

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        return self._one(Policy, select(POLICIES.c.document).where(POLICIES.c.id == policy_id))

    def policies_of(self, owner: str) -> Sequence[Policy]:
        """Return the policies of all resources of an owner, in the order of each resource."""
        found = (
            select(POLICIES.c.document)
            .join(RESOURCES, RESOURCES.c.id == POLICIES.c.resource_id)
            .where(RESOURCES.c.owner == owner)
        )
        return self._all(Policy, found.order_by(RESOURCES.c.seq, POLICIES.c.seq))

    def add_policy(self, policy: Policy) -> None:
        """Add a policy to those of its resource; without the resource there is none."""
        registered = select(
            literal(policy.id, Key), RESOURCES.c.id, literal(text_of(policy))
        ).where(RESOURCES.c.id == policy.resource_id)
        self._connection.execute(
            insert(POLICIES).from_select(["id", "resource_id", "document"], registered)
        )

    def drop_policy(self, policy_id: str) -> None:
        """Remove a policy."""
        self._connection.execute(delete(POLICIES).where(POLICIES.c.id == policy_id))

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once; without the resource there are none."""
        self._connection.execute(delete(POLICIES).where(POLICIES.c.resource_id == resource_id))
        for policy in policies:
            self.add_policy(policy)

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep a fresh ticket."""
        self._put_secret(ticket)

    def take_ticket(self, value: str) -> Ticket | None:
        """Remove a ticket and return it; at most one caller ever gets it (Grant 5.5)."""
        return self._take(Ticket, value)

    def put_token(self, token: AccessToken) -> None:
        """Keep a fresh token."""
        self._put_secret(token)

    def token(self, value: str) -> AccessToken | None:
        """Return a token, expired or not."""
        return self._find(AccessToken, value)

    def drop_token(self, value: str) -> None:
        """End a token."""
        self._connection.execute(_removing(AccessToken, value))

    def put_handle(self, handle: Handle) -> None:
        """Keep a handle, or replace the one with the same value."""
        self._put_secret(handle)

    def handle(self, kind: type[H], value: str) -> H | None:
        """Return a handle of a kind, expired or not."""
        return self._find(kind, value)

    def take_handle(self, kind: type[H], value: str) -> H | None:
        """Remove a handle and return it; at most one caller ever gets it."""
        return self._take(kind, value)

    def end_grant(self, grant: str) -> None:
        """End every access token and handle of a grant; an empty grant is none."""
        if grant:
            self._connection.execute(delete(SECRETS).where(SECRETS.c.grant_id == grant))

    def persisted_of(self, issuer: str, subject: str) -> Sequence[PersistedClaims]:
        """Return what is remembered about a requesting party, expired or not, without the values.

        It is hers when any issuer in it says so (`Claims.identities`). What ends first comes first.
        """
        found = (
            select(SECRETS.c.document)
            .join(PARTIES, and_(PARTIES.c.digest == SECRETS.c.digest, _SAME_KIND))
            .where(PARTIES.c.party == party_of(issuer, subject))
        )
        return self._all(PersistedClaims, found.order_by(SECRETS.c.expires_at, SECRETS.c.digest))

    def forget_persisted(self, issuer: str, subject: str, client: str) -> None:
        """Remove what is remembered about a requesting party for a client."""
        found = (
            select(SECRETS.c.digest, SECRETS.c.document)
            .join(PARTIES, and_(PARTIES.c.digest == SECRETS.c.digest, _SAME_KIND))
            .where(PARTIES.c.party == party_of(issuer, subject))
        )
        for key, text in self._connection.execute(found).all():
            if value_of(PersistedClaims, text).client == client:
                self._connection.execute(
                    delete(SECRETS).where(
                        SECRETS.c.digest == key, SECRETS.c.kind == PersistedClaims.__name__
                    )
                )

    def submit(self, request: AccessRequest) -> AccessRequest:
        """Keep a request and return it; a pending one that asks the same is returned instead."""
        question = question_of(request)
        adding = self._insert(REQUESTS).values(
            id=request.id, owner=request.domain.owner, question=question, document=text_of(request)
        )
        adding = adding.on_conflict_do_nothing(index_elements=["question"])
        if self._connection.scalar(adding.returning(REQUESTS.c.seq)) is not None:
            return request
        asking = select(REQUESTS.c.document).where(REQUESTS.c.question == question)
        return self._one(AccessRequest, asking) or request

    def decide(self, request_id: str, standing: Standing, at: int) -> AccessRequest | None:
        """Settle a pending request and return it; `None` when it is not pending (any more)."""
        found = self.request(request_id)
        if found is None:
            return None
        decided = replace(found, standing=standing, decided_at=at)
        settling = (
            update(REQUESTS)
            .where(REQUESTS.c.id == request_id)
            .where(REQUESTS.c.question.is_not(None))
            .values(question=None, document=text_of(decided))
        )
        settled = self._connection.execute(settling.returning(REQUESTS.c.seq)).first()
        return decided if settled is not None else None

    def request(self, request_id: str) -> AccessRequest | None:
        """Return a request."""
        return self._one(
            AccessRequest,
            select(REQUESTS.c.document).where(REQUESTS.c.id == request_id),
        )

    def requests(self, owner: str) -> Sequence[AccessRequest]:
        """Return the requests to an owner, the oldest first."""
        found = select(REQUESTS.c.document).where(REQUESTS.c.owner == owner)
        return self._all(AccessRequest, found.order_by(REQUESTS.c.seq))

    def append(self, event: Event) -> None:
        """Add an event."""
        self._connection.execute(insert(EVENTS).values(owner=event.owner, document=text_of(event)))

    def events(self, owner: str, limit: int = 200, skip: int = 0) -> Sequence[Event]:
        """Return events that concern an owner, the newest first, after the newest `skip`."""
        found = select(EVENTS.c.document).where(EVENTS.c.owner == owner)
        newest = found.order_by(EVENTS.c.seq.desc()).limit(max(limit, 0)).offset(max(skip, 0))
        return self._all(Event, newest)

    def put_client(self, client: Client) -> None:
        """Keep a client, or replace the one with the same identifier."""
        self._put(CLIENTS, ("id",), {"id": client.id, "document": text_of(client)})

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        return self._one(Client, select(CLIENTS.c.document).where(CLIENTS.c.id == client_id))

    def count(self, key: str, now: int, seconds: int) -> int:
        """Add one to a counter and return it; it starts anew when its `seconds` are over."""
        adding = self._insert(COUNTERS).values(key=key, number=1, until=time_of(now + seconds))
        running = COUNTERS.c.until > now
        adding = adding.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "number": case((running, COUNTERS.c.number + 1), else_=1),
                "until": case((running, COUNTERS.c.until), else_=adding.excluded.until),
            },
        )
        return int(self._connection.execute(adding.returning(COUNTERS.c.number)).scalar_one())

    def counted(self, key: str, now: int) -> int:
        """Return a counter as it stands."""
        found = select(COUNTERS.c.number).where(COUNTERS.c.key == key, COUNTERS.c.until > now)
        return self._connection.scalar(found) or 0

    def sweep(self, before: int) -> None:
        """Remove tickets, tokens, handles and counters that ended before a time."""
        self._connection.execute(delete(SECRETS).where(SECRETS.c.expires_at < before))
        self._connection.execute(delete(COUNTERS).where(COUNTERS.c.until < before))

    def _put_secret(self, kept: Kept) -> None:
        values = {
            "digest": digest(kept.value),
            "kind": type(kept).__name__,
            "grant_id": grant_of(kept) or None,
            "expires_at": time_of(kept.expires_at),
            "document": text_of(without_value(kept)),
        }
        self._put(SECRETS, ("digest", "kind"), values)
        if isinstance(kept, PersistedClaims):
            key = {"digest": values["digest"], "kind": values["kind"]}
            self._connection.execute(
                delete(PARTIES).where(
                    PARTIES.c.digest == key["digest"], PARTIES.c.kind == key["kind"]
                )
            )
            for issuer, subject in parties_of(kept):
                self._connection.execute(
                    insert(PARTIES).values({**key, "party": party_of(issuer, subject)})
                )

    def _find(self, kind: type[K], value: str) -> K | None:
        found = select(SECRETS.c.document).where(
            SECRETS.c.digest == digest(value), SECRETS.c.kind == kind.__name__
        )
        kept = self._one(kind, found)
        return replace(kept, value=value) if kept is not None else None

    def _take(self, kind: type[K], value: str) -> K | None:
        text = self._connection.scalar(_removing(kind, value).returning(SECRETS.c.document))
        return replace(value_of(kind, text), value=value) if text is not None else None

    def _insert(self, table: Table) -> _Upsert:
        kind = self._connection.dialect.name
        return sqlite.insert(table) if kind == "sqlite" else postgresql.insert(table)

    def _put(self, table: Table, key: Sequence[str], values: Mapping[str, object]) -> None:
        putting = self._insert(table).values(values)
        others = {name: putting.excluded[name] for name in values if name not in key}
        self._connection.execute(putting.on_conflict_do_update(index_elements=key, set_=others))

    def _one(self, kind: type[Kind], query: Select[str]) -> Kind | None:
        text = self._connection.scalar(query)
        return value_of(kind, text) if text is not None else None

    def _all(self, kind: type[Kind], query: Select[str]) -> Sequence[Kind]:
        return [value_of(kind, text) for text in self._connection.scalars(query)]


def _removing(kind: type[K], value: str) -> Delete:
    return delete(SECRETS).where(SECRETS.c.digest == digest(value), SECRETS.c.kind == kind.__name__)
