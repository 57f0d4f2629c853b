"""Requests to owners, the audit, clients and counters in tables."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import case, insert, select, update

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.records import AccessRequest, Event, Standing
from uma_reference.authorization_server.store.sql.rows import Rows
from uma_reference.authorization_server.store.sql.tables import CLIENTS, COUNTERS, EVENTS, REQUESTS
from uma_reference.authorization_server.store.sql.values import question_of, text_of, time_of


class RecordRows(Rows):
    """What the server notes for its owners and for itself."""

    def submit(self, request: AccessRequest) -> AccessRequest:
        """Keep a request and return it; a pending one that asks the same is returned instead."""
        question = question_of(request)
        adding = self.insert(REQUESTS).values(
            id=request.id, owner=request.domain.owner, question=question, document=text_of(request)
        )
        adding = adding.on_conflict_do_nothing(index_elements=["question"])
        if self.connection.scalar(adding.returning(REQUESTS.c.seq)) is not None:
            return request
        asking = select(REQUESTS.c.document).where(REQUESTS.c.question == question)
        return self.one(AccessRequest, asking) or request

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
        settled = self.connection.execute(settling.returning(REQUESTS.c.seq)).first()
        return decided if settled is not None else None

    def request(self, request_id: str) -> AccessRequest | None:
        """Return a request."""
        return self.one(
            AccessRequest,
            select(REQUESTS.c.document).where(REQUESTS.c.id == request_id),
        )

    def requests(self, owner: str) -> Sequence[AccessRequest]:
        """Return the requests to an owner, the oldest first."""
        found = select(REQUESTS.c.document).where(REQUESTS.c.owner == owner)
        return self.all(AccessRequest, found.order_by(REQUESTS.c.seq))

    def append(self, event: Event) -> None:
        """Add an event."""
        self.connection.execute(insert(EVENTS).values(owner=event.owner, document=text_of(event)))

    def events(self, owner: str, limit: int = 200, skip: int = 0) -> Sequence[Event]:
        """Return events that concern an owner, the newest first, after the newest `skip`."""
        found = select(EVENTS.c.document).where(EVENTS.c.owner == owner)
        newest = found.order_by(EVENTS.c.seq.desc()).limit(max(limit, 0)).offset(max(skip, 0))
        return self.all(Event, newest)

    def put_client(self, client: Client) -> None:
        """Keep a client, or replace the one with the same identifier."""
        self.put(CLIENTS, ("id",), {"id": client.id, "document": text_of(client)})

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        return self.one(Client, select(CLIENTS.c.document).where(CLIENTS.c.id == client_id))

    def count(self, key: str, now: int, seconds: int) -> int:
        """Add one to a counter and return it; it starts anew when its `seconds` are over."""
        adding = self.insert(COUNTERS).values(key=key, number=1, until=time_of(now + seconds))
        running = COUNTERS.c.until > now
        adding = adding.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "number": case((running, COUNTERS.c.number + 1), else_=1),
                "until": case((running, COUNTERS.c.until), else_=adding.excluded.until),
            },
        )
        return int(self.connection.execute(adding.returning(COUNTERS.c.number)).scalar_one())

    def counted(self, key: str, now: int) -> int:
        """Return a counter as it stands."""
        found = select(COUNTERS.c.number).where(COUNTERS.c.key == key, COUNTERS.c.until > now)
        return self.connection.scalar(found) or 0
