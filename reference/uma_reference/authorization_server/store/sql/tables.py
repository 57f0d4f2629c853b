"""The tables.

A `document` is the whole of what is kept, as JSON; the other columns find it, order it and end it.
`seq` gives the order in which things came. Everything is found through an index, so what a request
costs does not depend on how much is kept.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from uma_reference.authorization_server.store.sql.values import Key

METADATA = MetaData()
# SQLite gives out numbers by itself for this type alone.
_SEQ = BigInteger().with_variant(Integer(), "sqlite")

VERSIONS = Table("uma_version", METADATA, Column("version", Integer, nullable=False))

RESOURCES = Table(
    "uma_resource",
    METADATA,
    Column("seq", _SEQ, primary_key=True),
    Column("id", Key, nullable=False, unique=True),
    Column("owner", Key, nullable=False),
    Column("resource_server", Key, nullable=False),
    Column("document", Text, nullable=False),
    Index("uma_resource_domain", "owner", "resource_server", "seq"),
    sqlite_autoincrement=True,
)

POLICIES = Table(
    "uma_policy",
    METADATA,
    Column("seq", _SEQ, primary_key=True),
    Column("id", Key, nullable=False, unique=True),
    Column("resource_id", Key, ForeignKey(RESOURCES.c.id, ondelete="CASCADE"), nullable=False),
    Column("document", Text, nullable=False),
    Index("uma_policy_resource", "resource_id", "seq"),
    sqlite_autoincrement=True,
)

# Tickets, access tokens and handles, by the digest of a value that stands nowhere.
SECRETS = Table(
    "uma_secret",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("grant_id", Key),
    Column("expires_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("uma_secret_end", "expires_at"),
    sqlite_with_rowid=False,
)
Index(
    "uma_secret_grant",
    SECRETS.c.grant_id,
    sqlite_where=SECRETS.c.grant_id.is_not(None),
    postgresql_where=SECRETS.c.grant_id.is_not(None),
)

# Whom the claims behind a PCT are about.
PARTIES = Table(
    "uma_party",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("party", Key, primary_key=True),
    ForeignKeyConstraint(
        ["digest", "kind"], [SECRETS.c.digest, SECRETS.c.kind], ondelete="CASCADE"
    ),
    Index("uma_party_party", "party"),
    sqlite_with_rowid=False,
)

# `question` is the digest of what a pending request asks, and nothing once it is decided.
REQUESTS = Table(
    "uma_request",
    METADATA,
    Column("seq", _SEQ, primary_key=True),
    Column("id", Key, nullable=False, unique=True),
    Column("owner", Key, nullable=False),
    Column("question", String(64), unique=True),
    Column("document", Text, nullable=False),
    Index("uma_request_owner", "owner", "seq"),
    sqlite_autoincrement=True,
)

EVENTS = Table(
    "uma_event",
    METADATA,
    Column("seq", _SEQ, primary_key=True),
    Column("owner", Key, nullable=False),
    Column("document", Text, nullable=False),
    Index("uma_event_owner", "owner", "seq"),
    sqlite_autoincrement=True,
)

CLIENTS = Table(
    "uma_client",
    METADATA,
    Column("id", Key, primary_key=True),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

COUNTERS = Table(
    "uma_counter",
    METADATA,
    Column("key", Key, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("uma_counter_end", "until"),
    sqlite_with_rowid=False,
)
