"""Tickets, tokens and handles in tables."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Delete, and_, delete, insert, select

from uma_reference.authorization_server.handles import Handle, PersistedClaims
from uma_reference.authorization_server.model import AccessToken, Ticket
from uma_reference.authorization_server.store.kept import (
    K,
    Kept,
    grant_of,
    parties_of,
    without_value,
)
from uma_reference.authorization_server.store.protocols import H
from uma_reference.authorization_server.store.sql.rows import Rows
from uma_reference.authorization_server.store.sql.tables import PARTIES, SECRETS
from uma_reference.authorization_server.store.sql.values import party_of, text_of, time_of, value_of
from uma_reference.opaque import digest

_SAME_KIND = PARTIES.c.kind == SECRETS.c.kind


class SecretRows(Rows):
    """What clients and browsers hold."""

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
        self.connection.execute(_removing(AccessToken, value))

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
            self.connection.execute(delete(SECRETS).where(SECRETS.c.grant_id == grant))

    def persisted_of(self, issuer: str, subject: str) -> Sequence[PersistedClaims]:
        """Return what is remembered about a requesting party, expired or not, without the values.

        It is hers when any issuer in it says so (`Claims.identities`). What ends first comes first.
        """
        found = (
            select(SECRETS.c.document)
            .join(PARTIES, and_(PARTIES.c.digest == SECRETS.c.digest, _SAME_KIND))
            .where(PARTIES.c.party == party_of(issuer, subject))
        )
        return self.all(PersistedClaims, found.order_by(SECRETS.c.expires_at, SECRETS.c.digest))

    def forget_persisted(self, issuer: str, subject: str, client: str) -> None:
        """Remove what is remembered about a requesting party for a client."""
        found = (
            select(SECRETS.c.digest, SECRETS.c.document)
            .join(PARTIES, and_(PARTIES.c.digest == SECRETS.c.digest, _SAME_KIND))
            .where(PARTIES.c.party == party_of(issuer, subject))
        )
        for key, text in self.connection.execute(found).all():
            if value_of(PersistedClaims, text).client == client:
                self.connection.execute(
                    delete(SECRETS).where(
                        SECRETS.c.digest == key, SECRETS.c.kind == PersistedClaims.__name__
                    )
                )

    def _put_secret(self, kept: Kept) -> None:
        values = {
            "digest": digest(kept.value),
            "kind": type(kept).__name__,
            "grant_id": grant_of(kept) or None,
            "expires_at": time_of(kept.expires_at),
            "document": text_of(without_value(kept)),
        }
        self.put(SECRETS, ("digest", "kind"), values)
        if isinstance(kept, PersistedClaims):
            key = {"digest": values["digest"], "kind": values["kind"]}
            self.connection.execute(
                delete(PARTIES).where(
                    PARTIES.c.digest == key["digest"], PARTIES.c.kind == key["kind"]
                )
            )
            for issuer, subject in parties_of(kept):
                self.connection.execute(
                    insert(PARTIES).values({**key, "party": party_of(issuer, subject)})
                )

    def _find(self, kind: type[K], value: str) -> K | None:
        found = select(SECRETS.c.document).where(
            SECRETS.c.digest == digest(value), SECRETS.c.kind == kind.__name__
        )
        kept = self.one(kind, found)
        return replace(kept, value=value) if kept is not None else None

    def _take(self, kind: type[K], value: str) -> K | None:
        text = self.connection.scalar(_removing(kind, value).returning(SECRETS.c.document))
        return replace(value_of(kind, text), value=value) if text is not None else None


def _removing(kind: type[K], value: str) -> Delete:
    return delete(SECRETS).where(SECRETS.c.digest == digest(value), SECRETS.c.kind == kind.__name__)
