"""What the resource server holds: documents, their registrations, and its standing at the AS."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SCOPES = ("view", "edit", "delete")
OPERATIONS = {"GET": "view", "PUT": "edit", "DELETE": "delete"}
METHODS = ("GET", "PUT", "DELETE")
COLLECTION = ""
"""The identifier of what stands for all documents of an owner; it has no content."""
COLLECTION_OPERATIONS = {"GET": "list", "POST": "create"}

_NAME = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}")


def is_identifier(text: str) -> bool:
    """Tell whether a text can name an owner or a document: it becomes a part of URLs as it is."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Description:
    """What is said about a document, mostly in the words of FedAuthz 3.1.

    `operations` says which scope each HTTP method needs. `ask_for` and `related` choose what
    a permission request holds; an empty `ask_for` leaves that to the server's configuration.
    """

    name: str
    type: str = ""
    description: str = ""
    icon_uri: str = ""
    scopes: tuple[str, ...] = SCOPES
    operations: Mapping[str, str] = field(default_factory=lambda: dict(OPERATIONS))
    ask_for: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an owner: its description, and content of a media type."""

    owner: str
    id: str
    description: Description
    media_type: str = "application/json"
    content: bytes = field(default=b"null", repr=False)


@dataclass(frozen=True, slots=True)
class Registration:
    """A document's registration at an authorization server (FedAuthz 3.2).

    `described` is the description that was sent last, as text; it tells when it has to be sent
    again. `policy_uri` is where the owner can set policy, when the server told.
    """

    owner: str
    document: str
    issuer: str
    resource_id: str
    described: str = ""
    policy_uri: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A PAT that an owner granted by an authorization code, and how to renew it.

    `expires_at` is in seconds since the epoch, 0 when unknown.
    """

    owner: str
    issuer: str
    pat: str = field(repr=False)
    expires_at: int = 0
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """An owner who was sent to the authorization endpoint and has not come back.

    `state` and `browser` are digests, of the parameter and of the cookie.
    """

    state: str
    browser: str
    owner: str
    verifier: str = field(repr=False)
    expires_at: int = 0
