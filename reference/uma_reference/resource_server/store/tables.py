"""The tables of the durable store; each row belongs to one resource server, by its name."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# SQLite counts rows in columns of the type INTEGER only.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables, and what knows how to make them."""

    metadata: MetaData
    documents: Table
    registrations: Table
    connections: Table
    pending: Table


def tables() -> Tables:
    """Return the tables, described anew."""
    metadata = MetaData()
    return Tables(
        metadata,
        documents=Table(
            "rs_documents",
            metadata,
            Column("number", _NUMBER, primary_key=True, autoincrement=True),
            Column("server", String(100), nullable=False),
            Column("owner", String(100), nullable=False),
            Column("id", String(100), nullable=False),
            Column("description", Text, nullable=False),
            Column("media_type", String(200), nullable=False),
            Column("content", LargeBinary, nullable=False),
            UniqueConstraint("server", "owner", "id"),
        ),
        registrations=Table(
            "rs_registrations",
            metadata,
            Column("server", String(100), primary_key=True),
            Column("owner", String(100), primary_key=True),
            Column("document", String(100), primary_key=True),
            Column("issuer", Text, nullable=False),
            Column("resource_id", Text, nullable=False),
            Column("described", Text, nullable=False),
            Column("policy_uri", Text, nullable=False),
        ),
        connections=Table(
            "rs_connections",
            metadata,
            Column("server", String(100), primary_key=True),
            Column("owner", String(100), primary_key=True),
            Column("issuer", Text, nullable=False),
            Column("pat", Text, nullable=False),
            Column("expires_at", BigInteger, nullable=False),
            Column("refresh_token", Text, nullable=False),
        ),
        pending=Table(
            "rs_pending",
            metadata,
            Column("server", String(100), primary_key=True),
            Column("state", String(64), primary_key=True),
            Column("browser", String(64), nullable=False),
            Column("owner", String(100), nullable=False),
            Column("verifier", Text, nullable=False),
            Column("expires_at", BigInteger, nullable=False),
        ),
    )
