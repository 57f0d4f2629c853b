"""Between what is kept and the columns of a database."""

import json
from typing import TypeVar

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from uma_reference.authorization_server.records import AccessRequest
from uma_reference.documents import from_document, to_document
from uma_reference.opaque import digest

Kind = TypeVar("Kind")
_LONGEST_KEY = 200
_LARGEST = 2**63 - 1


class Key(TypeDecorator[str]):
    """Text that is only ever compared, and whatever JSON can hold.

    PostgreSQL takes no NUL in a text and no long text in an index, and neither database takes half
    a surrogate pair: such characters are escaped, and a long text is replaced by its digest.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what the column holds."""
        del dialect
        if value is None:
            return None
        escaped = json.dumps(value)[1:-1]
        # No escape is a backslash with a d, so a digest is no other key's text.
        return escaped if len(escaped) <= _LONGEST_KEY else f"\\d{digest(value)}"


def text_of(value: object) -> str:
    """Return a dataclass as a JSON text, in ASCII."""
    return json.dumps(to_document(value), separators=(",", ":"))


def value_of(kind: type[Kind], text: str) -> Kind:
    """Return the dataclass of a JSON text; raise `InvalidDocument` if it is none."""
    return from_document(kind, json.loads(text))


def question_of(request: AccessRequest) -> str:
    """Return the digest of what an owner is asked."""
    return digest(json.dumps(to_document(request.question), sort_keys=True))


def party_of(issuer: str, subject: str) -> str:
    """Return one text for an issuer and what it calls somebody."""
    return json.dumps([issuer, subject])


def time_of(seconds: int) -> int:
    """Return a time that fits into a column; what ends later never ends."""
    return min(seconds, _LARGEST)
